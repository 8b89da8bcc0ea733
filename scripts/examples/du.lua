#!/usr/bin/env moonbear
-- du.lua: where the space of a disk has gone: the largest folders and files below one, with bars.
-- Invariant: a file with several names is counted once; links are not followed; other file systems are left out.
-- SPDX-License-Identifier: MIT
local argparse = require "argparse"
local lfs = require "lfs"

local BLOCK = 512 -- what st_blocks counts, stat(2)

local UNITS = { "B", "K", "M", "G", "T", "P" }

local function human(bytes)
    local unit = 1
    while bytes >= 1024 and unit < #UNITS do bytes, unit = bytes / 1024, unit + 1 end
    return (unit == 1 and "%d%s" or "%.1f%s"):format(bytes, UNITS[unit])
end

local scan = { seen = {}, found = {}, refused = 0 }

local function refuse(message)
    io.stderr:write("du.lua: ", message, "\n")
    scan.refused = scan.refused + 1
end

local function size_of(attributes, o)
    local size = o.apparent and attributes.size or attributes.blocks * BLOCK
    if attributes.nlink > 1 and attributes.mode ~= "directory" then
        local identity = attributes.dev .. ":" .. attributes.ino
        if scan.seen[identity] then return 0 end
        scan.seen[identity] = true
    end
    return size
end

local function names_in(path)
    local ok, iterate, state = pcall(lfs.dir, path)
    if not ok then
        refuse(iterate)
        return {}
    end
    local names = {}
    for name in iterate, state do
        if name ~= "." and name ~= ".." then names[#names + 1] = name end
    end
    table.sort(names)
    return names
end

local function note(path, kind, size) scan.found[#scan.found + 1] = { path = path, kind = kind, size = size } end

-- The size of everything at and below path. A list of work in place of recursion: trees may be deeper than a stack.
local function walk(top, o)
    local device = lfs.symlinkattributes(top, "dev")
    local folders, at = { { path = top, size = 0 } }, 1
    while folders[at] do
        local folder = folders[at]
        local own = lfs.symlinkattributes(folder.path)
        folder.size = folder.size + (own and size_of(own, o) or 0)
        for _, name in ipairs(names_in(folder.path)) do
            local path = (folder.path:gsub("/$", "")) .. "/" .. name
            local attributes, why = lfs.symlinkattributes(path)
            if not attributes then
                refuse(why)
            elseif attributes.mode ~= "directory" then
                local size = size_of(attributes, o)
                folder.size = folder.size + size
                if o.files then note(path, "file", size) end
            elseif attributes.dev == device then
                folders[#folders + 1] = { path = path, size = 0, parent = folder }
            end
        end
        at = at + 1
    end
    -- A folder comes after the one it is in, so backwards every sum is whole before it is handed on.
    for i = #folders, 1, -1 do
        local folder = folders[i]
        if folder.parent then folder.parent.size = folder.parent.size + folder.size end
        note(folder.path, "folder", folder.size)
    end
    return folders[1].size
end

local function print_found(total, o)
    table.sort(scan.found, function(a, b)
        if a.size ~= b.size then return a.size > b.size end
        return a.path < b.path
    end)
    for i = 1, math.min(o.top, #scan.found) do
        local one = scan.found[i]
        local share = total > 0 and one.size / total or 0
        print(("%8s %5.1f%% %-20s %s%s"):format(o.bytes and ("%d"):format(one.size) or human(one.size), share * 100,
            ("#"):rep(math.floor(share * 20 + 0.5)), one.path, one.kind == "folder" and "/" or ""))
    end
end

local function main()
    local parser = argparse("du.lua", "Show what takes up space below a folder.")
    parser:argument("folder", "Where to begin; here when it is left out."):args("?")
    parser:option("-n --top", "Print this many entries.", "15"):argname("N"):convert(tonumber)
    parser:flag("-f --files", "List files too, not only folders.")
    parser:flag("-a --apparent", "Count the lengths of files, not the blocks they take.")
    parser:flag("-b --bytes", "Print plain numbers of bytes.")
    local o = parser:parse()
    o.folder = o.folder or "."
    local mode, why = lfs.attributes(o.folder, "mode")
    if mode ~= "directory" then
        io.stderr:write("du.lua: ", mode and o.folder .. ": not a folder" or why, "\n")
        return 1
    end
    print_found(walk(o.folder, o), o)
    return scan.refused > 0 and 1 or 0
end

os.exit(main())
