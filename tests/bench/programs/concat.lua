-- concat.lua [N]: joining strings: `..` of a few, appending to a growing string, table.concat, a buffer of pieces.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 150000

local total = 0
for i = 1, n do
    local key = "item" .. i .. ":" .. i % 10 .. ";"
    total = total + #key
end

local grown = ""
for i = 1, n / 15 do grown = grown .. string.char(97 + i % 26) end
total = total + #grown

for _ = 1, 3 do
    local pieces = {}
    for i = 1, n do pieces[#pieces + 1] = i % 3 == 0 and "fizz" or "buzz" end
    total = total + #table.concat(pieces) + #table.concat(pieces, ", ")
end

local numbers = {}
for i = 1, n do numbers[i] = i end
local joined = table.concat(numbers, " ")
print(string.format("%d %d %s", total, #joined, joined:sub(-6)))
