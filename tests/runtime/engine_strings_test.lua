-- engine_strings_test.lua: what the engine does to strings in its own way gives what Lua 5.1 gives.
-- Invariant: expectations are computed byte by byte in Lua, or are those of lua5.1.
-- SPDX-License-Identifier: MIT

TestCopy = {}

-- Every length around the borders of the copying code, by whatever copies.
function TestCopy.test_lengths()
    local parts = {}
    for i = 1, 700 do parts[i] = string.char(i * 7 % 251 + 1) end
    local whole = table.concat(parts)
    for length = 0, 690 do
        local piece = whole:sub(4, length + 3)
        lu.assertEquals(#piece, length)
        lu.assertEquals(piece, table.concat(parts, "", 4, length + 3))
        lu.assertEquals(#(piece .. whole .. length), length + 700 + #tostring(length))
        lu.assertEquals(("x" .. piece):sub(2), piece)
    end
end

TestInPlace = {}

local function by_bytes(text, change)
    local out = {}
    for i = 1, #text do out[i] = string.char(change(text:byte(i), i)) end
    return table.concat(out)
end

local every = {}
for i = 0, 255 do every[#every + 1] = string.char(i) end
every = table.concat(every)

function TestInPlace.test_case_and_order()
    lu.assertEquals(every:upper(), by_bytes(every, function(c) return c >= 97 and c <= 122 and c - 32 or c end))
    lu.assertEquals(every:lower(), by_bytes(every, function(c) return c >= 65 and c <= 90 and c + 32 or c end))
    lu.assertEquals(every:reverse(), by_bytes(every, function(_, i) return every:byte(257 - i) end))
    lu.assertEquals({ (""):upper(), (""):lower(), (""):reverse(), string.char() }, { "", "", "", "" })
    lu.assertEquals(string.char(0, 255, 65), "\0\255A")
    lu.assertErrorMsgContains("(invalid value)", string.char, 1, 256)
end

function TestInPlace.test_rep()
    for _, text in ipairs { "a", "ab", "abc", ("long"):rep(5000) } do
        for _, count in ipairs { 0, 1, 2, 3, 7, 64, 100 } do
            local parts = {}
            for i = 1, count do parts[i] = text end
            lu.assertTrue(text:rep(count) == table.concat(parts))
        end
    end
    lu.assertEquals({ ("x"):rep(-1), (""):rep(1e9) }, { "", "" })
end

TestCompare = {}

function TestCompare.test_by_bytes_zeros_included()
    lu.assertTrue("a\0b" < "a\0c" and "a" < "a\0" and not ("b" < "a\255") and "" < "\0" and "\127" < "\128")
    lu.assertTrue(("x"):rep(40) .. "a" < ("x"):rep(40) .. "b" and "abc" <= "abc")
end

TestFind = {}

local function slow_find(text, wanted, from)
    for i = from, #text - #wanted + 1 do
        if text:sub(i, i + #wanted - 1) == wanted then return i, i + #wanted - 1 end
    end
end

function TestFind.test_plain()
    local text = ("abcab"):rep(30) .. "\0needle" .. ("aab"):rep(20)
    for _, wanted in ipairs { "a", "ab", "cabab", "\0", "needle", "\0needle", "leaab", "zz", ("aab"):rep(20), text, text .. "x", "b" } do
        for _, from in ipairs { 1, 2, 17, 100, #text } do
            lu.assertEquals({ text:find(wanted, from, true) }, { slow_find(text, wanted, from) })
        end
    end
    lu.assertEquals({ text:find("", 5, true) }, { 5, 4 })
    lu.assertEquals({ ("x"):rep(100000):find(("x"):rep(500) .. "y", 1, true) }, {})
end

TestPatterns = {}

-- As lua5.1 answers.
function TestPatterns.test_places_that_are_passed_over()
    lu.assertEquals({ ("a.b.c"):find("%.c") }, { 4, 5 })
    lu.assertEquals({ ("aab"):find("ab*") }, { 1, 1 })
    lu.assertEquals({ ("xyz"):find("a*") }, { 1, 0 })
    lu.assertEquals({ ("xaz"):find("a?z") }, { 2, 3 })
    lu.assertEquals({ ("xaaz"):find("a-z") }, { 2, 4 })
    lu.assertEquals({ ("key = value"):match("^(%w+)%s*=%s*(%w+)$") }, { "key", "value" })
    lu.assertEquals({ ("x]y"):find("]") }, { 2, 2 })
    lu.assertEquals({ ("a(b)c"):match("%((.-)%)") }, { "b" })
    lu.assertEquals({ ("THE (quick) fox"):find("%((%a+)%)") }, { 5, 11, "quick" })
    lu.assertEquals({ ("aXb"):gsub("%u", "%0%0") }, { "aXXb", 1 })
    lu.assertEquals({ ("abc"):gsub("", "-") }, { "-a-b-c-", 4 })
    lu.assertEquals({ ("abc"):gsub("^", "x") }, { "xabc", 1 })
    lu.assertEquals({ ("abc"):gsub("z", "x") }, { "abc", 0 })
    lu.assertEquals({ ("aaa"):gsub("a", "b", 2) }, { "bba", 2 })
    lu.assertEquals({ ("hello world"):gsub("o", "%%") }, { "hell% w%rld", 2 })
    lu.assertEquals({ ("hello"):gsub("l", { l = "L" }) }, { "heLLo", 2 })
    lu.assertEquals({ ("hello"):gsub("l", function() end) }, { "hello", 2 })
    lu.assertEquals({ ("  x "):gsub("%s+$", "") }, { "  x", 1 })
    lu.assertEquals({ ("f(a(b)c)d"):match("%b()") }, { "(a(b)c)" })
    lu.assertEquals({ ("THE END"):find("%f[%a]%a+%f[%A]", 4) }, { 5, 7 })
    lu.assertErrorMsgContains("malformed pattern", string.find, "a", "a[")
    lu.assertEquals(("b"):find("a["), nil)
end

function TestPatterns.test_every_class_on_every_byte()
    local counts = { a = 52, c = 33, d = 10, l = 26, p = 32, s = 6, u = 26, w = 62, x = 22, z = 1 }
    for class, count in pairs(counts) do
        lu.assertEquals(select(2, every:gsub("%" .. class, "")), count, class)
        lu.assertEquals(select(2, every:gsub("%" .. class:upper(), "")), 256 - count, class)
        lu.assertEquals(select(2, every:gsub("[%" .. class .. "]", "")), count, class)
    end
end

function TestPatterns.test_runs()
    for _, item in ipairs { ".", "%w", "%S", "[^,]", "x" } do
        local text = ("x"):rep(50) .. ",tail"
        local _, to = text:find("^" .. item .. "*")
        lu.assertEquals(to, item == "." and 55 or item == "%S" and 55 or 50)
        lu.assertEquals((text:match("^(" .. item .. "+),")), ("x"):rep(50))
    end
end

TestFormat = {}

function TestFormat.test_as_lua51()
    local cases = {
        { "12", "%d", 12 }, { "-7", "%d", -7.9 }, { "   12", "%5d", 12 }, { "12   |", "%-5d|", 12 }, { "-0012", "%05d", -12 },
        { "+5", "%+d", 5 }, { "005", "%.3d", 5 }, { "ff", "%x", 255 }, { "FF", "%X", 255 }, { "0x1f", "%#x", 31 }, { "17", "%o", 15 },
        { " 3.14", "%5.2f", 3.14159 }, { "3.142   |", "%-8.3f|", 3.14159 }, { "00003.14", "%08.2f", 3.14159 }, { "inf", "%f", 1 / 0 },
        { "0.5", "%g", 0.5 }, { "1e+20", "%g", 1e20 }, { "100000", "%g", 1e5 }, { "1e+06", "%g", 1e6 }, { "0.0001", "%g", 1e-4 },
        { "0", "%d", 0 }, { "1e-05", "%g", 1e-5 }, { "3", "%.0f", 2.5 + 0.5 }, { "2", "%.0f", 2.5 },
        { "<text>", "<%s>", "text" }, { "  ab", "%4s", "ab" }, { "ab  ", "%-4s", "ab" }, { "a", "%.1s", "abc" }, { "A", "%c", 65 },
        { "5%", "%d%%", 5 }, { "1.5", "%s", 1.5 }, { "12", "%d", "12" }, { '"a\\\n\\"\\\\\\r\\000b"', "%q", 'a\n"\\\r\0b' },
        { "a", "%s", "a\0b" }, { ("y"):rep(120) .. "\0z", "%s", ("y"):rep(120) .. "\0z" },
    }
    for _, case in ipairs(cases) do lu.assertEquals(string.format(case[2], case[3]), case[1], case[2]) end
    lu.assertErrorMsgContains("(no value)", string.format, "%d")
    lu.assertErrorMsgContains("number expected, got string", string.format, "%d", "x")
    lu.assertErrorMsgContains("invalid option '%y' to 'format'", string.format, "%y", 1)
    lu.assertErrorMsgContains("invalid format (width or precision too long)", string.format, "%123d", 1)
end

TestArithmetic = {}

function TestArithmetic.test_modulo_floor_and_powers()
    lu.assertEquals({ 5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2 }, { 2, 1, -1, -2, 1.5 })
    lu.assertTrue((1 % 0) ~= (1 % 0) and (2 ^ 53 + 2) % 2 == 0 and 1e300 % 7 == 1e300 - math.floor(1e300 / 7) * 7)
    lu.assertEquals({ math.floor(-0.5), math.floor(2 ^ 60), math.floor(-3), math.floor(1e300) }, { -1, 2 ^ 60, -3, 1e300 })
    lu.assertEquals({ 9 ^ 0.5, 3 ^ 2, (-3) ^ 2, 2 ^ 0.5 == math.sqrt(2) }, { 3, 9, 9, true })
    lu.assertEquals({ (-1 / 0) ^ 0.5, 0 ^ 0.5 }, { 1 / 0, 0 })
end

TestCheck = {}

-- Long strings that differ only where Lua's hash does not look.
function TestCheck.test_equal_only_if_all_bytes_are()
    local fill, seen = ("z"):rep(300), {}
    for i = 1, 3000 do
        local text = fill .. ("%04d"):format(i) .. fill
        lu.assertNil(seen[text])
        seen[text] = i
    end
    for i = 1, 3000 do lu.assertEquals(seen[fill .. ("%04d"):format(i) .. fill], i) end
end

-- Enough of each length that they are hashed anew, those from 256 characters on by 56 at a time: the same again for the same bytes.
function TestCheck.test_lengths_around_what_is_taken_at_a_time()
    for length = 250, 350 do
        local seen = {}
        for i = 1, 60 do
            local text = ("z"):rep(i) .. "y" .. ("z"):rep(length - i - 1)
            lu.assertNil(seen[text])
            seen[text] = i
        end
        for i = 1, 60 do
            lu.assertTrue(seen[("z"):rep(i) .. "y" .. ("z"):rep(length - i - 1)] == i)
            lu.assertTrue(seen[("z"):rep(length - i - 1) .. "y" .. ("z"):rep(i)] == (length - i - 1 <= 60 and length - i - 1 or nil))
        end
    end
end

TestRecent = {}

-- A string of this length that differs from others only in the byte at `place`.
local function marked(length, place, mark)
    return ("a"):rep(place - 1) .. mark .. ("a"):rep(length - place)
end

function TestRecent.test_every_byte_counts()
    for length = 1, 80 do
        for place = 1, length do
            local b, c = marked(length, place, "b"), marked(length, place, "c")
            lu.assertFalse(b == c)
            lu.assertEquals({ b:byte(place), c:byte(place), #b }, { 98, 99, length })
            lu.assertTrue(({ [b] = true })[marked(length, place, "b")])
        end
    end
end

function TestRecent.test_zeros_and_lengths()
    local seen = {}
    for length = 0, 80 do seen[("\0"):rep(length)] = length end
    for length = 0, 80 do lu.assertEquals(seen[("\0"):rep(length)], length) end
end

-- Strings die between the times that they are made; one found in the place of a dead one would be no key.
function TestRecent.test_dead_strings_are_forgotten()
    local pause, speed = collectgarbage("setpause", 0), collectgarbage("setstepmul", 10000)
    for i = 1, 400 do
        lu.assertNotNil(({ ["text " .. i % 7] = i })["text " .. i % 7])
        if i % 3 == 0 then collectgarbage() end
        local other = { ["text " .. i % 7] = i }
        for k = 1, 20 do other["filler " .. i * k] = k end
        lu.assertEquals(other["text " .. i % 7], i)
    end
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", speed)
end
