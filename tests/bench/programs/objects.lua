-- objects.lua [N]: classes by metatables: inheritance, overriding, operators, __index and __newindex functions.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 350000

local function class(parent)
    local c = setmetatable({}, { __index = parent })
    c.__index = c
    return c
end

local Shape = class()
function Shape.new(c, a, b) return setmetatable({ a = a, b = b, moved = 0 }, c) end
function Shape.area() return 0 end
function Shape:move(by) self.moved = self.moved + by end
function Shape:describe() return self:area() + self.moved end

local Box = class(Shape)
function Box:area() return self.a * self.b end

local Rounded = class(Box)
function Rounded:area() return Box.area(self) - 1 end

local Vector = {}
Vector.__index = Vector
local function vector(x, y) return setmetatable({ x = x, y = y }, Vector) end
Vector.__add = function(p, q) return vector(p.x + q.x, p.y + q.y) end
Vector.__eq = function(p, q) return p.x == q.x and p.y == q.y end

local shapes = { Shape.new(Box, 2, 3), Shape.new(Rounded, 4, 5), Shape.new(Shape, 1, 1), Shape.new(Box, 6, 7) }
local sum = 0
for i = 1, n do
    local shape = shapes[i % 4 + 1]
    shape:move(i % 3)
    sum = sum + shape:describe()
end

local at, step, home = vector(0, 0), vector(1, 2), 0
for i = 1, n do
    at = at + step
    if at == vector(i, 2 * i) then home = home + 1 end
end

local default = setmetatable({}, {
    __index = function(_, key) return #key end,
    __newindex = function(t, key, value) rawset(t, key, value + 1) end,
})
for i = 1, n / 2 do
    sum = sum + default.missing
    default.present = i
end
print(string.format("%.0f %d %d %d", sum, home, at.y, default.present))
