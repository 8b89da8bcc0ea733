-- sudoku.lua [N]: a search with much backtracking: puzzles solved by sets of candidates, fewest first.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 40

-- Cells that see each other, for each of the 81.
local function sights()
    local list = {}
    for cell = 0, 80 do
        local row, column, seen = math.floor(cell / 9), cell % 9, {}
        for other = 0, 80 do
            local r, c = math.floor(other / 9), other % 9
            local block = math.floor(r / 3) == math.floor(row / 3) and math.floor(c / 3) == math.floor(column / 3)
            if other ~= cell and (r == row or c == column or block) then seen[#seen + 1] = other end
        end
        list[cell] = seen
    end
    return list
end

local SIGHTS = sights()

local function candidates(grid, cell)
    local taken, free = {}, {}
    for _, other in ipairs(SIGHTS[cell]) do taken[grid[other]] = true end
    for digit = 1, 9 do
        if not taken[digit] then free[#free + 1] = digit end
    end
    return free
end

local function narrowest(grid)
    local best, choice
    for cell = 0, 80 do
        if grid[cell] == 0 then
            local free = candidates(grid, cell)
            if not best or #free < #best then best, choice = free, cell end
            if #best < 2 then return best, choice end
        end
    end
    return best, choice
end

local steps = 0
local function solve(grid)
    local free, cell = narrowest(grid)
    if not free then return true end
    for _, digit in ipairs(free) do
        steps = steps + 1
        grid[cell] = digit
        if solve(grid) then return true end
    end
    grid[cell] = 0
    return false
end

-- A solved pattern with digits renamed and most cells emptied.
local function puzzle(number)
    local grid = {}
    for cell = 0, 80 do
        local row, column = math.floor(cell / 9), cell % 9
        local digit = (row * 3 + math.floor(row / 3) + column) % 9
        local kept = (cell * cell * 7 + cell * (number + 3) + number) % 10 < 3
        grid[cell] = kept and (digit * 4 + number) % 9 + 1 or 0
    end
    return grid
end

local sum, solved = 0, 0
for i = 1, n do
    local grid = puzzle(i)
    if solve(grid) then solved = solved + 1 end
    for cell = 0, 80 do sum = (sum * 10 + grid[cell]) % 1000003 end
end
print(steps, solved, sum)
