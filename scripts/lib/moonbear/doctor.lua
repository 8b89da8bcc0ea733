--- doctor.lua: what this host allows, judged: what is a problem comes first, with what to do about it.
-- Invariant: `judge` looks at nothing but the tables it is given, so that any host can be made up.
-- SPDX-License-Identifier: MIT
local doctor = {}

local MIB = 2 ^ 20

-- The smallest number among the arguments; nil counts as no limit.
local function smallest(...)
    local least = math.huge
    for i = 1, select("#", ...) do
        local one = select(i, ...)
        if one and one < least then least = one end
    end
    return least
end

local function size_text(bytes)
    if bytes == math.huge then return "unlimited" end
    for _, unit in ipairs { { "GiB", 2 ^ 30 }, { "MiB", MIB }, { "KiB", 2 ^ 10 } } do
        if bytes >= unit[2] then return (("%.1f %s"):format(bytes / unit[2], unit[1]):gsub("%.0 ", " ")) end
    end
    return ("%d bytes"):format(bytes)
end

-- Each rule: what is wrong (nil when nothing is), what to do, and whether Lua is less than whole by it.
local rules = {}
local function rule(degraded, judge)
    rules[#rules + 1] = { degraded = degraded, judge = judge }
end

rule(true, function(_, stack)
    if stack.confidence ~= "low" then return end
    return "the bounds of the C stack are a guess (" .. stack.method .. ")",
        "deep recursion ends early; allow prlimit64, rt_sigprocmask or mmap, or set `ulimit -s`"
end)

rule(true, function(_, stack)
    if stack.size >= MIB then return end
    return "the C stack has only " .. size_text(stack.size),
        "nested calls end early with \"stack overflow\"; raise `ulimit -s` or the memory limits"
end)

rule(true, function(info)
    local limit = smallest(info.cgroup.memory_limit, info.limits.address_space, info.limits.data)
    if limit >= 16 * MIB then return end
    return "memory is limited to " .. size_text(limit), "scripts meet \"not enough memory\" soon; raise the limit"
end)

rule(true, function(info)
    if (info.limits.files or math.huge) >= 16 then return end
    return ("only %d open files are allowed"):format(info.limits.files), "raise `ulimit -n`"
end)

rule(true, function(info)
    if info.execute.shell then return end
    return "there is no shell (/bin/sh)", "os.execute and io.popen give nil and a message; moonbear itself needs none"
end)

local function usable(folder)
    return folder.writable and folder.free ~= 0
end

rule(true, function(info)
    if usable(info.tmp) or usable(info.tmpdir or {}) then return end
    return "no folder for temporary files can be written",
        "os.tmpname and io.tmpfile fail; mount a tmpfs on /tmp or set TMPDIR"
end)

rule(true, function(info)
    if not info.cwd or info.cwd.path then return end
    return "the current folder was deleted or cannot be seen", "relative paths fail; start in another folder"
end)

rule(true, function(info)
    if info.security.entropy ~= "AT_RANDOM only" then return end
    return "the host gives no random bytes but the 16 of the start",
        "keys cannot be made; allow getrandom or give /dev/urandom"
end)

rule(false, function(info)
    if not info.process.pid1 then return end
    return "this is PID 1", "start with --init, so that signals arrive and ended processes are reaped"
end)

rule(false, function(info)
    if info.proc.self then return end
    return "/proc is missing or empty", "nothing is lost; native tools such as ps and gdb will not work"
end)

rule(false, function(info)
    if info.execute.memfd then return end
    return "memfd_create is refused", "bundle.exec needs a folder from which programs may be run"
end)

rule(false, function(info)
    local count, example = 0, nil
    for name, why in pairs(info.unknown) do
        if (why == "EPERM" or why == "ENOSYS") and (not example or name < example) then example = name end
        if why == "EPERM" or why == "ENOSYS" then count = count + 1 end
    end
    if count == 0 then return end
    return ("the host refuses %d questions (%s: %s)"):format(count, example, info.unknown[example]),
        "a seccomp filter is at work; moonbear takes the next best answer"
end)

--- Two arrays of { what =, advice = }: problems, which leave Lua less than whole, and notes, which do not.
function doctor.judge(info, stack)
    local problems, notes = {}, {}
    for _, one in ipairs(rules) do
        local what, advice = one.judge(info, stack)
        local list = one.degraded and problems or notes
        if what then list[#list + 1] = { what = what, advice = advice } end
    end
    return problems, notes
end

local colours = { red = "31", yellow = "33", green = "32", bold = "1", dim = "2" }

local function painter(colour)
    return function(name, text)
        if not colour then return text end
        return "\27[" .. colours[name] .. "m" .. text .. "\27[0m"
    end
end

local BYTES = {
    stack = true, stack_hard = true, address_space = true, address_space_hard = true, data = true, data_hard = true,
    memory_locked = true, memory_locked_hard = true, file_size = true, file_size_hard = true, core = true,
    core_hard = true, memory_limit = true, total = true, free = true, swap = true, page_size = true,
}

local function value_text(name, value)
    if value == true then return "yes" end
    if value == false then return "no" end
    if type(value) == "string" then return (value:gsub("[%c\127]", "?")) end
    if value == math.huge then return "unlimited" end
    return BYTES[name] and size_text(value) or ("%.14g"):format(value)
end

-- "unlimited (hard: unlimited)" says no more than "unlimited": a hard limit has a place beside its soft one.
local function fact_text(info, group, name)
    local why = info.unknown[group .. "." .. name]
    if why then return "unknown: " .. why end
    local text = value_text(name, info[group][name])
    local hard = info[group][name .. "_hard"]
    if hard and hard ~= info[group][name] then text = text .. " (hard limit: " .. value_text(name, hard) .. ")" end
    return text
end

local function put_findings(out, paint, title, colour, list)
    if #list == 0 then return end
    out(paint(colour, title))
    for _, one in ipairs(list) do
        out("  " .. paint("bold", one.what))
        out("    " .. one.advice)
    end
    out("")
end

local function put_facts(out, paint, info)
    local last
    for _, name in ipairs(info.order) do
        local group, field = name:match("^(.-)%.(.*)$")
        if not field:find("_hard$") then
            if group ~= last then out(paint("bold", group)) end
            last = group
            out(("  %-16s %s"):format(field, fact_text(info, group, field)))
        end
    end
end

local function put_stack(out, paint, stack)
    out(paint("bold", "C stack"))
    out(("  %-14s %-10s %-20s %s"):format("method", "size", "confidence", ""))
    for _, one in ipairs(stack.answers) do
        local size = one.size and size_text(one.size) or "-"
        local worth = one.confidence or one.error or "-"
        local line = ("  %-14s %-10s %-20s %s"):format(one.method, size, worth, one.why or "")
        out(one.chosen and paint("green", line .. " <- used") or line)
    end
end

--- The table for people.
function doctor.show(info, stack, out, colour)
    local paint = painter(colour)
    local problems, notes = doctor.judge(info, stack)
    put_findings(out, paint, "Problems", "red", problems)
    put_findings(out, paint, "Notes", "yellow", notes)
    if #problems == 0 then out(paint("green", "Lua can run fully on this host.")) end
    if #problems > 0 then out(paint("red", "Lua runs here, but not everything above works.")) end
    out("")
    put_facts(out, paint, info)
    put_stack(out, paint, stack)
end

local function quote(text)
    return (require("cjson").encode(text):gsub("\\/", "/"))
end

local function scalar(value)
    if value == math.huge then return '"unlimited"' end
    if type(value) == "number" then return ("%.17g"):format(value) end
    if type(value) == "string" then return quote(value) end
    return tostring(value)
end

local ARRAYS = { problems = true, notes = true, answers = true }
local json

-- Sorted by name, so that two runs on one host can be compared line by line.
local function fields(object, inner)
    local names, items = {}, {}
    for name in pairs(object) do names[#names + 1] = name end
    table.sort(names)
    for i, name in ipairs(names) do items[i] = inner .. quote(name) .. ": " .. json(object[name], inner, ARRAYS[name]) end
    return items
end

function json(value, indent, is_array)
    if type(value) ~= "table" then return scalar(value) end
    local inner, items, open, close = indent .. "  ", {}, "{", "}"
    if is_array then
        open, close = "[", "]"
        for i, one in ipairs(value) do items[i] = inner .. json(one, inner) end
    else
        items = fields(value, inner)
    end
    if #items == 0 then return open .. close end
    return open .. "\n" .. table.concat(items, ",\n") .. "\n" .. indent .. close
end

--- The same for machines.
function doctor.json(info, stack)
    local problems, notes = doctor.judge(info, stack)
    local facts = {}
    for name, value in pairs(info) do
        if name ~= "order" then facts[name] = value end
    end
    facts.stack, facts.problems, facts.notes, facts.degraded = stack, problems, notes, #problems > 0
    return json(facts, "")
end

local USAGE = "usage: moonbear doctor [--json]\n       moonbear doctor --crash-test null|overflow|abort|bus\n"

local function parse(...)
    local options = {}
    for i = 1, select("#", ...) do
        local word = select(i, ...)
        if options.crash == true then options.crash = word
        elseif word == "--json" then options.json = true
        elseif word == "--crash-test" then options.crash = true
        else return nil, word .. ": unknown argument" end
    end
    if options.crash == true then return nil, "--crash-test: needs a kind" end
    return options
end

--- `crash` is the native function that ends this process by a signal of the kind it is given, or says why it cannot.
function doctor.main(crash, ...)
    local options, problem = parse(...)
    if options and options.crash then
        problem = "--crash-test " .. options.crash .. ": " .. crash(options.crash)
        options = nil
    end
    if not options then
        io.stderr:write("moonbear doctor: ", problem, "\n", USAGE)
        return 2
    end
    local host = require "moonbear.host"
    local info, stack = host.info(), host.stack()
    local function out(line) io.write(line, "\n") end
    if options.json then out(doctor.json(info, stack))
    else doctor.show(info, stack, out, info.terminal.stdout and not os.getenv("NO_COLOR")) end
    return #doctor.judge(info, stack) > 0 and 1 or 0
end

return doctor
