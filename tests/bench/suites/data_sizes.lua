-- data_sizes.lua: reading texts from 1 KB to 1 GB: does the rate hold, and does memory stay where entries are taken one by one.
-- Invariant: see reading.lua; the largest texts are read by what needs no memory for them, and alone.
-- SPDX-License-Identifier: MIT
local reading = require "reading"

local KINDS = {
    { "JSON", make = "records", format = "json", "cjson", "data.decode", "each" },
    { "Lua", make = "lua", format = "lua", "lua5.1", "data.decode", "each" },
    { "CSV", make = "csv", format = "csv", "gmatch", "data.decode", "each" },
    { "MessagePack", make = "msgpack", format = "msgpack", "MessagePack", "data.decode", "each" },
}
local SIZES = { { 0.001, "1 KB" }, { 0.03, "30 KB" }, { 1, "1 MB" }, { 30, "30 MB" }, { 1000, "1 GB" } }

-- What is read at once is at most this large; small texts are read until they add up to WHOLE. In MB. Stock Lua loads no
-- more than 2^18 constants, which those of 30 MB keep below.
local AT_ONCE, WHOLE = 30, 10

local function row(kind, size)
    local one = { name = kind[1] .. " of " .. size[2], make = kind.make, size = size[1], format = kind.format, times = math.max(1, math.floor(WHOLE / size[1])) }
    for i = 2, #kind do
        if size[1] <= AT_ONCE or kind[i] == "each" then one[#one + 1] = kind[i] end
    end
    return one
end

return function(context)
    local rows = {}
    for _, size in ipairs(SIZES) do
        for _, kind in ipairs(KINDS) do
            if size[1] <= AT_ONCE or kind.make ~= "msgpack" then rows[#rows + 1] = row(kind, size) end
        end
    end
    return reading.run(context, "Reading data by size", rows)
end
