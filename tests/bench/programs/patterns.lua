-- patterns.lua [N]: find, match, gmatch and gsub with classes, captures, anchors, balance, tables and functions.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 360

local log = {}
for i = 1, 200 do
    log[i] = ("2024-%02d-%02d %02d:%02d host%d app[%d]: user=%s size=%d path=/srv/%d/file%d.txt (a (b) c)"):format(
        i % 12 + 1, i % 28 + 1, i % 24, i % 60, i % 7, i * 37, i % 2 == 0 and "anna" or "otto", i * i, i, i % 5)
end
local text = table.concat(log, "\n")

local sum, words = 0, 0
for round = 1, n do
    for _, line in ipairs(log) do
        local year, month, day = line:match("^(%d+)-(%d+)-(%d+)")
        sum = sum + year + month * day
        local name, size = line:match("user=(%a+) size=(%d+)")
        if name == "anna" then sum = sum + size end
        if line:find("file[0-2]%.txt") then sum = sum + 1 end
    end
    if round % 8 == 0 then
        for word in text:gmatch("%w+") do words = words + #word end
        local _, spaces = text:gsub("%s+", " ")
        local swapped = text:gsub("(%a+)=(%w+)", "%2=%1")
        local named = text:gsub("%a+", { user = "person", size = "bytes" })
        local upper = text:gsub("%f[%w]%l", string.upper)
        local _, nested = text:gsub("%b()", "")
        sum = sum + spaces + #swapped + #named + #upper + nested
    end
end
print(string.format("%.0f %d", sum, words))
