#!/usr/bin/env moonbear
-- tree.lua: a JSON report of a folder: names, kinds, sizes and times of what is in it, however deep.
-- Invariant: the same tree gives the same bytes: entries are sorted, keys have a fixed order, links are not followed.
-- SPDX-License-Identifier: MIT
local argparse = require "argparse"
local cjson = require "cjson"
local lfs = require "lfs"

local function options()
    local parser = argparse("tree.lua", "Print a folder and all below it as JSON.")
    parser:argument("folder", "Where to begin; here when it is left out."):args("?")
    parser:option("-d --depth", "Go no deeper than N levels.", "100"):argname("N"):convert(tonumber)
    parser:flag("-t --times", "Tell when each file was last modified, in UTC.")
    local o = parser:parse()
    o.folder = o.folder or "."
    return o
end

-- Sorted names, or nil and why they cannot be had.
local function names_in(path)
    local ok, iterate, state = pcall(lfs.dir, path)
    if not ok then return nil, (iterate:gsub("^cannot open " .. path:gsub("%p", "%%%0") .. ": ", "")) end
    local names = {}
    for name in iterate, state do
        if name ~= "." and name ~= ".." then names[#names + 1] = name end
    end
    table.sort(names)
    return names
end

local report = { folders = 0, files = 0, bytes = 0, refused = 0 }

local describe

local function entries_of(path, depth, o)
    local names, why = names_in(path)
    if not names then
        report.refused = report.refused + 1
        return nil, why
    end
    local list = {}
    for i, name in ipairs(names) do list[i] = describe(path .. "/" .. name, name, depth, o) end
    return list
end

local function add_times(node, attributes)
    node[#node + 1] = { "modified", os.date("!%Y-%m-%dT%H:%M:%SZ", attributes.modification) }
end

-- A node is an array of { key, value }, so that its keys keep their order.
function describe(path, name, depth, o)
    local attributes, why = lfs.symlinkattributes(path)
    if not attributes then
        report.refused = report.refused + 1
        return { { "name", name }, { "error", why } }
    end
    local node = { { "name", name }, { "kind", attributes.mode } }
    if o.times then add_times(node, attributes) end
    if attributes.mode == "link" then
        node[#node + 1] = { "target", attributes.target }
    elseif attributes.mode == "file" then
        report.files, report.bytes = report.files + 1, report.bytes + attributes.size
        node[#node + 1] = { "size", attributes.size }
    elseif attributes.mode == "directory" and depth > 0 then
        report.folders = report.folders + 1
        local list, refused = entries_of(path, depth - 1, o)
        node[#node + 1] = list and { "entries", list, list = true } or { "error", refused }
    end
    return node
end

local write_node

local function write_value(pair, indent)
    if not pair.list then return io.write(cjson.encode(pair[2])) end
    if #pair[2] == 0 then return io.write("[]") end
    io.write("[\n")
    for i, node in ipairs(pair[2]) do
        io.write(indent, "  ")
        write_node(node, indent .. "  ")
        io.write(i < #pair[2] and "," or "", "\n")
    end
    io.write(indent, "]")
end

function write_node(node, indent)
    io.write("{")
    for i, pair in ipairs(node) do
        io.write(i > 1 and ", " or "", cjson.encode(pair[1]), ": ")
        write_value(pair, indent)
    end
    io.write("}")
end

local function main()
    local o = options()
    local mode, why = lfs.attributes(o.folder, "mode")
    if mode ~= "directory" then
        io.stderr:write("tree.lua: ", mode and o.folder .. ": not a folder" or why, "\n")
        return 1
    end
    write_node(describe(o.folder, o.folder, o.depth, o), "")
    io.write("\n")
    io.stderr:write(("%d folders, %d files, %d bytes\n"):format(report.folders, report.files, report.bytes))
    if report.refused == 0 then return 0 end
    io.stderr:write(("tree.lua: %d entries could not be read; see \"error\" in the report\n"):format(report.refused))
    return 1
end

os.exit(main())
