-- Finalizers that use the store while it is at work: at each point where the collector may run, once.
-- SPDX-License-Identifier: MIT
local store = require "moonbear.store"

local function nothing() end

local function usual_collector()
    collectgarbage("setpause", 200)
    collectgarbage("setstepmul", 200)
end

-- From here on every allocation runs a whole cycle, and with it the finalizer of a proxy that the cycle before has left: the n-th
-- calls `action`. Returns a function that ends this and says whether it came to that.
local function arm(n, action)
    local count, over = 0, false
    local function finalize()
        if over then return end
        count = count + 1
        if count < n then
            getmetatable(newproxy(true)).__gc = finalize
        else
            usual_collector()
            over = true
            action()
        end
    end
    getmetatable(newproxy(true)).__gc = finalize
    local function disarm()
        usual_collector()
        over = true
        return count >= n
    end
    collectgarbage("setpause", 0)
    collectgarbage("setstepmul", 0)
    collectgarbage "restart"
    return disarm
end

-- make() -> what is worked on; work(it); action(it) at one point of the work after the other; check(it, ok, message). There are more
-- than `least` points.
local function at_each_point(least, make, work, action, check)
    for n = 1, 500 do
        collectgarbage()
        local it = make()
        local disarm = arm(n, function() if not it.done then action(it) end end)
        local ok, message = pcall(work, it)
        it.done = true
        local met = disarm()
        if not met then
            lu.assertTrue(n > least, "only " .. n - 1 .. " points")
            return
        end
        check(it, ok, message)
    end
    lu.fail "it never ends"
end

local function count(s, tag)
    local n = 0
    for _ in s:each(tag) do n = n + 1 end
    return n
end

local function new() return { s = store.new { leaks = "full", name = "reentry" } } end

TestReentry = {}

function TestReentry.test_tags_that_a_finalizer_puts_stay()
    at_each_point(2, new, function(it) it.id, it.done = it.s:put(1, "mine"), true end, function(it) it.theirs = it.s:put(2, "theirs") end,
        function(it, ok)
            lu.assertTrue(ok)
            if not it.theirs then return end
            lu.assertEquals({ count(it.s, "mine"), count(it.s, "theirs"), count(it.s) }, { 1, 1, 2 })
            lu.assertEquals({ it.s:get(it.id), it.s:get(it.theirs) }, { 1, 2 })
        end)
end

function TestReentry.test_a_name_that_a_finalizer_sets_or_unsets()
    local function work(it) it.id, it.done = it.s:set("name", "mine"), true end
    local function check(it, ok)
        lu.assertTrue(ok)
        lu.assertEquals({ it.s:named "name" }, { "mine", it.id })
        lu.assertEquals(it.s:stats().live, 1)
    end
    at_each_point(3, new, work, function(it) it.s:set("name", "theirs") end, check)
    at_each_point(3, new, work, function(it) it.s:unset "name" end, check)
    at_each_point(3, new, work, function(it) it.other = it.s:set("other", 1) end, function(it, ok)
        lu.assertTrue(ok)
        lu.assertEquals({ (it.s:named "name"), (it.s:named "other") }, { "mine", it.other and 1 })
    end)
end

function TestReentry.test_a_result_that_a_finalizer_sets_or_drops()
    local function make() return { r = store.results(), co = coroutine.create(nothing) } end
    local function work(it)
        it.r:set(it.co, "mine", nil)
        it.done = true
    end
    local function check(it, ok)
        lu.assertTrue(ok)
        local n = 0
        for co, v in it.r:each() do
            n = n + 1
            lu.assertIs(co, it.co)
            lu.assertEquals(v, "mine")
        end
        lu.assertEquals({ n, select("#", it.r:get(it.co)) }, { 1, 2 })
    end
    at_each_point(2, make, work, function(it) it.r:set(it.co, "theirs") end, check)
    at_each_point(2, make, work, function(it) it.r:drop(it.co) end, check)
    at_each_point(2, make, work, function(it) it.r:set(coroutine.create(nothing), it) end, function(it, ok)
        lu.assertTrue(ok)
        lu.assertEquals(it.r:get(it.co), "mine")
    end)
end

function TestReentry.test_a_scope_that_a_finalizer_uses()
    local function work(it)
        it.s:scope(function(scope)
            it.scope = scope
            for i = 1, 40 do lu.assertEquals(it.s:get(scope:put(i, "tag")), i) end
        end)
    end
    at_each_point(3, new, work, function(it)
        for i = 1, 40 do pcall(it.scope and it.scope.put, it.scope, -i) end
    end, function(it, ok, message)
        lu.assertTrue(ok, message)
        lu.assertEquals(it.s:stats().live, 0)
    end)
end

-- Whatever was under way either happened or says that the store is closed; nothing of it is left.
function TestReentry.test_a_store_that_a_finalizer_closes()
    local works = {
        function(s) s:put(1, "tag") end,
        function(s) s:set("name", 1) end,
        function(s) s:ref(1):get() end,
        function(s) s:scope(function(scope) scope:put(1) scope:keep(scope:put(2, "tag")) end) end,
        function(s) s:stats() end,
        function(s) for i = 1, 70 do s:put(i) end s:leaks() end,
        function(s) local id = s:put(1) s:release(id) s:get(id) end,
        function(s) s:put(1, "tag") for id in s:each "tag" do s:release(id) end end,
        function(s) s:get(12345) end,
    }
    for _, work in ipairs(works) do
        at_each_point(1, new, function(it) work(it.s) end, function(it) it.s:close() end, function(it, ok, message)
            if not ok then lu.assertStrMatches(message, '.*store "reentry".*') end
            lu.assertEquals({ it.s:stats().live, count(it.s) }, { 0, 0 })
        end)
    end
end

function TestReentry.test_everything_is_released_by_a_finalizer()
    at_each_point(2, new, function(it)
        for i = 1, 70 do it.last = it.s:put(i, i % 2 == 0 and "even" or nil) end
    end, function(it) for id in it.s:each() do it.s:release(id) end end, function(it, ok, message)
        lu.assertTrue(ok, message)
        lu.assertEquals(it.s:stats().live, count(it.s))
        for id, v, tag in it.s:each() do lu.assertEquals({ it.s:get(id), tag }, { v, v % 2 == 0 and "even" or nil }) end
    end)
end
