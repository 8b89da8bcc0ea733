-- Graphs: shortest paths, topological order, components, cycle search, a maze by breadth first.
local edges = { { "a", "b", 7 }, { "a", "c", 9 }, { "a", "f", 14 }, { "b", "c", 10 }, { "b", "d", 15 }, { "c", "d", 11 }, { "c", "f", 2 }, { "d", "e", 6 }, { "e", "f", 9 } }
local graph = {}
for _, e in ipairs(edges) do
    graph[e[1]] = graph[e[1]] or {}
    graph[e[2]] = graph[e[2]] or {}
    graph[e[1]][e[2]], graph[e[2]][e[1]] = e[3], e[3]
end
local function dijkstra(source)
    local dist, prev, done = { [source] = 0 }, {}, {}
    while true do
        local best
        for v, d in pairs(dist) do if not done[v] and (not best or d < dist[best] or d == dist[best] and v < best) then best = v end end
        if not best then return dist, prev end
        done[best] = true
        for v, w in pairs(graph[best]) do
            if not dist[v] or dist[best] + w < dist[v] then dist[v], prev[v] = dist[best] + w, best end
        end
    end
end
local dist, prev = dijkstra "a"
for _, v in ipairs { "a", "b", "c", "d", "e", "f" } do
    local path, at = v, v
    while prev[at] do at = prev[at] path = at .. ">" .. path end
    print(v, dist[v], path)
end
local needs = { shoes = { "socks", "trousers" }, trousers = { "pants" }, coat = { "shirt" }, socks = {}, pants = {}, shirt = {} }
local function order(t)
    local state, out, names = {}, {}, {}
    for n in pairs(t) do names[#names + 1] = n end
    table.sort(names)
    local function visit(n)
        if state[n] == "done" then return end
        if state[n] == "open" then error("cycle through " .. n, 0) end
        state[n] = "open"
        for _, m in ipairs(t[n]) do visit(m) end
        state[n] = "done"
        out[#out + 1] = n
    end
    for _, n in ipairs(names) do visit(n) end
    return table.concat(out, " ")
end
print(order(needs))
needs.pants = { "shoes" }
print(pcall(order, needs))
local maze = { "S.#.....", "..#.###.", "....#...", "###.#.##", ".......E" }
local start = { x = 1, y = 1 }
local seen, queue, head = { ["1,1"] = 0 }, { start }, 1
while queue[head] do
    local p = queue[head]
    head = head + 1
    if maze[p.y]:sub(p.x, p.x) == "E" then print("exit", p.x, p.y, seen[p.x .. "," .. p.y]) end
    for _, d in ipairs { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } } do
        local x, y = p.x + d[1], p.y + d[2]
        local row = maze[y]
        if row and x >= 1 and x <= #row and row:sub(x, x) ~= "#" and not seen[x .. "," .. y] then
            seen[x .. "," .. y] = seen[p.x .. "," .. p.y] + 1
            queue[#queue + 1] = { x = x, y = y }
        end
    end
end
print(head)
