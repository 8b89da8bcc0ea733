-- peers.lua: what else could run a script here: how large it is, how soon it has run nothing, in how much memory.
-- Invariant: only what is installed is measured; a size counts the libraries that the loader brings with it.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

-- Each with an empty program. Those that start slowly have rounds of their own, or they would take all the time.
local FAST = {
    { "lua5.1", "-e", "" }, { "lua5.4", "-e", "" }, { "luajit", "-e", "" }, { "busybox", "sh", "-c", "" },
    { "dash", "-c", "" }, { "bash", "-c", "" }, { "mawk", "BEGIN{}" }, { "perl", "-e", "" },
}
local SLOW = { { "python3", "-c", "" }, { "ruby", "-e", "" }, { "node", "-e", "" } }

local function installed(list)
    local out = {}
    for _, argv in ipairs(list) do
        local path = measure.program(argv[1])
        local name = argv[2] == "sh" and "busybox sh" or argv[1]
        if path then out[#out + 1] = { name = name, argv = { path, unpack(argv, 2) }, path = path } end
    end
    return out
end

local function row(command, run, own)
    local path = measure.real_path(command.path)
    return {
        command.name, ("%.0f"):format(measure.size(path) / 1000), ("%.0f"):format(measure.whole_size(path) / 1000),
        ("%.2f"):format(run.wall / 1000), ("%.1f"):format(run.wall / own.wall), ("%d"):format(run.peak),
    }
end

local function measured(context, commands, rounds, result)
    local moonbear = context.build .. "/moonbear"
    table.insert(commands, 1, { name = "moonbear", argv = { moonbear, "-e", "" }, path = moonbear })
    local limits = { rounds = rounds, seconds = context.seconds * 2 }
    local runs = measure.interleave(context.interleave, commands, limits)
    for i, run in ipairs(runs) do
        if i > 1 or #result.rows == 0 then
            result.rows[#result.rows + 1] = row(commands[i], run, runs[1])
            result.runs[#result.runs + 1] = run
        end
    end
end

return function(context)
    local result = {
        title = "Peers: size in KB, alone and with shared libraries; an empty program's wall time and peak memory",
        columns = { "", "file KB", "all KB", "start ms", "/ moonbear", "peak KiB" },
        rows = {}, runs = {},
        notes = { "Libraries of an interpreter's own language, which python3, perl and ruby also need, are not counted." },
    }
    measured(context, installed(FAST), context.rounds * 200, result)
    measured(context, installed(SLOW), context.rounds * 8, result)
    return result
end
