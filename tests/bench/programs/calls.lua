-- calls.lua [N]: calls of every kind: local, global, method, built-in, vararg, tail, through pcall.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
-- luacheck: globals global_add
local n = tonumber(arg and arg[1]) or 900000

local function add(a, b) return a + b end

function global_add(a, b) return a + b end

local counter = { total = 0 }
function counter:add(by) self.total = self.total + by end

local function last(...) return (select(select("#", ...), ...)) end

local function first_two(...)
    local a, b = ...
    return a, b
end

local function down(k, sum)
    if k == 0 then return sum end
    return down(k - 1, sum + k)
end

local function risky(i)
    if i % 64 == 0 then error("refused", 0) end
    return i
end

local floor, sum = math.floor, 0
for i = 1, n do
    sum = add(sum, i)
    sum = global_add(sum, 1)
    counter:add(i)
    sum = sum + floor(i / 3)
    local a, b = first_two(i, 2, 3)
    sum = sum + a - b
end
for i = 1, n / 4 do sum = sum + last(i, i, 7) end
for _ = 1, n / 200 do sum = sum + down(100, 0) end
for i = 1, n / 8 do
    local ok, value = pcall(risky, i)
    if ok then sum = sum + value end
end
print(string.format("%.0f %.0f", sum, counter.total))
