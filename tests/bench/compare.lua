-- compare.lua: programs under every Lua that is installed, as ratios to the first one.
-- Invariant: all print the same, or nothing is compared; a ratio above 1 is faster than the base.
-- SPDX-License-Identifier: MIT
local measure = require "measure"

local compare = {}

local function wanted(context, name)
    return not context.only or name:find(context.only)
end

local function compare_output(name, runs)
    for _, run in ipairs(runs) do
        if run.output ~= runs[1].output then
            error(("%s: %s and %s print different results"):format(name, run.name, runs[1].name), 0)
        end
    end
end

local function run_one(context, suite, name)
    local list = {}
    for i, lua in ipairs(context.luas) do
        local argv = {}
        for k, word in ipairs(lua.argv) do argv[k] = word end
        for _, word in ipairs(suite.command(name)) do argv[#argv + 1] = word end
        argv[#argv + 1] = context.size
        list[i] = { name = lua.name, argv = argv }
    end
    local runs = measure.interleave(context.interleave, list, context)
    compare_output(name, runs)
    return runs
end

local function ratios_row(name, runs)
    local row = { name, ("%.0f"):format(runs[1].cpu / 1000) }
    for i = 2, #runs do row[i + 1] = ("%.2f"):format(runs[1].cpu / runs[i].cpu) end
    return row
end

local function mean_row(label, all)
    local row = { label, "" }
    for i = 2, #all[1] do
        local log = 0
        for _, runs in ipairs(all) do log = log + math.log(runs[1].cpu / runs[i].cpu) end
        row[i + 1] = ("%.2f"):format(math.exp(log / #all))
    end
    return row
end

-- The same binary at a fixed address is there to tell what position independence costs.
local PIE_TARGET = 3

local function pie_note(label, all)
    local log = 0
    for _, runs in ipairs(all) do
        if not runs["no PIE"] then return nil end
        log = log + math.log(runs.moonbear.cpu / runs["no PIE"].cpu)
    end
    local cost = (math.exp(log / #all) - 1) * 100
    return ("Being static-PIE costs %.1f %% of CPU time on the %s programs%s"):format(cost, label,
        cost > PIE_TARGET and (": more than the %d %% that were allowed."):format(PIE_TARGET) or ".")
end

local function run_group(context, suite, group, result)
    local all = {}
    for _, name in ipairs(group) do
        if wanted(context, name) then
            context.progress(name)
            local runs = run_one(context, suite, name)
            all[#all + 1], result.runs[name] = runs, runs
            result.rows[#result.rows + 1] = ratios_row(name, runs)
            context.row(result.rows[#result.rows])
        end
    end
    return all
end

-- A suite is { title =, groups = { { name =, program... }... }, command = function(program) return argument words end,
-- pie = whether to say what static-PIE costs }.
-- Returns a result as report.text and chart.svg take it: a row for each program, a geometric mean for each group and for all.
function compare.run(context, suite)
    local base = context.luas[1].name
    local columns, total = { "", base .. " ms" }, {}
    for i = 2, #context.luas do columns[i + 1] = context.luas[i].name end
    local result = { columns = columns, rows = {}, means = {}, runs = {}, chart = "times as fast as " .. base,
        notes = { "Means are geometric." } }
    for _, group in ipairs(suite.groups) do
        local all = run_group(context, suite, group, result)
        if #all > 0 then
            result.means[#result.means + 1] = mean_row("mean, " .. group.name, all)
            if suite.pie then result.notes[#result.notes + 1] = pie_note(group.name, all) end
        end
        for _, runs in ipairs(all) do total[#total + 1] = runs end
    end
    if #total == 0 then error("no benchmark program is named like " .. tostring(context.only), 0) end
    result.means[#result.means + 1] = mean_row("mean, all", total)
    result.title = ("%s, CPU time: %s in milliseconds, the others as times faster (least of up to %d interleaved runs)")
        :format(suite.title, base, context.rounds)
    return result
end

return compare
