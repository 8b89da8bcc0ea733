-- encode_test.lua: data.encode: what becomes of values in every format, what is refused and where, and that everything
-- that was written is read back.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local cjson = require "cjson"
local data = require "moonbear.data"

local function json(value, options) return data.encode(value, "json", options) end

local function refused(expected, value, format, options)
    lu.assertErrorMsgEquals("data.encode: " .. expected, function()
        local ok, message = pcall(data.encode, value, format or "json", options)
        if ok then error("it was encoded", 0) end
        error(message, 0)
    end)
end

TestTables = {}

function TestTables.test_arrays_have_the_keys_from_1_to_n()
    lu.assertEquals(json { 1, "two", true, false }, '[1,"two",true,false]')
    lu.assertEquals(json { [2] = "b", [1] = "a" }, '["a","b"]')
    local grown = {}
    for i = 1, 100 do grown[i] = i end
    for i = 100, 4, -1 do grown[i] = nil end
    lu.assertEquals(json(grown), "[1,2,3]")
end

function TestTables.test_an_empty_table_is_a_map_unless_told()
    lu.assertEquals(json {}, "{}")
    lu.assertEquals(json({ {}, x = nil }, { empty = "array" }), "[[]]")
    lu.assertEquals(data.encode({}, "msgpack"), "\128")
    lu.assertEquals(data.encode({}, "msgpack", { empty = "array" }), "\144")
    lu.assertEquals(data.encode({}, "lua"), "return {}\n")
end

function TestTables.test_keys_that_are_numbers()
    lu.assertEquals(json({ [1] = "a", [3] = "c" }, { sort = true }), '{"1":"a","3":"c"}')
    lu.assertEquals(json({ [-1] = 1, [0.5] = 2, [1e300] = 3 }, { sort = true }), '{"-1":1,"0.5":2,"1e300":3}')
    lu.assertEquals(json({ [0] = 0, 1, 2 }, { sort = true }), '{"0":0,"1":1,"2":2}')
    refused("JSON has no key that is NaN or infinite (at [inf])", { [math.huge] = 1 })
end

function TestTables.test_arrays_with_holes()
    local holes = { 1, nil, 3, [6] = 6 }
    lu.assertEquals(json(holes, { sparse = "null" }), "[1,null,3,null,null,6]")
    lu.assertEquals(json(holes, { sparse = "map", sort = true }), '{"1":1,"3":3,"6":6}')
    refused("an array with holes: fill them with data.null, or choose with the option `sparse` (at a)", { a = holes }, "json", { sparse = "refuse" })
    refused("an array with holes: fill them with data.null, or choose with the option `sparse`", { [1e9] = 1 }, "json", { sparse = "null" })
    lu.assertEquals(json { 1, data.null, 3 }, "[1,null,3]")
end

function TestTables.test_json_refuses_a_mixture()
    local text = "a table whose keys are numbers and others: JSON has arrays and objects, and no mixture"
    refused(text, { 1, x = 2 })
    refused(text .. " (at list[2])", { list = { 1, { [5] = 1, ["5"] = 2 } } })
    lu.assertEquals(data.encode({ 1, 2, x = 3 }, "lua", { sort = true }), "return {1,2,x=3}\n")
    lu.assertEquals(data.encode({ 1, x = 2 }, "msgpack", { sort = true }), "\130\1\1\161x\2")
end

function TestTables.test_keys_in_order()
    local t = { b = 1, a = 2, B = 3, ["a b"] = 4, [true] = 5, [false] = 6, [-1] = 7, [10] = 8, [9] = 9 }
    lu.assertEquals(data.encode(t, "lua", { sort = true }),
        'return {[false]=6,[true]=5,[-1]=7,[9]=9,[10]=8,B=3,a=2,["a b"]=4,b=1}\n')
    local many, names = {}, {}
    for i = 1, 2000 do
        names[i] = ("k%06d"):format((i * 7919) % 100003)
        many[names[i]] = i
    end
    table.sort(names)
    local out = json(many, { sort = true })
    local seen = {}
    for name in out:gmatch('"(k%d+)"') do seen[#seen + 1] = name end
    lu.assertEquals(seen, names)
end

function TestTables.test_metatables_are_not_asked()
    local t = setmetatable({ 1 }, { __index = function() error("asked") end, __len = function() return 5 end, __tostring = error })
    lu.assertEquals(json(t), "[1]")
end

function TestTables.test_a_shared_table_comes_each_time()
    local shared = { 1 }
    lu.assertEquals(json { shared, shared, { shared } }, "[[1],[1],[[1]]]")
end

TestRefusals = {}

function TestRefusals.test_values_that_are_no_data()
    refused("a value that is a function (at list[2].f)", { list = { 1, { f = print } } })
    refused("a value that is a thread (at [1])", { coroutine.create(function() end) }, "lua")
    refused("a value that is a userdata (at [1])", { io.stdout }, "msgpack")
    refused("a value that is a function", print, "lua")
    refused("a key that is a table (at x[table])", { x = { [{}] = 1 } }, "lua")
    refused("JSON has no key that is a boolean (at [true])", { [true] = 1 })
    refused("JSON has no NaN (at prices[3])", { prices = { 1, 2, 0 / 0 } })
    refused("JSON has no infinity (at [\"a b\"])", { ["a b"] = -math.huge })
    refused("a string that is not UTF-8: its byte 3 is 0xff (at [1])", { "ab\255" })
    refused("a key that is not UTF-8: its byte 1 is 0xc0 (at [\"\192\"])", { ["\192"] = 1 })
end

function TestRefusals.test_a_table_within_itself()
    local t = { 1 }
    t.inner = { { deep = t } }
    t[1] = nil
    refused("a table that lies within itself (at inner[1].deep)", t, "lua")
    t = {}
    t[1] = t
    refused("a table that lies within itself (at [1])", t)
end

-- A circle of many tables far down is found before the depth that it could reach.
function TestRefusals.test_a_long_circle()
    local first = {}
    local last = first
    for _ = 1, 700 do
        last[1] = {}
        last = last[1]
    end
    last[1] = first
    local path = ("[1]"):rep(701)
    refused("a table that lies within itself (at " .. path:sub(1, 56) .. "..." .. path:sub(-64) .. ")", first, "json", { depth = 1e6 })
end

function TestRefusals.test_arguments()
    local function raises(expected, ...)
        local arguments = { n = select("#", ...), ... }
        lu.assertErrorMsgContains(expected, function() data.encode(unpack(arguments, 1, arguments.n)) end)
    end
    raises("there is no format 'yaml'", 1, "yaml")
    raises("bad argument #1")
    raises("bad argument #2 to", 1)
    raises("unknown option 'indnt'; options are indent, sort", 1, "json", { indnt = 2 })
    raises("indent: a number from 0 to 16", 1, "json", { indent = 17 })
    raises("sort: true or false is expected", 1, "json", { sort = 1 })
    raises('empty: "map" or "array" is expected', 1, "json", { empty = "list" })
    raises("depth: a number from 1 to", 1, "json", { depth = 0 })
    raises("separator: one character", 1, "csv", { separator = ",," })
    raises("columns: an array of names", 1, "csv", { columns = {} })
    raises("columns: name 2 is no string", 1, "csv", { columns = { "a", 2 } })
    raises("an array of rows is wanted", 1, "csv")
    raises("an array of rows is wanted", { a = 1 }, "ndjson")
end

TestFormats = {}

function TestFormats.test_json_is_laid_out()
    lu.assertEquals(json({ a = { 1, { b = {} } } }, { indent = 4 }),
        '{\n    "a": [\n        1,\n        {\n            "b": {}\n        }\n    ]\n}\n')
    lu.assertEquals(json({ 1 }, { indent = true }), "[\n  1\n]\n")
end

function TestFormats.test_lua_is_read_by_lua_too()
    local value = { 1, 2.5, "x\0y\255\n\"\\", { nested = { true, false } }, n = -17, ["not a name"] = 1, ["while"] = 2, [-3] = "m", [true] = 1e300 }
    for _, options in ipairs { {}, { indent = 2 }, { sort = true } } do
        local text = data.encode(value, "lua", options)
        lu.assertEquals(assert(loadstring(text))(), value)
        lu.assertEquals(data.decode(text, "lua"), value)
    end
    local odd = assert(loadstring(data.encode({ math.huge, -math.huge, 0 / 0 }, "lua")))()
    lu.assertEquals({ odd[1], odd[2] }, { math.huge, -math.huge })
    lu.assertTrue(odd[3] ~= odd[3])
end

function TestFormats.test_csv()
    local rows = { { id = 1, name = "a,b" }, { name = 'q"', id = 2 }, { id = 3 } }
    lu.assertEquals(data.encode(rows, "csv"), 'id,name\r\n1,"a,b"\r\n2,"q"""\r\n3,\r\n')
    lu.assertEquals(data.encode(rows, "csv", { columns = { "name", "id", "more" }, newline = "\n", separator = ";" }),
        'name;id;more\na,b;1;\n"q""";2;\n;3;\n')
    lu.assertEquals(data.encode(rows, "csv", { header = false }), '1,"a,b"\r\n2,"q"""\r\n3,\r\n')
    lu.assertEquals(data.encode({ { 1, true, "x" }, { data.null, 2 } }, "csv"), "1,true,x\r\n,2\r\n")
    lu.assertEquals(data.encode({}, "csv"), "")
    refused("there is no such column: the header has been written; name all in the option `columns` (at [2].b)", { { a = 1 }, { b = 1 } }, "csv")
    refused("a cell of CSV holds no table (at [1].a)", { { a = {} } }, "csv")
    refused("a row of CSV is an array or a map of cells (at [1])", { 1 }, "csv")
end

function TestFormats.test_ndjson()
    lu.assertEquals(data.encode({ { a = 1 }, { 1, 2 }, "x\n", data.null }, "ndjson"), '{"a":1}\n[1,2]\n"x\\n"\nnull\n')
    refused("JSON has no NaN (at [2].a)", { 1, { a = 0 / 0 } }, "ndjson")
end

function TestFormats.test_msgpack()
    lu.assertEquals(data.encode({ 1, -1, 300, 1.5, "ä", "\255", true, data.null }, "msgpack"),
        "\152\1\255\205\1\44\203\63\248\0\0\0\0\0\0\162\195\164\196\1\255\195\192")
end

function TestFormats.test_a_value_alone()
    for _, value in ipairs { 1, "x", true, -0.5 } do
        for _, format in ipairs { "json", "lua", "msgpack" } do
            lu.assertEquals(data.decode(data.encode(value, format), format), value)
        end
    end
    lu.assertEquals(json(nil), "null")
    lu.assertEquals(json(data.null), "null")
end

-- Eight bytes are looked at at once, short texts in another way than long ones: one of each kind at every place of both.
function TestFormats.test_one_special_character_at_any_place()
    local special = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\1"] = "\\u0001", ["\127"] = "\\u007f", ["\195\169"] = "\195\169" }
    for size = 0, 70 do
        local text = ("abcdefghi"):rep(8):sub(1, size)
        lu.assertEquals(json { text, [2] = text }, ('["%s","%s"]'):format(text, text))
        for at = 0, size do
            for c, escaped in pairs(special) do
                local before, behind = text:sub(1, at), text:sub(at + 1)
                local written = json { [before .. c .. behind] = c .. behind }
                if written ~= ('{"%s%s%s":"%s%s"}'):format(before, escaped, behind, escaped, behind) then lu.fail(written) end
            end
        end
        if size > 0 then lu.assertErrorMsgContains("byte " .. size .. " is 0xff", json, text:sub(1, size - 1) .. "\255") end
    end
end

TestBytes = {}

function TestBytes.test_bytes_are_strings()
    local chain = bytes.chain(bytes.from "ab", bytes.from(("c"):rep(300)), bytes.from "d\"")
    local text = "ab" .. ("c"):rep(300) .. "d\""
    lu.assertEquals(json { x = chain }, json { x = text })
    lu.assertEquals(data.encode(chain, "lua"), data.encode(text, "lua"))
    lu.assertEquals(data.encode({ bytes.from "ab" }, "msgpack"), "\145\196\2ab")
    lu.assertEquals(data.encode({ { bytes.from "1,2" } }, "csv"), '"1,2"\r\n')
    local gone = bytes.from(("x"):rep(1000))
    gone:release()
    lu.assertErrorMsgContains("released", json, { gone })
    refused("a string that is not UTF-8: its byte 1 is 0xff (at [1])", { bytes.from "\255" })
end

function TestBytes.test_the_result_as_bytes()
    local value = { 1, { a = ("x"):rep(5000) } }
    local result = json(value, { bytes = true })
    lu.assertEquals(type(result), "userdata")
    lu.assertEquals(tostring(result), json(value))
    lu.assertEquals(#data.encode({}, "csv", { bytes = true }), 0)
end

TestDepth = {}

local function nested(depth)
    local t = { 1 }
    for i = 2, depth do t = i % 2 == 0 and { t } or { a = t } end
    return t
end

function TestDepth.test_ten_thousand_unless_told()
    for _, format in ipairs { "json", "lua", "msgpack" } do
        local text = data.encode(nested(10000), format)
        lu.assertEquals(data.encode(data.decode(text, format), format), text)
        lu.assertErrorMsgContains("too deep: the option `depth`", data.encode, nested(10001), format)
        local deep = data.encode(nested(200000), format, { depth = 200000 })
        lu.assertTrue(#deep > 200000)
    end
    lu.assertEquals(#data.encode({ nested(9999), 1 }, "ndjson"), #json(nested(9999)) + 3)
end

TestRoundTrips = {}

-- A generator of our own, so that a failure can be repeated.
local seed = 1
local function draw(n)
    seed = (seed * 16807) % 2147483647
    return seed % n + 1
end

local function any_number()
    local kind = draw(5)
    if kind == 1 then return draw(200) - 100 end
    if kind == 2 then return draw(1e9) / 100 end
    if kind == 3 then return (draw(2 ^ 31) - 2 ^ 30) * 2 ^ (draw(1000) - 500) * (1 + draw(2 ^ 30) / 2 ^ 30) end
    if kind == 4 then return -draw(2 ^ 30) * 4194304 - draw(4194303) end
    return ({ 0, 1e15, 2 ^ 53, 1e-300, 5e-324, 1.7976931348623157e308, 0.1, 1 / 3 })[draw(8)]
end

local PIECES = { "a", "b c", "\"", "\\", "\n", "\r\n", ",", "ä", "€", "🙂", "\0", "\127", "word ", "0123456789abcdef" }
local function any_text()
    local out = {}
    for i = 1, draw(8) - 1 do out[i] = PIECES[draw(#PIECES)] end
    return table.concat(out)
end

local function any_scalar()
    local kind = draw(4)
    if kind == 1 then return any_number() end
    if kind == 2 then return draw(2) == 1 end
    return any_text()
end

local function any_tree(depth, any_key)
    if depth == 0 or draw(4) == 1 then return any_scalar() end
    local t = {}
    if draw(2) == 1 then
        for i = 1, draw(6) do t[i] = any_tree(depth - 1, any_key) end
    else
        for _ = 1, draw(6) do t[any_key()] = any_tree(depth - 1, any_key) end
    end
    return t
end

local function any_lua_key()
    local kind = draw(4)
    if kind == 1 then return any_number() end
    if kind == 2 then return draw(2) == 1 end
    return any_text()
end

-- With every bit of the numbers, which assertEquals would not see.
local function same(a, b)
    if type(a) ~= "table" or type(b) ~= "table" then return a == b and (type(a) ~= "number" or 1 / a == 1 / b) end
    for k, v in pairs(a) do if not same(v, b[k]) then return false end end
    for k in pairs(b) do if a[k] == nil then return false end end
    return true
end

local function check(value, format, options)
    local text = data.encode(value, format, options)
    local back, message = data.decode(text, format)
    if message then lu.fail(message .. "\n" .. text) end
    if not same(value, back) then lu.fail(format .. ": " .. text .. "\nbecame " .. data.encode(back, format, options)) end
end

function TestRoundTrips.test_trees_with_names_in_json_and_ndjson()
    for i = 1, 1500 do
        seed = i
        local tree = any_tree(5, any_text)
        check(tree, "json", { indent = i % 3 })
        check({ tree, any_tree(3, any_text) }, "ndjson")
    end
end

function TestRoundTrips.test_trees_with_any_key_in_lua_and_msgpack()
    for i = 1, 1500 do
        seed = i
        local tree = any_tree(5, any_lua_key)
        check(tree, "lua", { indent = i % 3, sort = i % 2 == 0 })
        check(tree, "msgpack", { sort = i % 2 == 0 })
    end
end

-- Cells come back as strings.
function TestRoundTrips.test_rows_in_csv()
    for i = 1, 500 do
        seed = i
        local rows, columns = {}, {}
        for k = 1, draw(5) do columns[k] = "c" .. k .. any_text() end
        for r = 1, draw(6) do
            rows[r] = {}
            for _, name in ipairs(columns) do rows[r][name] = any_text() end
        end
        for _, separator in ipairs { ",", ";", "\t" } do
            local text = data.encode(rows, "csv", { separator = separator })
            lu.assertEquals(data.decode(text, "csv", { separator = separator }), rows)
        end
    end
end

function TestRoundTrips.test_what_cjson_reads_is_the_same()
    for i = 1, 500 do
        seed = i
        local tree = { any_tree(4, any_text) }
        if not same(cjson.decode(json(tree)), tree) then lu.fail(json(tree)) end
        if not same(data.decode(cjson.encode(tree), "json"), cjson.decode(cjson.encode(tree))) then lu.fail(cjson.encode(tree)) end
    end
end

function TestRoundTrips.test_numbers_keep_every_bit()
    for i = 1, 3000 do
        seed = i
        local list = { any_number(), -any_number(), any_number(), -0.0 * draw(2) }
        for _, format in ipairs { "json", "lua", "msgpack" } do check(list, format) end
    end
end

-- Strings of every length around the sizes of words and pieces, with something special at every place.
function TestRoundTrips.test_strings_of_every_length()
    for length = 0, 40 do
        for at = 1, length do
            for _, special in ipairs { "\n", "\"", "\\", "\127", "ä" } do
                local text = ("x"):rep(at - 1) .. special .. ("y"):rep(length - at)
                check({ text }, "json")
                check({ text, text .. "\254" }, "lua")
                check({ text }, "msgpack")
            end
        end
    end
    for _, length in ipairs { 4094, 4095, 4096, 4097, 8191, 8192, 65535, 65536, 70000 } do
        for _, special in ipairs { "\n", "€", "🙂" } do
            local text = ("x"):rep(length) .. special .. "end"
            for _, format in ipairs { "json", "lua", "msgpack" } do check({ text, { a = text } }, format) end
        end
    end
end

function TestRoundTrips.test_a_byte_order_mark_is_text()
    check({ "\239\187\191x" }, "json")
    check({ ["\239\187\191"] = 1 }, "lua")
    local rows = { { "\239\187\191x", "y" } }
    lu.assertEquals(data.encode(rows, "csv"), '"\239\187\191x",y\r\n')
    lu.assertEquals(data.decode(data.encode(rows, "csv"), "csv", { header = false }), rows)
end
