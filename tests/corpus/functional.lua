-- Functional style: map, filter, fold, compose, memoize, lazy streams, zip, partial application.
local function map(f, t) local r = {} for i, v in ipairs(t) do r[i] = f(v) end return r end
local function filter(p, t) local r = {} for _, v in ipairs(t) do if p(v) then r[#r + 1] = v end end return r end
local function fold(f, a, t) for _, v in ipairs(t) do a = f(a, v) end return a end
local function compose(f, ...) if not ... then return f end local g = compose(...) return function(...) return f(g(...)) end end
local function range(n) local r = {} for i = 1, n do r[i] = i end return r end
local add = function(a, b) return a + b end
print(table.concat(map(function(x) return x * x end, range(6)), " "), table.concat(filter(function(x) return x % 3 == 0 end, range(12)), " "))
print(fold(add, 0, range(100)), fold(math.max, -math.huge, { 3, 9, 2 }), fold(function(a, s) return s .. a end, "", { "a", "b", "c" }))
print(compose(tostring, math.sqrt, function(x) return x + 7 end)(9))
local calls = 0
local function memoize(f)
    local cache = setmetatable({}, { __mode = "k" })
    return function(n) local v = cache[n] if v == nil then v = f(n) cache[n] = v end return v end
end
local fib
fib = memoize(function(n) calls = calls + 1 return n < 2 and n or fib(n - 1) + fib(n - 2) end)
print(fib(80), calls)
local function from(n) return { n, function() return from(n + 1) end } end
local function sieve(s) local p = s[1] return { p, function()
    local function drop(t) while t[1] % p == 0 do t = t[2]() end local here = t return { here[1], function() return drop(here[2]()) end } end
    return sieve(drop(s[2]()))
end } end
local s = sieve(from(2))
for _ = 1, 12 do io.write(s[1], " ") s = s[2]() end
print()
local function zip(a, b) local i = 0 return function() i = i + 1 if a[i] ~= nil and b[i] ~= nil then return a[i], b[i] end end end
for x, y in zip({ 1, 2, 3 }, { "a", "b" }) do io.write(x, y, " ") end
print()
local function partial(f, a) return function(...) return f(a, ...) end end
print(partial(string.rep, "ab")(3), partial(partial(math.max, 5), 9)(7), pcall(partial(error, "x"), 0))
local church = function(n) return function(f) return function(x) for _ = 1, n do x = f(x) end return x end end end
local plus = function(a, b) return function(f) return function(x) return a(f)(b(f)(x)) end end end
print(plus(church(3), church(4))(function(x) return x + 1 end)(0))
