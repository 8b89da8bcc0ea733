-- Closures: shared and fresh upvalues, loops, recursion through locals, counters, currying.
local function counter(start, step)
    local n = start or 0
    return function() n = n + (step or 1) return n end, function(v) n = v end
end
local next1, set1 = counter()
local next2 = counter(10, -3)
print(next1(), next1(), next2(), next2())
set1(100)
print(next1(), next2())

local fs = {}
for i = 1, 3 do fs[#fs + 1] = function(d) i = i + (d or 0) return i end end
print(fs[1](), fs[2](10), fs[2](), fs[3]())
for _, word in ipairs { "a", "b" } do fs[#fs + 1] = function() return word end end
print(fs[4](), fs[5]())

local i = 0
local held = {}
while i < 3 do
    i = i + 1
    local copy = i
    held[i] = function() copy = copy * 2 return copy end
end
print(held[1](), held[1](), held[2](), held[3]())
repeat local last = i held.last = function() return last end until last >= 3
print(held.last())

local function curry(f, n, ...)
    local args, count = { ... }, select("#", ...)
    if count >= n then return f(...) end
    return function(...)
        local all = {}
        for k = 1, count do all[k] = args[k] end
        for k = 1, select("#", ...) do all[count + k] = (select(k, ...)) end
        return curry(f, n, unpack(all, 1, count + select("#", ...)))
    end
end
print(curry(function(a, b, c) return a .. b .. c end, 3)(1)(2, 3))
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(20))
local Y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(Y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)(10))
do
    local a, b = 1, 2
    local function swap() a, b = b, a end
    swap()
    print(a, b)
end
print((function(...) local t = { ... } return function() return #t end end)(1, 2, 3)())
