#!/usr/bin/env moonbear
-- pipeline.lua: a summary of a web server's log, as a pipeline of coroutines: read, parse, choose, count.
-- Invariant: one line is in the pipeline at a time, so a log of any length needs little memory.
-- SPDX-License-Identifier: MIT
local argparse = require "argparse"

-- A stage is a function of the stages before it that gives one item per call, and nil at the end.
local function stage(body)
    return coroutine.wrap(function()
        body(coroutine.yield)
        return nil
    end)
end

local problems = 0

local function complain(...)
    io.stderr:write("pipeline.lua: ", ...)
    io.stderr:write("\n")
    problems = problems + 1
end

local function each_line(name, emit)
    local file, message = io.stdin, nil
    if name ~= "-" then file, message = io.open(name) end
    if not file then return complain(message) end
    local number = 0
    while true do
        local line, why = file:read("*l")
        if not line then
            if why then complain(name, ": ", why) end
            break
        end
        number = number + 1
        emit { name = name, number = number, text = line }
    end
    if file ~= io.stdin then file:close() end
end

local function lines(names)
    return stage(function(emit)
        for _, name in ipairs(names) do each_line(name, emit) end
    end)
end

-- The common log format: host ident user [time] "METHOD PATH PROTOCOL" status bytes
local ENTRY = '^(%S+) %S+ %S+ %[([^%]]+)%] "(%u+) (%S+)[^"]*" (%d%d%d) ([%d-]+)'

local function parse(source)
    return stage(function(emit)
        for line in source do
            local host, time, method, path, status, bytes = line.text:match(ENTRY)
            if host then
                emit { host = host, time = time, method = method, path = path:match("^[^?]*"), status = status,
                    bytes = tonumber(bytes) or 0 }
            elseif line.text ~= "" then
                complain(line.name, ":", line.number, ": not an entry of a log: ", line.text:sub(1, 40))
            end
        end
    end)
end

local function where(source, test)
    return stage(function(emit)
        for entry in source do
            if test(entry) then emit(entry) end
        end
    end)
end

-- Not a stage: it must see everything before it can say anything.
local function count_by(source, key)
    local groups, list = {}, {}
    for entry in source do
        local name = entry[key]
        local group = groups[name]
        if not group then
            group = { name = name, count = 0, bytes = 0 }
            groups[name] = group
            list[#list + 1] = group
        end
        group.count, group.bytes = group.count + 1, group.bytes + entry.bytes
    end
    table.sort(list, function(a, b)
        if a.count ~= b.count then return a.count > b.count end
        return a.name < b.name
    end)
    return list
end

local function options()
    local parser = argparse("pipeline.lua", "Summarize web server logs in the common log format.")
    parser:argument("file", "Logs to read; - is standard input."):args("+")
    parser:option("-b --by", "Count by this field.", "path"):choices { "host", "path", "status", "method" }
    parser:option("-s --status", "Only entries whose status begins so, as 4 or 404."):argname("DIGITS")
    parser:option("-n --top", "Print this many groups.", "10"):argname("N"):convert(tonumber)
    return parser:parse()
end

local function main()
    local o = options()
    local entries = parse(lines(o.file))
    if o.status then entries = where(entries, function(e) return e.status:sub(1, #o.status) == o.status end) end
    local groups = count_by(entries, o.by)
    for i = 1, math.min(o.top, #groups) do
        print(("%8d %12d  %s"):format(groups[i].count, groups[i].bytes, groups[i].name))
    end
    return problems > 0 and 1 or 0
end

os.exit(main())
