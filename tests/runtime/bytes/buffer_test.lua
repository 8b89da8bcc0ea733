-- bytes.buffer: growing, taking from the front, freezing, release.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local limits = require "moonbear.limits"
local fails = require "fails"

TestBuffer = {}

function TestBuffer.test_put_and_putf()
    local b = bytes.buffer()
    lu.assertTrue(rawequal(b:put("a", 1, bytes.from "b" .. ("c"):rep(300)):putf("%03d|%s", 7, "x"), b))
    lu.assertEquals(tostring(b), "a1b" .. ("c"):rep(300) .. "007|x")
    lu.assertEquals(#b, 308)
    lu.assertEquals(#b:put(), 308)
end

-- string.format knows strings alone.
function TestBuffer.test_putf_takes_bytes()
    local long = ("0123456789"):rep(50)
    local b = bytes.buffer():putf("<%s|%5.2s|%q|%d>", bytes.from(long), bytes.from "abc", bytes.from '"', bytes.from "12")
    lu.assertEquals(tostring(b), ("<%s|   ab|%q|12>"):format(long, '"'))
end

function TestBuffer.test_packing_is_all_or_nothing_at_any_size()
    local long = ("x"):rep(1000)
    for _, head in ipairs { "", ("h"):rep(200), long, long:rep(20) } do
        local b = bytes.buffer():put "before"
        lu.assertEquals(tostring(b:pack("z <i2 s2 z", head, 1, bytes.from(long), "end")), "before" .. head .. "\0\1\0\232\3" .. long .. "end\0")
        fails("does not fit", b.pack, b, "z b", head, 1000)
        fails("contains a zero", b.pack, b, "z z", head, "a\0")
        fails("missing for the format", b.pack, b, "z b", head)
        lu.assertEquals(#b, 6 + #head + 1 + 4 + 1000 + 4)
        lu.assertEquals((bytes.pack("z", head):unpack "z"), head)
    end
    for size = 250, 262 do lu.assertEquals(#bytes.pack("c" .. size .. " b", "x", 1), size + 1) end
end

function TestBuffer.test_a_put_is_all_or_nothing()
    local b, gone = bytes.buffer(), bytes.from(("x"):rep(300))
    gone:release()
    fails("string or bytes expected", b.put, b, "a", {})
    fails("released", b.put, b, "a", gone)
    fails("bad argument", b.putf, b, "%d", "x")
    lu.assertEquals(#b, 0)
end

function TestBuffer.test_taking_from_the_front()
    local b = bytes.buffer():put "0123456789"
    lu.assertEquals(b:get(3), "012")
    lu.assertEquals(tostring(b:skip(2)), "56789")
    lu.assertEquals(b:get(100), "56789")
    lu.assertEquals({ b:get(), b:get(5), #b }, { "", "", 0 })
    lu.assertEquals(b:put("xyz"):get(), "xyz")
    fails("not negative", b.get, b, -1)
    fails("number expected", b.skip, b)
end

function TestBuffer.test_as_a_queue_it_stays_small()
    local b = bytes.buffer()
    local before = limits.memory().native
    for i = 1, 20000 do
        b:put(("%08d"):format(i), ("x"):rep(92))
        lu.assertEquals(b:get(100):sub(1, 8), ("%08d"):format(i))
    end
    b:put(("y"):rep(1000))
    for _ = 1, 2000 do b:put(("z"):rep(500)):skip(500) end
    lu.assertTrue(limits.memory().native - before < 10000)
end

function TestBuffer.test_against_a_string()
    local seed = os.time()
    math.randomseed(seed)
    local b, s = bytes.buffer(math.random(100)), ""
    for _ = 1, 3000 do
        local choice = math.random(10)
        if choice <= 6 then
            local text = ("%d,"):format(math.random(1e9)):rep(math.random(30))
            b:put(text)
            s = s .. text
        elseif choice <= 8 then
            local n = math.random(0, 2000)
            lu.assertEquals(b:get(n), s:sub(1, n), seed)
            s = s:sub(n + 1)
        elseif choice == 9 then
            local n = math.random(0, 200)
            b:skip(n)
            s = s:sub(n + 1)
        elseif math.random(5) == 1 then
            lu.assertTrue(b:freeze():equals(s), seed)
            s = ""
        end
        lu.assertEquals(#b, #s, seed)
    end
    lu.assertEquals(tostring(b), s, seed)
end

function TestBuffer.test_freeze_hands_the_memory_over()
    local b = bytes.buffer(1000000)
    for _ = 1, 1000 do b:put(("x"):rep(1000)) end
    collectgarbage()
    local before = limits.memory()
    local frozen = b:freeze()
    local after = limits.memory()
    lu.assertTrue(after.native + after.heap - before.native - before.heap < 3000)
    lu.assertEquals({ #frozen, #b, tostring(b) }, { 1000000, 0, "" })
    b:put "again"
    lu.assertEquals(tostring(b:freeze()), "again")
    lu.assertEquals(#frozen, 1000000)
    lu.assertEquals(#bytes.buffer():freeze(), 0)
end

function TestBuffer.test_freeze_gives_unused_memory_back()
    local b = bytes.buffer(1000000):put(("x"):rep(1000))
    local before = limits.memory().native
    local frozen = b:freeze()
    lu.assertTrue(before - limits.memory().native > 990000)
    lu.assertEquals(#frozen, 1000)
end

function TestBuffer.test_reset_keeps_and_release_gives()
    local b = bytes.buffer():put(("x"):rep(100000))
    local full = limits.memory().native
    lu.assertEquals(#b:reset(), 0)
    lu.assertEquals(limits.memory().native, full)
    lu.assertEquals({ b:release(), b:release() }, { true, false })
    lu.assertTrue(limits.memory().native <= full - 100000)
    for _, name in ipairs { "put", "get", "freeze", "reset", "putf", "skip", "pack" } do
        fails("this buffer was released", b[name], b, "b", 1)
    end
    fails("this buffer was released", tostring, b)
    fails("buffer expected", b.put, bytes.from "x")
end
