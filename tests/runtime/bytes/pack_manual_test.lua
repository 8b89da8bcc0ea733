-- bytes.pack against the manual of Lua 5.3, section 6.4.2, option by option, and against Lua 5.4's string.pack where that is
-- installed: thousands of formats, values that fit and values that do not.
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

-- ---- Beside Lua 5.4 ----

local seed = 20

local function random(n)
    seed = seed * 16807 % 2147483647
    return seed % n + 1
end

local function one_of(list) return list[random(#list)] end

local SIGNED = { b = 1, h = 2, i = 4, l = 8, j = 8 }
local UNSIGNED = { B = 1, H = 2, I = 4, L = 8, J = 8, T = 8 }
local EDGES = { -2, -1, 0, 1 }

-- A whole number near the edge of so many bytes, or anywhere below.
local function whole(size, signed)
    local bits = math.min(size * 8, 53)
    if random(6) == 1 then
        local edge = signed and bits < 53 and 2 ^ (bits - 1) or 2 ^ bits
        local n = edge + one_of(EDGES)
        if signed and random(2) == 1 then n = -n end
        return math.abs(n) > 2 ^ 53 and 2 ^ 53 or n
    end
    local n = math.floor(2 ^ (random(bits) - 1) * (random(1000) / 1001))
    return signed and random(2) == 1 and -n or n
end

local makers = {
    function() local o = one_of { "b", "h", "i", "l", "j" } return o, whole(SIGNED[o], true) end,
    function() local o = one_of { "B", "H", "I", "L", "J", "T" } return o, whole(UNSIGNED[o]) end,
    function() local n = random(17) return "i" .. n, whole(n, true) end,
    function() local n = random(17) return "I" .. n, whole(n) end,
    function() return one_of { "f", "d", "n" }, one_of { 0, -0.5, 1 / 3, 1e30, -1e-30, 255, 65504.5 } end,
    function() local n = random(12) - 1 return "c" .. n, ("text"):rep(3):sub(1, random(n + 2) - 1) end,
    function() local n = random(17) return "s" .. n, ("x"):rep(one_of { 0, 1, 7, 255, 256 }) end,
    function() return "z", one_of { "", "word", "a\0b" } end,
    function() return "s", one_of { "", "word", "a\0b" } end,
    function() return "x" end,
    function() return "X" .. one_of { "i4", "d", "h", "b", "j", "i3", "z", "" } end,
    function() return one_of { "<", ">", "=", "!", "!1", "!2", "!4", "!8", "!16", "!17", "!3", " " } end,
    function() return one_of { "q", "c", "y", "i0", "I0" } end,
}
local RARE = #makers -- what is always wrong

local function case()
    local format, values = one_of { "", "<", ">", "=", "!", "<!4", ">!" }, {}
    for _ = 1, random(6) do
        local option, value = makers[random(random(12) == 1 and RARE or RARE - 1)]()
        format = format .. (random(3) == 1 and " " or "") .. option
        values[#values + 1] = value
    end
    if random(40) == 1 then values[#values] = nil end
    return { format, unpack(values) }
end

local function literal(value)
    return type(value) == "string" and ("%q"):format(value) or ("%.17g"):format(value)
end

-- One line for each case, in either Lua: what is packed, its size, and what it is unpacked to, or that it is refused.
local COMPARE = [[
local function shown(value)
    return type(value) == "number" and ("%.17g"):format(value) or (tostring(value):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end
local function line(pack, unpack, packsize, ...)
    local ok, packed = pcall(pack, ...)
    local sized, size = pcall(packsize, (...))
    local out = { ok and shown(tostring(packed)) or "refused", sized and shown(size) or "refused" }
    if ok then
        local text = ("?"):rep(16) .. tostring(packed)
        for _, at in ipairs { 17, #text > 16 and 16 - #text or 17 } do
            local all = { pcall(unpack, text, (...), at) }
            for i = 1, #all do out[#out + 1] = i == 1 and tostring(all[1]) or shown(all[1] and all[i] or "refused") end
        end
        for cut = 1, 3 do out[#out + 1] = tostring((pcall(unpack, text:sub(1, -1 - cut), (...), 17))) end
    end
    return table.concat(out, " ")
end
]]

local function in_lua54(cases)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(COMPARE, "local function unpack(text, format, at) return string.unpack(format, text, at) end\n")
    for _, one in ipairs(cases) do
        local list = {}
        for i, value in ipairs(one) do list[i] = literal(value) end
        file:write("print(line(string.pack, unpack, string.packsize, ", table.concat(list, ", "), "))\n")
    end
    file:close()
    local pipe, lines = io.popen("lua5.4 " .. path), {}
    for text in pipe:lines() do lines[#lines + 1] = text end
    pipe:close()
    os.remove(path)
    return lines
end

function TestPackManual.test_as_lua_5_4_has_it()
    if os.execute("command -v lua5.4 > /dev/null 2>&1") ~= 0 then lu.skip("lua5.4 is not installed") end
    local line, cases, refused = assert(loadstring(COMPARE .. "return line"))(), {}, 0
    for i = 1, 4000 do cases[i] = case() end
    local expected = in_lua54(cases)
    lu.assertEquals(#expected, #cases)
    for i, one in ipairs(cases) do
        local ours = line(bytes.pack, bytes.unpack, bytes.packsize, unpack(one))
        if ours ~= expected[i] then lu.assertEquals({ one, ours }, { one, expected[i] }) end
        if ours:find "^refused" then refused = refused + 1 end
    end
    lu.assertTrue(refused > 400 and refused < 2000, refused .. " of the cases are refused")
end
