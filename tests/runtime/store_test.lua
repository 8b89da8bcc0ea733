-- The module moonbear.store: ids, tags, names, scopes, handles, limits, leak reports.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"

local function nothing() end

local function fails(pattern, f, ...)
    local ok, message = pcall(f, ...)
    lu.assertFalse(ok)
    lu.assertStrMatches(tostring(message), ".*" .. pattern .. ".*")
end

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
    for _, invented in ipairs { 0, 1, -1, 0.5, 2 ^ 32 - 1, 2 ^ 53, 1e300, 0 / 0, 1 / 0, id + 0.5, id + 2 ^ 32 * 5 } do
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

TestScopes = {}

function TestScopes.test_a_scope_releases_what_is_not_kept()
    local s = store.new()
    local kept, gone
    local r = { s:scope(function(scope, ...)
        gone = scope:put("gone")
        kept = scope:keep(scope:put("kept", "tag"))
        lu.assertEquals(s:get(gone), "gone")
        return "r", nil, ...
    end, 1, nil) }
    lu.assertEquals({ r[1], r[3] }, { "r", 1 })
    lu.assertFalse(s:has(gone))
    lu.assertEquals(s:get(kept), "kept")
    lu.assertEquals(s:stats().live, 1)
end

function TestScopes.test_an_error_releases_and_goes_on_unchanged()
    local s, e = store.new(), {}
    local ok, got = pcall(s.scope, s, function(scope)
        for i = 1, 10000 do scope:put(i) end
        error(e)
    end)
    lu.assertFalse(ok)
    lu.assertIs(got, e)
    lu.assertEquals(s:stats().live, 0)
end

function TestScopes.test_scopes_nest()
    local s = store.new()
    s:scope(function(outer)
        local a = outer:put(1)
        s:scope(function(inner)
            inner:put(2)
            outer:put(3)
        end)
        lu.assertEquals(s:get(a), 1)
        lu.assertEquals(s:stats().live, 2)
    end)
    lu.assertEquals(s:stats().live, 0)
end

function TestScopes.test_what_was_released_by_hand_is_not_released_twice()
    local s = store.new()
    local other
    s:scope(function(scope)
        s:release(scope:put(1))
        other = s:put("not of the scope")
    end)
    lu.assertEquals(s:get(other), "not of the scope")
end

function TestScopes.test_a_scope_that_ended_says_so()
    local s = store.new()
    local leaked
    s:scope(function(scope) leaked = scope end)
    fails("scope that has ended", leaked.put, leaked, 1)
    fails("scope that has ended", leaked.keep, leaked, 1)
    fails("function expected", s.scope, s)
    lu.assertEquals(s:stats().live, 0)
end

function TestScopes.test_a_scope_can_yield()
    local s = store.new()
    local co = coroutine.wrap(function(a)
        return s:scope(function(scope)
            local id = scope:put(a)
            local b = coroutine.yield(coroutine.running())
            return s:get(id), b
        end)
    end)
    lu.assertIsThread(co("a"))
    lu.assertEquals(s:stats().live, 1)
    lu.assertEquals({ co("b") }, { "a", "b" })
    lu.assertEquals(s:stats().live, 0)
end

function TestScopes.test_the_coroutine_inside_is_the_one_outside()
    local s = store.new()
    coroutine.wrap(function()
        local outside = coroutine.running()
        s:scope(function() lu.assertIs(coroutine.running(), outside) end)
    end)()
end

function TestScopes.test_a_scope_ends_when_its_coroutine_fails()
    local s = store.new()
    local id
    local co = coroutine.create(function()
        s:scope(function(scope)
            id = scope:put(1)
            coroutine.yield()
            error "boom"
        end)
    end)
    coroutine.resume(co)
    lu.assertTrue(s:has(id))
    lu.assertFalse((coroutine.resume(co)))
    lu.assertFalse(s:has(id))
    fails("is stale", s.get, s, id)
    lu.assertEquals(count(s), 0)
end

function TestScopes.test_a_dead_scope_makes_room_at_the_limit()
    local s = store.new { slots = 1 }
    pcall(coroutine.wrap(function() s:scope(function(scope) scope:put(1) error "x" end) end))
    s:put(2)
    lu.assertEquals(s:stats().live, 1)
end

function TestScopes.test_a_scope_ends_when_its_coroutine_is_collected()
    local s = store.new()
    for _ = 1, 50 do
        coroutine.wrap(function()
            s:scope(function(scope)
                for i = 1, 100 do scope:put(i) end
                coroutine.yield()
            end)
        end)()
    end
    collectgarbage()
    collectgarbage()
    lu.assertEquals(s:stats().live, 0)
end

function TestScopes.test_pcall_inside_a_coroutine()
    local s = store.new()
    coroutine.wrap(function()
        local ok = pcall(s.scope, s, function(scope) scope:put(1) error "x" end)
        lu.assertFalse(ok)
        lu.assertEquals(s:stats().live, 0)
    end)()
end

TestHandles = {}

function TestHandles.test_a_handle()
    local s = store.new()
    local r = s:ref { 1 }
    lu.assertEquals(r:get(), { 1 })
    lu.assertEquals(s:get(r:id()), { 1 })
    r:set "two"
    lu.assertEquals(r:get(), "two")
    lu.assertTrue(r:release())
    lu.assertFalse(r:release())
    fails("handle was released", r.get, r)
    fails("handle was released", r.set, r, 1)
    fails("handle was released", r.id, r)
    lu.assertEquals(s:stats().live, 0)
end

function TestHandles.test_a_handle_whose_value_was_released()
    local s = store.new()
    local r = s:ref(1)
    s:release(r:id())
    fails("is stale", r.get, r)
    lu.assertFalse(r:release())
end

function TestHandles.test_a_collected_handle_releases()
    local s = store.new()
    s:ref(1)
    collectgarbage()
    lu.assertEquals(s:stats().live, 0)
end

function TestHandles.test_dropped_handles_run_in_bounded_memory()
    local s = store.new()
    collectgarbage()
    local before = collectgarbage "count"
    for i = 1, 500000 do s:ref { i } end
    lu.assertTrue(s:stats().peak < 200000)
    lu.assertTrue(collectgarbage "count" < before + 60000)
    collectgarbage()
    lu.assertEquals(s:stats().live, 0)
end

function TestHandles.test_a_handle_keeps_its_store()
    local r = store.new():ref "v"
    collectgarbage()
    collectgarbage()
    lu.assertEquals(r:get(), "v")
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
    fails("limit: bytes are expected", store.new, { limit = -1 })
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

TestLeaks = {}

function TestLeaks.test_a_stale_id_knows_where()
    local s = store.new { leaks = "full" }
    local function line() return debug.getinfo(2, "l").currentline end
    local put = line() local id = s:put(1)
    local released = line() s:release(id)
    fails("is stale: released at .*store_test%.lua:" .. released .. " %(put at .*store_test%.lua:" .. put .. "%)", s.get, s, id)
end

function TestLeaks.test_the_oldest_come_first()
    local s = store.new { leaks = "full" }
    local first = s:put(1, "tag")
    for i = 1, 20 do s:put(i) end
    s:release(s:put "released")
    local list = s:leaks(3)
    lu.assertEquals({ #list, list[1].id, list[1].tag }, { 3, first, "tag" })
    lu.assertStrContains(list[1].place, "store_test.lua:")
    lu.assertTrue(list[1].age >= list[2].age and list[3].age >= 0)
    lu.assertEquals(#s:leaks(), 10)
    lu.assertEquals(#s:leaks(1000), 21)
    lu.assertEquals(#s:leaks(0), 0)
end

function TestLeaks.test_samples()
    local s = store.new { leaks = "sample" }
    for i = 1, 128 * 5 do s:put(i) end
    lu.assertEquals(#s:leaks(100), 5)
end

function TestLeaks.test_off()
    local list, message = store.new { leaks = "off" }:leaks()
    lu.assertNil(list)
    lu.assertStrContains(message, "leak tracking is off")
end
