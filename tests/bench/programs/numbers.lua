-- numbers.lua [N]: tostring, tonumber and format of integers and floats, in decimal and other bases.
-- Invariant: prints the same checksum under every Lua: floats are never whole, so 5.4 writes them alike.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 60000

local sum, length = 0, 0
for i = 1, n do
    local text = tostring(i)
    length = length + #text
    sum = sum + tonumber(text)
    local fraction = tostring(i + 0.25)
    length = length + #fraction
    sum = sum + tonumber(fraction)
    length = length + #tostring(1 / (i + 0.5))
    sum = sum + tonumber("1e-3") * i + tonumber("ff", 16) + tonumber("  12  ")
    if tonumber("x" .. text) then sum = -1 end
end
for i = 1, n do
    length = length + #("%d %5.2f %g"):format(i, i / 7, i / 1000)
    sum = sum + ("%.3f"):format(i / 3)
end
print(string.format("%.3f %d", sum, length))
