-- Big integers on arrays of digits: factorials, powers, Fibonacci.
local B = {}
B.__index = B
local function big(n)
    local d = {}
    repeat d[#d + 1] = n % 1e7 n = math.floor(n / 1e7) until n == 0
    return setmetatable(d, B)
end
function B.__add(a, b)
    local r, carry = setmetatable({}, B), 0
    for i = 1, math.max(#a, #b) do
        local s = (a[i] or 0) + (b[i] or 0) + carry
        r[i], carry = s % 1e7, math.floor(s / 1e7)
    end
    if carry > 0 then r[#r + 1] = carry end
    return r
end
function B.__mul(a, b)
    local r = setmetatable({}, B)
    for i = 1, #a + #b do r[i] = 0 end
    for i = 1, #a do
        local carry = 0
        for j = 1, #b do
            local s = r[i + j - 1] + a[i] * b[j] + carry
            r[i + j - 1], carry = s % 1e7, math.floor(s / 1e7)
        end
        r[i + #b] = r[i + #b] + carry
    end
    while #r > 1 and r[#r] == 0 do r[#r] = nil end
    return r
end
function B.__tostring(a)
    local t = { tostring(a[#a]) }
    for i = #a - 1, 1, -1 do t[#t + 1] = string.format("%07d", a[i]) end
    return table.concat(t)
end
function B.__eq(a, b) return tostring(a) == tostring(b) end
local f = big(1)
for i = 2, 50 do f = f * big(i) end
print(f)
local a, b = big(0), big(1)
for _ = 1, 300 do a, b = b, a + b end
print(a)
local p = big(1)
for _ = 1, 200 do p = p + p end
print(p, p == p * big(1), p == a)
