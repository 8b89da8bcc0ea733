-- Control flow: every loop, break, nested blocks, scoping, numeric for edge cases, short circuits.
for i = 1, 3 do io.write(i, " ") end
for i = 3, 1, -1 do io.write(i, " ") end
for i = 1, 0 do io.write("never") end
for i = 1, 2, 0.5 do io.write(i, " ") end
for i = 0.1, 0.35, 0.1 do io.write(i, " ") end
print()
print(pcall(function() for i = 1, "x" do end end))
print(pcall(function() for i = {}, 1 do end end))
print(pcall(function() for i = 1, 2, {} do end end))
for i = "1", "2" do io.write(i, ";") end
for i = 1, 3 do local i = i * 10 io.write(i, ";") end
for i = 1, math.huge do if i > 3 then break end io.write(i, ";") end
for i = 5, 5, 0.1 do io.write(i, ";") end
print()
local n = 0
while true do
    n = n + 1
    if n == 2 then n = 5 else if n > 8 then break end end
end
print(n)
repeat local inside = n n = n - 1 until inside < 7
print(n)
for i = 1, 3 do
    for j = 1, 3 do
        if j == 2 then break end
        io.write(i, ":", j, " ")
    end
end
print()
local x = 1
do local x = 2 do local x = 3 io.write(x, " ") end io.write(x, " ") end
print(x)
print(nil and 1, false or 2, nil or false, 1 and 2, false and nil, 1 or error("never"), not 0, not "")
print(1 == 1 and "yes" or "no", nil == false, (nil or {}) ~= nil)
local function f(a, b) if a then return "a" elseif b then return "b" else return "none" end end
print(f(1), f(nil, 1), f(), f(false, false))
local a, b, c = (function() return 1, 2 end)()
print(a, b, c)
a, b = b, a
print(a, b)
local t, i = { 1, 2, 3 }, 1
i, t[i] = i + 1, 20
print(i, t[1], t[2])
local function iterator(s, k) if k < s then return k + 1, (k + 1) ^ 2 end end
for k, v in iterator, 4, 0 do io.write(k, "=", v, " ") end
print()
print(pcall(function() for k in 5 do end end))
print(pcall(function() for k in nil do end end))
for k, v in next, { 7 } do print(k, v) end
local function early() for i = 1, 10 do if i == 4 then return i end end end
print(early())
print((function() return end)() == nil, (function() do return 1 end end)())
local depth = 0
local function recurse(k) depth = math.max(depth, k) if k < 15000 then return 1 + recurse(k + 1) end return 0 end
print(recurse(1), depth)
local function loop(k) if k == 0 then return "tail" end return loop(k - 1) end
print(loop(1e6))
