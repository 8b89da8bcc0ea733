-- overflow_modules.lua: the cases of overflow.lua for the modules moonbear.*: given `case`, which wants an error, `works`,
-- which wants none, since nesting costs no stack there, and `at_the_end`, which calls where hardly any stack is left.
-- SPDX-License-Identifier: MIT
local bytes, data, store, re = require "moonbear.bytes", require "moonbear.data", require "moonbear.store", require "re"
local cjson, host = require "cjson", require "moonbear.host"
local inspect, argparse = require "inspect", require "argparse"
local case, works, at_the_end = ...

-- ---- moonbear.data: what nests in a text or a value has a stack in the heap ----

-- A function that called itself would take at least 80 bytes of the stack for each level.
local DEEP, FREE = 1000 + math.ceil(host.stack().size / 80), { depth = 1e9 }

local function nested(levels)
    local t = {}
    for _ = 2, levels do t = { t } end
    return t
end

local function levels_of(t)
    local levels = 0
    while type(t) == "table" do levels, t = levels + 1, t[1] end
    return levels
end

for format, text in pairs {
    json = ("["):rep(DEEP) .. ("]"):rep(DEEP),
    lua = "return " .. ("{"):rep(DEEP) .. ("}"):rep(DEEP),
    msgpack = ("\145"):rep(DEEP - 1) .. "\144",
} do
    works("data.decode deep " .. format, function()
        assert(levels_of(assert(data.decode(text, format, FREE))) == DEEP)
    end)
    works("data.decode unfinished " .. format, function()
        local value, message = data.decode(text:sub(1, DEEP - 1), format, FREE)
        assert(value == nil and #message < 1000)
    end)
    works("data.encode deep " .. format, function()
        assert(levels_of(data.decode(data.encode(nested(DEEP), format, FREE), format, FREE)) == DEEP)
    end)
    works("data.parser deep " .. format, function()
        local p = data.parser(format, FREE)
        for at = 1, #text, 9999 do p:feed(text:sub(at, at + 9998)) end
        p:finish()
        p:next()
    end)
end
works("data objects deep", function()
    local v = assert(data.decode(('{"a":'):rep(DEEP) .. "1" .. ("}"):rep(DEEP), "json", FREE))
    data.encode(v, "json", { depth = 1e9, sort = true })
end)
works("data.decode beyond its depth", function()
    local value, message = data.decode(("["):rep(10001), "json")
    assert(value == nil and message:find "10000")
    assert(not pcall(data.encode, nested(10001), "json"))
end)
works("data frozen deep", function()
    local frozen = assert(data.freeze(nested(9000)))
    assert(levels_of(data.thaw(frozen)) == 9000)
    assert(#data.encode(frozen, "json") == 2 * 9000)
    local inner, levels = frozen, 0
    while inner do
        local child
        for _, value in data.pairs(inner) do child = value end
        inner, levels = child, levels + 1
    end
    assert(levels == 9000)
    assert(tostring(frozen) and data.release(frozen))
end)
works("data.freeze beyond its depth", function() assert(not pcall(data.freeze, nested(10001))) end)

local function loaded(source, options)
    local result, message = data.load(source, options)
    if result == nil then error(message, 0) end
    return result
end
for format, text in pairs { json = "[1]", lua = "return {1}", csv = "a\n1\n", msgpack = "\145\1" } do
    case("data.load each in each: " .. format, function()
        local function each() loaded(text, { text = true, format = format, each = each }) end
        each()
    end)
end
case("data.load reader in reader", function()
    local function read() loaded(read, { format = "json" }) end
    read()
end)
case("data.load into a store, each in each", function()
    local s = store.new()
    local function each() loaded("[[1]]", { text = true, format = "json", into = s }) loaded("[1]", { text = true, format = "json", each = each }) end
    each()
end)
case("data.pairs with a callback", function()
    local frozen = data.freeze { 1, 2 }
    local function f() for _ in data.pairs(frozen) do f(("a"):gsub("a", f)) end end
    f()
end)
case("data of frozen values in metamethods", function()
    local frozen = data.freeze { a = { b = 1 } }
    local t
    t = setmetatable({}, { __index = function(_, k) return frozen.a[k] or t[k .. ""] end })
    return t.x
end)

local rows = data.encode({ { a = 1, b = "x" }, { a = 2.5, b = "y" } }, "json")
case("data at the end", at_the_end(function()
    local v = loaded(rows, { text = true, format = "json" })
    for _, format in ipairs { "json", "lua", "msgpack", "csv", "ndjson" } do
        loaded(data.encode(v, format), { text = true, format = format })
    end
    loaded("return { 1.2345678901234567e-300, 'x', [[y]] }", { text = true, format = "lua" })
end))
case("frozen data at the end", at_the_end(function()
    local f = data.freeze { items = { { name = "a", size = 1.5 }, { name = "b" } }, list = { true } }
    assert(f.items[2].name == "b" and #data.thaw(f).items == 2)
    for _ in data.pairs(f) do end
    data.encode(f, "json")
    data.open(bytes.from("no such data"))
    data.release(f)
end))
case("data.save at the end", at_the_end(function() data.save("/dev/null", { 1, { 2 } }, "json") end))

-- ---- moonbear.bytes: a chain is a row, however it was joined, and a view knows what it views ----

works("bytes joined and cut again and again", function()
    local front, back, cut = bytes.from "", bytes.from "", bytes.from(("0123456789"):rep(100))
    for i = 1, 300 do front = ("%d,"):format(i) .. front end
    for _ = 1, 3000 do back = back .. "ab" end
    for _ = 1, 1000 do cut = (cut:sub(2) .. "x"):sub(1, -1) end
    assert(#front == 1092 and #back == 6000 and #cut == 1000 and tostring(cut):find "^x+$")
    assert(#tostring(back:sub(7)) == 5994 and back:find("ba", -3) and #back:flatten() == 6000)
end)
works("bytes in chains of chains", function()
    local b = bytes.from "x"
    for _ = 1, 20 do b = bytes.chain(b, "-", b) end
    assert(#b == 2 ^ 21 - 1 and #b:hash "crc32" == 8 and b == b:sub(1) and b:compare(b:sub(2)) ~= 0)
    b:release()
end)
works("bytes.pack and unpack of as much as fits", function()
    local b = bytes.from "x"
    assert(not pcall(b.unpack, b, ("i4"):rep(DEEP)))
    assert(not pcall(bytes.pack, ("<"):rep(DEEP) .. "i4"))
end)
case("bytes from metamethods", function()
    local b, t = bytes.from "abc"
    t = setmetatable({}, { __concat = function() return t .. (b .. "x") end })
    return t .. b
end)
case("bytes iterators", function()
    local b = bytes.from "a\nb\nc"
    local function f()
        for line in b:lines() do for part in line:split "," do for _ in part:chunks(1) do f(("a"):gsub("a", f)) end end end
    end
    f()
end)
case("bytes.read in a reader", function()
    local function read() return error(select(2, load(function() bytes.from("x"):sub(1); return read() end)), 0) end
    read()
end)
case("bytes at the end", at_the_end(function()
    local b = bytes.chain("moon", bytes.from(("bear"):rep(300)), "\n", 1.5)
    b = (b .. b):sub(3, -3) .. "x"
    b:find("rb", 5)
    b:hash "sha512"
    b:hash "blake2b"
    b:tonumber(1, 3)
    for _ in b:lines() do end
    for _ in b:split "bear" do end
    bytes.pack("<i4 d z", 1, 2.5, "x"):unpack("<i4 d z")
    bytes.buffer():put("a", 1, b):putf("%5.3f %s", 1e300, "x"):freeze():compact():flatten():release()
    bytes.map "/no/such/file"
    b:write(1e6)
    return tostring(b), b == b:sub(1), b < b, #b
end))

-- ---- moonbear.store ----

local function recursive(name, body)
    case("store: " .. name, function()
        local s = store.new()
        local function f() return body(s, f) end
        f()
    end)
end
recursive("scope in scope", function(s, f) return s:scope(function(scope) scope:put(1) return f() end) end)
recursive("scope in scope of coroutines", function(s, f)
    local co = coroutine.create(function() s:scope(function(scope) scope:put(1) f() end) end)
    local ok, message = coroutine.resume(co)
    if not ok then error(message, 0) end
end)
recursive("each in each", function(s, f)
    s:put(1)
    for _ in s:each() do f(("a"):gsub("a", f)) end
end)
recursive("a store in a store", function(_, f)
    local inner = store.new()
    inner:scope(function(scope) scope:put(inner) f() end)
end)
case("store: results of coroutines in coroutines", function()
    local results = store.results()
    local function f()
        local co = coroutine.create(f)
        results:set(co, co)
        local ok, message = coroutine.resume(co)
        results:take(co)
        if not ok then error(message, 0) end
    end
    f()
end)
case("store: finalizers of handles at the end", at_the_end(function()
    local s = store.new()
    for i = 1, 3 do s:ref { i } end
    collectgarbage()
end))
case("store at the end", at_the_end(function()
    local s = store.new { name = "end", leaks = "full", limit = "1M" }
    local id = s:put({}, "tag")
    s:set("name", id)
    s:scope(function(scope) scope:keep(scope:put(s:get(id))) end)
    for one in s:each "tag" do s:swap(one, 2) end
    assert(s:named "name" and #s:leaks() == 3 and s:stats().live == 3)
    pcall(s.get, s, 12345)
    s:take(id)
    s:close()
end))

-- ---- the others ----

-- By the stack's size the stack or LPeg's own limit of captures in each other comes first.
case("re.compile", function()
    local ok, message = pcall(re.compile, ("("):rep(DEEP) .. "'x'" .. (")"):rep(DEEP))
    assert(not ok)
    error(message:gsub("subcapture nesting too deep", "stack overflow"), 0)
end)
case("re at the end", at_the_end(function() assert(re.match("abc1", "{[a-z]+} {:n: [0-9] :}")) end))
case("cjson with metamethods in between", function()
    local t
    t = setmetatable({}, { __index = function(_, k) return cjson.decode(cjson.encode { k })[1] .. t[k] end })
    return t.x
end)
case("inspect", function() inspect(nested(1e5)) end)
case("inspect at the end", at_the_end(function() inspect { 1, { a = 2 }, setmetatable({}, { __tostring = inspect }) } end))
local parser = argparse("moon"):add_help(false)
parser:command("bear"):option("-o"):convert(tonumber)
case("argparse at the end", at_the_end(function()
    parser:pparse { "bear", "-o", "1" }
    parser:get_help()
end))
-- They ask the host much, and so only at some of the last levels.
local levels = 0
case("host at the end", at_the_end(function()
    levels = levels + 1
    if levels % 8 == 0 then host.stack() host.info "limits" host.limits() end
end))
