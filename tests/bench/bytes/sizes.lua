-- sizes.lua TASK WAY PATH TIMES SIZE: one task on one file, by bytes or by another way; bytes_sizes.lua measures it.
-- Invariant: every way of a task prints the same; what it prints depends on all of the data.
-- SPDX-License-Identifier: MIT
local task, way, path, times, size = arg[1], arg[2], arg[3], tonumber(arg[4]), tonumber(arg[5])
local bytes = way == "bytes" and require "moonbear.bytes"
local NEEDLE, PART = "gatekeeper#1", 1000

local function whole()
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
end

local tasks = { lines = {}, find = {}, join = {}, collect = {} }

function tasks.lines.bytes()
    local n = 0
    for line in bytes.map(path):lines() do n = n + #line end
    return n
end
function tasks.lines.io()
    local n = 0
    for line in io.lines(path) do n = n + #line end
    return n
end

-- The needle is the last line.
function tasks.find.bytes() return (bytes.map(path):find(NEEDLE)) end
function tasks.find.string() return (whole():find(NEEDLE, 1, true)) end

-- Cuts a file up, leaves a byte out of each part, and writes them joined.
function tasks.join.bytes(out)
    local b, parts = bytes.map(path), {}
    for i = 1, #b, PART do parts[#parts + 1] = b:sub(i, i + PART - 2) end
    local chain = bytes.chain(parts)
    assert(chain:write(out))
    return #chain
end
function tasks.join.string(out)
    local s, parts = whole(), {}
    for i = 1, #s, PART do parts[#parts + 1] = s:sub(i, i + PART - 2) end
    local joined = table.concat(parts)
    out:write(joined)
    return #joined
end

-- `size` bytes, put together from strings and numbers.
local function count() return math.ceil(size / #"item 123456;") end
local function number(i) return 100000 + i % 900000 end
function tasks.collect.bytes()
    local b = bytes.buffer()
    for i = 1, count() do b:put("item ", number(i), ";") end
    return #b:freeze()
end
function tasks.collect.string()
    local out, n = {}, 0
    for i = 1, count() do
        out[n + 1], out[n + 2], out[n + 3] = "item ", number(i), ";"
        n = n + 3
    end
    return #table.concat(out)
end
function tasks.collect.buffer()
    local b = require("string.buffer").new()
    for i = 1, count() do b:put("item ", number(i), ";") end
    return #b:tostring()
end

local out, result = io.open("/dev/null", "wb"), nil
for _ = 1, times do result = tasks[task][way](out) end
print(("%.0f"):format(result))
