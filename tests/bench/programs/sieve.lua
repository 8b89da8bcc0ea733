-- sieve.lua [N]: arrays: primes up to N, several times over, then prefix sums.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 1200000

local function sieve(limit)
    local composite, primes = {}, {}
    for i = 1, limit do composite[i] = false end
    for i = 2, limit do
        if not composite[i] then
            primes[#primes + 1] = i
            for j = i * i, limit, i do composite[j] = true end
        end
    end
    return primes
end

local count, sum = 0, 0
for round = 1, 3 do
    local primes = sieve(n / round)
    count = count + #primes
    for i = 2, #primes do sum = sum + (primes[i] - primes[i - 1]) * i end
end
print(string.format("%d %.0f", count, sum))
