-- The module moonbear.show: values as text for people.
-- SPDX-License-Identifier: MIT
local show = require "moonbear.show"

local value = show.value

TestLeaves = {}

function TestLeaves.test_simple_values()
    lu.assertEquals(value(nil), "nil")
    lu.assertEquals(value(false), "false")
    lu.assertEquals(value(0.1), "0.1")
    lu.assertEquals(value(-1 / 0), "-inf")
    lu.assertEquals(value(print), tostring(print))
end

function TestLeaves.test_functions_say_where_they_come_from()
    local f = function() end
    lu.assertStrContains(value(f), tostring(f) .. " (tests/scripts/show_test.lua:")
end

function TestLeaves.test_strings_are_quoted()
    lu.assertEquals(value 'a"b\\c', [["a\"b\\c"]])
    lu.assertEquals(value "\n\t\r\0\1\127", [["\n\t\r\000\001\127"]])
    lu.assertEquals(value "grün 日本 😀", '"grün 日本 😀"')
end

function TestLeaves.test_bytes_that_are_no_text_are_escaped()
    lu.assertEquals(value "\255a\195", [["\255a\195"]])
    lu.assertEquals(value "\192\128", [["\192\128"]])
    lu.assertEquals(value "\237\160\128", [["\237\160\128"]])
    lu.assertEquals(value "\244\144\128\128", [["\244\144\128\128"]])
    lu.assertEquals(value "\195\164\164", '"\195\164\\164"')
    lu.assertEquals(value "\194\155[2J", [["\194\155[2J"]]) -- a C1 control sequence
end

function TestLeaves.test_long_strings_are_cut_between_characters()
    lu.assertEquals(value(("x"):rep(10), { length = 4 }), '"xxxx"... (10 bytes)')
    lu.assertEquals(value("aä" .. ("x"):rep(10), { length = 2 }), '"a"... (13 bytes)')
    lu.assertEquals(value("aä" .. ("x"):rep(10), { length = 3 }), '"aä"... (13 bytes)')
    lu.assertEquals(value(("x"):rep(4), { length = 4 }), '"xxxx"')
end

TestTables = {}

function TestTables.test_arrays_and_fields()
    lu.assertEquals(value {}, "{}")
    lu.assertEquals(value { 1, "a", true }, '{1, "a", true}')
    lu.assertEquals(value { x = 1, [3] = 2 }, "{[3] = 2, x = 1}")
    lu.assertEquals(value { 1, nil, 3 }, "{1, nil, 3}")
end

function TestTables.test_keys_are_sorted_and_written_as_lua_has_them()
    local t = { b = 1, a = 2, [10] = 3, [-1] = 4, [2.5] = 5, [true] = 6, [false] = 7, ["end"] = 8, ["a b"] = 9, ["1"] = 10 }
    lu.assertEquals(value(t, { width = 200 }), '{[-1] = 4, [2.5] = 5, [10] = 3, ["1"] = 10, a = 2, ["a b"] = 9, ' ..
        'b = 1, ["end"] = 8, [false] = 7, [true] = 6}')
end

function TestTables.test_tables_functions_and_objects_as_keys()
    local key = {}
    lu.assertEquals(value { [key] = 1 }, "{[" .. tostring(key) .. "] = 1}")
    local named = setmetatable({}, { __tostring = function() return "named" end })
    lu.assertEquals(value { [named] = 1 }, "{[named] = 1}")
    local bad = setmetatable({}, { __tostring = function() error "no" end })
    lu.assertStrContains(value { [bad] = 1 }, "error in __tostring")
end

function TestTables.test_depth_and_cycles()
    lu.assertEquals(value { { { { 1 } } } }, "{{{{...}}}}")
    lu.assertEquals(value { { { {} } } }, "{{{{}}}}")
    lu.assertEquals(value({ { 1 } }, { depth = 1 }), "{{...}}")
    local t = {}
    t.self, t.list = t, { t }
    lu.assertEquals(value(t), "{list = {<cycle>}, self = <cycle>}")
    local shared = { 1 }
    lu.assertEquals(value { shared, shared }, "{{1}, {1}}")
end

function TestTables.test_wide_tables_are_cut_with_a_count()
    local t = {}
    for i = 1, 100 do t[i] = i end
    lu.assertEquals(value(t, { items = 3 }), "{1, 2, 3, ... 97 more}")
    t.x, t.y = 1, 2
    lu.assertEquals(value(t, { items = 3 }), "{1, 2, 3, ... 99 more}")
    lu.assertEquals(value({ a = 1, b = 2, c = 3 }, { items = 2 }), "{a = 1, b = 2, ... 1 more}")
    local many = {}
    for i = 1, 20000 do many["k" .. i] = i end
    lu.assertStrContains(value(many), "... 19960 more")
end

-- Ten tables in each of ten tables and so on, all the same ones: as text it would have 10^9 values.
function TestTables.test_the_whole_is_bounded()
    local t = { 1 }
    for _ = 1, 9 do
        local outer = {}
        for i = 1, 10 do outer[i] = t end
        t = outer
    end
    local text = value(t, { depth = 9 })
    lu.assertTrue(#text < 20000)
    lu.assertStrContains(text, "more")
end

function TestTables.test_what_does_not_fit_is_broken_into_lines()
    lu.assertEquals(value({ alpha = "aaaa", beta = "bbbb" }, { width = 20 }), '{\n  alpha = "aaaa",\n  beta = "bbbb"\n}')
    lu.assertEquals(value({ 1111, 2222, 3333, x = 1 }, { width = 16 }), "{\n  1111, 2222,\n  3333,\n  x = 1\n}")
    lu.assertEquals(value({ a = { b = { 111111, 222222 } } }, { width = 18 }),
        "{\n  a = {\n    b = {\n      111111,\n      222222\n    }\n  }\n}")
end

function TestTables.test_every_line_keeps_the_width()
    local t = {}
    for i = 1, 40 do t[i] = i * 1000 end
    for width = 12, 100 do
        for one in value(t, { width = width }):gmatch "[^\n]+" do lu.assertTrue(#one <= width, one) end
    end
end

TestMetatables = {}

function TestMetatables.test_reading_calls_nothing()
    local called = function() error "called" end
    local t = setmetatable({ 1 }, { __index = called, __len = called, __newindex = called, __eq = called, __call = called })
    lu.assertEquals(value(t), "{1, <metatable>}")
    lu.assertEquals(value(setmetatable({ 1 }, { __metatable = false })), "{1, <metatable>}")
end

function TestMetatables.test_tostring_is_used_and_its_errors_are_shown()
    local function with(f) return setmetatable({}, { __tostring = f }) end
    lu.assertEquals(value(with(function() return "me" end)), "me")
    lu.assertEquals(value { with(function() return "me" end) }, "{me}")
    lu.assertStrContains(value(with(function() error("no\nway", 0) end)), "<table: error in __tostring: no>")
    lu.assertEquals(value(with(function() return 1 == 2 end)), "<table: __tostring returned a boolean>")
    lu.assertEquals(value(with(function() error {} end)), "<table: error in __tostring: error object is not a string>")
    lu.assertStrContains(value(with(5)), "error in __tostring")
    lu.assertEquals(value(with(function() return "a\27[2Jb" end)), "a\\027[2Jb")
    local deep
    deep = with(function() return tostring(deep) end)
    lu.assertStrContains(value(deep), "error in __tostring")
end

function TestMetatables.test_ctrl_c_in_tostring_is_not_taken_for_an_error_of_it()
    local t = setmetatable({}, { __tostring = function() error "interrupted!" end })
    lu.assertErrorMsgContains("interrupted!", value, t)
end

function TestMetatables.test_userdata()
    lu.assertEquals(value(io.stdout), tostring(io.stdout))
    lu.assertStrContains(value(newproxy()), "userdata: ")
end

TestResults = {}

function TestResults.test_results_stand_in_a_line_or_in_lines()
    lu.assertEquals(show.results({}, nil, 1, "a", nil), 'nil\t1\t"a"\tnil')
    lu.assertEquals(show.results({ width = 10 }, 1, { 100000, 200000 }), "1\n{\n  100000,\n  200000\n}")
end

function TestResults.test_a_lone_string_may_be_longer()
    lu.assertEquals(show.results({ length = 4 }, ("x"):rep(40)), '"' .. ("x"):rep(40) .. '"')
    lu.assertEquals(show.results({ length = 4 }, { ("x"):rep(40) }), '{"xxxx"... (40 bytes)}')
end

function TestResults.test_what_fills_a_screen_is_opened_less_deep()
    local t = {}
    for i = 1, 30 do t["key" .. i] = { some = ("x"):rep(60), more = ("y"):rep(60) } end
    local text = show.results({ lines = 40 }, t)
    lu.assertStrContains(text, "key1 = {...}")
    lu.assertStrContains(show.results({ lines = 400 }, t), "key1 = {\n")
end
