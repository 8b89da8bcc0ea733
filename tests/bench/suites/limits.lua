-- limits.lua: what --time-limit and --memory-limit cost: our own programs with limits that they never reach beside the same without.
-- Invariant: the runs are interleaved; the column "again" is the same command twice, and tells what these ratios cannot tell.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

local PROGRAMS = { "fib", "loops", "calls", "closures", "coroutines", "tables", "trees", "lists", "strings", "concat", "patterns", "sort", "lines" }

-- The first is what the others are compared with.
local WAYS = {
    { name = "without" }, { name = "again" }, { name = "time", "--time-limit=1000000" }, { name = "memory", "--memory-limit=8G" },
    { name = "both", "--time-limit=1000000", "--memory-limit=8G" },
}
local TARGET = 1.05

local function commands(context, program)
    local list = {}
    for i, way in ipairs(WAYS) do
        local argv = { context.build .. "/moonbear" }
        for _, option in ipairs(way) do argv[#argv + 1] = option end
        argv[#argv + 1] = ("tests/bench/programs/%s.lua"):format(program)
        argv[#argv + 1] = context.size
        list[i] = { name = way.name, argv = argv }
    end
    return list
end

local function row(program, runs, logs)
    local cells = { program, ("%.0f"):format(runs[1].cpu / 1000) }
    for i = 2, #WAYS do
        local ratio = runs[i].cpu / runs[1].cpu
        logs[i] = (logs[i] or 0) + math.log(ratio)
        cells[#cells + 1] = ("%.3f"):format(ratio)
    end
    return cells
end

local function mean(logs, count)
    local cells = { "mean (geometric)", "" }
    for i = 2, #WAYS do cells[#cells + 1] = ("%.3f"):format(math.exp(logs[i] / count)) end
    return cells
end

return function(context)
    local rows, logs, columns = {}, {}, { "", "without, ms" }
    for i = 2, #WAYS do columns[#columns + 1] = WAYS[i].name end
    for _, program in ipairs(PROGRAMS) do
        if not context.only or program:find(context.only) then
            context.progress(program)
            rows[#rows + 1] = row(program, measure.interleave(context.interleave, commands(context, program), context), logs)
            context.row(rows[#rows])
        end
    end
    if #rows == 0 then error("no program of this suite is named like " .. tostring(context.only), 0) end
    rows[#rows + 1] = mean(logs, #rows)
    return {
        title = ("Limits that are not reached: CPU time, as multiples of that without (least of up to %d interleaved runs)"):format(context.rounds),
        columns = columns, rows = rows,
        notes = { ("Target: a time limit costs at most %.2f times."):format(TARGET) },
    }
end
