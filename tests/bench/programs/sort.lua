-- sort.lua [N]: table.sort of numbers, strings and records, with and without a comparison function.
-- Invariant: prints the same checksum under every Lua (no two keys are equal).
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 50000

local seed = 99
local function random()
    seed = seed * 16807 % 2147483647
    return seed
end

local numbers, strings, records = {}, {}, {}
for i = 1, n do
    numbers[i] = random()
    strings[i] = ("%x/%d"):format(random(), i)
    records[i] = { key = random() + i / n, id = i }
end

table.sort(numbers)
table.sort(strings)
table.sort(records, function(a, b) return a.key < b.key end)
table.sort(numbers, function(a, b) return a > b end)

local sum = 0
for i = 1, n, 7 do sum = sum + numbers[i] % 1000 * i + #strings[i] + records[i].id % 10 end
print(string.format("%.0f %s %s", sum, strings[1], strings[n]))
