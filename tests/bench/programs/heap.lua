-- heap.lua [N]: a binary heap in an array, and shortest ways over a grid with it.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 250

local function push(heap, cost, what)
    local at = #heap + 1
    heap[at] = { cost = cost, what = what }
    while at > 1 do
        local parent = math.floor(at / 2)
        if heap[parent].cost <= heap[at].cost then break end
        heap[parent], heap[at] = heap[at], heap[parent]
        at = parent
    end
end

local function pop(heap)
    local top, size = heap[1], #heap - 1
    heap[1] = heap[size + 1]
    heap[size + 1] = nil
    local at = 1
    while true do
        local child = at * 2
        if child > size then return top end
        if child < size and heap[child + 1].cost < heap[child].cost then child = child + 1 end
        if heap[at].cost <= heap[child].cost then return top end
        heap[at], heap[child] = heap[child], heap[at]
        at = child
    end
end

local price, seed = {}, 11
for i = 1, n * n do
    seed = seed * 16807 % 2147483647
    price[i] = seed % 9 + 1
end

local steps = { -1, 1, -n, n }
local function shortest(from)
    local known, heap = {}, {}
    push(heap, 0, from)
    while heap[1] do
        local top = pop(heap)
        if not known[top.what] then
            known[top.what] = top.cost
            for i = 1, 4 do
                local to = top.what + steps[i]
                if price[to] and not known[to] then push(heap, top.cost + price[to], to) end
            end
        end
    end
    return known
end

local known, sum = shortest(1), 0
for i = 1, n * n do sum = sum + known[i] end
print(string.format("%.0f %d", sum, known[n * n]))
