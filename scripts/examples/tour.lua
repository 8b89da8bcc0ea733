#!/usr/bin/env moonbear
-- tour.lua: one screen of what moonbear is: its version and start-up time, what this host allows, and a real job.
-- Invariant: at most 22 lines of 80 columns, from any folder; colours and blocks only where a terminal wants them.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local host = require "moonbear.host"

local info = host.info()
local root = (arg[0]:match("^(.*)/[^/]*$") or ".") .. "/../.."
local self = info.program.path or arg[-1]

local coloured = info.terminal.stdout and not os.getenv("NO_COLOR") and os.getenv("TERM") ~= "dumb"
local locale = os.getenv("LC_ALL") or os.getenv("LC_CTYPE") or os.getenv("LANG") or ""
local blocks = info.terminal.stdout and locale:lower():find("utf%-?8") ~= nil

local function paint(code, text) return coloured and ("\27[%sm%s\27[0m"):format(code, text) or text end

-- A line with a label on its left; the label is only at the first of several.
local function say(label, text) print(("  %s %s"):format(paint("1;36", ("%-7s"):format(label)), text)) end

-- What a shell script prints, or nil where there is no shell.
local function shell(script, ...)
    local words = {}
    for i, word in ipairs { "sh", "-c", script, "sh", ... } do words[i] = "'" .. word:gsub("'", "'\\''") .. "'" end
    local pipe = io.popen(table.concat(words, " ") .. " 2>/dev/null")
    if not pipe then return nil end
    local text = pipe:read("*a")
    pipe:close()
    return text
end

local function title()
    local version = (shell('exec "$1" --version', self) or ""):match("^moonbear (%S+)") or ""
    local bytes = lfs.attributes(self, "size")
    local size = bytes and (", one static file of %d KB"):format(bytes / 1000 + 0.5) or ""
    print(paint("1;33", " moonbear " .. version)
        .. ("  %s, %s, %s%s"):format(_VERSION, info.program.libc, info.program.arch, size))
    print()
end

-- Five times ten starts; the fastest ten are the ones that nothing disturbed. Needs a shell and a fine clock.
local MEASURE = [[for round in 1 2 3 4 5; do
    begin=$(date +%s%N)
    for start in 1 2 3 4 5 6 7 8 9 10; do "$1" -e "" || exit; done
    end=$(date +%s%N); echo $(( (end - begin) / 10 ))
done]]

local function start_time(program)
    local best
    for number in (shell(MEASURE, program) or ""):gmatch("%d+") do best = math.min(best or 1e12, tonumber(number)) end
    return best and best / 1e6
end

local function show_start()
    local own, stock = start_time(self), start_time("lua5.1")
    if not own then return say("Starts", "in a time that cannot be measured here: no shell, or no fine clock") end
    local beside = stock and (" (lua5.1 on this machine: %.2f ms)"):format(stock) or ""
    say("Starts", ("and ends in %.2f ms%s"):format(own, beside))
end

local function size(bytes)
    if not bytes then return "unknown" end
    if bytes == math.huge then return "unlimited" end
    for _, unit in ipairs { "bytes", "KiB", "MiB", "GiB" } do
        if bytes < 1024 or unit == "GiB" then return ("%.4g %s"):format(bytes, unit) end
        bytes = bytes / 1024
    end
end

local function allowed(name, yes) return paint(yes and "32" or "31", name .. (yes and "" or ": no")) end

local function show_host()
    local kernel, stack = info.kernel, host.stack()
    say("Runs on", ("%s %s, %s CPUs, %s of memory%s"):format(kernel.system, (kernel.release or ""):match("^[%d.]*"),
        kernel.cpus or "?", size(info.memory.total), kernel.container and ", container: " .. kernel.container or ""))
    say("Stack", ("%s, known by %s, confidence: %s"):format(size(stack.size), stack.method, stack.confidence or "none"))
    local tmp = info.tmp or {}
    local execute = info.execute
    say("Allows", table.concat({
        allowed("shell", execute.shell), allowed("/proc", info.proc.mounted), allowed("/tmp", tmp.writable),
        allowed("memfd", execute.memfd), allowed("executable pages", execute.pages),
        allowed("new privileges", info.security.no_new_privs == false),
    }, "  "))
    local refused = 0
    for _ in pairs(info.unknown) do refused = refused + 1 end
    if refused > 0 then say("", ("%d questions were refused; moonbear doctor tells which"):format(refused)) end
    print()
end

local function each_file(path, visit)
    local mode = lfs.symlinkattributes(path, "mode")
    if mode == "file" then visit(path) end
    if mode ~= "directory" then return end
    for name in lfs.dir(path) do
        if not name:find("^%.") then each_file(path .. "/" .. name, visit) end
    end
end

-- Sources of the project, and what the third parties in the binary ask to be kept: their licence texts.
local function texts()
    local list = {}
    local function add(path) list[#list + 1] = path end
    for _, name in ipairs { "platform", "runtime", "scripts", "tests", "Makefile", "LICENSE", "README.md" } do
        each_file(root .. "/" .. name, add)
    end
    each_file(root .. "/build/third", function(path)
        local name = path:match("[^/]*$"):upper()
        if name:find("^COPYRIGHT") or name:find("^LICENSE") or name:find("^COPYING") then add(path) end
    end)
    return list
end

local function count_words(paths)
    local counts, total = {}, 0
    for _, path in ipairs(paths) do
        local file = io.open(path, "rb")
        for word in (file and file:read("*a") or ""):lower():gmatch("%a+") do
            total = total + 1
            if #word >= 4 then counts[word] = (counts[word] or 0) + 1 end
        end
        if file then file:close() end
    end
    return counts, total
end

local function most_frequent(counts, n)
    local words = {}
    for word in pairs(counts) do words[#words + 1] = word end
    table.sort(words, function(a, b)
        if counts[a] ~= counts[b] then return counts[a] > counts[b] end
        return a < b
    end)
    return { unpack(words, 1, math.min(n, #words)) }, #words
end

local function bar(share, width)
    return (blocks and "█" or "#"):rep(math.max(1, math.floor(share * width + 0.5)))
end

local function show_words()
    local begin, paths = os.clock(), texts()
    local counts, total = count_words(paths)
    local words, different = most_frequent(counts, 10)
    local seconds = os.clock() - begin
    say("Works", ("%d words in %d sources and licences here, counted in %.2f s"):format(total, #paths, seconds))
    if not words[1] then return say("", "nothing to read below " .. root) end
    say("", ("the most frequent of %d different ones with four letters or more:"):format(different))
    for _, word in ipairs(words) do
        local count = counts[word]
        print(("  %12s %6d %s"):format(word, count, paint("32", bar(count / counts[words[1]], 56))))
    end
    print()
end

title()
show_start()
show_host()
show_words()
say("Next", "moonbear help   moonbear doctor   moonbear repl   make test")
