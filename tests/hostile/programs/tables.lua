-- Tables: growth of both parts, sort, closures, metatables, weak tables, removal.
local t, named = {}, {}
for i = 1, 300 do t[i] = (i * 7919) % 1000 end
for i = 1, 200 do named["k" .. i] = function() return i end end
table.sort(t, function(a, b) return a < b end)
local sum = 0
for k, f in pairs(named) do sum = sum + f() named[k] = nil end
print(t[1], t[300], sum, next(named))
local weak = setmetatable({}, { __mode = "kv" })
for i = 1, 50 do weak[{}] = {} end
collectgarbage()
print(next(weak))
local V = setmetatable({}, { __call = function(c, v) return setmetatable({ v = v }, c) end })
V.__index, V.__add = V, function(a, b) return V(a.v + b.v) end
local acc = V(0)
for i = 1, 100 do acc = acc + V(i) end
print(acc.v)
for i = 1, 20 do local p = newproxy(true) getmetatable(p).__gc = function() sum = sum + 1 end end
collectgarbage()
print(sum)
local last = newproxy(true)
getmetatable(last).__gc = function() io.write("closed\n") end
