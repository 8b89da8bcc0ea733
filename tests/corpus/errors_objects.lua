-- error, assert, pcall, xpcall: levels, objects of every type, handlers, nesting, rethrowing.
print(pcall(error))
print(pcall(error, nil))
print(pcall(error, "plain"))
print(pcall(error, "level 0", 0))
print(pcall(error, 42))
print(pcall(error, true))
print(select("#", pcall(error, nil)))
local object = setmetatable({ code = 7 }, { __tostring = function(o) return "object " .. o.code end })
print(select(2, pcall(error, object)) == object, tostring(select(2, pcall(error, object))))
local function level(n) error("at level " .. n, n) end
local function caller(n) level(n) end
for n = 0, 3 do print(pcall(caller, n)) end
print(pcall(assert, false))
print(pcall(assert, nil, "reason"))
print(pcall(assert, false, { 1 }))
print(pcall(assert))
print(assert(1, 2, 3), assert("x", "unused"))
print(pcall(assert, false, 5))
print(pcall(pcall))
print(pcall(pcall, error, "x"))
print(pcall(nil))
print(pcall(5))
print(xpcall(function() error("x", 0) end, function(m) return "handled " .. m end))
print(xpcall(function() error({}, 0) end, function(m) return type(m) end))
print(xpcall(function() return 1, 2, 3 end, print))
print(xpcall(function() local x = nil + 1 end, function(m) return (m:gsub("^.-:%d+: ", "")) end))
print(xpcall(function() error("x") end, function(m) return debug.traceback(m, 1):gsub("\n.*", " ...") end))
print(pcall(xpcall))
print(pcall(xpcall, print))
local trail = {}
local function nest(n)
    if n == 0 then error("bottom", 0) end
    local ok, e = pcall(nest, n - 1)
    trail[#trail + 1] = n
    error(e .. "<" .. n, 0)
end
print(pcall(nest, 5))
print(table.concat(trail, ","))
local function finally(f, cleanup)
    local r = { pcall(f) }
    cleanup()
    if not r[1] then error(r[2], 0) end
    return unpack(r, 2)
end
print(pcall(finally, function() error("inside", 0) end, function() print "cleaned" end))
print(finally(function() return "fine" end, function() print "cleaned" end))
local ok, e = pcall(function() local function deep() return deep() + 1 end return deep() end)
print(ok, (e:gsub("%s*stack traceback.*", "")))
print(pcall(string.rep, "x", -1))
print(pcall(loadstring, nil))
print(loadstring("x ="))
print(pcall(loadstring("error('in chunk')", "=name")))
print(pcall(loadstring("error('in chunk')", "@file.lua")))
print(pcall(loadstring("error('in chunk')")))
print(pcall(loadstring("\n\nerror('in a very long chunk of text that has to be cut somewhere in the message')")))
print(pcall(loadstring("local x\n = nil\nx()", "multi\nline")))
print(pcall(loadstring("error('x')", "=" .. ("n"):rep(100))))
print(pcall(loadstring("error('x')", "@" .. ("p"):rep(100))))
