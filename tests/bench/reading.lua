-- reading.lua: how long programs take to read one text, by whatever reads it: for the suites data and data_sizes.
-- Invariant: the methods of a row alternate run by run and print the same; a ratio above 1 is faster than the base.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local measure = require "measure"

local reading = {}

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

-- A row is { name =, format =, times =, method... }, the base first.
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

local function add_rows(context, result, row, runs, bytes)
    local bar = { row.name, "" }
    for i, one in ipairs(runs) do
        local ratio = ("%.2f"):format(runs[1].cpu / one.cpu)
        result.rows[#result.rows + 1] = {
            i == 1 and row.name or "", one.name, ("%.1f"):format(bytes * (row.times or 1) / one.cpu), i == 1 and "" or ratio,
            ("%.1f"):format(one.peak / 1024),
        }
        context.row(result.rows[#result.rows])
        for column = 3, #result.drawn.columns do
            if i > 1 and result.drawn.columns[column] == one.name then bar[column] = ratio end
        end
    end
    result.drawn.rows[#result.drawn.rows + 1] = bar
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

-- Rows to a result. `file` of a row is a text that is there; else `make` and `size` in MB are for tests/bench/data/make.lua.
function reading.run(context, title, rows)
    local result = {
        title = title .. ": MB/s of text, ratio to the first of each kind, peak memory in MiB",
        columns = { "", "by", "MB/s", "ratio", "peak" }, rows = {}, runs = {},
        chart = title .. ": times as fast as the first of each kind",
        drawn = { columns = { "", "", "data.decode", "data.load", "each", "into a store" }, rows = {} },
        notes = { "CPU time of whole processes, the program's start and the reading of the file included." },
    }
    result.drawn.chart = result.chart
    in_folder(function(folder)
        for _, row in ipairs(rows) do
            if not context.only or row.name:find(context.only) then
                context.progress(row.name)
                local path = prepare(context, row, folder)
                local bytes = measure.size(path)
                if bytes then add_rows(context, result, row, run(context, row, path), bytes) end
                if row.make then os.remove(path) end
            end
        end
    end)
    return result
end

return reading
