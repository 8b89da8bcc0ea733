-- engine_defects_test.lua: the known defects of Lua 5.1.5, each of which this engine must not have.
-- tests/runtime/defects has a program for each, which is shown to fail under stock lua5.1; here is what else must hold.
-- SPDX-License-Identifier: MIT

TestUnpack = {}

function TestUnpack.test_counts_that_overflow()
    for _, range in ipairs { { 0, 2 ^ 31 - 1 }, { -1e9, 1.2e9 }, { -2 ^ 31, 2 ^ 31 - 1 }, { 1, 2 ^ 31 - 1 }, { 1, 1e6 + 1 } } do
        lu.assertErrorMsgContains("too many results to unpack", unpack, {}, range[1], range[2])
    end
end

function TestUnpack.test_many_results()
    local list = {}
    for i = 1, 250000 do list[i] = i end
    lu.assertEquals(select("#", unpack(list)), 250000)
    lu.assertEquals((select(250000, unpack(list))), 250000)
    lu.assertEquals(#string.char(unpack({ ("x"):rep(100000):byte(1, -1) })), 100000)
end

function TestUnpack.test_the_range_stock_has()
    lu.assertEquals({ unpack({ 1, 2, 3 }, 2) }, { 2, 3 })
    lu.assertEquals(select("#", unpack({}, 5, 4)), 0)
    lu.assertEquals(select("#", unpack({}, 2 ^ 31 - 1, -2 ^ 31)), 0)
    lu.assertEquals({ unpack({ 1, 2, 3 }, 2 ^ 31 - 1, 2 ^ 31 - 1) }, {})
end

-- Stock Lua has its registry at index -10000, in reach of a stack of this size.
function TestUnpack.test_more_slots_than_the_old_registry_index()
    local list = {}
    for i = 1, 12000 do list[i] = "v" .. i end
    lu.assertEquals(table.concat({ unpack(list) }, ","), table.concat(list, ","))
    local co = coroutine.wrap(function(...) return coroutine.yield(select("#", ...)) end)
    lu.assertEquals(co(unpack(list)), 12000)
end

TestLongBracket = {}

function TestLongBracket.test_level_of_a_million_and_one()
    local level = ("="):rep(1000001)
    local chunk, message = loadstring("return [" .. level .. "[text]" .. level .. "]", "=long")
    lu.assertNil(chunk)
    lu.assertStrContains(message, "long:1: invalid long string delimiter")
    chunk, message = loadstring("--[" .. level .. "[text]" .. level .. "]", "=long")
    lu.assertNil(chunk)
    lu.assertStrContains(message, "invalid long string delimiter")
end

function TestLongBracket.test_levels_that_programs_have()
    for _, count in ipairs { 0, 1, 2, 500, 1000000 } do
        local level = ("="):rep(count)
        lu.assertEquals(loadstring("return [" .. level .. "[x]" .. level .. "]")(), "x")
    end
end

function TestLongBracket.test_signs_inside_are_text()
    local inside = "]" .. ("="):rep(1000002) .. "]"
    lu.assertEquals(#loadstring("return [=[" .. inside .. "]=]")(), #inside)
end

TestReader = {}

function TestReader.test_it_is_not_asked_after_the_end()
    for _, pieces in ipairs { { nil, "return 1" }, { "return", nil, " 1" }, { "return 1 ", "", "+ 1" } } do
        local calls, ended = 0, 0
        load(function()
            calls = calls + 1
            if ended > 0 then ended = ended + 1 end
            if pieces[calls] == nil or pieces[calls] == "" then ended = ended == 0 and 1 or ended end
            return pieces[calls]
        end)
        lu.assertEquals(ended, 1)
    end
end

TestConstants = {}

local function constants(count)
    local items = {}
    for i = 1, count do items[i] = i .. ".5" end
    return "local t = {\n" .. table.concat(items, ",\n") .. "}\nreturn #t"
end

function TestConstants.test_too_many_have_a_place_and_a_way_out()
    local chunk, message = loadstring(constants(2 ^ 18), "=data.lua")
    lu.assertNil(chunk)
    lu.assertStrMatches(message, "data%.lua:26%d%d%d%d: constant table overflow.*moonbear%.data.*")
end

function TestConstants.test_as_many_as_stock_allows()
    lu.assertEquals(loadstring(constants(2 ^ 18 - 1))(), 2 ^ 18 - 1)
end

TestDebug = {}

function TestDebug.test_getinfo_takes_no_function_from_the_stack()
    lu.assertErrorMsgContains("invalid option", debug.getinfo, 1, ">f")
    lu.assertErrorMsgContains("invalid option", debug.getinfo, print, ">f")
    lu.assertEquals(debug.getinfo(print, "S").what, "C")
end

TestHash = {}

-- Stock Lua looks at every n-th character of a long string only: these differ in the others, and share one chain.
function TestHash.test_long_strings_that_stock_cannot_tell_apart()
    local fill, kept = ("x"):rep(500), {}
    for i = 1, 20000 do
        kept[i] = ("%08d"):format(i):gsub("%d", "%0" .. ("y"):rep(16)) .. fill
    end
    local seen = {}
    for i = 1, 20000 do seen[kept[i]] = i end
    for i = 1, 20000, 97 do lu.assertEquals(seen[kept[i]], i) end
end
