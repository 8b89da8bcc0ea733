-- Primes by sieve and by trial; numeric loops with steps.
local limit, composite, primes = 10000, {}, {}
for i = 2, limit do
    if not composite[i] then
        primes[#primes + 1] = i
        for j = i * i, limit, i do composite[j] = true end
    end
end
print(#primes, primes[1], primes[#primes], primes[500])
local function is_prime(n)
    if n < 2 then return false end
    for d = 2, math.sqrt(n) do if n % d == 0 then return false end end
    return true
end
local agree = true
for i = 1, 2000 do agree = agree and is_prime(i) == (i > 1 and not composite[i]) end
print(agree)
local gaps = {}
for i = 2, #primes do local g = primes[i] - primes[i - 1] gaps[g] = (gaps[g] or 0) + 1 end
local list = {}
for g, n in pairs(gaps) do list[#list + 1] = string.format("%2d:%d", g, n) end
table.sort(list)
print(table.concat(list, " "))
