-- make.lua KIND MEGABYTES FILE: writes a text of about that size for the suite data.
-- SPDX-License-Identifier: MIT
local kind, megabytes, path = arg[1], tonumber(arg[2]), arg[3]
local file = assert(io.open(path, "wb"))
math.randomseed(7)

local function record(i)
    return ('{"id":%d,"name":"entry \\"%d\\"","ratio":%.17g,"tags":["a","b\\n"],"nested":{"deep":[%d,%s]}}'):format(
        i, i, math.random(), i % 100, i % 3 == 0 and "true" or "null")
end

local kinds = {
    records = { "[", record, ",\n", "]\n" },
    ndjson = { "", record, "\n", "\n" },
    floats = { "[", function() return ("%.17g"):format(math.random() * 10 ^ math.random(-9, 9)) end, ",", "]" },
    texts = { "[", function(i) return ('"%d: %s"'):format(i, ("some words that say little, "):rep(i % 9)) end, ",", "]" },
    unicode = { "[", function(i) return ('"%d: %s"'):format(i, ("\195\164\226\130\172 \230\156\136 "):rep(i % 9)) end, ",", "]" },
    deep = { "[", function(i) return ("["):rep(i % 60) .. i .. ("]"):rep(i % 60) end, ",", "]" },
    csv = { "id,name,city,amount\n", function(i) return ("%d,name %d,some city %d,%.2f"):format(i, i, i % 999, i * 1.1) end, "\n", "\n" },
    quoted = { "id,name,city,amount\n", function(i) return ('%d,"name ""%d""","some, city %d",%.2f'):format(i, i, i % 999, i * 1.1) end, "\n", "\n" },
    -- The most that stock Lua loads has fewer than 2^18 different constants in one function.
    lua = { "return {\n", function(i) return ('{id=%d,name="item %d",ratio=%.14g}'):format(i % 90000, i % 1000, i % 90000 / 7) end, ",\n", "}\n" },
    constants = { "return {\n", function(i) return ('["k%d"]=%d.5'):format(i % 100000, i % 100000) end, ",\n", "}\n" },
    strings = { "return {\n", function(i) return ('"value %d"'):format(i % 200000) end, ",\n", "}\n" },
}

local function write_text(form)
    local written, i = 0, 0
    file:write(form[1])
    repeat
        i = i + 1
        local one = form[2](i)
        if written + #one > megabytes * 1e6 and i > 1 then break end
        if i > 1 then file:write(form[3]) end
        file:write(one)
        written = written + #one + #form[3]
    until false
    file:write(form[4])
end

if kind == "msgpack" then
    local data = require "moonbear.data"
    local rows = {}
    for i = 1, megabytes * 14000 do rows[i] = { id = i, name = "entry " .. i, ratio = i / 7, tags = { "a", "b" }, nested = { deep = { i % 100, i % 3 == 0 } } } end
    file:write(data.encode(rows, "msgpack"))
else
    write_text(assert(kinds[kind], "no such kind"))
end
assert(file:close())
