-- closures.lua [N]: making closures, shared and private upvalues, functions as values.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 450000

local function counter(step)
    local count = 0
    return function() count = count + step; return count end, function() return count end
end

local function compose(f, g) return function(x) return g(f(x)) end end

local function fold(list, f, start)
    for i = 1, #list do start = f(start, list[i]) end
    return start
end

local function map(list, f)
    local out = {}
    for i = 1, #list do out[i] = f(list[i]) end
    return out
end

local sum = 0
for i = 1, n do
    local up, read = counter(i % 5)
    up()
    up()
    sum = sum + read()
end

local chain = function(x) return x end
for i = 1, 50 do chain = compose(chain, function(x) return x + i end) end
for i = 1, n / 100 do sum = sum + chain(i) end

local numbers = {}
for i = 1, 100 do numbers[i] = i end
for k = 1, n / 100 do
    local scaled = map(numbers, function(x) return x * k % 11 end)
    sum = fold(scaled, function(a, b) return a + b end, sum)
end
print(string.format("%.0f", sum))
