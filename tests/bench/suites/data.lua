-- data.lua: reading data: rates, ratios to what else reads it, and peak memory.
-- Invariant: the methods of a row alternate run by run and print the same; a ratio above 1 is faster than the base.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local measure = require "measure"

local SHAPES = "build/third/cjson/tests/" -- lua-cjson's own benchmark reads these

-- Base first. `times`: small texts are read so often; `size` in MB is for make.lua.
local ROWS = {
    { name = "cjson example1", file = SHAPES .. "example1.json", format = "json", times = 30000, "cjson", "data.decode" },
    { name = "cjson example2", file = SHAPES .. "example2.json", format = "json", times = 60000, "cjson", "data.decode" },
    { name = "cjson example3", file = SHAPES .. "example3.json", format = "json", times = 30000, "cjson", "data.decode" },
    { name = "cjson example4", file = SHAPES .. "example4.json", format = "json", times = 6000, "cjson", "data.decode" },
    { name = "cjson example5", file = SHAPES .. "example5.json", format = "json", times = 20000, "cjson", "data.decode" },
    { name = "cjson numbers", file = SHAPES .. "numbers.json", format = "json", times = 20000, "cjson", "data.decode" },
    { name = "cjson rfc 1", file = SHAPES .. "rfc-example1.json", format = "json", times = 60000, "cjson", "data.decode" },
    { name = "cjson rfc 2", file = SHAPES .. "rfc-example2.json", format = "json", times = 50000, "cjson", "data.decode" },
    { name = "cjson types", file = SHAPES .. "types.json", format = "json", times = 60000, "cjson", "data.decode" },
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

local LIBRARY = "/usr/share/lua/5.1/MessagePack.lua"

local function has(method)
    if method == "lua5.1" then return measure.program "lua5.1" end
    return method ~= "MessagePack" or measure.size(LIBRARY)
end

-- Stock Lua's own loadstring, and everything else in moonbear.
local function command(context, row, method, path)
    local program, how = context.build .. "/moonbear", method
    if method == "lua5.1" then program, how = measure.program "lua5.1", "loadstring" end
    return { name = method, argv = { program, "tests/bench/data/read.lua", how, row.format, row.times or 1, path } }
end

local function run(context, row, path)
    local commands = {}
    for _, method in ipairs(row) do
        if has(method) then commands[#commands + 1] = command(context, row, method, path) end
    end
    local runs = measure.interleave(context.interleave, commands, context)
    for _, one in ipairs(runs) do
        if one.output ~= runs[1].output then error(("%s: %s and %s find different numbers of entries"):format(row.name, one.name, runs[1].name), 0) end
    end
    return runs
end

local function add_rows(result, row, runs, bytes)
    for i, one in ipairs(runs) do
        result.rows[#result.rows + 1] = {
            i == 1 and row.name or "", one.name, ("%.1f"):format(bytes * (row.times or 1) / one.cpu),
            i == 1 and "" or ("%.2f"):format(runs[1].cpu / one.cpu), ("%.1f"):format(one.peak / 1024),
        }
    end
    result.runs[row.name] = runs
end

local function in_folder(fn)
    local folder = os.tmpname()
    assert(os.remove(folder))
    assert(lfs.mkdir(folder))
    local ok, message = pcall(fn, folder)
    for name in lfs.dir(folder) do if name:sub(1, 1) ~= "." then os.remove(folder .. "/" .. name) end end
    lfs.rmdir(folder)
    if not ok then error(message, 0) end
end

local function prepare(context, row, folder)
    if row.file then return row.file end
    local path, size = folder .. "/" .. row.make, context.size or row.size
    local made = measure.output { context.build .. "/moonbear", "tests/bench/data/make.lua", row.make, size, path }
    if not made then error(row.name .. ": its text cannot be made", 0) end
    return path
end

return function(context)
    local result = {
        title = "Reading data: MB/s of text, ratio to the first of each kind, peak memory in MiB",
        columns = { "", "by", "MB/s", "ratio", "peak" }, rows = {}, runs = {},
        notes = { "CPU time of whole processes, the program's start and the reading of the file included." },
    }
    in_folder(function(folder)
        for _, row in ipairs(ROWS) do
            if not context.only or row.name:find(context.only) then
                context.progress(row.name)
                local path = prepare(context, row, folder)
                local bytes = measure.size(path)
                if bytes then add_rows(result, row, run(context, row, path), bytes) end
                if row.make then os.remove(path) end
            end
        end
    end)
    return result
end
