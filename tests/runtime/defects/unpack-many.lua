-- A C function has 8000 slots: "too many results to unpack", "string slice too long".
-- stock: wrong
local list = {}
for i = 1, 250000 do list[i] = i end
print(pcall(unpack, list) and #{ ("x"):rep(100000):byte(1, -1) } == 100000 and "ok" or "too many")
