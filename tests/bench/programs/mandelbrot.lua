-- mandelbrot.lua [N]: floats in locals only: escape times on a square grid.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 320

local function escape(cx, cy, limit)
    local x, y = 0, 0
    for k = 1, limit do
        local xx, yy = x * x, y * y
        if xx + yy > 4 then return k end
        x, y = xx - yy + cx, 2 * x * y + cy
    end
    return 0
end

local inside, sum = 0, 0
for row = 0, n - 1 do
    for column = 0, n - 1 do
        local k = escape(column * 3 / n - 2.2, row * 2.4 / n - 1.2, 200)
        if k == 0 then inside = inside + 1 end
        sum = sum + k
    end
end
print(string.format("%d %d", inside, sum))
