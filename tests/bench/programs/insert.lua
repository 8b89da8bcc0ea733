-- insert.lua [N]: table.insert and table.remove at both ends, unpack and select, ipairs.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 500000
local unpack = unpack or rawget(table, "unpack")
local insert, remove = table.insert, table.remove

local sum, stack = 0, {}
for i = 1, n do
    insert(stack, i)
    if i % 4 == 0 then sum = sum + remove(stack) + remove(stack) end
end
sum = sum + #stack

local window = {}
for i = 1, n / 4 do
    insert(window, 1, i)
    if #window > 16 then sum = sum + remove(window) end
    if #window > 8 and i % 3 == 0 then sum = sum + remove(window, 5) end
end

local function count(...) return select("#", ...) end
for i = 1, n / 4 do
    local a, b, c = unpack(window, 1, 3)
    sum = sum + a + b + c + count(unpack(window)) + select(2, a, i, c)
end
for _ = 1, 8 do
    for i, value in ipairs(stack) do sum = sum + value % i end
end
print(string.format("%.0f", sum))
