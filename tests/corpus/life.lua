-- Conway's life on a torus: nested tables, string building.
local function parse(rows)
    local g = { w = #rows[1], h = #rows }
    for y, row in ipairs(rows) do
        g[y] = {}
        for x = 1, g.w do g[y][x] = row:sub(x, x) == "#" and 1 or 0 end
    end
    return g
end
local function step(g)
    local n = { w = g.w, h = g.h }
    for y = 1, g.h do
        n[y] = {}
        for x = 1, g.w do
            local s = 0
            for dy = -1, 1 do
                for dx = -1, 1 do
                    if dx ~= 0 or dy ~= 0 then s = s + g[(y + dy - 1) % g.h + 1][(x + dx - 1) % g.w + 1] end
                end
            end
            n[y][x] = (s == 3 or s == 2 and g[y][x] == 1) and 1 or 0
        end
    end
    return n
end
local function show(g)
    for y = 1, g.h do
        local row = {}
        for x = 1, g.w do row[x] = g[y][x] == 1 and "#" or "." end
        print(table.concat(row))
    end
    print()
end
local g = parse { ".#........", "..#.......", "###.......", "..........", "......###.", "..........", ".........." }
show(g)
for i = 1, 30 do g = step(g) if i % 10 == 0 then show(g) end end
