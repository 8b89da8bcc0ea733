-- Varargs: select, unpack, nils at the ends, adjusting, tail positions, the old `arg` table.
local function count(...) return select("#", ...) end
print(count(), count(nil), count(nil, nil), count(1, nil, nil))
local function pass(...) return ... end
print(pass(1, 2, 3), pass(4, 5))
print((pass(1, 2, 3)))
print(({ pass(1, 2), pass(3, 4) })[3], #{ pass(1, 2), (pass(3, 4)) })
print(select(-1, "a", "b", "c"), select(2, "a", "b", "c"))
print(pcall(select, 0, 1))
print(pcall(select, -4, 1, 2))
print(select(5, 1, 2))
print(unpack({ 1, 2, 3, nil, 5 }, 1, 5))
print(unpack({ 1, 2, 3 }, -1, 1))
print(unpack({ 1, 2 }, 3))
local function old(...) return arg.n, arg[1], #arg end
print(pcall(old, "x", "y"))
local function both(a, ...)
    local b, c = ...
    return a, b, c, ...
end
print(both(1))
print(both(1, 2, 3, 4))
local function tail(n, ...) if n == 0 then return ... end return tail(n - 1, n, ...) end
print(tail(5))
print(select("#", unpack({}, 1, 200)))
local t = { n = 0, pass(nil, nil, 3) }
print(t[1], t[2], t[3])
local function sum(...)
    local s = 0
    for i = 1, select("#", ...) do s = s + (select(i, ...)) end
    return s
end
print(sum(), sum(1), sum(1, 2, 3))
print(string.format("%d %s", pass(1, "two")), math.max(pass(3, 9, 2)))
print((...) == nil, select("#", ...))
print(pcall(unpack))
print(pcall(unpack, { 1 }, "x"))
