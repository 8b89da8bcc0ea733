-- bytes_sizes.lua: bytes beside strings, io.lines, table.concat and string.buffer from 1 KB to 1 GB: rates and peak memory.
-- Invariant: each way is a process of its own, run in turn with the others; small sizes are repeated, so that start-up is no part of it.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

local SCRIPT = "tests/bench/bytes/sizes.lua"
local SIZES = { { "1 KB", 1024 }, { "64 KB", 65536 }, { "1 MB", 1048576 }, { "64 MB", 67108864 }, { "1 GB", 1073741824 } }
local LEAST = 8388608 -- what a run works through at least
local NEEDLE = "gatekeeper#1\n"

-- WAY of which PROGRAM; the first is what the others are compared with. `line` is how long the lines of the file are, `most`
-- the largest size of a way: no table of Lua's holds the 270 million parts of 1 GB.
local TASKS = {
    { "lines of 80 bytes", "lines", line = 80, { "bytes", "moonbear" }, { "io", "moonbear" }, { "io", "lua5.1" } },
    { "lines of 6 bytes", "lines", line = 6, { "bytes", "moonbear" }, { "io", "moonbear" }, { "io", "lua5.1" } },
    { "find 12 bytes", "find", line = 80, { "bytes", "moonbear" }, { "string", "moonbear" }, { "string", "lua5.1" } },
    { "cut, join, write", "join", line = 80, { "bytes", "moonbear" }, { "string", "moonbear" }, { "string", "lua5.1" } },
    { "collect parts", "collect", line = 80, { "bytes", "moonbear" }, { "string", "moonbear", most = 67108864 }, { "string", "lua5.1", most = 67108864 },
        { "buffer", "luajit -joff" }, { "buffer", "luajit" } },
}
local NAMES = { io = "io.lines", string = "strings", buffer = "string.buffer" }

-- Lines that differ, about as long as asked, and the needle as the last one.
local function write_file(path, size, line)
    local file, seed, block = assert(io.open(path, "wb")), 1, {}
    local filler = ("the quick brown fox jumps over the lazy dog "):rep(math.ceil(line / 44))
    for i = 1, math.ceil(math.min(size, 1048576) / line) do
        seed = seed * 16807 % 2147483647
        local number = ("%d"):format(seed % 100000)
        block[i] = (number .. filler):sub(1, line - 1) .. "\n"
    end
    local text, left = table.concat(block), size - #NEEDLE
    while left > 0 do
        file:write(left < #text and text:sub(1, left) or text)
        left = left - #text
    end
    assert(file:write("\n", NEEDLE))
    assert(file:close())
end

local function command(context, program)
    for _, lua in ipairs(context.luas) do
        if lua.name == program then return lua.argv end
    end
end

local function runs_of(context, task, size, path)
    local list, times = {}, math.max(1, math.floor(LEAST / size))
    for i = 3, #task do
        local way, program = task[i][1], task[i][2]
        local argv = { unpack(command(context, program) or {}) }
        if #argv > 0 and size <= (task[i].most or size) and (way ~= "buffer" or measure.output { argv[1], "-e", "require 'string.buffer'" }) then
            for _, word in ipairs { SCRIPT, task[2], way, path, times, size } do argv[#argv + 1] = tostring(word) end
            list[#list + 1] = { name = way == "bytes" and "bytes" or ("%s, %s"):format(NAMES[way], program), argv = argv }
        end
    end
    local runs = measure.interleave(context.interleave, list, context)
    for _, run in ipairs(runs) do run.rate = times * size / run.cpu end
    return runs
end

local function check(task, runs)
    for _, run in ipairs(runs) do
        if run.output ~= runs[1].output then error(("%s: %s and %s find different results"):format(task[1], runs[1].name, run.name), 0) end
    end
end

local function add(context, result, task, name, runs)
    local key = ("%s, %s"):format(task[1], name)
    result.runs[key] = runs
    for i, run in ipairs(runs) do
        result.rows[#result.rows + 1] = { i == 1 and key or "", run.name, ("%.0f"):format(run.rate), ("%.1f"):format(run.peak / 1024),
            i == 1 and "" or ("%.2f"):format(runs[1].rate / run.rate) }
        context.row(result.rows[#result.rows])
    end
    if runs[2] then result.drawn.rows[#result.drawn.rows + 1] = { key, "", ("%.2f"):format(runs[1].rate / runs[2].rate) } end
end

return function(context)
    local path, largest = os.tmpname(), tonumber(context.size) or 1073741824
    local result = { title = "Bytes from 1 KB to 1 GB (CPU time of whole processes, least of the rounds; peak resident memory)",
        columns = { "", "", "MB/s", "peak MB", "bytes are faster by" }, rows = {}, runs = {},
        notes = { "Resident pages of a mapped file are the file's own: they count here, though the host can take them back at any time.",
            "--size=BYTES leaves out what is larger; --only=PATTERN chooses tasks." } }
    result.chart = "bytes beside what moonbear does without them"
    result.drawn = { chart = result.chart .. ": times as fast", columns = { "", "", "bytes" }, rows = {} }
    for _, task in ipairs(TASKS) do
        for _, size in ipairs(SIZES) do
            if size[2] <= largest and (not context.only or task[1]:find(context.only)) then
                context.progress(("%s, %s"):format(task[1], size[1]))
                if task[2] ~= "collect" then write_file(path, size[2], task.line) end
                local runs = runs_of(context, task, size[2], path)
                check(task, runs)
                add(context, result, task, size[1], runs)
            end
        end
    end
    os.remove(path)
    return result
end
