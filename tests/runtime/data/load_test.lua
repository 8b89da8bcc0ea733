-- data.load and data.decode: sources, entries, errors with their place.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local store = require "moonbear.store"

-- Calls fn with the path of a file that holds `text`, and removes it.
local function with_file(text, fn, ending)
    local path = os.tmpname()
    os.remove(path)
    path = path .. (ending or ".json")
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    file:close()
    local ok, message = pcall(fn, path)
    os.remove(path)
    if not ok then error(message, 0) end
end

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
