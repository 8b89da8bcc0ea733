-- data.lua: reading data: rates, ratios to what else reads it, and peak memory.
-- Invariant: see reading.lua.
-- SPDX-License-Identifier: MIT
local reading = require "reading"

local SHAPES = "build/third/cjson/tests/" -- lua-cjson's own benchmark reads these

-- Base first. `times`: small texts are read so often that the start of the program does not count; `size` in MB is for make.lua.
local ROWS = {
    { name = "cjson example1", file = SHAPES .. "example1.json", format = "json", times = 30000, "cjson", "data.decode" },
    { name = "cjson example2", file = SHAPES .. "example2.json", format = "json", times = 60000, "cjson", "data.decode" },
    { name = "cjson example3", file = SHAPES .. "example3.json", format = "json", times = 30000, "cjson", "data.decode" },
    { name = "cjson example4", file = SHAPES .. "example4.json", format = "json", times = 6000, "cjson", "data.decode" },
    { name = "cjson example5", file = SHAPES .. "example5.json", format = "json", times = 20000, "cjson", "data.decode" },
    { name = "cjson numbers", file = SHAPES .. "numbers.json", format = "json", times = 20000, "cjson", "data.decode" },
    { name = "cjson rfc 1", file = SHAPES .. "rfc-example1.json", format = "json", times = 60000, "cjson", "data.decode" },
    { name = "cjson rfc 2", file = SHAPES .. "rfc-example2.json", format = "json", times = 50000, "cjson", "data.decode" },
    { name = "cjson types", file = SHAPES .. "types.json", format = "json", times = 400000, "cjson", "data.decode" },
    { name = "JSON records", make = "records", size = 20, format = "json", "cjson", "data.decode", "data.load", "each", "into a store" },
    { name = "JSON floats", make = "floats", size = 10, format = "json", "cjson", "data.decode" },
    { name = "JSON texts", make = "texts", size = 20, format = "json", "cjson", "data.decode" },
    { name = "JSON UTF-8", make = "unicode", size = 20, format = "json", "cjson", "data.decode" },
    { name = "JSON nesting", make = "deep", size = 10, format = "json", "cjson", "data.decode" },
    { name = "NDJSON records", make = "ndjson", size = 20, format = "ndjson", "data.load", "each" },
    { name = "Lua tables", make = "lua", size = 12, format = "lua", "lua5.1", "loadstring", "data.decode", "data.load", "each" },
    { name = "Lua constants", make = "constants", size = 1.6, format = "lua", times = 5, "lua5.1", "loadstring", "data.decode" },
    { name = "Lua strings", make = "strings", size = 3, format = "lua", times = 5, "lua5.1", "loadstring", "data.decode" },
    { name = "CSV", make = "csv", size = 20, format = "csv", "gmatch", "data.decode", "data.load", "each" },
    { name = "CSV in quotes", make = "quoted", size = 20, format = "csv", "data.load", "each" },
    { name = "MessagePack", make = "msgpack", size = 4, format = "msgpack", "MessagePack", "data.decode", "each" },
}

return function(context)
    local result = reading.run(context, "Reading data", ROWS)
    result.notes[#result.notes + 1] = "Writing, on lua-cjson's shapes and others: BENCH=data_encode."
    return result
end
