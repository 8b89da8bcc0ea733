-- load, loadstring, loadfile, dofile, string.dump: readers, names, round trips, broken input.
print(loadstring("return 1 + 1")())
print(loadstring("return ...", "=n")(1, 2))
local parts, at = { "return ", "4", "2" }, 0
print(load(function() at = at + 1 return parts[at] end)())
at = 0
parts = { "return ", "", "lost" }
print(load(function() at = at + 1 return parts[at] end)())
print(load(function() return nil end) ~= nil)
print(load(function() error("in reader", 0) end))
at = 0
print(load(function() at = at + 1 return at == 1 and 5 or nil end))
print(load(function() return {} end))
print(pcall(load, "string"))
local once = true
print(load(function() if once then once = false return "x = = 1" end end, "=reader"))
local function add(a, b) return a + b end
local copy = loadstring(string.dump(add))
print(copy(3, 4), #string.dump(add) > 20, string.dump(add):sub(1, 4) == "\27Lua")
local up = 5
local function uses() return up end
print(pcall(loadstring(string.dump(uses))))
print(pcall(string.dump, print))
print(pcall(string.dump))
local f = loadstring(string.dump(loadstring("local t = { 1, 'x', true, nil, 2.5, function(...) return ... end } return t[2], t[6](9), #t")))
print(f())
local big = {}
for i = 1, 300 do big[i] = "x" .. i .. " = " .. i .. ".5" end
big = loadstring(table.concat(big, "\n") .. " return x1 + x300")
print(loadstring(string.dump(big))())
local whole = string.dump(function(a) for i = 1, 3 do a = a .. i end return a end)
print(loadstring(whole)("n"))
for _, n in ipairs { 1, 3, 4, 5, 8, 11, 12, 13, 20 } do print(n, loadstring(whole:sub(1, n), "=cut")) end
print(loadstring("\27Lua" .. ("x"):rep(40), "=bad"))
print(loadstring(whole:sub(1, 4) .. "\82" .. whole:sub(6), "=version"))
local name = os.tmpname()
local function write(text) local h = assert(io.open(name, "wb")) h:write(text) h:close() end
local function clean(...)
    local r = { ... }
    for i = 1, select("#", ...) do r[i] = tostring(r[i]):gsub(name, "NAME", 1) end
    print(unpack(r, 1, select("#", ...)))
end
write "return 'from file', ..."
clean(loadfile(name)(1))
clean(dofile(name))
write "#!shebang\nreturn 'second line'"
clean(dofile(name))
write "x ="
clean(loadfile(name))
clean(pcall(dofile, name))
write "error('at run')"
clean(pcall(dofile, name))
write(whole)
clean(loadfile(name)("b"))
write("# comment\n" .. whole)
clean(loadfile(name)("c"))
write ""
clean(dofile(name))
os.remove(name)
clean(loadfile(name))
clean(pcall(dofile, name))
