-- The debug library: getinfo, locals, upvalues, hooks, metatables, environments, the registry.
local function show(t, ...) for _, k in ipairs { ... } do io.write(k, "=", tostring(t[k]), " ") end print() end
local function f(a, b, ...)
    local c = a + b
    local info = debug.getinfo(1, "nSluf")
    show(info, "name", "namewhat", "short_src", "linedefined", "lastlinedefined", "what", "currentline", "nups")
    print(info.func == f, info.source:sub(1, 1), c)
    local i = 1
    while true do
        local name, value = debug.getlocal(1, i)
        if not name then break end
        io.write(name, "=", type(value) == "number" and value or type(value), " ")
        i = i + 1
    end
    print()
    print(debug.setlocal(1, 1, 99), a, debug.getlocal(1, 100), debug.setlocal(1, 100, 1))
end
f(1, 2, 3)
show(debug.getinfo(print), "what", "short_src", "currentline", "linedefined", "source", "nups")
show(debug.getinfo(1), "what", "short_src", "currentline", "name")
print(debug.getinfo(50), pcall(debug.getinfo, 1, "X"), pcall(debug.getinfo, "x"))
local lines = {}
for line in pairs(debug.getinfo(f, "L").activelines) do lines[#lines + 1] = line end
table.sort(lines)
print(table.concat(lines, " "))
local up1, up2 = 1, "two"
local function closure() return up1, up2 end
print(debug.getupvalue(closure, 1), debug.getupvalue(closure, 2), debug.getupvalue(closure, 3))
print(debug.setupvalue(closure, 1, 10), up1, debug.setupvalue(closure, 5, 1), closure())
print(debug.getupvalue(string.gmatch("x", "."), 1), pcall(debug.getupvalue, 1, 1))
local trace = {}
debug.sethook(function(event, line) trace[#trace + 1] = event .. (line or "") end, "l")
local x = 1
x = x + 1
debug.sethook()
print(#trace, trace[1])
local calls = {}
debug.sethook(function(event) calls[#calls + 1] = event .. ":" .. (debug.getinfo(2, "n").name or "?") end, "cr")
math.abs(1);
(function() return math.abs(2) end)()
debug.sethook()
print(table.concat(calls, " "))
local ticks = 0
debug.sethook(function() ticks = ticks + 1 end, "", 100)
for _ = 1, 10000 do end
debug.sethook()
print(ticks > 50, debug.gethook())
local co = coroutine.create(function(p) local q = p * 2 coroutine.yield(q) end)
coroutine.resume(co, 21)
print(debug.getlocal(co, 1, 1), debug.getlocal(co, 1, 2))
show(debug.getinfo(co, 1), "what", "currentline")
print(debug.setmetatable(5, { __index = function(n, k) return k .. n end }), (5).field, (7).x)
debug.setmetatable(5, nil)
print(debug.getmetatable("").__index == string, debug.getmetatable({}))
print(debug.setmetatable(nil, { __call = function() return "nil called" end }), (nil)())
debug.setmetatable(nil, nil)
print(type(debug.getregistry()), debug.getfenv(print) == _G, debug.setfenv(f, { y = 5 }) == f, debug.getfenv(f).y)
print(pcall(debug.setmetatable, {}, 5))
print(pcall(debug.sethook, 1))
print(type(newproxy()), pcall(debug.getlocal, 100, 1))
