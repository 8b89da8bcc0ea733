-- What moonbear.store releases by itself: scopes and handles.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"
local fails = require "fails"

local function count(s)
    local n = 0
    for _ in s:each() do n = n + 1 end
    return n
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
