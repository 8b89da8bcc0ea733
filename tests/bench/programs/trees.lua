-- trees.lua [DEPTH]: the collector: short-lived trees made and dropped beside one that stays.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local depth = tonumber(arg and arg[1]) or 16

local function grow(level)
    if level == 0 then return { weight = 1 } end
    return { grow(level - 1), grow(level - 1), weight = level }
end

local function weigh(tree)
    local left, right = tree[1], tree[2]
    if not left then return tree.weight end
    return tree.weight + weigh(left) + weigh(right)
end

local keeper, total = grow(depth), 0
for level = 4, depth, 3 do
    local count = 2 ^ (depth - level)
    for _ = 1, count do total = total + weigh(grow(level)) end
end
print(string.format("%.0f %.0f", weigh(keeper), total))
