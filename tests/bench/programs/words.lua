-- words.lua [N]: a small real program: counts the words and word pairs of a text, prints the most frequent.
-- Invariant: prints the same checksum under every Lua: ties are broken by the word.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 110000

local seed = 2024
local function random(limit)
    seed = seed * 16807 % 2147483647
    return seed % limit + 1
end

local syllables = { "ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "zu", "pe" }
local function word()
    local parts = {}
    for i = 1, random(3) do parts[i] = syllables[random(random(10))] end
    return table.concat(parts)
end

local made = {}
for i = 1, n do made[i] = word() .. (random(12) == 1 and ".\n" or " ") end
local text = table.concat(made)

local counts, pairs_seen, previous = {}, {}, ""
for w in text:lower():gmatch("%a+") do
    counts[w] = (counts[w] or 0) + 1
    local both = previous .. " " .. w
    pairs_seen[both] = (pairs_seen[both] or 0) + 1
    previous = w
end

local function top(set, count)
    local keys = {}
    for key in pairs(set) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b)
        if set[a] ~= set[b] then return set[a] > set[b] end
        return a < b
    end)
    local lines = {}
    for i = 1, count do lines[i] = keys[i] .. "=" .. set[keys[i]] end
    return #keys .. " " .. table.concat(lines, " ")
end

print(top(counts, 3))
print(top(pairs_seen, 3))
