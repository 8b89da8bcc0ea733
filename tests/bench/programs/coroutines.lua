-- coroutines.lua [N]: switching back and forth, generators, a pipeline, and many short lives.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 350000
local yield, wrap = coroutine.yield, coroutine.wrap

local function numbers(limit)
    return wrap(function() for i = 1, limit do yield(i) end end)
end

local function filter(source, keep)
    return wrap(function() for x in source do if keep(x) then yield(x) end end end)
end

local function walk(tree)
    if not tree then return end
    walk(tree.left)
    yield(tree.key)
    walk(tree.right)
end

local function balanced(low, high)
    if low > high then return nil end
    local middle = math.floor((low + high) / 2)
    return { key = middle, left = balanced(low, middle - 1), right = balanced(middle + 1, high) }
end

local sum = 0
for x in numbers(n) do sum = sum + x end

local odd = filter(numbers(n), function(x) return x % 2 == 1 end)
for x in filter(odd, function(x) return x % 3 == 0 end) do sum = sum + x end

local tree = balanced(1, n / 8)
for key in wrap(function() walk(tree) end) do sum = sum + key end

for i = 1, n / 4 do
    local co = coroutine.create(function(a) local b = yield(a + 1); return a + b end)
    local _, first = coroutine.resume(co, i)
    local _, last = coroutine.resume(co, first)
    sum = sum + last
end
print(string.format("%.0f", sum))
