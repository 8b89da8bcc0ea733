-- bytes.pack and bytes.unpack: the formats of Lua 5.3's string.pack.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local fails = require "fails"

local function hex(...)
    return (tostring(bytes.pack(...)):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

TestPack = {}

-- What Lua 5.3 and 5.4 print for the same calls.
function TestPack.test_layouts()
    lu.assertEquals(hex("<i4", 1), "01000000")
    lu.assertEquals(hex(">i4", -2), "fffffffe")
    lu.assertEquals(hex("<i3 >I3", -3, 66051), "fdffff010203")
    lu.assertEquals(hex("bBhHlLjJT", -1, 255, -1, 65535, -1, 1, -1, 1, 1),
        "ff" .. "ff" .. "ffff" .. "ffff" .. ("f"):rep(16) .. "0100000000000000" .. ("f"):rep(16) .. ("0100000000000000"):rep(2))
    lu.assertEquals(hex("<i16 >I16", -1, 1), ("f"):rep(32) .. ("0"):rep(30) .. "01")
    lu.assertEquals(hex("<f>f<d>n", 1.5, 1.5, 1.5, -1.5), "0000c03f" .. "3fc00000" .. "000000000000f83f" .. "bff8000000000000")
    lu.assertEquals(hex("<s1 s z", "ab", "c", "de"), "026162" .. "0100000000000000" .. "63" .. "646500")
    lu.assertEquals(hex("c5 x B", "ab", 9), "6162000000" .. "00" .. "09")
    lu.assertEquals(hex("", 1), "")
    lu.assertEquals(hex("<J", -1), ("f"):rep(16))
end

function TestPack.test_alignment()
    lu.assertEquals(hex("<b i4", 1, 2), "0102000000")
    lu.assertEquals(hex("<! b i4", 1, 2), "01000000" .. "02000000")
    lu.assertEquals(hex("<!2 b i4", 1, 2), "0100" .. "02000000")
    lu.assertEquals(hex("<!4 b Xi4 b", 1, 2), "01000000" .. "02")
    lu.assertEquals(hex("<!4 b s4", 1, "x"), "01000000" .. "01000000" .. "78")
    lu.assertEquals(hex("<! b c3 Xd", 1, "abc"), "01616263" .. "00000000")
    lu.assertEquals(bytes.packsize "<! b Xd d i2 Xi4", 20)
    lu.assertEquals(bytes.packsize "b i3 c7 x", 12)
end

function TestPack.test_round_trips_of_every_size()
    for size = 1, 16 do
        local top = 2 ^ math.min(8 * size - 1, 53)
        for _, order in ipairs { "<", ">", "=" } do
            for _, n in ipairs { 0, 1, -1, top / 2, -top / 2, top - 1, -top + 1, -top } do
                lu.assertEquals({ bytes.unpack(bytes.pack(order .. "i" .. size, n), order .. "i" .. size) }, { n, size + 1 })
                if n >= 0 then lu.assertEquals((bytes.pack(order .. "I" .. size, n):unpack(order .. "I" .. size)), n) end
            end
        end
    end
    for _, n in ipairs { 0.1, -1 / 3, 1e308, 5e-324, 1 / 0, -1 / 0, 2 ^ 53 } do
        lu.assertEquals((bytes.pack(">d", n):unpack ">d"), n)
    end
    local nan = bytes.pack("n", 0 / 0):unpack "n"
    lu.assertTrue(nan ~= nan)
end

function TestPack.test_integers_beyond_what_a_double_holds()
    lu.assertEquals((bytes.unpack(("\0"):rep(7) .. "\128", "<j")), -2 ^ 63)
    lu.assertEquals((bytes.unpack(("\0"):rep(7) .. "\128", "<J")), 2 ^ 63)
    lu.assertEquals((bytes.unpack("\1\0\0\0\0\0\32\0", ">J")), 2 ^ 56 + 2 ^ 13)
    fails("integer of 8 bytes at 3 is beyond.*c8", bytes.unpack, "ab\1\0\0\0\0\0\32\0", "<c2 j")
    fails("integer of 16 bytes at 1", bytes.unpack, ("\255"):rep(15) .. "\127", "<i16")
    lu.assertEquals((bytes.unpack(("\255"):rep(16), "<i16")), -1)
    fails("does not fit into 8 bytes", bytes.pack, "j", 2 ^ 63)
    fails("does not fit into 8 bytes", bytes.pack, "J", 2 ^ 64)
end

function TestPack.test_values_that_do_not_fit()
    fails("#2.*does not fit into 1 byte", bytes.pack, "b", 128)
    fails("#3.*does not fit into 2 bytes", bytes.pack, "bH", 1, -1)
    fails("not whole", bytes.pack, "i", 1.5)
    fails("not whole", bytes.pack, "i", 0 / 0)
    fails("not whole", bytes.pack, "J", 1 / 0)
    fails("#2.*number expected", bytes.pack, "i", {})
    fails("#3.*missing for the format", bytes.pack, "ii", 1)
    fails("longer than the format says", bytes.pack, "c2", "abc")
    fails("does not fit into 1 byte", bytes.pack, "s1", ("x"):rep(256))
    fails("contains a zero", bytes.pack, "z", "a\0b")
end

function TestPack.test_formats_that_are_wrong()
    for format, why in pairs {
        q = "'q' at 1: there is no such option", i17 = "1 to 16 bytes", i0 = "1 to 16 bytes", s99999999999 = "1 to 16 bytes",
        c = "a number of bytes must follow", X = "an option must follow", Xz = "has no alignment", Xc4 = "has no alignment",
        ["!4 i3"] = "no power of 2", ["b\0"] = "no such option", ["!17"] = "1 to 16", c99999999999 = "too many bytes",
    } do
        fails(why, bytes.pack, format, 1, 1)
        fails(why, bytes.packsize, format)
        fails(why, bytes.unpack, ("\0"):rep(64), format)
    end
    fails("depends on the value", bytes.packsize, "z")
    fails("depends on the value", bytes.packsize, "s2")
end

function TestPack.test_data_that_is_too_short()
    fails("4 bytes are wanted at 1, and it has 3", bytes.unpack, "abc", "i4")
    fails("9 bytes are wanted at 2, and it has 3", bytes.unpack, "\9ab", "s1")
    fails("too short", bytes.unpack, "\255\255\255\255\255\255\31\0", "<s8")
    fails("no zero at its end", bytes.unpack, "abc", "z")
    fails("too short", bytes.unpack, "abc", "!8 c1 d")
    fails("position is outside", bytes.unpack, "abc", "b", 5)
    lu.assertEquals({ bytes.unpack("abc", "c0", 4) }, { "", 4 })
end

function TestPack.test_positions()
    lu.assertEquals({ bytes.unpack("abc", "b", -1) }, { 99, 4 })
    lu.assertEquals({ bytes.from("xx\1\2"):unpack("bb", 3) }, { 1, 2, 5 })
    fails("position is outside", bytes.unpack, "abc", "b", -4)
end

function TestPack.test_many_results()
    local count = 5000
    local results = { bytes.unpack(("\7"):rep(count), ("b"):rep(count)) }
    lu.assertEquals(#results, count + 1)
    fails("too many results", bytes.unpack, ("\7"):rep(1e6), ("b"):rep(1e6))
end

function TestPack.test_the_methods()
    local b = bytes.from "head" .. ("x"):rep(300)
    local longer = b:pack(">I2", 258)
    lu.assertEquals(tostring(longer), tostring(b) .. "\1\2")
    lu.assertEquals(#b, 304)
    local buffer = bytes.buffer()
    lu.assertEquals(tostring(buffer:pack("<i2 z", 1, "a"):pack("b", 2)), "\1\0a\0\2")
    fails("does not fit", buffer.pack, buffer, "bb", 1, 1000)
    lu.assertEquals(#buffer, 5)
end
