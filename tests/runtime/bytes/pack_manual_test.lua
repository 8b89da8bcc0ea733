-- bytes.pack against the manual of Lua 5.3, section 6.4.2, option by option. (peers_test.lua has thousands of formats beside a
-- newer Lua.)
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local fails = require "fails"

TestPackManual = {}

local function hex(text)
    return (tostring(text):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

-- Each option of the manual: its size on this machine, a value, and its bytes behind "<". Alignments stand behind a byte, with "!".
local OPTIONS = {
    { "b", 1, -2, "fe" }, { "B", 1, 254, "fe" }, { "h", 2, -2, "feff" }, { "H", 2, 65534, "feff" },
    { "i", 4, -2, "feffffff" }, { "I", 4, 2 ^ 32 - 2, "feffffff" }, { "l", 8, -2, "fe" .. ("f"):rep(14) }, { "L", 8, 2, "02" .. ("0"):rep(14) },
    { "j", 8, -2, "fe" .. ("f"):rep(14) }, { "J", 8, 2, "02" .. ("0"):rep(14) }, { "T", 8, 2, "02" .. ("0"):rep(14) },
    { "f", 4, -1.5, "0000c0bf" }, { "d", 8, -1.5, "000000000000f8bf" }, { "n", 8, -1.5, "000000000000f8bf" },
}

function TestPackManual.test_each_option()
    for _, option in ipairs(OPTIONS) do
        local name, size, value, packed = unpack(option)
        local reversed = packed:gsub("..", "%0 "):reverse():gsub(" ?(.)(.)", "%2%1")
        local native = hex(bytes.pack("=" .. name, value))
        lu.assertEquals(bytes.packsize(name), size)
        lu.assertEquals(hex(bytes.pack("<" .. name, value)), packed)
        lu.assertEquals(hex(bytes.pack(">" .. name, value)), reversed)
        lu.assertEquals(native, packed) -- all of our machines are little-endian
        lu.assertEquals(hex(bytes.pack(name, value)), native)
        lu.assertEquals({ bytes.unpack(bytes.pack(">" .. name, value), ">" .. name) }, { value, size + 1 })
        lu.assertEquals(hex(bytes.pack("<!B" .. name, 7, value)), "07" .. ("00"):rep(size - 1) .. packed)
        lu.assertEquals(bytes.packsize("<!BX" .. name), size)
        lu.assertEquals(bytes.packsize("!2 B" .. name), math.min(size, 2) + size)
    end
end

function TestPackManual.test_integers_of_every_size()
    for size = 1, 16 do
        local one = "01" .. ("00"):rep(size - 1)
        lu.assertEquals(bytes.packsize("i" .. size), size)
        lu.assertEquals(hex(bytes.pack("<i" .. size, 1)), one)
        lu.assertEquals(hex(bytes.pack(">I" .. size, 1)), ("00"):rep(size - 1) .. "01")
        lu.assertEquals(hex(bytes.pack("<i" .. size, -1)), ("ff"):rep(size))
        lu.assertEquals(hex(bytes.pack(("<s%d"):format(size), "x")), one .. "78")
        lu.assertEquals({ bytes.unpack("??" .. tostring(bytes.pack((">s%d"):format(size), "xyz")), (">s%d"):format(size), 3) }, { "xyz", size + 6 })
        if size < 7 then
            fails("does not fit into " .. size .. " byte", bytes.pack, "i" .. size, 2 ^ (8 * size - 1))
            fails("does not fit into " .. size .. " byte", bytes.pack, "i" .. size, -2 ^ (8 * size - 1) - 1)
            fails("does not fit into " .. size .. " byte", bytes.pack, "I" .. size, 2 ^ (8 * size))
        end
        local is_power = size == 1 or size == 2 or size == 4 or size == 8 or size == 16
        if is_power then lu.assertEquals(bytes.packsize(("!16 b i%d"):format(size)), 2 * size)
        elseif size > 4 then fails("at 7: the alignment is no power of 2", bytes.packsize, ("!16 b i%d"):format(size)) end
    end
    for most = 1, 16 do lu.assertEquals(bytes.packsize(("!%d b x"):format(most)), 2) end
end

function TestPackManual.test_texts_padding_and_spaces()
    lu.assertEquals(hex(bytes.pack(" < z x z ", "ab", "")), "61620000" .. "00")
    lu.assertEquals({ bytes.unpack("ab\0\0\0", "z x z") }, { "ab", "", 6 })
    lu.assertEquals(hex(bytes.pack("s", "ab")), "0200000000000000" .. "6162")
    lu.assertEquals(hex(bytes.pack("c0 c3", "", "a")), "610000")
    lu.assertEquals(bytes.packsize "  ", 0)
    lu.assertEquals(hex(bytes.pack("<! i2 > i2 = i2", 1, 1, 1)), "0100" .. "0001" .. "0100")
end

-- The format's option, and where it begins; the argument that does not fit; the byte of the data.
function TestPackManual.test_errors_say_where()
    fails("'y' at 4: there is no such option", bytes.pack, "i4 y", 1)
    fails("'i' at 3: .*1 to 16 bytes", bytes.pack, "b i17", 1, 1)
    fails("'!' at 3: .*1 to 16", bytes.pack, "b !0", 1)
    fails("'X' at 6: .*has no alignment", bytes.pack, "!4 b Xc12", 1)
    fails("'i' at 4: .*1 to 16 bytes", bytes.packsize, "!4Xi99")
    fails("#4.*does not fit into 1 byte", bytes.pack, "i4 x s1 b", 1, "ab", 200)
    fails("2 bytes are wanted at 5, and it has 5", bytes.unpack, "abcde", "i4 i2")
end
