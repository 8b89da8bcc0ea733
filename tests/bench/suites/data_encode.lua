-- data_encode.lua: values to text: data.encode beside cjson and serializers written in Lua, on several shapes of data.
-- Invariant: one process, interleaved runs, the least time of each; a ratio above 1 says that data.encode is faster.
-- SPDX-License-Identifier: MIT

-- What scripts write for themselves: a recursive serializer around table.concat.
local SERIALIZER = [[
local function write(v, out)
    if type(v) == "string" then out[#out + 1] = ("%q"):format(v)
    elseif type(v) ~= "table" then out[#out + 1] = type(v) == "number" and ("%.17g"):format(v) or tostring(v)
    else
        out[#out + 1] = "{"
        for k, value in pairs(v) do
            if type(k) == "string" then out[#out + 1] = ("[%q]="):format(k) end
            write(value, out)
            out[#out + 1] = ","
        end
        out[#out + 1] = "}"
    end
end
local function concat(v) local out = { "return " } write(v, out) return table.concat(out) end
]]

local SHAPES = [[
local function list(n, fn) local t = {} for i = 1, n do t[i] = fn(i) end return t end
local shapes = {
    { "records", list(10000, function(i) return { id = i, name = "item " .. i, price = i * 1.25, tags = { "a", "b" }, at = { x = i, y = i / 7 } } end) },
    { "whole numbers", list(200000, function(i) return i * 7 end) },
    { "prices", list(200000, function(i) return i / 100 end) },
    { "sines", list(100000, math.sin) },
    { "strings", list(100000, function(i) return "string number " .. i .. " with some text" end) },
    { "UTF-8", list(100000, function(i) return "größe — " .. i .. " ñandú" end) },
    { "escapes", list(100000, function(i) return 'line\n"quoted" \\ ' .. i end) },
    { "one long string", { ("lorem ipsum dolor sit amet "):rep(200000) } },
    { "a small record", { id = 1, name = "x", list = { 1, 2, 3 } }, 20000 },
}
-- What lua-cjson's own benchmark encodes.
for _, name in ipairs { "example1", "example2", "example3", "example4", "example5", "numbers", "rfc-example1", "rfc-example2", "types" } do
    local file = assert(io.open("build/third/cjson/tests/" .. name .. ".json"))
    local text = file:read "*a"
    file:close()
    shapes[#shapes + 1] = { "cjson " .. name:gsub("%-example", " "), require "cjson".decode(text), math.floor(2e6 / #text) }
end
]]

local MEASURE = [==[
local data, cjson = require "moonbear.data", require "cjson"
local found, messagepack = pcall(require, "MessagePack")
local function once(fn, v, times)
    local text
    local start = os.clock()
    for _ = 1, times do text = fn(v) end
    return os.clock() - start, text
end
for _, shape in ipairs(shapes) do
    local name, v, times = shape[1], shape[2], shape[3] or 1
    local ways = {
        { "json", function(x) return data.encode(x, "json") end }, { "cjson", cjson.encode },
        { "lua", function(x) return data.encode(x, "lua") end }, { "concat", concat },
        { "msgpack", function(x) return data.encode(x, "msgpack") end },
    }
    if found and pcall(messagepack.pack, v) then ways[#ways + 1] = { "messagepack", messagepack.pack } end
    local best, size = {}, {}
    for _ = 1, rounds do
        for _, way in ipairs(ways) do
            collectgarbage()
            local seconds, text = once(way[2], v, times)
            seconds = math.min(seconds, (once(way[2], v, times)))
            best[way[1]], size[way[1]] = math.min(best[way[1]] or seconds, seconds), #text * times
        end
    end
    io.write(name)
    for _, way in ipairs(ways) do io.write("\t", way[1], "\t", best[way[1]], "\t", size[way[1]]) end
    io.write("\n")
end
io.write("all\n")
]==]

local function parse(line)
    local name, rest = line:match("^(.-)\t(.*)$")
    local row = { name = name }
    for way, seconds, size in rest:gmatch("(%a+)\t(%S+)\t(%d+)") do row[way] = { seconds = tonumber(seconds), size = tonumber(size) } end
    return row
end

local function rate(way) return ("%.0f"):format(way.size / way.seconds / 1e6) end
local function ratio(ours, other) return other and ("%.2f"):format(other.seconds / ours.seconds) or "-" end

return function(context)
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    assert(file:write(SERIALIZER, SHAPES, ("local rounds = %d\n"):format(context.rounds), MEASURE))
    file:close()
    context.progress("data_encode")
    local pipe, rows = io.popen(("%s/moonbear %s"):format(context.build, path)), {}
    local all
    for line in pipe:lines() do
        all = line == "all"
        if all then break end
        local row = parse(line)
        rows[#rows + 1] = { row.name, rate(row.json), rate(row.cjson), ratio(row.json, row.cjson), rate(row.lua),
            ratio(row.lua, row.concat), rate(row.msgpack), ratio(row.msgpack, row.messagepack) }
    end
    pipe:close()
    os.remove(path)
    if not all then error(("data_encode: it ended behind %d shapes"):format(#rows), 0) end
    return {
        title = ("Encoding in MB/s of what is written (least of %d interleaved runs), and as times the rate of others"):format(context.rounds),
        columns = { "", "JSON", "cjson", "/ cjson", "Lua", "/ concat", "MessagePack", "/ lua-messagepack" },
        rows = rows,
        notes = {
            "cjson writes 14 digits of a number, data.encode as many as read back. Target: at least as fast as cjson.",
            "concat is a recursive serializer in Lua around table.concat; lua-messagepack is measured where it is installed.",
        },
    }
end
