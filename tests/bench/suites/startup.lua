-- startup.lua: what it costs to start and end: every interpreter with an empty program and with a script, beside an empty C program.
-- Invariant: runs nothing but -e "" and a script of one line; the first row is the empty static C program.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

local WAYS = { { suffix = "", "-e", "" }, { suffix = ", a script", "tests/bench/one_line.lua" } }

local function command(lua, way)
    local argv = {}
    for _, word in ipairs(lua.argv) do argv[#argv + 1] = word end
    for _, word in ipairs(way) do argv[#argv + 1] = word end
    return { name = lua.name .. way.suffix, stock = "lua5.1" .. way.suffix, argv = argv }
end

local function commands(context)
    local list = { { name = "empty static C", argv = { context.build .. "/bench/empty" } } }
    for _, way in ipairs(WAYS) do
        for _, lua in ipairs(context.luas) do list[#list + 1] = command(lua, way) end
    end
    return list
end

local function show(value, format) return value and format:format(value) or "-" end

local function row(run, one, empty, stock)
    return {
        run.name, show(run.wall / 1000, "%.3f"), show(run.wall_median / 1000, "%.3f"), show(run.wall / empty.wall, "%.2f"),
        show(run.wall_median / empty.wall_median, "%.2f"), show(stock and run.wall / stock.wall, "%.2f"), show(run.faults, "%d"),
        show(run.peak, "%d"), show(measure.system_calls(one.argv), "%d"), show(measure.instructions(one.argv), "%d"),
    }
end

return function(context)
    local list = commands(context)
    local limits = { rounds = context.rounds * 400, seconds = context.seconds * 3 }
    local runs = measure.interleave(context.interleave, list, limits)
    local rows = {}
    for i, run in ipairs(runs) do rows[i] = row(run, list[i], runs[1], runs[list[i].stock]) end
    return {
        title = ("Start-up of -e '' and of a script of one line (%d interleaved runs)"):format(runs[1].runs),
        columns = { "", "least ms", "median ms", "/ empty C", "by median", "/ lua5.1", "faults", "peak KiB", "calls", "instructions" },
        rows = rows,
        notes = { "Targets: -e '' takes at most 1.50 times the empty static C program, and 0.45 times lua5.1." },
        runs = runs,
    }
end
