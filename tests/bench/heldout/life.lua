-- life.lua [N]: the game of life on an endless plane: sets of cells with strings as keys.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 120

local function key(x, y) return x .. "," .. y end

local function read(rows)
    local cells = {}
    for y, row in ipairs(rows) do
        for x = 1, #row do
            if row:sub(x, x) == "o" then cells[key(x, y)] = { x, y } end
        end
    end
    return cells
end

local function neighbours(cells)
    local counts, places = {}, {}
    for _, cell in pairs(cells) do
        for dy = -1, 1 do
            for dx = -1, 1 do
                if dx ~= 0 or dy ~= 0 then
                    local x, y = cell[1] + dx, cell[2] + dy
                    local k = key(x, y)
                    counts[k] = (counts[k] or 0) + 1
                    if not places[k] then places[k] = { x, y } end
                end
            end
        end
    end
    return counts, places
end

local function generation(cells)
    local counts, places = neighbours(cells)
    local after = {}
    for k, count in pairs(counts) do
        if count == 3 or count == 2 and cells[k] then after[k] = places[k] end
    end
    return after
end

local function bounds(cells)
    local left, right, count = math.huge, -math.huge, 0
    for _, cell in pairs(cells) do
        left, right, count = math.min(left, cell[1]), math.max(right, cell[1]), count + 1
    end
    return count, right - left
end

-- Two small beginnings that grow for long, far enough apart, and a glider that leaves.
local cells = read {
    ".oo.......................................................",
    "oo.................................o......................",
    ".o...................................o....................",
    "..................................oo..ooo.................",
    "..........................................................",
    "...................................................ooo....",
    "...................................................o......",
    "....................................................o.....",
}
local seen = 0
for _ = 1, n do
    cells = generation(cells)
    seen = seen + (bounds(cells))
end
print(seen, bounds(cells))
