-- Frozen data as scripts see it: as the tables that were frozen, from memory and from a mapped file.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local data = require "moonbear.data"
local limits = require "moonbear.limits"
local splits = require "splits"

local function in_file(fn)
    local path = os.tmpname()
    local ok, message = pcall(fn, path)
    os.remove(path)
    if not ok then error(message, 0) end
end

-- A random tree of what data can be.
local function scalar()
    local kind = math.random(6)
    if kind == 1 then return math.random(-100, 100) end
    if kind == 2 then return (math.random() - 0.5) * 10 ^ math.random(-30, 30) end
    if kind == 3 then return math.random() < 0.5 end
    if kind == 4 then return data.null end
    if kind == 5 then return ("%c"):rep(3):format(math.random(0, 255), math.random(0, 255), math.random(0, 255)) end
    return ("text "):rep(math.random(0, 30)) .. math.random(20)
end

local function tree(depth)
    if depth == 0 or math.random() < 0.2 then return scalar() end
    local t, shape = {}, math.random(4)
    for i = 1, math.random(0, 12) do
        if shape == 1 then t[i] = tree(depth - 1)
        elseif shape == 2 then t["key" .. i] = tree(depth - 1)
        elseif shape == 3 then t[math.random(-5, 50) / 2] = tree(depth - 1)
        else t[math.random() < 0.5 and #t + 1 or "k" .. math.random(99)] = tree(depth - 1) end
    end
    if math.random() < 0.1 then t[true], t[false] = 1, { 2 } end
    return t
end

-- Frozen data has the same pairs, found by key and by looping.
local function assert_same(f, t)
    if type(t) ~= "table" then
        if f ~= t then lu.assertEquals(f, t) end -- luaunit says it well, and takes its time
        return
    end
    lu.assertEquals(type(f), "userdata")
    local count, seen = 0, 0
    for key, value in pairs(t) do
        count = count + 1
        assert_same(f[key], value)
    end
    for key, value in data.pairs(f) do
        seen = seen + 1
        assert_same(value, t[key])
    end
    lu.assertEquals(seen, count)
    local items = 0
    for i, value in data.ipairs(f) do
        items = items + 1
        if i ~= items then lu.assertEquals(i, items) end
        assert_same(value, t[i])
    end
    lu.assertTrue(t[items + 1] == nil)
    if #f > 0 then lu.assertTrue(t[#f] ~= nil and t[#f + 1] == nil) else lu.assertNil(t[1]) end
end

TestFrozen = {}

function TestFrozen.test_random_trees_are_read_as_they_were()
    in_file(function(path)
        for seed = 1, 150 do
            math.randomseed(seed)
            local t = tree(math.random(1, 5))
            local f = data.freeze(t)
            assert_same(f, t)
            lu.assertTrue(splits.same(data.thaw(f), t))
            if type(t) == "table" then
                local g = assert(data.freeze(t, path))
                assert_same(g, t)
                lu.assertTrue(splits.same(data.thaw(data.open(path)), t))
                data.release(g)
            end
        end
    end)
end

function TestFrozen.test_what_was_loaded_is_what_was_frozen()
    local text = '{"a": [1, null, {"b": [], "c": {}}], "d": "\\u00e9", "a key": -0.0, "e": 1e300, "a": 2}'
    local t = data.decode(text, "json")
    lu.assertEquals(data.thaw(data.freeze(t)), t)
end

function TestFrozen.test_encoders_take_frozen_values_anywhere()
    local t = { items = { 1, { x = "y" } }, name = "n" }
    local f = data.freeze(t)
    for _, format in ipairs { "json", "lua", "msgpack" } do
        lu.assertEquals(data.decode(data.encode(f, format), format), t)
        lu.assertEquals(data.decode(data.encode({ inner = f, last = { f.items } }, format), format), { inner = t, last = { t.items } })
    end
    lu.assertEquals(data.encode(data.freeze { { a = 1 }, { a = 2 } }, "ndjson"), '{"a":1}\n{"a":2}\n')
    lu.assertEquals(data.thaw(data.freeze { f, f.items }), { t, t.items })
end

-- Values with and without keys in turn, as a Lua file may have them.
function TestFrozen.test_mixed_tables_are_sound()
    in_file(function(path)
        local file = assert(io.open(path, "w"))
        file:write "return { x = { 1, y = { 2 } }, { 3, z = { 4 }, { 5 } }, [true] = { 6 }, { 7 } }"
        file:close()
        local binary = os.getenv("MOONBEAR")
        local command = ("'%s' data freeze '%s' '%s.frozen' --from=lua && '%s' data check '%s.frozen'"):format(binary, path, path, binary, path)
        local pipe = io.popen(command .. " 2>&1")
        local said = pipe:read("*a")
        pipe:close()
        local t, f = data.load(path, { format = "lua" }), data.open(path .. ".frozen")
        os.remove(path .. ".frozen")
        lu.assertStrContains(said, ": sound, frozen, ")
        assert_same(f, t)
    end)
end

function TestFrozen.test_identity()
    local t = { a = { 1 }, b = { 1 } }
    local f, g = data.freeze(t), data.freeze(t)
    lu.assertTrue(f.a == f.a)
    lu.assertFalse(f.a == f.b)
    lu.assertFalse(f.a == g.a)
    lu.assertFalse(f == t)
    lu.assertEquals({ data.type(f), data.type(f.a), data.type(t) }, { "map", "array" })
    lu.assertEquals(data.type(data.freeze { 1, x = 2 }), "table")
    lu.assertStrContains(tostring(f.a), "frozen array (1 values)")
end

function TestFrozen.test_tables_may_be_given_too()
    local out = {}
    for k, v in data.pairs { x = 1 } do out[k] = v end
    for i, v in data.ipairs { 5, 6 } do out[i] = v end
    lu.assertEquals(out, { 5, 6, x = 1 })
    local t = {}
    lu.assertIs(data.thaw(t), t)
    lu.assertEquals(data.thaw(7), 7)
end

function TestFrozen.test_it_is_read_only_and_misuse_raises()
    local f = data.freeze { a = 1 }
    lu.assertErrorMsgContains("read-only", function() f.a = 2 end)
    lu.assertErrorMsgContains("read-only", function() f.b = 2 end)
    lu.assertNil(f[{}])
    lu.assertNil(f[0 / 0])
    lu.assertErrorMsgContains("function", data.freeze, { a = print })
    lu.assertErrorMsgContains("within itself", data.freeze, (function() local t = {} t.t = t return t end)())
    lu.assertErrorMsgContains("frozen data expected", data.release, {})
    lu.assertErrorMsgContains("path, string or bytes", data.open, {})
    lu.assertErrorMsgContains("neither a path", data.open, "a\0b")
    lu.assertErrorMsgContains("value expected", data.freeze)
end

function TestFrozen.test_metamethods_take_anything()
    local f = data.freeze { 1, { 2 } }
    lu.assertEquals(getmetatable(f), "frozen data")
    local meta = debug.getmetatable(f)
    lu.assertFalse(meta.__eq(f, 1))
    lu.assertFalse(meta.__eq(io.stdout, f))
    lu.assertTrue(meta.__eq(f, f))
    for _, name in ipairs { "__index", "__len", "__tostring" } do
        for _, value in ipairs { io.stdout, 1, data.null, "x" } do lu.assertErrorMsgContains("frozen data expected", meta[name], value, 1) end
    end
    lu.assertErrorMsgContains("frozen data expected", data.release, data.null)
    lu.assertNil(data.type(data.null))
end

function TestFrozen.test_refusals_have_a_message_and_an_errno()
    lu.assertEquals({ data.open("/none/such") }, { nil, "/none/such: No such file or directory", 2 })
    lu.assertEquals({ data.freeze({ 1 }, "/none/such") }, { nil, "/none/such: No such file or directory", 2 })
    local _, message, errno = data.freeze({ 1 }, "/dev/null")
    lu.assertStrContains(message, "cannot go to a pipe or a device")
    lu.assertEquals(errno, 29)
    in_file(function(path)
        lu.assertStrContains(select(2, data.open(path)), "no frozen file")
    end)
end

function TestFrozen.test_released_bytes_are_an_error()
    in_file(function(path)
        assert(data.freeze({ a = { 1, 2 } }, path))
        local map = bytes.map(path)
        local f = assert(data.open(map))
        local a, loop = f.a, data.pairs(f)
        map:release()
        for _, use in ipairs { function() return f.a end, function() return a[1] end, function() return #a end, loop,
            function() return data.thaw(f) end, function() return data.encode(f, "json") end, function() return data.pairs(f) end } do
            lu.assertErrorMsgContains("released", use)
        end
        lu.assertStrContains(tostring(f), "released")
        local g = data.open(path)
        lu.assertTrue(data.release(g))
        lu.assertFalse(data.release(g))
        lu.assertErrorMsgContains("released", function() return g.a end)
    end)
end

-- A mapped file that somebody else cuts short, at every use.
function TestFrozen.test_a_file_cut_short_is_an_error()
    in_file(function(path)
        local t = { list = {}, text = ("x"):rep(100000) }
        for i = 1, 20000 do t.list[i] = { "value " .. i } end
        local f = assert(data.freeze(t, path))
        local list, loop = f.list, data.pairs(f.list)
        assert(io.open(path, "w")):close()
        for _, use in ipairs { function() return f.text end, function() return list[5] end, loop, function() return data.thaw(f) end,
            function() return data.encode(f, "json") end } do
            lu.assertErrorMsgContains("cut short", use)
        end
        lu.assertEquals(#list, 20000)
    end)
end

function TestFrozen.test_bytes_of_every_kind()
    in_file(function(path)
        assert(data.freeze({ a = "b", long = ("x"):rep(9999) }, path))
        local file = assert(io.open(path, "rb"))
        local text = file:read("*a")
        file:close()
        lu.assertEquals(data.open(text).a, "b")
        lu.assertEquals(data.open(bytes.from(text)).a, "b")
        lu.assertEquals(data.open(bytes.from("x" .. text):sub(2)).a, "b")
        local chain = bytes.chain(text:sub(1, 5000), text:sub(5001))
        lu.assertErrorMsgContains("flatten", data.open, chain)
        lu.assertEquals(data.open(chain:flatten()).a, "b")
        lu.assertEquals({ data.open(text:sub(1, -2)) }, { nil, "string: the file is cut off", 84 })
    end)
end

-- Walks all that is there, by position, by key and as tables; returns how many values it saw.
local function walk_all(f)
    if type(f) ~= "userdata" or f == data.null then return 1 end
    local count = 1
    for key, value in data.pairs(f) do
        count = count + walk_all(value)
        local _ = f[key]
    end
    for _ in data.ipairs(f) do count = count + 1 end
    return count + #f
end

-- Any byte of it changed in any of four ways: an error or another value, never worse. The file has every kind of value.
function TestFrozen.test_damage()
    local many = {}
    for i = 1, 20 do many["key " .. i] = i * 1.5 end
    local value = {
        list = { 1, -2.5, "three", 1e300, false, data.null, 2 ^ 40 }, [true] = { x = 1, y = 2 }, [0.5] = {}, many = many,
        mixed = { 1, 2, a = "b" }, sparse = { [1] = 1, [9] = 2 }, rows = { { x = 1, y = 2 }, { x = 3, y = 4 } },
        long = ("x"):rep(200), binary = "\255\0\1", [""] = "",
    }
    local text
    in_file(function(path)
        assert(data.freeze(value, path))
        text = tostring(bytes.read(path))
    end)
    local refused, other = 0, 0
    for at = 1, #text do
        local byte = text:byte(at)
        for _, changed in ipairs { byte % 2 == 0 and byte + 1 or byte - 1, (byte + 128) % 256, 255 - byte, 0 } do
            if changed ~= byte then
                local ok, f = pcall(data.open, text:sub(1, at - 1) .. string.char(changed) .. text:sub(at + 1))
                local is_open = ok and type(f) == "userdata"
                if at <= 64 then lu.assertFalse(is_open) end
                local is_read = is_open and pcall(walk_all, f) and pcall(data.thaw, f)
                if is_read then other = other + 1 else refused = refused + 1 end
            end
        end
    end
    lu.assertTrue(refused > 0 and other > 0)
end

function TestFrozen.test_memory_is_native_and_comes_back()
    local t = {}
    for i = 1, 50000 do t[i] = "a string of some length " .. i end
    collectgarbage()
    local before = limits.memory().native
    local f = data.freeze(t)
    lu.assertTrue(limits.memory().native - before > 1e6)
    data.release(f)
    collectgarbage()
    lu.assertTrue(limits.memory().native - before < 1e5)
    local most = 0
    for _ = 1, 40 do
        f = data.freeze(t)
        most = math.max(most, limits.memory().native - before)
    end
    lu.assertTrue(most < 30 * 1.5e6)
end

-- Nothing of a container is in the heap until a scalar is touched.
function TestFrozen.test_the_heap_stays_small()
    local t = {}
    for i = 1, 100000 do t[i] = { name = "name " .. i } end
    local f = data.freeze(t)
    t = nil
    collectgarbage()
    collectgarbage("stop")
    local before = collectgarbage("count")
    for i = 1, 1000 do local _ = f[i].name end
    lu.assertTrue(collectgarbage("count") - before < 400)
    collectgarbage("restart")
end

function TestFrozen.test_deep_trees()
    local t = { "end" }
    for _ = 1, 9000 do t = { t } end
    local f = data.freeze(t)
    local depth = 0
    while type(f) == "userdata" do f, depth = f[1], depth + 1 end
    lu.assertEquals(depth, 9001)
    local u = data.thaw(data.freeze(t))
    for _ = 1, 9000 do u = u[1] end
    lu.assertEquals(u, { "end" })
end

function TestFrozen.test_big_maps_and_huge_numbers_of_keys()
    local t = {}
    for i = 1, 100000 do t["key " .. i] = i end
    local f = data.freeze(t)
    for i = 1, 100000, 7 do lu.assertEquals(f["key " .. i], i) end
    lu.assertNil(f["key 0"])
end
