-- engine_tables_test.lua: what the engine does to tables in its own way gives what Lua 5.1 gives.
-- Invariant: expectations are computed step by step in Lua.
-- SPDX-License-Identifier: MIT

local function list(n, value)
    local t = {}
    for i = 1, n do t[i] = value and value(i) or i end
    return t
end

TestMove = {}

function TestMove.test_insert_and_remove_everywhere()
    for _, n in ipairs { 0, 1, 2, 3, 4, 5, 8, 17 } do
        for at = 1, n + 1 do
            local t, expected = list(n), {}
            for i = 1, n + 1 do expected[i] = i < at and i or i == at and "new" or i - 1 end
            table.insert(t, at, "new")
            lu.assertEquals(t, expected)
            lu.assertEquals(table.remove(t, at), "new")
            lu.assertEquals(t, list(n))
        end
    end
    local hash = { [3] = "c", [2] = "b", [1] = "a" }
    table.insert(hash, 1, "x")
    lu.assertEquals(hash, { "x", "a", "b", "c" })
    lu.assertEquals(table.remove({}), nil)
end

-- The table is old, the values are new: the collector must hear of them.
function TestMove.test_moved_values_survive_the_collector()
    local t = list(200, function(i) return { i } end)
    collectgarbage()
    for i = 1, 300 do
        collectgarbage("step", 1)
        table.insert(t, 1, { -i })
        table.remove(t, 100)
    end
    collectgarbage()
    for i = 1, 99 do lu.assertEquals(t[i][1], i - 301) end
end

TestConcat = {}

function TestConcat.test_strings_numbers_and_ranges()
    lu.assertEquals(table.concat({ "a", "b", "c" }, ", "), "a, b, c")
    lu.assertEquals(table.concat({ 1, "b", 2.5 }, ""), "1b2.5")
    lu.assertEquals(table.concat({ "a", "b", "c", "d" }, "-", 2, 3), "b-c")
    lu.assertEquals({ table.concat({}, "x"), table.concat({ "a" }, "x", 2), table.concat({ "a" }, "x") }, { "", "", "a" })
    lu.assertEquals(#table.concat(list(3000, function(i) return ("x"):rep(i % 50) end), "::"), 2999 * 2 + 60 * 1225)
    lu.assertEquals(table.concat({ [-1] = "m", [0] = "z", "a" }, ",", -1, 1), "m,z,a")
    lu.assertErrorMsgContains("invalid value (table) at index 2 in table for 'concat'", table.concat, { "a", {} })
    lu.assertErrorMsgContains("invalid value (nil) at index 2", table.concat, { "a" }, "", 1, 2)
end

TestSort = {}

-- What the generic algorithm does when it is given the same order as a function.
function TestSort.test_the_same_as_with_a_function()
    for n = 0, 40 do
        local numbers = list(n, function(i) return i * 7919 % 23 end)
        local strings = list(n, function(i) return ("k"):rep(i % 3) .. i * 7919 % 23 .. (i % 2 == 0 and "\0z" or "") end)
        for _, source in ipairs { numbers, strings } do
            local a, b = { unpack(source) }, { unpack(source) }
            table.sort(a)
            table.sort(b, function(x, y) return x < y end)
            lu.assertEquals(a, b)
        end
    end
end

function TestSort.test_what_cannot_be_compared()
    lu.assertErrorMsgContains("attempt to compare", table.sort, { 1, "x" })
    lu.assertErrorMsgContains("attempt to compare", table.sort, { {}, {} })
    local t = { 3, 0 / 0, 1, 2 }
    pcall(table.sort, t)
    lu.assertEquals(#t, 4)
end

TestUnpack = {}

function TestUnpack.test_ranges()
    lu.assertEquals({ unpack({ 1, 2, 3 }) }, { 1, 2, 3 })
    lu.assertEquals({ unpack({ 1, 2, 3, 4 }, 2, 3) }, { 2, 3 })
    lu.assertEquals(select("#", unpack({ 1, 2 }, 0, 4)), 5)
    lu.assertEquals(select("#", unpack({}, 1, 3)), 3)
end

TestBorder = {}

-- The border of stock Lua with its array part: a binary search over `size` places.
local function stock_border(t, size)
    if t[size] ~= nil then return nil end
    local i, j = 0, size
    while j - i > 1 do
        local m = math.floor((i + j) / 2)
        if t[m] == nil then j = m else i = m end
    end
    return i
end

function TestBorder.test_holes_have_the_border_that_a_search_finds()
    local seed = 1
    local function random(n)
        seed = seed * 16807 % 2147483647
        return seed % n + 1
    end
    for _ = 1, 200 do
        local t = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }
        for _ = 1, 60 do
            local key = random(16)
            t[key] = random(2) == 1 and key or nil
            local expected = stock_border(t, 16)
            if expected then lu.assertEquals(#t, expected) else lu.assertEquals(#t, 16) end
        end
    end
end

function TestBorder.test_growing_and_shrinking()
    local t = {}
    for i = 1, 5000 do
        t[#t + 1] = i
        lu.assertEquals(#t, i)
    end
    for i = 5000, 1, -1 do
        t[#t] = nil
        lu.assertEquals(#t, i - 1)
    end
end

-- A key that is new goes into its table without being looked for again.
TestNewKeys = {}

function TestNewKeys.test_keys_that_no_table_can_have()
    for key, message in pairs { [1] = "table index is nil", [2] = "table index is NaN" } do
        local none, ok, text = ({ nil, 0 / 0 })[key]
        for _, t in ipairs { {}, { a = 1 }, setmetatable({}, {}) } do
            ok, text = pcall(function() t[none] = 1 end)
            lu.assertFalse(ok)
            lu.assertStrContains(text, message)
        end
    end
end

-- That a metatable lacks a method is remembered; a new field ends that.
function TestNewKeys.test_methods_that_come_after_their_lack_was_seen()
    local meta = {}
    local t = setmetatable({}, meta)
    lu.assertNil(t.x)
    meta.__index = function(_, key) return key .. "!" end
    lu.assertEquals(t.x, "x!")
    t.y = 1
    meta.__newindex = function(_, key, value) rawset(t, key .. "!", value) end
    t.z = 2
    lu.assertEquals({ rawget(t, "y"), rawget(t, "z"), rawget(t, "z!") }, { 1, nil, 2 })
end

function TestNewKeys.test_a_key_is_there_once_however_it_came()
    local t, count = {}, 0
    for i = 1, 300 do t[i * 1.5], t["k" .. i], t[-i] = i, i, i end
    for i = 1, 300 do t[i * 1.5], t["k" .. i], t[-i] = nil, i + 1, i + 1 end
    for key, value in pairs(t) do
        count = count + 1
        lu.assertEquals(value, tonumber((tostring(key):gsub("^[k-]", ""))) + 1)
    end
    lu.assertEquals(count, 600)
end

TestNext = {}

local function walk(t)
    local keys, key = {}, nil
    repeat
        key = next(t, key)
        keys[#keys + 1] = key
    until key == nil
    return keys
end

local function mixed(count)
    local t = { 1, 2, 3, [0.5] = true, [true] = 1, [-7] = 2, [print] = 3 }
    for i = 1, count do t["key " .. i], t[{}], t[i / 4 + 100.125] = i, i, i end
    return t
end

function TestNext.test_any_key_out_of_turn()
    local t = mixed(60)
    local keys = walk(t)
    lu.assertEquals(#keys, 187)
    for i = #keys - 1, 1, -1 do lu.assertIs(next(t, keys[i]), keys[i + 1]) end
    for i = 1, #keys do lu.assertIs(next(t, keys[i * 41 % #keys + 1]), keys[i * 41 % #keys + 2]) end
end

function TestNext.test_walks_inside_walks()
    local t, sum = mixed(10), 0
    for key in pairs(t) do
        for other in pairs(t) do
            if rawequal(key, other) then sum = sum + 1 end
        end
    end
    lu.assertEquals(sum, 37)
end

function TestNext.test_what_is_walked_through_may_be_cleared_and_die()
    local pause, speed = collectgarbage("setpause", 0), collectgarbage("setstepmul", 10000)
    local t, count = mixed(200), 0
    for key in pairs(t) do
        t[key], count = nil, count + 1
        if count % 50 == 0 then collectgarbage() end
    end
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", speed)
    lu.assertEquals({ count, (next(t)) }, { 607 })
end

function TestNext.test_a_table_that_has_become_smaller_or_is_none_of_its_keys()
    local t = mixed(100)
    local keys = walk(t)
    for i = 1, #keys do t[keys[i]] = nil end
    for i = 1, 5 do t["new " .. i] = i end
    lu.assertEquals(#walk(t), 5)
    lu.assertErrorMsgContains("invalid key to 'next'", next, t, "nobody's")
    lu.assertErrorMsgContains("invalid key to 'next'", next, {}, "nobody's")
end
