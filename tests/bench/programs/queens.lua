-- queens.lua [N]: backtracking with arrays of flags: all ways to place N queens, and permutations by swapping.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 10

local columns, rising, falling = {}, {}, {}

local function place(row)
    if row > n then return 1 end
    local found = 0
    for column = 1, n do
        local up, down = row + column, row - column + n
        if not (columns[column] or rising[up] or falling[down]) then
            columns[column], rising[up], falling[down] = true, true, true
            found = found + place(row + 1)
            columns[column], rising[up], falling[down] = false, false, false
        end
    end
    return found
end

local function permutations(list, k, visit)
    if k == 1 then return visit(list) end
    for i = 1, k do
        list[i], list[k] = list[k], list[i]
        permutations(list, k - 1, visit)
        list[i], list[k] = list[k], list[i]
    end
end

local list, rising_pairs = {}, 0
for i = 1, n - 1 do list[i] = i end
permutations(list, n - 1, function(p)
    for i = 2, #p do if p[i] > p[i - 1] then rising_pairs = rising_pairs + 1 end end
end)
print(string.format("%d %d", place(1), rising_pairs))
