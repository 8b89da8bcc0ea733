-- lines.lua [N]: writing and reading a temporary file by lines, numbers, blocks and as a whole.
-- Invariant: prints the same checksum under every Lua; the file has no name and leaves nothing behind.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 200000

local file = assert(io.tmpfile())
for i = 1, n do file:write("line ", i, "\tof some text that is about as long as lines are\n") end

file:seek("set")
local count, size = 0, 0
for line in file:lines() do
    count = count + 1
    size = size + #line
end

file:seek("set")
while true do
    local block = file:read(4096)
    if not block then break end
    size = size + #block
end

file:seek("set")
local whole = file:read(_VERSION == "Lua 5.1" and "*a" or "a")
size = size + #whole
file:close()

local numbers = assert(io.tmpfile())
for i = 1, n / 2 do numbers:write(i, " ") end
numbers:seek("set")
local sum = 0
for _ = 1, n / 2 do sum = sum + numbers:read(_VERSION == "Lua 5.1" and "*n" or "n") end
numbers:close()
print(string.format("%d %d %.0f", count, size, sum))
