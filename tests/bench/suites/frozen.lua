-- frozen.lua: frozen data: freezing, opening by size, look-ups beside cjson.decode and indexing, resident memory.
-- Invariant: everything is measured in this process and this run; the files are made here and removed.
-- SPDX-License-Identifier: MIT
local cjson = require "cjson"
local data = require "moonbear.data"

local function record(i)
    return { id = i, name = "name " .. i, price = i / 7, tags = { "a", "b" .. i % 50 } }
end

local function resident()
    for line in io.lines("/proc/self/status") do
        local kib = line:match("^VmRSS:%s+(%d+)")
        if kib then return tonumber(kib) end
    end
end

local function timed(fn, ...)
    local from = os.clock()
    local result = fn(...)
    return os.clock() - from, result
end

local function lookups(items, count)
    local sum = 0
    for i = 1, count do sum = sum + items[i * 7919 % #items + 1].id end
    return sum
end

local function row(count, path)
    local t = {}
    for i = 1, count do t[i] = record(i) end
    local text = cjson.encode(t)
    local freeze, f = timed(data.freeze, t, path)
    data.release(assert(f))
    t, f = nil, nil
    collectgarbage()
    local before = resident()
    local open, items = timed(data.open, path)
    local grown = resident() - before
    local find = timed(lookups, items, 200000)
    local decode, decoded = timed(cjson.decode, text)
    local index = timed(lookups, decoded, 200000)
    return { ("%.1f"):format(#text / 1e6), ("%.0f"):format(#text / 1e6 / freeze), ("%.3f"):format(open * 1e3), ("%d"):format(grown),
        ("%.2f"):format(find * 5), ("%.1f"):format(decode * 1e3), ("%.2f"):format(index * 5) }
end

return function()
    local path, rows = os.tmpname(), {}
    for i, count in ipairs { 10, 1000, 100000, 400000 } do rows[i] = row(count, path) end
    os.remove(path)
    return {
        title = "Frozen data (one run)",
        columns = { "MB of JSON", "freeze MB/s", "open ms", "resident +KiB", "look-up us", "cjson.decode ms", "its look-up us" },
        rows = rows,
        notes = { "Targets: open within 5 ms and 1024 KiB, whatever the size. A look-up is items[i].id." },
    }
end
