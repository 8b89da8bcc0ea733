-- overflow_test.lua: how deep calls through C may go on the runner's usual stack of 8 MiB, and what holds at the end of
-- it. That no recursion ends in a signal, on any size of stack, is shown by tests/cli/overflow.bats.
-- SPDX-License-Identifier: MIT

-- Sanitizers make every frame several times as big; the depth is promised for the plain build.
local PLAIN = (os.getenv("VARIANT") or "") == ""
local WANTED = 5000

local function reaches_wanted_depth(run)
    lu.skipIf(not PLAIN, "frames of the " .. (os.getenv("VARIANT") or "") .. " build are bigger")
    local depth = 0
    run(function()
        depth = depth + 1
        return depth < WANTED
    end)
    lu.assertEquals(depth, WANTED)
end

TestDepth = {}

-- Those need no C stack: the engine's own list of calls ends. Help limits says "some 16,000".
function TestDepth.test_calls_through_lua_alone()
    local depth = 0
    local function f()
        depth = depth + 1
        return 1 + f()
    end
    lu.assertErrorMsgContains("stack overflow", f)
    lu.assertTrue(depth > 15500 and depth < 16500, depth)
end

function TestDepth.test_pcall()
    reaches_wanted_depth(function(go_on)
        local function f() if go_on() then assert(pcall(f)) end end
        f()
    end)
end

function TestDepth.test_gsub()
    reaches_wanted_depth(function(go_on)
        local function f() if go_on() then return (("a"):gsub("a", f)) end end
        f()
    end)
end

function TestDepth.test_metamethods()
    for _, event in ipairs { "__index", "__add", "__concat", "__call", "__lt", "__tostring" } do
        reaches_wanted_depth(function(go_on)
            local t, use
            local function again() if go_on() then use() end return "" end
            t = setmetatable({}, { [event] = again })
            use = ({
                __index = function() return t.x end,
                __add = function() return t + 1 end,
                __concat = function() return t .. "" end,
                __call = function() assert(pcall(t)) end,
                __lt = function() return t < t end,
                __tostring = function() return tostring(t) end,
            })[event]
            use()
        end)
    end
end

function TestDepth.test_require()
    reaches_wanted_depth(function(go_on)
        package.preload["overflow_test.self"] = function()
            package.loaded["overflow_test.self"] = nil
            if go_on() then require "overflow_test.self" end
        end
        require "overflow_test.self"
        package.preload["overflow_test.self"], package.loaded["overflow_test.self"] = nil, nil
    end)
end

function TestDepth.test_coroutines()
    reaches_wanted_depth(function(go_on)
        local function f() if go_on() then coroutine.wrap(f)() end end
        f()
    end)
end

function TestDepth.test_parser_goes_beyond_200_levels()
    lu.assertEquals(loadstring("return " .. ("("):rep(1000) .. "7" .. (")"):rep(1000))(), 7)
end

local function overflow()
    local function f() return (("a"):gsub("a", f)) end
    f()
end

TestHandlers = {}

function TestHandlers.test_handler_of_an_overflow_runs()
    local seen
    local ok, result = xpcall(overflow, function(message) seen = message return "handled" end)
    lu.assertFalse(ok)
    lu.assertEquals(result, "handled")
    lu.assertStrContains(seen, "stack overflow")
end

function TestHandlers.test_handler_has_room_for_a_traceback()
    local _, result = xpcall(overflow, debug.traceback)
    lu.assertStrContains(result, "stack overflow")
    lu.assertStrContains(result, "stack traceback:")
    lu.assertStrContains(result, "in function 'gsub'")
end

function TestHandlers.test_handler_may_catch_errors_of_its_own()
    local _, result = xpcall(overflow, function() return select(2, pcall(error, "inner", 0)) end)
    lu.assertEquals(result, "inner")
end

function TestHandlers.test_overflow_in_the_handler_of_an_overflow()
    local ok, result = xpcall(overflow, overflow)
    lu.assertFalse(ok)
    lu.assertEquals(result, "error in error handling")
end

function TestHandlers.test_handler_that_errs_is_called_200_times_at_most()
    local calls = 0
    local function handler() calls = calls + 1 error("again") end
    lu.assertFalse((xpcall(error, handler)))
    lu.assertTrue(calls > 10 and calls <= 201, "called " .. calls .. " times")
end

-- The half of the margin that a handler gets is taken back: the same depth is reached every time.
function TestHandlers.test_every_overflow_leaves_the_stack_as_it_was()
    local function depth()
        local n = 0
        local function f() n = n + 1 return (("a"):gsub("a", f)) end
        lu.assertFalse((xpcall(f, function() return "handled" end)))
        return n
    end
    depth()
    local first = depth()
    for _ = 1, 20 do lu.assertEquals(depth(), first) end
end

function TestHandlers.test_overflow_in_a_coroutine_is_its_own()
    local function depth(run)
        local n = 0
        local function f() n = n + 1 return (("a"):gsub("a", f)) end
        lu.assertFalse((run(f)))
        return n
    end
    local outside = depth(pcall)
    local inside = depth(function(f) return coroutine.resume(coroutine.create(f)) end)
    lu.assertAlmostEquals(inside, outside, 10)
    lu.assertEquals(depth(pcall), outside)
end

TestFinalizers = {}

-- A finalizer needs stack too. Where there is none, it must run later instead of failing.
function TestFinalizers.test_finalizers_wait_for_stack()
    local made, finalized = 0, 0
    local function object()
        local proxy = newproxy(true)
        made = made + 1
        getmetatable(proxy).__gc = function()
            local _ = ("a"):gsub("a", string.upper)
            finalized = finalized + 1
        end
    end
    local function f()
        for _ = 1, 5 do object() end
        return (("a"):gsub("a", f))
    end
    collectgarbage("setpause", 50)
    for _ = 1, 3 do
        local ok, message = pcall(f)
        lu.assertFalse(ok)
        lu.assertStrContains(message, "stack overflow")
    end
    collectgarbage("setpause", 200)
    collectgarbage()
    collectgarbage()
    lu.assertEquals(finalized, made)
end
