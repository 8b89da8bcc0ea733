-- loops.lua [N]: nested numeric loops, while, repeat, and integer arithmetic on locals.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 2400

local sum = 0
for i = 1, n do
    for j = 1, n do
        local k = i * j % 7
        if k > 3 then sum = sum + k else sum = sum - k end
    end
end

local longest, start = 0, 0
for i = 1, n * 6 do
    local k, steps = i, 0
    while k ~= 1 do
        if k % 2 == 0 then k = k / 2 else k = 3 * k + 1 end
        steps = steps + 1
    end
    if steps > longest then longest, start = steps, i end
end

local function gcd(a, b)
    repeat a, b = b, a % b until b == 0
    return a
end
local coprime = 0
for i = 1, n / 4 do
    for j = 1, n / 4 do
        if gcd(i, j) == 1 then coprime = coprime + 1 end
    end
end
print(string.format("%.0f %d %d %d", sum, longest, start, coprime))
