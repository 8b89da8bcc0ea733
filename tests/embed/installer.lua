-- installer.lua: what installer.c carries: writes the payload below a folder, all of it or nothing.
-- Invariant: until the last file is in place, `undo` knows how to take every step back.
-- SPDX-License-Identifier: MIT
local target = ...
local lfs = require "lfs"
local undo, old = {}, {}

local function step(back) undo[#undo + 1] = back end

local function folder(path)
    if path == "" or lfs.attributes(path, "mode") == "directory" then return end
    folder(path:match("^(.*)/[^/]*$") or "")
    local made, why = lfs.mkdir(path)
    if not made then error(("%s: %s"):format(path, why), 0) end
    step(function() lfs.rmdir(path) end)
end

-- What was there before waits under another name until all is done.
local function set_aside(path)
    if not lfs.attributes(path, "mode") then return end
    assert(os.rename(path, path .. ".old"))
    old[#old + 1] = path .. ".old"
    step(function() os.rename(path .. ".old", path) end)
end

local function write(path, bytes)
    folder(path:match("^(.*)/"))
    local file = assert(io.open(path .. ".new", "wb"))
    step(function() os.remove(path .. ".new") end)
    local written, message = file:write(bytes)
    local closed, why = file:close()
    if not (written and closed) then error(("%s: %s"):format(path, message or why), 0) end
    set_aside(path)
    assert(os.rename(path .. ".new", path))
    step(function() os.remove(path) end)
end

local function install()
    local total, done = 0, 0
    for i = 1, payload.count() do total = total + #select(2, payload.get(i)) end
    for i = 1, payload.count() do
        local name, bytes = payload.get(i)
        write(target .. "/" .. name, bytes)
        done = done + #bytes
        progress(done / total, name)
    end
end

local ok, message = pcall(install)
if not ok then
    for i = #undo, 1, -1 do undo[i]() end
    error(message, 0)
end
for _, path in ipairs(old) do os.remove(path) end
