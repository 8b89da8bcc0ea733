-- Assignment: order independence, multiple targets, swaps, adjustment, evaluation of calls, local scope rules.
local a, b, c = 1, 2
print(a, b, c)
a, b, c = 0
print(a, b, c)
a, b = 1, 2, 3
print(a, b)
a, b, c = (function() return 1, 2, 3 end)()
print(a, b, c)
a, b, c = (function() return 1, 2, 3 end)(), 10
print(a, b, c)
a, b, c = 5, (function() return 1, 2, 3 end)()
print(a, b, c)
local t = { 1, 2, 3 }
local i = 1
i, t[i], t[i + 1] = 3, "x", "y"
print(i, t[1], t[2], t[3])
t[1], t[2], t[3] = t[3], t[1], t[2]
print(unpack(t))
local x = 10
local x = x + 1
print(x, (function() local x = x * 2 return x end)())
do local f = function() return f end print(f()) end
do local function f() return f end print(f() == f) end
local log = {}
local function note(v) log[#log + 1] = tostring(v) return v end
local obj = setmetatable({}, { __newindex = function(_, k, v) note(k .. "=" .. v) end })
obj[note "k"] = note "v"
print(note(1) + note(2) * note(3), note "a" .. note "b", note(false) and note(1) or note(2))
print(table.concat(log, " "))
local r = { note(1), note(2), [note "x"] = note "y", note(3) }
print(#r, r.x, table.concat(log, " ", 14))
local function many() return 1, nil, 3, nil end
print(select("#", many()), select("#", many(), many()), (select("#", (many()))), #{ n = many() })
local s = 0
for k = 1, 10 do local k2 = k if k % 2 == 0 then k2 = -k end s = s + k2 end
print(s)
g1, g2 = "global", nil
print(g1, g2, rawget(_G, "g1"))
g1 = nil
print(rawget(_G, "g1"))
local up = 1
local function set() up = up + 1 return up end
print(up, set(), up, set(), up)
a, b = set(), set()
print(a, b, up)
t = {}
t.x, t.y, t.z = 1, t.x, 2
print(t.x, t.y, t.z)
local l1, l2, l3, l4, l5, l6, l7, l8 = 1, 2, 3, 4, 5, 6, 7, 8
l1, l2, l3, l4, l5, l6, l7, l8 = l8, l7, l6, l5, l4, l3, l2, l1
print(l1, l2, l3, l4, l5, l6, l7, l8)
