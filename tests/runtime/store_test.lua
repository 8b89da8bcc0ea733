-- The module moonbear.store: ids, tags, names, limits, closing.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"
local fails = require "fails"

local function nothing() end

local function count(s)
    local n = 0
    for _ in s:each() do n = n + 1 end
    return n
end

TestValues = {}

function TestValues.test_any_value_comes_back()
    local s, t = store.new(), {}
    local values = { 1, "x", t, print, coroutine.create(nothing), true, false, 0 / 0 }
    for _, v in ipairs(values) do
        local got = s:get(s:put(v))
        lu.assertTrue(rawequal(got, v) or v ~= v and got ~= got)
    end
    local id = s:put(nil)
    lu.assertNil(s:get(id))
    lu.assertTrue(s:has(id))
    lu.assertEquals(select("#", s:get(id)), 1)
end

function TestValues.test_ids_are_exact_numbers_and_never_come_twice()
    local s, seen = store.new(), {}
    for _ = 1, 20000 do
        local id = s:put(1)
        lu.assertNil(seen[id])
        seen[id] = true
        lu.assertEquals(id, math.floor(id))
        lu.assertTrue(id < 2 ^ 53)
        if id % 3 == 0 then s:release(id) end
    end
end

function TestValues.test_release_is_once()
    local s = store.new()
    local id = s:put("v")
    lu.assertTrue(s:release(id))
    lu.assertFalse(s:release(id))
    lu.assertFalse(s:has(id))
    lu.assertNil(s:peek(id))
    lu.assertEquals(select("#", s:peek(id)), 0)
end

function TestValues.test_what_is_released_is_collected()
    local s, weak = store.new(), setmetatable({}, { __mode = "v" })
    local id = s:put {}
    weak[1] = s:get(id)
    collectgarbage()
    lu.assertNotNil(weak[1])
    s:release(id)
    collectgarbage()
    lu.assertNil(weak[1])
end

function TestValues.test_replace_swap_take()
    local s = store.new()
    local id = s:put(1)
    lu.assertEquals(select("#", s:replace(id, 2)), 0)
    lu.assertEquals(s:swap(id, nil), 2)
    lu.assertNil(s:get(id))
    s:replace(id, "last")
    lu.assertEquals(s:take(id), "last")
    fails("is stale", s.take, s, id)
    fails("is stale", s.replace, s, id, 1)
    fails("is stale", s.swap, s, id, 1)
end

function TestValues.test_a_bad_id_says_what_is_wrong()
    local s, t = store.new { name = "one" }, store.new { name = "two" }
    local id = s:put(1)
    fails('store "two": id ' .. string.format("%.0f", id) .. " is of another store", t.get, t, id)
    s:release(id)
    fails('store "one": id ' .. string.format("%.0f", id) .. " is stale: it was released", s.get, s, id)
    for _, invented in ipairs { 0, 1, -1, -id, 0.5, 2 ^ 32 - 1, 2 ^ 53, 2 ^ 63 + id, 2 ^ 64, 1e300, 0 / 0, 1 / 0, id + 0.5, id + 2 ^ 32 * 5 } do
        fails("was never given out", s.get, s, invented)
        lu.assertFalse(s:has(invented))
        lu.assertFalse(s:release(invented))
    end
    fails("number expected", s.get, s, "x")
    fails("number expected", s.get, s)
    for _, no_id in ipairs { "x", {}, true } do
        lu.assertFalse(s:has(no_id))
        lu.assertNil(s:peek(no_id))
    end
    lu.assertFalse(s:has(nil))
    lu.assertFalse(s:has())
end

-- As everywhere in Lua, a text that is a number is one; then all methods agree.
function TestValues.test_an_id_from_a_text()
    local s = store.new()
    local text = ("%.0f"):format(s:put "v")
    lu.assertEquals({ s:get(text), s:peek(text), s:has(text) }, { "v", "v", true })
    lu.assertFalse(s:has(text .. "x"))
    lu.assertTrue(s:release(text))
    lu.assertFalse(s:has(text))
end

function TestValues.test_errors_have_the_position_of_the_caller()
    local s = store.new()
    fails("store_test%.lua:%d+: store: id 42", function() return (s:get(42)) end)
end

function TestValues.test_methods_want_a_store()
    local s = store.new()
    fails("store expected", s.put, io.stdout, 1)
    fails("store expected", s.get, {}, 1)
    fails("value expected", s.put, s)
    fails("value expected", s.replace, s, s:put(1))
end

function TestValues.test_many_pages_and_back()
    local s, ids = store.new(), {}
    for i = 1, 50000 do ids[i] = s:put(i) end
    for i = 1, 50000 do lu.assertEquals(s:get(ids[i]), i) end
    local full = s:stats().bytes
    for i = 1, 50000, 2 do s:release(ids[i]) end
    for i = 2, 50000, 2 do lu.assertEquals(s:get(ids[i]), i) end
    for i = 2, 50000, 2 do s:release(ids[i]) end
    lu.assertTrue(s:stats().bytes < full / 5)
    lu.assertEquals(s:stats().live, 0)
end

TestTags = {}

function TestTags.test_each_by_tag()
    local s, colour = store.new(), {}
    for i = 1, 9000 do s:put(i, i % 3 == 0 and "three" or i % 5 == 0 and colour or nil) end
    local n, m, all = 0, 0, 0
    for _, v, tag in s:each("three") do
        lu.assertEquals(v % 3, 0)
        lu.assertEquals(tag, "three")
        n = n + 1
    end
    for _, v, tag in s:each(colour) do
        lu.assertEquals(v % 5, 0)
        lu.assertIs(tag, colour)
        m = m + 1
    end
    for _ in s:each() do all = all + 1 end
    lu.assertEquals({ n, m, all }, { 3000, 1200, 9000 })
end

function TestTags.test_a_tag_goes_with_its_value()
    local s = store.new()
    local id = s:put(1, "old")
    s:release(id)
    s:put(2)
    for _ in s:each("old") do lu.fail("the tag is still there") end
    s:put(3, false)
    for _, v, tag in s:each(false) do lu.assertEquals({ v, tag }, { 3, false }) end
end

function TestTags.test_releasing_and_putting_inside_the_loop()
    local s, seen = store.new(), {}
    for i = 1, 10000 do s:put(i) end
    for id, v in s:each() do
        lu.assertNil(seen[v])
        seen[v] = true
        s:release(id)
        if v % 100 == 0 then s:put(-v) end
    end
    for i = 1, 10000 do lu.assertTrue(seen[i]) end
    for id in s:each() do s:release(id) end
    lu.assertEquals(s:stats().live, 0)
end

TestNames = {}

function TestNames.test_named_values()
    local s = store.new()
    local id = s:set("config", { 1 })
    local v, same = s:named("config")
    lu.assertEquals({ v, same }, { { 1 }, id })
    lu.assertEquals(s:set("config", 2), id)
    lu.assertEquals((s:named("config")), 2)
    lu.assertEquals(s:stats().live, 1)
    lu.assertTrue(s:unset("config"))
    lu.assertFalse(s:unset("config"))
    lu.assertNil(s:named("config"))
    fails("is stale", s.get, s, id)
end

function TestNames.test_a_released_name_can_be_set_again()
    local s = store.new { slots = 1 }
    s:release(s:set("a", 1))
    lu.assertNil(s:named("a"))
    lu.assertFalse(s:unset("a"))
    s:set("a", 3)
    lu.assertEquals((s:named("a")), 3)
    fails("is full", s.set, s, "b", 1)
    lu.assertNil(s:named("b"))
end

TestLimits = {}

function TestLimits.test_slots()
    local s = store.new { name = "small", slots = 3 }
    local first = s:put(1)
    s:put(2)
    s:put(3)
    fails('store "small" is full: all of its 3 slots are in use', s.put, s, 4)
    fails("is full", s.ref, s, 4)
    fails("is full", s.scope, s, function(scope) scope:put(1) end)
    lu.assertEquals(s:stats().live, 3)
    s:release(first)
    s:put(4)
end

function TestLimits.test_bytes()
    local s = store.new { limit = "256K" }
    local ids = {}
    local ok, message
    for _ = 1, 100000 do
        ok, message = pcall(s.put, s, 1)
        if not ok then break end
        ids[#ids + 1] = message
    end
    lu.assertFalse(ok)
    lu.assertStrContains(message, "its limit of 262144")
    lu.assertTrue(s:stats().bytes <= 262144)
    for _, id in ipairs(ids) do lu.assertEquals(s:get(id), 1) end
    lu.assertEquals(s:limit(), 262144)
    lu.assertEquals(s:limit(1e6), 1e6)
    s:put(1)
    lu.assertNil(s:limit(false))
end

function TestLimits.test_bad_options()
    fails("unknown option 'slot'", store.new, { slot = 1 })
    fails("slots: a number", store.new, { slots = 0 })
    fails("slots: a number", store.new, { slots = "many" })
    fails("limit: bytes are expected", store.new, { limit = "64X" })
    for _, no in ipairs { -1, "", "M", "64MB", "nan", "inf" } do fails("limit: bytes are expected", store.new, { limit = no }) end
    fails("leaks: \"off\"", store.new, { leaks = "on" })
    fails("options have names", store.new, { "x" })
    fails("table expected", store.new, 7)
end

function TestLimits.test_stats()
    local s = store.new()
    local a = s:put(1)
    s:put(2)
    s:release(a)
    pcall(s.get, s, a)
    local t = s:stats()
    lu.assertEquals({ t.live, t.peak, t.puts, t.releases, t.stale, t.retired, t.free }, { 1, 2, 2, 1, 1, 0, 63 })
    lu.assertTrue(t.native > 0 and t.bytes > t.native)
end

TestClose = {}

function TestClose.test_after_close()
    local s = store.new { name = "gone" }
    local id, r = s:put(1), s:ref(2)
    s:close()
    s:close()
    lu.assertFalse(s:release(id))
    lu.assertFalse(s:has(id))
    lu.assertNil(s:peek(id))
    lu.assertFalse(r:release())
    fails('store "gone" is closed', s.get, s, id)
    fails("is closed", s.put, s, 1)
    fails("is closed", s.scope, s, function() end)
    fails("is closed", s.set, s, "a", 1)
    lu.assertNil(s:named("a"))
    lu.assertEquals({ count(s), s:stats().live, s:stats().bytes }, { 0, 0, 0 })
    lu.assertStrContains(tostring(s), "closed")
end

function TestClose.test_closing_inside()
    local s = store.new()
    for i = 1, 100 do s:put(i) end
    for _ in s:each() do s:close() end
    local t = store.new()
    t:scope(function(scope)
        scope:put(1)
        t:close()
    end)
    lu.assertEquals(t:stats().live, 0)
end

function TestClose.test_a_collected_store_lets_its_values_go()
    local weak = setmetatable({}, { __mode = "v" })
    local s = store.new()
    weak[1] = {}
    s:put(weak[1])
    s = nil
    collectgarbage()
    collectgarbage()
    lu.assertNil(weak[1])
end

function TestClose.test_release_in_a_finalizer_and_an_error_handler()
    local s = store.new()
    local id = s:put(1)
    local p = newproxy(true)
    getmetatable(p).__gc = function() s:release(id) end
    p = nil
    collectgarbage()
    lu.assertFalse(s:has(id))
    id = s:put(2)
    xpcall(function() error "x" end, function() s:release(id) end)
    lu.assertFalse(s:has(id))
end
