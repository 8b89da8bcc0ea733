-- Results by coroutine: never by address, swept with dead coroutines, stable under iteration.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"

local function nothing() end

TestResults = {}

function TestResults.test_set_get_take_drop()
    local r, co = store.results(), coroutine.create(nothing)
    lu.assertEquals(select("#", r:get(co)), 0)
    r:set(co, 1, nil, "three", nil)
    lu.assertEquals(select("#", r:get(co)), 4)
    lu.assertEquals({ r:get(co) }, { 1, nil, "three" })
    r:set(co, "again")
    lu.assertEquals({ r:take(co) }, { "again" })
    lu.assertEquals(select("#", r:take(co)), 0)
    r:set(co)
    lu.assertEquals(select("#", r:get(co)), 0)
    lu.assertTrue(r:drop(co))
    lu.assertFalse(r:drop(co))
end

function TestResults.test_the_main_program_has_a_result_too()
    local r = store.results()
    r:set(coroutine.running(), "main")
    lu.assertEquals((r:get(nil)), "main")
    for co, v in r:each() do lu.assertEquals({ co, v }, { false, "main" }) end
    lu.assertEquals((r:take(false)), "main")
end

function TestResults.test_only_coroutines_are_keys()
    local r = store.results()
    for _, no in ipairs { 1, "x", {}, true } do
        lu.assertErrorMsgContains("coroutine expected", r.set, r, no, 1)
        lu.assertErrorMsgContains("coroutine expected", r.get, r, no)
    end
    lu.assertErrorMsgContains("results expected", r.get, store.new(), nil)
end

-- Coroutines are made and collected until addresses have come back many times. Whatever is found under a new coroutine
-- at an old address would be somebody else's.
function TestResults.test_an_address_that_comes_back_has_no_result()
    local r, seen, repeated = store.results(), {}, 0
    for i = 1, 20000 do
        local co = coroutine.create(nothing)
        local address = tostring(co)
        if seen[address] then repeated = repeated + 1 end
        seen[address] = true
        lu.assertEquals(select("#", r:get(co)), 0)
        r:set(co, i)
        lu.assertEquals((r:get(co)), i)
        if i % 500 == 0 then collectgarbage() end
    end
    -- A sanitizer's allocator avoids what this test is after.
    if (os.getenv "VARIANT" or "") == "" then lu.assertTrue(repeated > 1000) end
end

function TestResults.test_results_of_collected_coroutines_are_released()
    local r, kept = store.results(), coroutine.create(nothing)
    r:set(kept, "kept")
    collectgarbage()
    local before = collectgarbage "count"
    for i = 1, 100000 do r:set(coroutine.create(nothing), { i }) end
    collectgarbage()
    local n = 0
    for _ in r:each() do n = n + 1 end
    collectgarbage()
    lu.assertEquals(n, 1)
    lu.assertEquals((r:get(kept)), "kept")
    lu.assertTrue(collectgarbage "count" < before + 2000)
end

function TestResults.test_iteration_while_coroutines_come_and_go()
    local r, alive, seen = store.results(), {}, {}
    for i = 1, 3000 do
        alive[i] = coroutine.create(nothing)
        r:set(alive[i], i)
    end
    for co, v in r:each() do
        if v > 0 then
            lu.assertNil(seen[v])
            seen[v] = true
            lu.assertIs(alive[v], co)
            r:set(coroutine.create(nothing), -v)
            if v % 2 == 0 then r:drop(co) end
        end
    end
    for i = 1, 3000 do lu.assertTrue(seen[i]) end
end

function TestResults.test_a_result_that_refers_to_its_coroutine_is_freed_by_take()
    local r, weak = store.results(), setmetatable({}, { __mode = "v" })
    local co = coroutine.create(nothing)
    weak[1] = co
    r:set(co, { co })
    co = nil
    collectgarbage()
    lu.assertNotNil(weak[1])
    r:take(weak[1])
    collectgarbage()
    collectgarbage()
    lu.assertNil(weak[1])
end

function TestResults.test_many_values()
    local r, co = store.results(), coroutine.create(nothing)
    local t = {}
    for i = 1, 5000 do t[i] = i end
    r:set(co, unpack(t))
    lu.assertEquals({ r:get(co) }, t)
end
