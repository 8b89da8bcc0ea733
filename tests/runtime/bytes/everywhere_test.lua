-- Whatever takes data takes a string, bytes in one piece and a chain of many, and makes the same of them: every function of
-- moonbear.bytes, moonbear.data and moonbear.store, and every method of what they give, has its row here.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local data = require "moonbear.data"
local store = require "moonbear.store"
local fails = require "fails"

TestEverywhere = {}

-- Pieces of 257 bytes, since smaller ones are copied together; none is behind the one before it in memory.
local function chain_of(text)
    local list = {}
    for at = 1, #text, 257 do list[#list + 1] = bytes.from("#" .. text:sub(at, at + 256) .. "#"):sub(2, -2) end
    return bytes.chain(list)
end

local TEXT = ("moon, bear; "):rep(60)
local JSON = '{"list":[1,2.5,"three",null,true],"name":"' .. TEXT .. '"}'
local THERE = "bear; moon"

local function in_file(fn)
    local path = os.tmpname()
    local results = { pcall(fn, path) }
    os.remove(path)
    if not results[1] then error(results[2], 0) end
    return unpack(results, 2)
end

local function contents(path)
    return tostring(assert(bytes.read(path)))
end

local function json(value) return data.encode(value, "json", { sort = true }) end

local function all(...)
    local list = {}
    for part in ... do list[#list + 1] = tostring(part) end
    return table.concat(list, "|")
end

local function freezes(value)
    return in_file(function(path)
        assert(data.freeze(value, path))
        return contents(path)
    end)
end

-- A row: what is done with the data, and which data, TEXT unless it is told. Or why a function takes none.
local NUMBERS, PATH, NONE, FROZEN, KEPT = "numbers", "a path or an open file", "nothing", "frozen data", "an id or a name"
local ROWS = {
    ["bytes.from"] = { function(d) return tostring(bytes.from(d)) end },
    ["bytes.chain"] = { function(d) return tostring(bytes.chain("<", d, ">")), tostring(bytes.chain { d, "-", d }) end },
    ["bytes.pack"] = { function(d) return tostring(bytes.pack("<s4 >s2 z c2000", d, d, d, d)) end },
    ["bytes.unpack"] = { function(d) return bytes.unpack(d, "<I2 b c600 >i4", 3) end },
    ["bytes.map"] = PATH, ["bytes.read"] = PATH, ["bytes.buffer"] = NUMBERS, ["bytes.packsize"] = "a format alone",

    -- Of an object that is itself in one piece, or a chain.
    ["bytes:compare"] = { function(d, o) return o:compare(d), bytes.from("n"):compare(d) end },
    ["bytes:equals"] = { function(d, o) return o:equals(d), bytes.from(TEXT .. "x"):equals(d) end },
    ["bytes:find"] = { function(d, o) return o:find(d, 20) end, THERE },
    ["bytes:split"] = { function(d, o) return all(o:split(d)) end, ", bear; " },
    ["bytes:pack"] = { function(d, o) return tostring(o:pack("s2 z", d, d)) end },
    ["bytes:__concat"] = { function(d, o) return tostring(o .. d), tostring(d .. o) end },
    ["bytes:__eq"] = "bytes: Lua asks no operator about a string", ["bytes:__lt"] = "as __eq", ["bytes:__le"] = "as __eq",
    ["bytes:byte"] = NUMBERS, ["bytes:chunks"] = NUMBERS, ["bytes:sub"] = NUMBERS, ["bytes:tonumber"] = NUMBERS,
    ["bytes:hash"] = "a name", ["bytes:unpack"] = "a format", ["bytes:write"] = PATH, ["bytes:lines"] = NONE,
    ["bytes:compact"] = NONE, ["bytes:flatten"] = NONE, ["bytes:pinned"] = NONE, ["bytes:release"] = NONE, ["bytes:__len"] = NONE,
    ["bytes:__tostring"] = NONE,

    ["buffer:put"] = { function(d) return tostring(bytes.buffer():put("<", d, d)) end },
    ["buffer:putf"] = { function(d) return tostring(bytes.buffer():putf("%s and %5.3s", d, d)) end },
    ["buffer:pack"] = { function(d) return tostring(bytes.buffer():pack(">s4", d)) end },
    ["buffer:get"] = NUMBERS, ["buffer:skip"] = NUMBERS, ["buffer:freeze"] = NONE, ["buffer:release"] = NONE, ["buffer:reset"] = NONE,
    ["buffer:__len"] = NONE, ["buffer:__tostring"] = NONE,

    ["data.decode"] = { function(d) return json(data.decode(d, "json")) end, JSON },
    ["data.load"] = { function(d)
        local given = false
        local function reader()
            if given then return nil end
            given = true
            return d
        end
        return json(data.load(d, { text = true })), json(data.load(reader, { format = "json" }))
    end, JSON },
    ["data.parser"] = "a format",
    ["parser:feed"] = { function(d)
        local parser, list = data.parser "ndjson", {}
        parser:feed(d):feed "\n7\n":finish()
        for value in function() return (parser:next()) end do list[#list + 1] = value end
        return json(list)
    end, JSON },
    ["parser:finish"] = NONE, ["parser:next"] = NONE, ["parser:place"] = NONE,
    ["data.encode"] = { function(d)
        return json { name = d, list = { d } }, data.encode({ d }, "lua"), data.encode({ { d } }, "csv"), data.encode({ { d } }, "ndjson")
    end },
    ["data.save"] = { function(d)
        return in_file(function(path)
            assert(data.save(path, { d }, "json"))
            return contents(path)
        end)
    end },
    ["data.freeze"] = { function(d) return data.freeze({ d })[1], data.freeze({ x = { d } }).x[1] end },
    ["data.open"] = { function(d)
        if type(d) == "userdata" and not rawequal(d, d:flatten()) then
            fails("flatten", data.open, d) -- frozen data is read where it lies
            d = d:flatten()
        end
        return data.open(d).name
    end, freezes { name = TEXT, list = { 1, 2, 3 } } },
    ["data.thaw"] = FROZEN, ["data.pairs"] = FROZEN, ["data.ipairs"] = FROZEN, ["data.release"] = FROZEN, ["data.type"] = "any value",
    ["frozen:__index"] = "a key", ["frozen:__newindex"] = NONE, ["frozen:__len"] = NONE, ["frozen:__eq"] = FROZEN, ["frozen:__tostring"] = NONE,

    -- A store keeps what it is given as it is.
    ["store.new"] = NUMBERS, ["store.results"] = NONE,
    ["store:put"] = { function(d, _, s) return tostring(s:get(s:put(d))) end },
    ["store:replace"] = { function(d, _, s)
        local id = s:put "x"
        s:replace(id, d)
        return tostring(s:get(id))
    end },
    ["store:swap"] = { function(d, _, s)
        local id = s:put "x"
        return s:swap(id, d), tostring(s:take(id))
    end },
    ["store:set"] = { function(d, _, s)
        s:set("name", d)
        return tostring(s:named "name")
    end },
    ["store:ref"] = { function(d, _, s) return tostring(s:ref(d):get()) end },
    ["ref:set"] = { function(d, _, s)
        local ref = s:ref(1)
        ref:set(d)
        return tostring(ref:get())
    end },
    ["scope:put"] = { function(d, _, s)
        return s:scope(function(scope) return tostring(s:get(scope:put(d))) end)
    end },
    ["results:set"] = { function(d)
        local results, co = store.results(), coroutine.create(function() end)
        results:set(co, d, d)
        return tostring(results:get(co)), tostring(select(2, results:take(co)))
    end },
    ["store:get"] = KEPT, ["store:peek"] = KEPT, ["store:has"] = KEPT, ["store:take"] = KEPT, ["store:release"] = KEPT, ["store:named"] = KEPT,
    ["store:unset"] = KEPT, ["store:each"] = "a tag", ["store:scope"] = "a function", ["store:limit"] = NUMBERS, ["store:leaks"] = NUMBERS,
    ["store:stats"] = NONE, ["store:close"] = NONE, ["store:__tostring"] = NONE,
    ["ref:get"] = NONE, ["ref:id"] = NONE, ["ref:release"] = NONE, ["scope:keep"] = KEPT,
    ["results:get"] = "a coroutine", ["results:take"] = "a coroutine", ["results:drop"] = "a coroutine", ["results:each"] = NONE,
    ["results:__tostring"] = NONE,
}

local function kinds_of(text)
    local chain = chain_of(text)
    return { { "string", text }, { "bytes", bytes.from(text) }, { "chain", chain } }
end

function TestEverywhere.test_each_takes_all_kinds()
    for name, row in pairs(ROWS) do
        if type(row) == "table" then
            for _, object in ipairs(kinds_of(TEXT)) do
                if object[1] ~= "string" then
                    local expected
                    for _, kind in ipairs(kinds_of(row[2] or TEXT)) do
                        local results = { row[1](kind[2], object[2], store.new()) }
                        expected = expected or results
                        lu.assertTrue(#results > 0 and results[1] ~= nil)
                        lu.assertEquals(results, expected, ("%s, %s of %s"):format(name, kind[1], object[1]))
                    end
                end
            end
        end
    end
end

function TestEverywhere.test_the_chain_has_many_pieces()
    local chain = chain_of(TEXT)
    lu.assertEquals(tostring(chain), TEXT)
    lu.assertFalse(rawequal(chain, chain:flatten()))
    lu.assertFalse(rawequal(chain_of(JSON), chain_of(JSON):flatten()))
end

-- ---- Nothing is left out ----

local function add_functions(names, prefix, list)
    for name, value in pairs(list) do
        if type(value) == "function" and name ~= "__gc" then names[prefix .. name] = true end
    end
end

local function add_methods(names, prefix, object)
    local metatable = debug.getmetatable(object)
    add_functions(names, prefix, metatable)
    if type(metatable.__index) == "table" then add_functions(names, prefix, metatable.__index) end
end

function TestEverywhere.test_every_function_has_its_row()
    local names, s = {}, store.new()
    add_functions(names, "bytes.", bytes)
    add_functions(names, "data.", data)
    add_functions(names, "store.", store)
    add_methods(names, "bytes:", bytes.from "x")
    add_methods(names, "buffer:", bytes.buffer())
    add_methods(names, "parser:", data.parser "json")
    add_methods(names, "frozen:", data.freeze {})
    add_methods(names, "store:", s)
    add_methods(names, "ref:", s:ref(1))
    add_methods(names, "results:", store.results())
    s:scope(function(scope) add_methods(names, "scope:", scope) end)
    local lacks, extra = {}, {}
    for name in pairs(names) do if not ROWS[name] then lacks[#lacks + 1] = name end end
    for name in pairs(ROWS) do if not names[name] then extra[#extra + 1] = name end end
    lu.assertEquals({ lacks, extra }, { {}, {} })
end
