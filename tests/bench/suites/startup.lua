-- startup.lua: what it costs to start and end: every interpreter with an empty program, beside an empty C program.
-- Invariant: runs nothing but -e "" and its likes; the first row is the empty static C program.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

local function commands(context)
    local list = { { name = "empty static C", argv = { context.build .. "/bench/empty" } } }
    for _, lua in ipairs(context.luas) do
        local argv = {}
        for i, word in ipairs(lua.argv) do argv[i] = word end
        argv[#argv + 1] = "-e"
        argv[#argv + 1] = ""
        list[#list + 1] = { name = lua.name, argv = argv }
    end
    return list
end

local function show(value, format) return value and format:format(value) or "-" end

local function row(run, command, empty, stock)
    return {
        run.name, show(run.wall / 1000, "%.3f"), show(run.cpu / 1000, "%.3f"), show(run.wall / empty.wall, "%.2f"),
        show(stock and run.wall / stock.wall, "%.2f"), show(run.faults, "%d"), show(run.peak, "%d"),
        show(measure.system_calls(command.argv), "%d"), show(measure.instructions(command.argv), "%d"),
    }
end

return function(context)
    local list = commands(context)
    local limits = { rounds = context.rounds * 400, seconds = context.seconds * 3 }
    local runs = measure.interleave(context.interleave, list, limits)
    local rows = {}
    for i, run in ipairs(runs) do rows[i] = row(run, list[i], runs[1], runs["lua5.1"]) end
    return {
        title = ("Start-up of -e '' (least of %d interleaved runs)"):format(runs[1].runs),
        columns = { "", "wall ms", "CPU ms", "/ empty C", "/ lua5.1", "faults", "peak KiB", "calls", "instructions" },
        rows = rows,
        notes = { "Targets: at most 1.50 times the empty static C program, and 0.45 times lua5.1." },
        runs = runs,
    }
end
