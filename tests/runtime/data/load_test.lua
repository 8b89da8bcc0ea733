-- data.load and data.decode: sources, entries, errors with their place.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local store = require "moonbear.store"

-- The ending tells the format.
local function with_file(text, fn, ending) require("files").with_file(text, fn, ending or ".json") end

TestJson = {}

function TestJson.test_values()
    local v = data.decode('{"a":[1,2.5,{"b":null,"c":"x\\u00e4\\ud83d\\ude00"}],"d":true,"e":false,"":[]}', "json")
    lu.assertEquals(v, { a = { 1, 2.5, { b = data.null, c = "x\195\164\240\159\152\128" } }, d = true, e = false, [""] = {} })
    lu.assertTrue(data.null == require("cjson").null)
end

function TestJson.test_an_error_has_a_place()
    local v, message, code, place = data.decode('{"items":[1,2,{"name":"x"},\n  {"name": nul}]}', "json")
    lu.assertNil(v)
    lu.assertEquals(message, "text:2:12: expected a value, not 'n' (at items[4].name)")
    lu.assertEquals(code, 84)
    lu.assertEquals(place, { line = 2, column = 12, byte = 40, path = "items[4].name" })
end

TestSources = {}

function TestSources.test_a_path()
    with_file('{"a": 1}', function(path) lu.assertEquals(data.load(path), { a = 1 }) end)
    local v, message, code = data.load("/there/is/no/such.json")
    lu.assertNil(v)
    lu.assertEquals({ message, code }, { "/there/is/no/such.json: No such file or directory", 2 })
end

TestEntries = {}

function TestEntries.test_each()
    local seen = {}
    local n = data.load('[5,6,[7]]', { text = true, format = "json", each = function(...) seen[#seen + 1] = { ... } end })
    lu.assertEquals(n, 3)
    lu.assertEquals(seen, { { 5, 1 }, { 6, 2 }, { { 7 }, 3 } })
end

function TestEntries.test_into_a_store()
    local s = store.new()
    local ids, n = data.load('{"a":{"x":1},"b":2}', { text = true, into = s })
    lu.assertEquals({ n, s:get(ids.a), s:get(ids.b) }, { 2, { x = 1 }, 2 })
end

TestFormats = {}

function TestFormats.test_lua()
    lu.assertEquals(data.decode('return { 1, "two", { x = -3, ["a b"] = true }, [10] = 1/0 }', "lua"),
        { 1, "two", { x = -3, ["a b"] = true }, [10] = math.huge })
    lu.assertEquals(data.decode('A = {1} B = "x"; Entry{a=1} Entry{a=2}', "lua"), { A = { 1 }, B = "x", Entry = { { a = 1 }, { a = 2 } } })
    local v, message = data.decode('return { a = { os.exit() } }', "lua")
    lu.assertNil(v)
    lu.assertEquals(message, "text:1:18: expected '=' behind a key, for no name is looked up or called, not '.' (at a.os)")
end

function TestFormats.test_csv()
    lu.assertEquals(data.decode('a,b\r\n1,"x, ""y"""\r\n', "csv"), { { a = "1", b = 'x, "y"' } })
    lu.assertEquals(data.decode('1\t2\n', "csv", { separator = "\t", header = false }), { { "1", "2" } })
    lu.assertEquals(data.decode('1,2\n', "csv", { columns = { "x", "y" } }), { { x = "1", y = "2" } })
end

function TestFormats.test_ndjson()
    lu.assertEquals(data.decode('{"a":1}\n\n[2]\n3', "ndjson"), { { a = 1 }, { 2 }, 3 })
end

function TestFormats.test_msgpack()
    lu.assertEquals(data.decode("\131\161a\147\1\255\203\63\248\0\0\0\0\0\0\161b\196\2hi\161c\192", "msgpack"),
        { a = { 1, -1, 1.5 }, b = "hi", c = data.null })
end

-- With and without options: one value, and no more.
function TestFormats.test_msgpack_is_one_value()
    for _, options in ipairs { {}, { {} } } do
        for text, at in pairs { [""] = 1, ["\1\2"] = 2, ["\145\1\192"] = 3 } do
            local value, _, _, place = data.decode(text, "msgpack", options[1])
            lu.assertNil(value)
            lu.assertEquals(place.byte, at)
        end
        lu.assertEquals(data.decode("\145\1", "msgpack", options[1]), { 1 })
    end
end

function TestSources.test_every_source_gives_the_same()
    local bytes = require "moonbear.bytes"
    local text = '{"a": [1, "' .. ("long "):rep(60000) .. '", {"b": []}]}'
    local wanted = data.decode(text, "json")
    lu.assertEquals(#wanted.a[2], 300000)
    local function same(...) lu.assertEquals({ data.load(...) }, { wanted }) end
    same(bytes.from(text))
    same(bytes.chain(bytes.from(text:sub(1, 9)), bytes.from(text:sub(10, 100000)), bytes.from(text:sub(100001))), { format = "json" })
    local at = 0
    same(function()
        at = at + 1
        local part = text:sub((at - 1) * 999 + 1, at * 999)
        if part ~= "" then return at % 2 == 0 and bytes.from(part) or part end
    end)
    with_file(text, function(path)
        same(path)
        same(bytes.map(path))
        local file = io.open(path)
        same(file)
        file:close()
        lu.assertErrorMsgContains("closed file", data.load, file)
    end, ".json")
end

function TestSources.test_what_cannot_be_read()
    lu.assertErrorMsgContains("path, bytes, file or function expected", data.load, 5)
    lu.assertErrorMsgContains("must return a string, bytes or nil", data.load, function() return {} end)
    lu.assertErrorMsgContains("of its own", data.load, function() error "of its own" end)
    local nothing, message, code = data.load("/")
    lu.assertNil(nothing)
    lu.assertEquals({ message, code }, { "/: Is a directory", 21 })
    lu.assertStrContains(select(2, data.load("..", { text = true })), "its format is told neither")
    lu.assertErrorMsgContains("unknown option 'foo'", data.load, "x", { foo = 1 })
    lu.assertErrorMsgContains("there is no format 'xml'", data.decode, "x", "xml")
    lu.assertErrorMsgContains("into: a store is expected", data.load, "x", { into = {} })
    lu.assertErrorMsgContains("separator", data.load, "x", { separator = '"' })
    lu.assertErrorMsgContains("columns", data.load, "x", { columns = { 1 } })
    lu.assertErrorMsgContains("columns: 'b' is there twice", data.load, "x", { columns = { "a", "b", "b" } })
    lu.assertErrorMsgContains("limit", data.load, "x", { limit = "5X" })
    lu.assertErrorMsgContains("limit", data.load, "x", { limit = 0 })
end

function TestSources.test_a_mapped_file_that_is_cut_short()
    local bytes = require "moonbear.bytes"
    with_file("[" .. ("1,"):rep(400000) .. "1]", function(path)
        local map, entries = bytes.map(path), 0
        local nothing, message = data.load(map, { format = "json", each = function()
            entries = entries + 1
            if entries == 10 then io.open(path, "w"):close() end
        end })
        lu.assertNil(nothing)
        lu.assertStrContains(message, "cut short")
    end)
end

function TestSources.test_formats_are_guessed()
    local texts = {
        ['{"a":1}'] = { a = 1 }, ['{a=1}'] = { a = 1 }, ['{"a","b"}'] = { "a", "b" }, ['return {1}'] = { 1 }, ['-- x\nA={1}'] = { A = { 1 } },
        ['a,b\n1,2\n'] = { { a = "1", b = "2" } }, ['a\tb\n1\t2\n'] = { { a = "1", b = "2" } }, ['[1]\n[2]\n'] = { { 1 }, { 2 } },
        ['{"a":1}\n{"a":2}'] = { { a = 1 }, { a = 2 } }, ["\129\161a\1"] = { a = 1 }, ['[\n1,\n2]\n'] = { 1, 2 }, [' {} '] = {},
    }
    for text, value in pairs(texts) do lu.assertEquals(data.load(text, { text = true }), value, text) end
    with_file("1\t2\n", function(path) lu.assertEquals(data.load(path, { header = false }), { { "1", "2" } }) end, ".tsv")
end

function TestEntries.test_each_may_stop_raise_and_read_itself()
    local seen = 0
    local function each(v) seen = seen + 1 return v < 3 end
    lu.assertEquals(data.load("[1,2,3,4,5]", { text = true, each = each }), 3)
    lu.assertEquals(seen, 3)
    for _ = 1, 3 do
        lu.assertErrorMsgContains("mine", data.load, "[1,2]", { text = true, each = function() error "mine" end })
        lu.assertEquals(data.decode("[1]", "json"), { 1 })
    end
    local inner = {}
    data.load('["[1]","[2]"]', { text = true, each = function(v) inner[#inner + 1] = data.decode(v, "json")[1] end })
    lu.assertEquals(inner, { 1, 2 })
end

-- A callback may do what it likes to whatever takes part.
function TestEntries.test_what_a_callback_does_is_an_error_or_harmless()
    local text = "[" .. ("[1],"):rep(50000) .. "[1]]"
    local function load(fn, more)
        local options = { text = true, format = "json", each = fn }
        for k, v in pairs(more or {}) do options[k] = v end
        return pcall(data.load, text, options)
    end
    local ok, message = coroutine.resume(coroutine.create(function() return data.load(text, { text = true, each = coroutine.yield }) end))
    lu.assertEquals({ ok, message }, { false, "attempt to yield across metamethod/C-call boundary" })
    local s = require("moonbear.store").new()
    ok, message = load(function() s:close() end, { into = s })
    lu.assertFalse(ok)
    lu.assertStrContains(message, "closed")
    lu.assertEquals({ load(function() collectgarbage("step", 1000) end) }, { true, 50001 })
    lu.assertEquals({ load(function() return data.decode("[[[1]]]", "json") and nil end) }, { true, 50001 })
    local bytes = require("moonbear.bytes").from(("1\n"):rep(300000))
    ok, message = pcall(data.load, bytes, { format = "ndjson", each = function() bytes:release() end })
    lu.assertFalse(ok)
    lu.assertStrContains(message, "released")
    with_file(("1\n"):rep(300000), function(path)
        local file = io.open(path)
        ok, message = pcall(data.load, file, { format = "ndjson", each = function() pcall(file.close, file) end })
        lu.assertFalse(ok)
        lu.assertStrContains(message, "closed file")
        local size = 600000
        local count = data.load(path, { format = "ndjson", each = function(_, n) -- it grows while it is read
            if n > 300000 or size > 900000 then return end
            local more = io.open(path, "a")
            more:write(("2\n"):rep(1000))
            more:close()
            size = size + 2000
        end })
        lu.assertEquals(count, size / 2)
    end)
    for _ = 1, 1100 do -- more than there may be open files
        with_file("[1]", function(path) lu.assertFalse(pcall(data.load, path, { format = "json", each = error })) end)
    end
end

function TestEntries.test_names_and_words()
    local seen = {}
    data.load('A = 1; Entry{2} B = nil Entry{3}', { text = true, format = "lua", each = function(...) seen[#seen + 1] = { ... } end })
    lu.assertEquals(seen, { { 1, "A" }, { { 2 }, 2, "Entry" }, { { 3 }, 3, "Entry" } })
    lu.assertStrContains(select(2, data.decode("A = 1 A{2}", "lua")), "'A' is the name of a value and the word of entries")
    lu.assertStrContains(select(2, data.decode("A{2} A = 1", "lua")), "'A' is the name of a value and the word of entries")
    lu.assertEquals(data.decode("", "lua"), {})
    lu.assertEquals(data.decode("return 5", "lua"), 5)
end

function TestEntries.test_rows_into_a_store()
    local s = store.new()
    local ids, n = data.load("a\n1\n2\n", { text = true, format = "csv", into = s })
    lu.assertEquals({ n, s:get(ids[2]).a }, { 2, "2" })
    local small = store.new { slots = 1, name = "small" }
    lu.assertErrorMsgContains('"small" is full', data.load, "[1,2]", { text = true, into = small })
end

-- Nobody has the ids of a load that failed: what it stored is released, and what was there before stays.
function TestEntries.test_a_load_that_fails_leaves_nothing_in_the_store()
    local s = store.new { slots = 5000 }
    local kept = s:put "before"
    local function fails(text, options)
        options.into, options.text = s, type(text) == "string" or nil
        local ok, value = pcall(data.load, text, options)
        lu.assertTrue(not ok or value == nil)
        lu.assertEquals(s:stats().live, 1)
        lu.assertEquals(s:get(kept), "before")
    end
    fails("[1,[2],{},x]", { format = "json" })
    fails('{"a":1,"b":[1,2', { format = "json" })
    fails("5 x", { format = "json" })
    fails("1\n2\n\n[", { format = "ndjson" })
    fails("a,b\n1,2\n3\n", { format = "csv" })
    fails("A = 1 B{2} B{3} C = {x = y}", { format = "lua" })
    fails("A = 1 B{2} A{3}", { format = "lua" })
    fails("return {1, [1] = 2, x = 3, os.exit()}", { format = "lua" })
    fails("\147\1\2", { format = "msgpack" })
    fails("[1,2,3]", { format = "json", limit = 5 })
    fails("[" .. ("1,"):rep(5000) .. "1]", { format = "json" }) -- the store is full
    local pieces = { "[1,2,", "3,", "[4]," }
    fails(function() return table.remove(pieces, 1) or error "of its own" end, { format = "json" })
    pieces = { "[1,2,", 5 }
    fails(function() return table.remove(pieces, 1) or {} end, { format = "json" })
    fails(function() if #pieces == 0 then pieces[1] = 1 return "[1,2," end s:close() s = store.new() kept = s:put "before" return "x" end, { format = "json" })
end

-- The callback has the ids then: they are its own.
function TestEntries.test_what_each_was_given_stays_in_the_store()
    local s, ids = store.new(), {}
    lu.assertNil(data.load("[1,2,x", { text = true, format = "json", into = s, each = function(id) ids[#ids + 1] = id end }))
    lu.assertEquals({ s:get(ids[1]), s:get(ids[2]), s:stats().live }, { 1, 2, 2 })
end

function TestEntries.test_a_value_in_whose_place_another_comes_is_released()
    local s = store.new()
    local ids = data.load('{"a":1,"b":2,"a":3}', { text = true, into = s })
    lu.assertEquals({ s:get(ids.a), s:get(ids.b), s:stats().live }, { 3, 2, 2 })
    ids = data.load("return { [1] = 4, 5, x = 6, x = 7 }", { text = true, into = s })
    lu.assertEquals({ s:get(ids[1]), s:get(ids.x), s:stats().live }, { 5, 7, 4 })
    ids = data.load("A = 1 A = 2 B{3} B{4}", { text = true, format = "lua", into = s })
    lu.assertEquals({ s:get(ids.A), s:get(ids.B[1])[1], s:get(ids.B[2])[1], s:stats().live }, { 2, 3, 4, 7 })
    local id, n = data.load("8", { text = true, format = "json", into = s })
    lu.assertEquals({ s:get(id), n }, { 8, 1 })
end

TestProperties = {}

-- A random tree as text of a literal; `deep` bounds its height.
local function literal(deep, strings)
    local kind = math.random(deep > 0 and 8 or 6)
    if kind == 1 then return ("%.17g"):format((math.random() - 0.5) * 10 ^ math.random(-300, 300)) end
    if kind == 2 then return tostring(math.random(-2 ^ 31, 2 ^ 31 - 1)) end
    if kind == 3 then return "true" end
    if kind == 4 then return "false" end
    if kind <= 6 then return strings[math.random(#strings)] end
end

local lua_strings = { '"a"', "'b\\'\\\nc'", '"\\0\\1\\10x\\065\\255"', "[[\nlong\r\n]]", "[==[a]]]=]b]==]", '"\228\246"', "'\\x\\\"'", '""' }
local function lua_literal(deep)
    local text = literal(deep, lua_strings)
    if text then return text end
    local out = {}
    for i = 1, math.random(0, 6) do
        local value, how = lua_literal(deep - 1), math.random(4)
        out[i] = how == 1 and "k" .. math.random(5) .. " = " .. value or how == 2 and '["' .. math.random(5) .. '"]=' .. value
            or how == 3 and "[" .. -math.random(5) .. "] = " .. value or value
    end
    return "{" .. table.concat(out, math.random(2) == 1 and ",\n" or ";--[[c]]") .. "}"
end

function TestProperties.test_lua_literals_are_what_lua_makes_of_them()
    for _ = 1, 3000 do
        local text = "return " .. lua_literal(5)
        lu.assertEquals(data.decode(text, "lua"), assert(loadstring(text))(), text)
    end
end

local json_strings = { '"a"', '"\\u00e4\\n\\\\"', '"\195\164\226\130\172"', '""', '"\\ud83d\\ude00\\/"' }
local function json_text(deep)
    local text = literal(deep, json_strings)
    if text then return text end
    local out, is_map = {}, math.random(2) == 1
    for i = 1, math.random(0, 6) do out[i] = (is_map and '"k' .. math.random(9) .. '" : ' or "") .. json_text(deep - 1) end
    return (is_map and "{" or "[") .. table.concat(out, ", ") .. (is_map and "}" or "]")
end

function TestProperties.test_json_is_what_cjson_makes_of_it()
    local cjson = require "cjson"
    for _ = 1, 3000 do
        local text = "[" .. json_text(5) .. "]"
        lu.assertEquals(data.decode(text, "json"), cjson.decode(text), text)
    end
end

-- Fed in random pieces: the same entries as at once.
function TestProperties.test_a_parser_is_fed_any_pieces()
    for _ = 1, 300 do
        local text = "[" .. json_text(6) .. "," .. json_text(6) .. "]"
        local p, at, got, wanted = data.parser "json", 1, {}, data.decode(text, "json")
        while at <= #text do
            local to = at + math.random(0, 20)
            p:feed(text:sub(at, to))
            at = to + 1
            if math.random(2) == 1 then for value, key in p.next, p do got[key] = value end end
        end
        p:finish()
        for value, key in p.next, p do got[key] = value end
        lu.assertEquals(got, wanted)
    end
end

function TestProperties.test_what_is_encoded_comes_back()
    for _, format in ipairs { "lua", "json", "msgpack" } do
        for _ = 1, 500 do
            local value = data.decode("[" .. json_text(5) .. "]", "json")
            lu.assertEquals(data.decode(data.encode(value, format), format), value)
        end
    end
end

TestParser = {}

function TestParser.test_mistakes()
    local p = data.parser "json"
    p:feed("[1,2"):feed(" x]"):finish()
    lu.assertEquals({ p:next() }, { 1, 1, nil })
    lu.assertEquals({ p:next() }, { 2, 2, nil })
    for _ = 1, 2 do
        local value, message, code, place = p:next()
        lu.assertNil(value)
        lu.assertEquals({ message, code, place.byte }, { "text:1:6: expected ',' or ']', not 'x' (at [2])", 84, 6 })
    end
    lu.assertErrorMsgContains("nothing can be fed behind finish", p.feed, p, "x")
    lu.assertErrorMsgContains("string or bytes", p.feed, p, 5)
    lu.assertErrorMsgContains("options of data.load", data.parser, "json", { each = print })
end

-- What a script can reach of it gives errors, and never takes memory away from under it.
function TestParser.test_its_metatable_is_closed()
    local p = data.parser "json"
    lu.assertEquals(getmetatable(p), "data parser")
    local meta = debug.getmetatable(p)
    for name, fn in pairs(meta.__index) do lu.assertErrorMsgContains("expected", fn, io.stdout, name) end
    lu.assertErrorMsgContains("expected", meta.__gc, io.stdout)
    lu.assertErrorMsgContains("expected", meta.__gc)
    meta.__gc(p)
    for _, fn in pairs(meta.__index) do lu.assertErrorMsgContains("ended", fn, p, "x") end
end

function TestParser.test_deep_nesting_is_kept_between_chunks()
    local deep = 50000
    local p = data.parser("lua", { depth = deep + 1 })
    p:feed "return {"
    for i = 1, deep do
        p:feed "{k="
        if i % 5000 == 0 then lu.assertEquals(select("#", p:next()), 0) end
    end
    p:feed "1"
    for _ = 1, deep do p:feed "}" end
    p:feed("}"):finish()
    local value, levels = p:next(), 0
    while type(value) == "table" do value, levels = value.k, levels + 1 end
    lu.assertEquals({ value, levels }, { 1, deep })
end

TestMemory = {}

function TestMemory.test_all_of_it_is_given_back()
    local limits = require "moonbear.limits"
    collectgarbage()
    local before = limits.memory().native
    local text = '["' .. ("x\\n"):rep(1000000) .. '"]'
    lu.assertEquals(#data.decode(text, "json")[1], 2000000)
    lu.assertNil(data.decode(text .. "x", "json"))
    lu.assertFalse(pcall(data.load, text, { text = true, each = error }))
    collectgarbage()
    collectgarbage()
    lu.assertTrue(limits.memory().native - before < 300000)
end

-- Each level announces four thousand million values: nobody makes room for what is only said.
function TestMemory.test_sizes_that_are_lies()
    for _, head in ipairs { "\221\255\255\255\255", "\223\255\255\255\255\161k" } do
        local levels, most, before = 0, 0, collectgarbage "count"
        local value, message = data.load(function()
            levels, most = levels + 1, math.max(most, collectgarbage "count" - before)
            return levels < 9990 and head or nil
        end, { format = "msgpack" })
        lu.assertNil(value)
        lu.assertStrContains(message, "expected a value, not the end of the text")
        lu.assertTrue(most < 32 * 1024, most)
    end
end

function TestMemory.test_a_time_limit_ends_it()
    local limits = require "moonbear.limits"
    local ok, message = limits.call(0.05, data.load, function() return "[1,2,3,[4]]\n" end, { format = "ndjson", each = function() end })
    lu.assertFalse(ok)
    lu.assertStrContains(message, "time limit exceeded")
end
