-- The reports of moonbear.store: where values were put and released, and what was left at the end.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"
local fails = require "fails"

TestLeaks = {}

function TestLeaks.test_a_stale_id_knows_where()
    local s = store.new { leaks = "full" }
    local function line() return debug.getinfo(2, "l").currentline end
    local put = line() local id = s:put(1)
    local released = line() s:release(id)
    fails("is stale: released at .*store_leaks_test%.lua:" .. released .. " %(put at .*store_leaks_test%.lua:" .. put .. "%)", s.get, s, id)
end

-- A scope is ended by Lua code of the module's own, which is nobody's mistake.
function TestLeaks.test_what_a_scope_released_was_released_by_its_user()
    local s = store.new { leaks = "full" }
    local id
    local function use() s:scope(function(scope) id = scope:put(1) end) end
    use()
    fails("released at .*store_leaks_test%.lua:%d+ %(put at .*store_leaks_test", s.get, s, id)
    coroutine.wrap(use)()
    fails("released at .*store_leaks_test%.lua:%d+ %(put at .*store_leaks_test", s.get, s, id)
end

function TestLeaks.test_the_oldest_come_first()
    local s = store.new { leaks = "full" }
    local first = s:put(1, "tag")
    for i = 1, 20 do s:put(i) end
    s:release(s:put "released")
    local list = s:leaks(3)
    lu.assertEquals({ #list, list[1].id, list[1].tag }, { 3, first, "tag" })
    lu.assertStrContains(list[1].place, "store_leaks_test.lua:")
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
