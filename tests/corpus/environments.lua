-- Environments: setfenv and getfenv by function and level, sandboxes, strict globals, _G itself.
print(getfenv() == _G, getfenv(0) == _G, getfenv(1) == _G, _G._G == _G)
local function f() return x end
setfenv(f, { x = "own" })
print(f(), x)
local env = setmetatable({}, { __index = _G })
local chunk = assert(loadstring("y = 5 return y, print ~= nil, getfenv(1)"))
setfenv(chunk, env)
local y1, has, e = chunk()
print(y1, has, e == env, y, env.y)
local function level() setfenv(2, setmetatable({ z = "replaced" }, { __index = _G })) end
local function subject() level() return z end
print(subject(), z, subject())
print(getfenv(print) == _G, pcall(setfenv, print, {}))
print(pcall(setfenv, 1, 5))
print(pcall(getfenv, 100))
print(pcall(getfenv, -1))
print(pcall(setfenv, 0))
local strict = {}
setfenv(function()
    setmetatable(strict, {
        __index = function(_, k) error("undeclared " .. k, 2) end,
        __newindex = function(_, k) error("assignment to " .. k, 2) end,
    })
end, _G)()
local g = setfenv(function() return missing end, strict)
print(pcall(g))
g = setfenv(function() assigned = 1 end, strict)
print(pcall(g))
local function make()
    local inner = function() return value end
    return inner
end
setfenv(make, { value = "inherited" })
print(make()())
local co = coroutine.create(function() return getfenv(0) == _G, getfenv(1) == _G end)
print(coroutine.resume(co))
co = coroutine.create(setfenv(function() v = 1 return v, getfenv(0).v end, { getfenv = getfenv }))
print(coroutine.resume(co))
_G.made = "through _G"
print(made, rawget(_G, "made"))
made = nil
print(_G.made)
local sandbox = { tostring = tostring }
for _, code in ipairs { "return tostring(1)", "return os", "return print('x')", "tostring = nil return tostring", "return _G" } do
    print(code, pcall(setfenv(loadstring(code, "=s"), sandbox)))
end
print(tostring ~= nil, sandbox.tostring)
local t = setfenv(1, setmetatable({ print = function(...) return _G end }, { __index = _G }))
new_global = 7
setfenv(1, _G)
_G.print(rawget(_G, "new_global"), t == nil)
