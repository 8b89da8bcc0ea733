-- Numbers in words and Roman, other bases, digits, Collatz, perfect numbers, calendars by formula.
local roman = { { 1000, "M" }, { 900, "CM" }, { 500, "D" }, { 400, "CD" }, { 100, "C" }, { 90, "XC" }, { 50, "L" }, { 40, "XL" }, { 10, "X" }, { 9, "IX" }, { 5, "V" }, { 4, "IV" }, { 1, "I" } }
local function to_roman(n)
    local s = ""
    for _, r in ipairs(roman) do while n >= r[1] do s = s .. r[2] n = n - r[1] end end
    return s
end
for _, n in ipairs { 1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999 } do io.write(n, "=", to_roman(n), " ") end
print()
local small = { "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen" }
local tens = { "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety" }
local function words(n)
    if n < 0 then return "minus " .. words(-n) elseif n == 0 then return "zero" elseif n < 20 then return small[n]
    elseif n < 100 then return tens[math.floor(n / 10)] .. (n % 10 > 0 and "-" .. small[n % 10] or "")
    elseif n < 1000 then return small[math.floor(n / 100)] .. " hundred" .. (n % 100 > 0 and " and " .. words(n % 100) or "") end
    for _, u in ipairs { { 1e9, "billion" }, { 1e6, "million" }, { 1e3, "thousand" } } do
        if n >= u[1] then return words(math.floor(n / u[1])) .. " " .. u[2] .. (n % u[1] > 0 and " " .. words(n % u[1]) or "") end
    end
end
for _, n in ipairs { 0, 7, 13, 42, 100, 119, 1000, 12345, 1000001, -5, 987654321 } do print(n, words(n)) end
local function base(n, b)
    local d, s = "0123456789abcdefghijklmnopqrstuvwxyz", ""
    repeat local r = n % b s = d:sub(r + 1, r + 1) .. s n = (n - r) / b until n == 0
    return s
end
for b = 2, 36, 5 do io.write(base(123456, b), "=", tonumber(base(123456, b), b), " ") end
print()
local best, length = 1, 1
for i = 1, 3000 do
    local n, l = i, 1
    while n ~= 1 do n = n % 2 == 0 and n / 2 or 3 * n + 1 l = l + 1 end
    if l > length then best, length = i, l end
end
print(best, length)
for n = 2, 500 do local s = 1 for d = 2, n / 2 do if n % d == 0 then s = s + d end end if s == n then io.write(n, " ") end end
print()
local function weekday(y, m, d) local t = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 } if m < 3 then y = y - 1 end return (y + math.floor(y / 4) - math.floor(y / 100) + math.floor(y / 400) + t[m] + d) % 7 end
for _, d in ipairs { { 2000, 1, 1 }, { 1970, 1, 1 }, { 2024, 2, 29 }, { 1999, 12, 31 } } do print(d[1], d[2], d[3], weekday(d[1], d[2], d[3]), tonumber(os.date("!%w", os.time { year = d[1], month = d[2], day = d[3], hour = 12 }))) end
