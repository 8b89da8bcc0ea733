-- tables.lua [N]: hash tables: string and number keys, growth, lookup, removal, pairs and next.
-- Invariant: prints the same checksum under every Lua (nothing depends on the order of pairs).
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 110000

local names = {}
for i = 1, 2000 do names[i] = "name" .. i end

local function count_names(rounds)
    local seen, seed = {}, 42
    for _ = 1, rounds do
        seed = seed * 16807 % 2147483647
        local name = names[seed % 2000 + 1]
        seen[name] = (seen[name] or 0) + 1
    end
    return seen
end

local function sparse(count)
    local set, seed = {}, 7
    for _ = 1, count do
        seed = seed * 16807 % 2147483647
        set[seed] = true
    end
    local size = 0
    for _ in pairs(set) do size = size + 1 end
    for key in next, set do
        if key % 2 == 0 then set[key] = nil end
    end
    local odd = 0
    for _ in pairs(set) do odd = odd + 1 end
    return size, odd
end

local total = 0
for _, count in pairs(count_names(n * 12)) do total = total + count * count end
local size, odd = sparse(n)

local records, weight = {}, 0
for i = 1, n do records[i] = { id = i, name = names[i % 2000 + 1], weight = i % 13 } end
for _ = 1, 5 do
    for _, record in ipairs(records) do weight = weight + record.weight + #record.name end
end
print(string.format("%.0f %d %d %.0f", total, size, odd, weight))
