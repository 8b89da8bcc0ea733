-- The module moonbear.bytes: what brings memory, what shares it, and its release.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local limits = require "moonbear.limits"
local fails = require "fails"

local LONG = ("0123456789"):rep(100)

local function length(b) return #b end

local function temporary(text)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
    return path
end

local function native()
    for _ = 1, 3 do collectgarbage() end
    return limits.memory().native
end

TestOwners = {}

function TestOwners.test_a_string_and_back()
    for _, s in ipairs { "", "a", "\0\255", LONG } do
        local b = bytes.from(s)
        lu.assertEquals(#b, #s)
        lu.assertEquals(tostring(b), s)
        lu.assertTrue(rawequal(bytes.from(b), b))
    end
    lu.assertEquals(tostring(bytes.from(12)), "12")
    fails("string or bytes expected", bytes.from)
    fails("string or bytes expected", bytes.from, {})
    fails("string or bytes expected", bytes.from, io.stdout)
end

function TestOwners.test_a_string_lives_as_long_as_its_views()
    local view = bytes.from(LONG .. os.time()):sub(2)
    for _ = 1, 3 do collectgarbage() end
    lu.assertStrMatches(tostring(view), LONG:sub(2) .. "%d+")
end

function TestOwners.test_a_string_is_not_copied()
    local big = ("x"):rep(10000000)
    collectgarbage()
    collectgarbage "stop"
    local before = limits.memory()
    local b = bytes.from(big)
    local after = limits.memory()
    collectgarbage "restart"
    lu.assertTrue(after.heap + after.native - before.heap - before.native < 2000)
    lu.assertEquals(#b, 10000000)
end

function TestOwners.test_a_mapped_file()
    local path = temporary(LONG)
    local b = assert(bytes.map(path))
    os.remove(path)
    lu.assertEquals(tostring(b), LONG)
    lu.assertTrue(b:release())
    fails("released", length, b)
end

function TestOwners.test_what_cannot_be_mapped()
    lu.assertEquals({ bytes.map "/nowhere/at/all" }, { nil, "/nowhere/at/all: No such file or directory", 2 })
    lu.assertEquals({ bytes.map "/" }, { nil, "/: Is a directory", 21 })
    local path = temporary("")
    lu.assertEquals(#bytes.map(path), 0)
    os.remove(path)
end

-- Each large mapping keeps a descriptor: more of them than the host allows make the collector close the unreachable ones.
function TestOwners.test_unreachable_mappings_give_their_descriptors_back()
    local path = temporary(("x"):rep(1048576))
    for i = 1, 3000 do
        local b, message = bytes.map(path)
        lu.assertNotNil(b, message)
        if i % 1000 == 0 then lu.assertEquals(#b, 1048576) end
    end
    os.remove(path)
end

TestRelease = {}

function TestRelease.test_by_what_brought_the_memory_all_views_end()
    local b = bytes.from(LONG)
    local view, chain = b:sub(2, 900), b:sub(1, 400) .. "-" .. b:sub(500, 900)
    lu.assertTrue(b:release())
    lu.assertFalse(b:release())
    for _, v in ipairs { view, chain } do
        for _, f in ipairs { tostring, length, v.sub, v.find, v.byte, v.flatten, v.pinned } do fails("released", f, v, "1") end
        fails("released", function() return v .. "x" end)
        fails("released", function() return v == bytes.from "x" end)
    end
    lu.assertFalse(view:release())
end

function TestRelease.test_by_a_view_only_that_view_ends()
    local b = bytes.from(LONG)
    local view = b:sub(2, 900)
    local chain = view .. "-" .. b
    lu.assertTrue(view:release())
    lu.assertFalse(view:release())
    fails("released", tostring, view)
    lu.assertEquals(tostring(b), LONG)
    lu.assertEquals(tostring(chain), LONG:sub(2, 900) .. "-" .. LONG)
    lu.assertTrue(chain:release())
    lu.assertFalse(chain:release())
    fails("released", length, chain)
    lu.assertEquals(tostring(b), LONG)
end

function TestRelease.test_a_copied_slice_outlives_the_release()
    local b = bytes.from(LONG)
    local small, large = b:sub(1, 256), b:sub(1, 257)
    b:release()
    lu.assertEquals(tostring(small), LONG:sub(1, 256))
    fails("released", tostring, large)
end

function TestRelease.test_memory_is_given_back_at_once()
    local buffer = bytes.buffer()
    buffer:put(("x"):rep(1000000))
    local b = buffer:freeze()
    local view = b:sub(10)
    local before = limits.memory().native
    b:release()
    lu.assertTrue(limits.memory().native <= before - 1000000)
    lu.assertFalse(pcall(length, view))
end

function TestRelease.test_in_a_finalizer_and_inside_iteration()
    local b = bytes.from(("line\n"):rep(100))
    local proxy = newproxy(true)
    getmetatable(proxy).__gc = function() b:release() end
    proxy = nil
    local ok, message = pcall(function()
        for line in b:lines() do
            if line then collectgarbage() end
        end
    end)
    lu.assertFalse(ok)
    lu.assertStrContains(message, "released")
end

TestMemory = {}

function TestMemory.test_all_of_it_comes_back()
    local before = native()
    do
        local buffer = bytes.buffer(1000)
        for _ = 1, 100 do buffer:put(LONG) end
        local b = buffer:freeze()
        local chain = bytes.chain {}
        for i = 1, 1000 do chain = chain .. b:sub(i, i + 300) .. "," end
        local part = chain:sub(1000, -1000)
        lu.assertTrue(native() > before + 100000)
        lu.assertEquals(#part, #chain - 1998)
        lu.assertEquals(#part:compact(), #part)
    end
    lu.assertEquals(native(), before)
end

function TestMemory.test_it_drives_the_collector()
    local before, most = native(), 0
    for _ = 1, 300 do
        local buffer = bytes.buffer()
        buffer:put(LONG:rep(1000))
        buffer:freeze()
        most = math.max(most, limits.memory().native)
    end
    lu.assertTrue(most - before < 100e6, most - before)
end

function TestMemory.test_pinned_counts_each_owner_once()
    local b = bytes.from(LONG)
    lu.assertEquals(b:sub(1, 300):pinned(), 1000)
    lu.assertEquals(b:sub(1, 100):pinned(), 100)
    lu.assertEquals((b:sub(1, 300) .. b:sub(500, 900)):pinned(), 1000)
    lu.assertEquals(b:sub(1, 300):compact():pinned(), 300)
    lu.assertTrue(rawequal(b:compact(), b))
    local path = temporary(LONG)
    local mapped = bytes.map(path)
    os.remove(path)
    lu.assertEquals({ (b .. mapped):pinned() }, { 1000, 1000 })
    lu.assertEquals({ mapped:compact():pinned() }, { 0, 1000 })
    lu.assertEquals({ mapped:sub(1, 999):compact():pinned() }, { 999, 0 })
end

function TestMemory.test_a_cap_collects_before_it_fails()
    local script = [[
        local bytes = require "moonbear.bytes"
        for _ = 1, 1000 do
            local b = bytes.buffer()
            b:put(("x"):rep(100000))
            b:freeze()
        end
        print(pcall(function() bytes.buffer(8e6) end))
        print(pcall(function() return #bytes.buffer(1e30) end))
        local b = bytes.buffer()
        local ok, message = pcall(function() while true do b:put(("y"):rep(1000)) end end)
        print(ok, message, #b > 500000, b:get(3))]]
    local path = temporary(script)
    local pipe = io.popen(("'%s' --memory-limit=4M '%s' 2>&1"):format(os.getenv "MOONBEAR", path))
    local said = pipe:read "*a"
    pipe:close()
    os.remove(path)
    lu.assertEquals(said, "false\tnot enough memory\nfalse\tnot enough memory\nfalse\tnot enough memory\ttrue\tyyy\n")
end
