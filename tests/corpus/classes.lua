-- Classes with inheritance, super calls, class methods, mixins, multiple inheritance by search.
local function class(name, base)
    local c = { name = name }
    c.__index = c
    c.__tostring = function(o) return name .. "#" .. (o.id or "?") end
    return setmetatable(c, { __index = base, __call = function(k, ...)
        local o = setmetatable({}, k)
        if o.init then o:init(...) end
        return o
    end })
end
local Animal = class "Animal"
function Animal:init(id) self.id = id self.sounds = 0 end
function Animal:speak() self.sounds = self.sounds + 1 return tostring(self) .. " makes " .. self:sound() end
function Animal:sound() return "a noise" end
local Dog = class("Dog", Animal)
function Dog:init(id, tricks) Animal.init(self, id) self.tricks = tricks or {} end
function Dog:sound() return "woof" end
function Dog:add(t) self.tricks[#self.tricks + 1] = t return self end
local Puppy = class("Puppy", Dog)
function Puppy:sound() return "small " .. Dog.sound(self) end
local a, d, p = Animal(1), Dog(2, { "sit" }), Puppy(3)
print(a:speak(), d:speak(), p:speak(), p:speak())
print(table.concat(d:add("roll"):add("beg").tricks, ","), #p.tricks, p.sounds, a.sounds)
print(getmetatable(p) == Puppy, Puppy.name, rawget(Puppy, "speak"), Puppy.speak == Animal.speak)
local function is_a(o, k)
    local m = getmetatable(o)
    while m do
        if m == k then return true end
        m = getmetatable(m) and getmetatable(m).__index
    end
    return false
end
print(is_a(p, Animal), is_a(p, Dog), is_a(d, Puppy), is_a(a, Dog))
local function join(...)
    local parents = { ... }
    return setmetatable({}, { __index = function(t, k)
        for _, parent in ipairs(parents) do
            local v = parent[k]
            if v ~= nil then t[k] = v return v end
        end
    end })
end
local both = join({ left = "L", shared = 1 }, { right = "R", shared = 2 })
print(both.left, both.right, both.shared, both.none, rawget(both, "left"))
print(pcall(function() return a:fly() end))
print(pcall(Animal.speak, nil))
