-- lists.lua [N]: linked lists and a queue: small tables, pointers followed, garbage in a steady stream.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 60000

local function build(count)
    local head
    for i = count, 1, -1 do head = { value = i, next = head } end
    return head
end

local function reverse(list)
    local done
    while list do
        local rest = list.next
        list.next, done, list = done, list, rest
    end
    return done
end

local function sum(list)
    local total = 0
    while list do total, list = total + list.value, list.next end
    return total
end

local function queue(rounds)
    local first, last, items, out = 1, 0, {}, 0
    for i = 1, rounds do
        last = last + 1
        items[last] = { i, i % 7 }
        if i % 3 ~= 0 then
            out = out + items[first][2]
            items[first] = nil
            first = first + 1
        end
    end
    return out, last - first
end

local total = 0
for _ = 1, 3 do
    local list = build(n)
    for _ = 1, 4 do list = reverse(list) end
    total = total + sum(list)
end
local out, left = queue(n * 3)
print(string.format("%.0f %d %d", total, out, left))
