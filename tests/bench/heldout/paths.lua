-- paths.lua [N]: a graph search: shortest ways through a grid of hills, with a binary heap; then its regions, breadth first.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 110

local function name(x, y) return x .. ":" .. y end

-- Nodes are tables, and know their neighbours by name.
local function hills(size)
    local graph = {}
    for y = 1, size do
        for x = 1, size do
            graph[name(x, y)] = { x = x, y = y, height = (x * x * 31 + y * y * 17 + x * y) % 29, links = {} }
        end
    end
    for _, node in pairs(graph) do
        for _, step in ipairs { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } } do
            local other = graph[name(node.x + step[1], node.y + step[2])]
            if other and math.abs(other.height - node.height) < 24 then node.links[#node.links + 1] = other end
        end
    end
    return graph
end

local function push(heap, node, cost)
    local i = #heap + 1
    heap[i] = { node, cost }
    while i > 1 do
        local up = math.floor(i / 2)
        if heap[up][2] <= heap[i][2] then return end
        heap[up], heap[i] = heap[i], heap[up]
        i = up
    end
end

local function pop(heap)
    local top, size = heap[1], #heap
    heap[1] = heap[size]
    heap[size] = nil
    size = size - 1
    local i = 1
    while true do
        local least, left = i, 2 * i
        if left <= size and heap[left][2] < heap[least][2] then least = left end
        if left < size and heap[left + 1][2] < heap[least][2] then least = left + 1 end
        if least == i then return top[1], top[2] end
        heap[least], heap[i] = heap[i], heap[least]
        i = least
    end
end

local function distances(from)
    local heap, known = {}, {}
    push(heap, from, 0)
    while #heap > 0 do
        local node, cost = pop(heap)
        if not known[node] then
            known[node] = cost
            for _, other in ipairs(node.links) do
                if not known[other] then push(heap, other, cost + 1 + math.abs(other.height - node.height)) end
            end
        end
    end
    return known
end

local function regions(graph)
    local seen, count, largest = {}, 0, 0
    for _, start in pairs(graph) do
        if not seen[start] then
            local queue, at = { start }, 1
            seen[start] = true
            while queue[at] do
                for _, other in ipairs(queue[at].links) do
                    if not seen[other] then
                        seen[other] = true
                        queue[#queue + 1] = other
                    end
                end
                at = at + 1
            end
            count, largest = count + 1, math.max(largest, #queue)
        end
    end
    return count, largest
end

local graph = hills(n)
local reached, sum, far = 0, 0, 0
for _, cost in pairs(distances(graph[name(1, 1)])) do
    reached, sum, far = reached + 1, sum + cost, math.max(far, cost)
end
print(reached, sum, far, regions(graph))
