-- bench.lua: runs suites of tests/bench/suites and reports; `make bench` calls it from the project's folder.
-- Invariant: it measures and prints; no figure decides whether it succeeds, only failed or disagreeing programs do.
-- SPDX-License-Identifier: MIT
package.path = "tests/bench/?.lua;" .. package.path
local argparse = require "argparse"
local chart = require "chart"
local measure = require "measure"
local report = require "report"

local function options()
    local parser = argparse("bench.lua", "Measure moonbear beside its peers.")
    parser:argument("suite", "Suites to run."):args("*"):default({})
    parser:option("--build", "Folder of the build."):default("build/x86_64")
    parser:option("--without-pie", "The binary that was linked without PIE, if there is one.")
    parser:option("--rounds", "Interleaved runs of each program."):convert(tonumber):default("7")
    parser:option("--seconds", "Time after which no further run of a program begins."):convert(tonumber):default("8")
    parser:option("--only", "Run only programs whose name matches this pattern.")
    parser:option("--size", "Size argument for the programs, instead of each one's own.")
    parser:option("--lua", "A further interpreter to measure, as NAME=COMMAND."):count("*")
    parser:option("--svg", "Write a chart of the ratios to this file.")
    parser:flag("--json", "Print JSON instead of tables.")
    return parser:parse()
end

local function split(text)
    local words = {}
    for word in text:gmatch("%S+") do words[#words + 1] = word end
    return words
end

-- The base of the ratios comes first: Debian's lua5.1 where it is installed, else moonbear.
local function interpreters(o)
    local list = {}
    local function add(name, argv, present) if present then list[#list + 1] = { name = name, argv = argv } end end
    add("lua5.1", { "lua5.1" }, measure.program("lua5.1"))
    add("moonbear", { o.build .. "/moonbear" }, true)
    add("no PIE", { o.without_pie }, o.without_pie and measure.size(o.without_pie))
    for _, text in ipairs(o.lua) do
        local name, command = text:match("^([^=]+)=(.+)$")
        if not name then error("--lua wants NAME=COMMAND, not " .. text, 0) end
        add(name, split(command), true)
    end
    add("lua5.4", { "lua5.4" }, measure.program("lua5.4"))
    add("luajit -joff", { "luajit", "-joff" }, measure.program("luajit"))
    add("luajit", { "luajit" }, measure.program("luajit"))
    return list
end

local function context(o)
    return {
        build = o.build, interleave = o.build .. "/bench/interleave", luas = interpreters(o),
        rounds = o.rounds, seconds = o.seconds, only = o.only, size = o.size,
        progress = function(text) io.stderr:write(text, "\n") end,
        -- A sweep may take long, or be ended before its end: what it has measured is said at once.
        row = function(row) io.stderr:write("  ", table.concat(row, "  "), "\n") end,
    }
end

local function suite(name)
    local path = ("tests/bench/suites/%s.lua"):format(name)
    if not measure.size(path) then error("there is no suite " .. name .. " in tests/bench/suites", 0) end
    return assert(loadfile(path))()
end

local function write_chart(path, results)
    for _, result in ipairs(results) do
        if result.chart then
            local file, message = io.open(path, "w")
            if not file then error(message, 0) end
            assert(file:write(chart.svg(result.drawn or result)))
            assert(file:close())
            return
        end
    end
    error("--svg: none of these suites has a chart", 0)
end

local function main()
    local o = options()
    local about, results = context(o), {}
    local names = #o.suite > 0 and o.suite or { "startup", "programs" }
    for i, name in ipairs(names) do
        local result = suite(name)(about)
        result.name = name
        results[i] = result
        if not o.json then io.write(i > 1 and "\n" or "", report.text(result)) end
    end
    if o.json then io.write(report.json(results)) end
    if o.svg then write_chart(o.svg, results) end
end

-- A message with a place is a mistake of ours, one without is for whoever called.
local function explain(message)
    return tostring(message):match("^%S+%.lua:") and debug.traceback(message, 2) or message
end

local ok, message = xpcall(main, explain)
if not ok then
    io.stderr:write("bench: ", tostring(message), "\n")
    os.exit(1)
end
