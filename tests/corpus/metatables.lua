-- Metatables: arithmetic, comparison, index chains, call, concat, length, tostring, protection.
local V = {}
V.__index = V
local function new(x, y) return setmetatable({ x = x, y = y }, V) end
function V.__add(a, b) return new(a.x + b.x, a.y + b.y) end
function V.__sub(a, b) return new(a.x - b.x, a.y - b.y) end
function V.__mul(a, b)
    if type(a) == "number" then return new(a * b.x, a * b.y) end
    if type(b) == "number" then return new(a.x * b, a.y * b) end
    return a.x * b.x + a.y * b.y
end
function V.__div(a, b) return new(a.x / b, a.y / b) end
function V.__mod(a, b) return new(a.x % b, a.y % b) end
function V.__pow(a, b) return new(a.x ^ b, a.y ^ b) end
function V.__unm(a) return new(-a.x, -a.y) end
function V.__eq(a, b) return a.x == b.x and a.y == b.y end
function V.__lt(a, b) return a.x < b.x end
function V.__le(a, b) return a.x <= b.x end
function V.__concat(a, b) return tostring(a) .. "|" .. tostring(b) end
function V.__call(self, k, ...) return self[k], ... end
function V.__tostring(a) return "(" .. a.x .. "," .. a.y .. ")" end
function V:len() return (self.x ^ 2 + self.y ^ 2) ^ 0.5 end
local a, b = new(3, 4), new(1, 2)
print(tostring(a + b), tostring(a - b), a * b, tostring(2 * a), tostring(a * 2), tostring(a / 2))
print(tostring(a % 2), tostring(a ^ 2), tostring(-a), a:len())
print(a == b, a == new(3, 4), a ~= b, a < b, a <= b, a > b, a >= b, rawequal(a, new(3, 4)))
print(a .. b, a .. "s", "s" .. a, 1 .. a)
print(a("x", 1, 2), a("nope"))
print(pcall(function() return a < 1 end))
print(pcall(function() return {} + 1 end))
print(pcall(function() return a + nil end))
local log = {}
local proxy = setmetatable({}, {
    __index = function(_, k) log[#log + 1] = "get " .. tostring(k) return k end,
    __newindex = function(t, k, v) log[#log + 1] = "set " .. tostring(k) rawset(t, k, v) end,
})
print(proxy.a, proxy[1])
proxy.b = 5
proxy.b = 6
print(proxy.b, table.concat(log, ";"))
local base = { greet = function() return "base" end }
local mid = setmetatable({}, { __index = base })
local top = setmetatable({}, { __index = mid, __newindex = mid })
top.y = 9
print(top.greet(), rawget(top, "y"), mid.y, top.y)
local locked = setmetatable({}, { __metatable = "locked" })
print(getmetatable(locked), pcall(setmetatable, locked, {}))
print(getmetatable("").__index == string, ("x"):rep(3), #"abc", ("%d"):format(7))
print(#setmetatable({ 1, 2 }, { __len = function() return 99 end }))
print(pcall(setmetatable, 1, {}))
print(pcall(setmetatable, {}))
local deep = {}
for _ = 1, 50 do deep = setmetatable({}, { __index = deep }) end
print(deep.nothing)
local loop = {}
setmetatable(loop, loop)
loop.__index = loop
print(pcall(function() return loop.x end))
local mixed = setmetatable({}, { __eq = function() return true end })
print(mixed == {}, mixed == 1, setmetatable({}, getmetatable(mixed)) == mixed)
print(pcall(tostring, setmetatable({}, { __tostring = function() return 1 end })))
print(tostring(setmetatable({}, { __tostring = function() return "own" end })))
