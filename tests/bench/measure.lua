-- measure.lua: asking the outside: which programs there are, what runs cost, how large files are.
-- Invariant: times are microseconds, memory KiB; whatever cannot be asked is nil, and only a failed run raises.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"

local measure = {}

local function quoted(words)
    local out = {}
    for i, word in ipairs(words) do out[i] = "'" .. tostring(word):gsub("'", "'\\''") .. "'" end
    return table.concat(out, " ")
end

-- What a command prints, or nil when it fails. Its standard error is dropped.
function measure.output(words)
    local pipe = io.popen(quoted(words) .. " 2>/dev/null && echo :ok", "r")
    local text = pipe:read("*a")
    pipe:close()
    return text:match("^(.*):ok\n$")
end

-- The path of a program that is installed. Shims that choose a version at every start are passed over.
function measure.program(name)
    for folder in (os.getenv("PATH") or ""):gmatch("[^:]+") do
        local path = folder .. "/" .. name
        if not path:find("/shims/", 1, true) and lfs.attributes(path, "mode") == "file" then return path end
    end
end

function measure.size(path) return lfs.attributes(path, "size") end

-- Where a path leads through links; the path itself when that cannot be asked.
function measure.real_path(path)
    local real = measure.output { "readlink", "-f", path }
    return real and real:gsub("\n", "") or path
end

-- The bytes of a program and of the libraries that the loader brings with it.
function measure.whole_size(path)
    local total = measure.size(path)
    for library in (measure.output { "ldd", path } or ""):gmatch("(/%S+) %(0x") do
        total = total + (measure.size(measure.real_path(library)) or 0)
    end
    return total
end

local FIELDS = { "name", "runs", "wall", "wall_median", "cpu", "cpu_median", "peak", "faults", "output" }

local function parse(line)
    local run, i = {}, 0
    for field in line:gmatch("[^\t]+") do
        i = i + 1
        local name = FIELDS[i]
        run[name] = (name == "name" or name == "output") and field or tonumber(field)
    end
    return run
end

-- Runs commands { name =, argv = } in turn; returns what each cost, by name and in order.
function measure.interleave(tool, commands, limits)
    local words = { tool, "-t", "-n", limits.rounds }
    if limits.seconds then words[#words + 1] = "-s"; words[#words + 1] = limits.seconds end
    for _, command in ipairs(commands) do
        words[#words + 1] = ":::"
        words[#words + 1] = command.name
        for _, word in ipairs(command.argv) do words[#words + 1] = word end
    end
    local pipe, runs = io.popen(quoted(words), "r"), {}
    for line in pipe:lines() do
        local run = parse(line)
        runs[#runs + 1] = run
        runs[run.name] = run
    end
    pipe:close()
    if #runs ~= #commands then error("interleave measured nothing; its message is above", 0) end
    return runs
end

-- What a tool says of a command, on either stream; nil when it fails or is not installed.
local function said(tool, options, argv)
    if not measure.program(tool) then return nil end
    local words = { "sh", "-c", 'exec 2>&1; exec "$@"', "sh", tool }
    for _, word in ipairs(options) do words[#words + 1] = word end
    for _, word in ipairs(argv) do words[#words + 1] = word end
    return measure.output(words)
end

-- Instructions executed in user space, exactly, by valgrind.
function measure.instructions(argv)
    local text = said("valgrind", { "--tool=callgrind", "--callgrind-out-file=/dev/null" }, argv)
    return text and tonumber(text:match("Collected : (%d+)"))
end

-- System calls from the first instruction to the last, by strace. The command must print nothing.
function measure.system_calls(argv)
    local text = said("strace", { "-f", "-qq" }, argv)
    return text and select(2, text:gsub("[^\n]+\n", ""))
end

return measure
