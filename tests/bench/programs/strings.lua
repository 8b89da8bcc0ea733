-- strings.lua [N]: the string library without patterns: sub, byte, char, rep, upper, reverse, plain find, format.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 160000

local text = ("The quick brown fox jumps over the lazy dog. "):rep(40)
local size, sum = #text, 0

for i = 1, n do
    local from = i % size + 1
    local piece = text:sub(from, from + 12)
    sum = sum + #piece + (piece:byte(1) or 0)
    if piece:upper() == piece:lower() then sum = sum + 1 end
    if piece:reverse():sub(1, 1) == "o" then sum = sum + 1 end
    sum = sum + (text:find("lazy", from, true) or 0)
end

for i = 1, n do
    local letter = string.char(97 + i % 26, 65 + i % 26)
    sum = sum + #letter:rep(i % 9)
    local line = string.format("%s-%d-%5s|%x", letter, i, "ab", i % 4096)
    sum = sum + #line
    if line < text then sum = sum + 1 end
end

local hash = 5381
for i = 1, n * 5 do hash = (hash * 33 + text:byte(i % size + 1)) % 4294967296 end
print(string.format("%.0f %.0f", sum, hash))
