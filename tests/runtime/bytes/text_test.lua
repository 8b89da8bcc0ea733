-- Bytes behave as the string they are, whatever pieces they lie in: every method against `string`, on random splits.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local fails = require "fails"

local SEED = tonumber(os.getenv "SEED") or os.time()

-- Few letters, so that much is found in many places.
local function random_text(most, letters)
    local out = {}
    for i = 1, math.random(0, most) do out[i] = string.char(96 + math.random(letters)) end
    return table.concat(out)
end

-- The same text in pieces: strings, copied slices, views of one owner, neighbours and not, slices of chains.
local function in_pieces(s, longest)
    local owner, out, i = bytes.from(s .. ("#"):rep(300)), bytes.from "", 1
    while i <= #s do
        local last = math.min(#s, i + math.random(longest) - 1)
        out = out .. (math.random(3) == 1 and s:sub(i, last) or owner:sub(i, last))
        i = last + 1
    end
    if math.random(2) == 1 then out = ("<" .. out .. ">"):sub(2, -2) end
    return out
end

local function list(iterator)
    local out = {}
    for part in iterator do out[#out + 1] = tostring(part) end
    return out
end

local function rounds(count, f)
    math.randomseed(SEED)
    for round = 1, count do
        local s = random_text(math.random(2) == 1 and 60 or 3000, math.random(3))
        f(s, in_pieces(s, math.random(4) == 1 and 3 or 700), ("seed %d, round %d"):format(SEED, round))
    end
end

TestPieces = {}

function TestPieces.test_equality_and_order()
    rounds(300, function(s, b, where)
        local same, other = in_pieces(s, 50), random_text(60, 2)
        local c = in_pieces(other, 50)
        lu.assertEquals({ b == same, b < same, b <= same, b:equals(s), b:compare(s) }, { true, false, true, true, 0 }, where)
        lu.assertEquals({ b < c, b <= c, b == c, b:equals(other) }, { s < other, s <= other, s == other, s == other }, where)
        lu.assertEquals(b:compare(other), s < other and -1 or s > other and 1 or 0, where)
    end)
end

function TestPieces.test_slices_and_single_bytes()
    rounds(200, function(s, b, where)
        for _ = 1, 10 do
            local i, j = math.random(-#s - 3, #s + 3), math.random(-#s - 3, #s + 3)
            local part = b:sub(i, j)
            lu.assertEquals(tostring(part), s:sub(i, j), where)
            lu.assertEquals(#part, #s:sub(i, j), where)
            lu.assertEquals({ b:byte(i, i + 5) }, { s:byte(i, i + 5) }, where)
            lu.assertEquals({ part:byte(-1) }, { s:sub(i, j):byte(-1) }, where)
        end
    end)
end

function TestPieces.test_find()
    rounds(300, function(s, b, where)
        for _ = 1, 10 do
            local at = math.random(math.max(#s, 1))
            local needle = math.random(3) == 1 and random_text(8, 2) or s:sub(at, at + math.random(0, 300))
            local init = math.random(-#s - 2, #s + 1)
            local wanted = { s:find(needle, init, true) }
            if #wanted == 0 then wanted = { nil } end
            lu.assertEquals({ b:find(needle, init) }, wanted, where)
            lu.assertEquals({ b:find(in_pieces(needle, 5), init) }, wanted, where)
        end
    end)
end

function TestPieces.test_cutting_up()
    rounds(150, function(s, b, where)
        local separator = random_text(2, 2) .. "a"
        lu.assertEquals(table.concat(list(b:split(separator)), separator), s, where)
        lu.assertEquals(list(b:split(separator)), list(bytes.from(s):split(separator)), where)
        lu.assertEquals(table.concat(list(b:chunks(7))), s, where)
        local text, lines = s:gsub("a", "\n"), {}
        for line in (text .. (text:sub(-1) ~= "\n" and #text > 0 and "\n" or "")):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
        lu.assertEquals(list(in_pieces(text, 100):lines()), lines, where)
    end)
end

function TestPieces.test_digests()
    rounds(60, function(s, b, where)
        for _, name in ipairs { "sha256", "sha512", "blake2b", "crc32" } do
            lu.assertEquals(b:hash(name), bytes.from(s):hash(name), where)
        end
    end)
end

function TestPieces.test_unpack()
    local format = "<i3 >I4 d z s2 !4 Xi4 i4 c5"
    rounds(100, function(s, b, where)
        s = s:gsub("%z", "a")
        local packed = tostring(bytes.pack(format, -70000, 4e9, 0.1, s, s, 7, "abc"))
        local wanted = { bytes.unpack(packed, format) }
        lu.assertEquals(#wanted, 8)
        lu.assertEquals({ in_pieces(packed, 4):unpack(format) }, wanted, where)
        lu.assertEquals(#b, #s, where)
    end)
end

function TestPieces.test_flatten_compact_and_write()
    rounds(60, function(s, b, where)
        lu.assertEquals(tostring(b:flatten()), s, where)
        lu.assertEquals(tostring(b:compact()), s, where)
        local file = io.tmpfile()
        lu.assertNotNil(b:write(file))
        file:seek "set"
        lu.assertEquals(file:read "*a", s, where)
        file:close()
    end)
end

-- Long needles, and texts in which a simple search would begin again and again.
function TestPieces.test_find_in_hard_texts()
    local s = ("a"):rep(20000) .. "b" .. ("a"):rep(20000)
    for _, piece in ipairs { 1, 3, 257, 9000 } do
        local parts = {}
        for i = 1, #s, piece do parts[#parts + 1] = s:sub(i, i + piece - 1) end
        local b = bytes.chain(parts)
        for _, needle in ipairs { ("a"):rep(5000) .. "b", "b" .. ("a"):rep(20000), ("a"):rep(20001), ("a"):rep(300) .. "ba" } do
            local from, to = b:find(needle)
            lu.assertEquals({ from, to }, { s:find(needle, 1, true) })
        end
    end
end

TestText = {}

function TestText.test_positions_are_those_of_string()
    local b, s = bytes.from "hello", "hello"
    for i = -7, 7 do
        lu.assertEquals({ b:byte(i) }, { s:byte(i) })
        lu.assertEquals(tostring(b:sub(i)), s:sub(i))
    end
    lu.assertEquals({ b:byte() }, { 104 })
    lu.assertEquals({ b:byte(1, -1) }, { s:byte(1, -1) })
    lu.assertEquals({ b:find "l" }, { 3, 3 })
    lu.assertEquals({ b:find("l", 4) }, { 4, 4 })
    lu.assertEquals({ b:find("", 6) }, { 6, 5 })
    lu.assertNil(b:find("", 7))
    lu.assertNil(b:find "x")
    fails("number expected", b.sub, b)
end

function TestText.test_lines_and_parts_as_they_are_in_io_and_elsewhere()
    lu.assertEquals(list(bytes.from(""):lines()), {})
    lu.assertEquals(list(bytes.from("\n"):lines()), { "" })
    lu.assertEquals(list(bytes.from("a\r\n\nb"):lines()), { "a\r", "", "b" })
    lu.assertEquals(list(bytes.from(""):split ","), { "" })
    lu.assertEquals(list(bytes.from(",a,"):split ","), { "", "a", "" })
    lu.assertEquals(list(bytes.from("abcde"):chunks(2)), { "ab", "cd", "e" })
    lu.assertEquals(list(bytes.from("abc"):chunks(1e300)), { "abc" })
    fails("separator is empty", bytes.from("a").split, bytes.from "a", "")
    fails("at least 1 byte", bytes.from("a").chunks, bytes.from "a", 0)
end

function TestText.test_lines_are_views()
    local b = bytes.from((("x"):rep(1000) .. "\n"):rep(50))
    for line in b:lines() do lu.assertEquals(line:pinned(), #b) end
end

function TestText.test_numbers()
    local b = bytes.from "  12 0x10 -1.5e3 x"
    lu.assertEquals({ b:tonumber(1, 4), b:tonumber(6, 9), b:tonumber(11, 16) }, { 12, 16, -1500 })
    lu.assertNil(b:tonumber())
    lu.assertNil(bytes.from(("1"):rep(5000)):tonumber())
    lu.assertNil(bytes.from(""):tonumber())
end

-- In Lua 5.1 an operator is asked for only when both sides have it.
function TestText.test_comparison_with_strings()
    local b = bytes.from "abc"
    lu.assertFalse(b == "abc")
    lu.assertTrue(b:equals "abc")
    lu.assertTrue(b == bytes.from "abc")
    lu.assertEquals({ b:compare "abd", b:compare "ab", b:compare "abc" }, { -1, 1, 0 })
    fails("attempt to compare", function() return b < "abd" end)
    lu.assertTrue(bytes.from "Z" < bytes.from "a" and bytes.from "\127" < bytes.from "\128")
end

function TestText.test_digests_are_those_of_the_standards()
    local wanted = {
        sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        sha512 = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            .. "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        blake2b = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            .. "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        crc32 = "352441c2",
    }
    for name, digest in pairs(wanted) do lu.assertEquals(bytes.from("abc"):hash(name), digest) end
    lu.assertEquals(bytes.from("123456789"):hash "crc32", "cbf43926")
    lu.assertEquals(bytes.from("123456789"):hash("crc32", "raw"), "\203\244\57\38")
    lu.assertEquals(bytes.from(""):hash "sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    fails("there are: sha256 sha512 blake2b crc32", bytes.from("").hash, bytes.from "", "md5")
end

TestChain = {}

function TestChain.test_joining()
    local long = ("0123456789"):rep(100)
    local b = bytes.from(long)
    lu.assertEquals(tostring(bytes.chain("a", b, 1, bytes.from "c")), "a" .. long .. "1c")
    lu.assertEquals(tostring("<" .. b .. 5), "<" .. long .. "5")
    lu.assertEquals(tostring(bytes.chain { "a", b, "b", 7 }), "a" .. long .. "b7")
    lu.assertEquals(#bytes.chain(), 0)
    lu.assertEquals(#bytes.chain {}, 0)
    fails("item 2 of the list is a boolean", bytes.chain, { "a", true })
    fails("string or bytes expected", bytes.chain, "a", {})
    fails("string or bytes expected", function() return b .. {} end)
end

function TestChain.test_neighbours_join_into_one_piece()
    local b = bytes.from(("x"):rep(3000))
    local joined = b:sub(1, 1000) .. b:sub(1001, 2000) .. b:sub(2001, 3000)
    lu.assertTrue(rawequal(joined:flatten(), joined))
    local apart = b:sub(1, 1000) .. b:sub(1002, 2000)
    lu.assertFalse(rawequal(apart:flatten(), apart))
end

-- Chains that grow out of one another share a row: none of them ever sees what was joined to another.
function TestChain.test_chains_that_share_a_row_do_not_change()
    math.randomseed(SEED)
    local owner = bytes.from(("abcdefghij"):rep(1000))
    local known = { { bytes.from "", "" } }
    for _ = 1, 2000 do
        local from = known[math.random(#known)]
        local i = math.random(9000)
        local part = owner:sub(i, i + math.random(600))
        local made = { from[1] .. part, from[2] .. tostring(part) }
        if math.random(4) == 1 then
            local k = math.random(#made[2])
            made = { made[1]:sub(k), made[2]:sub(k) }
        end
        if #made[2] < 20000 then known[#known + 1] = made end
        if #known > 40 then table.remove(known, math.random(#known)) end
        if math.random(10) == 1 then
            local one = table.remove(known, math.random(#known))
            lu.assertTrue(one[1]:equals(one[2]), "seed " .. SEED)
            one[1]:release()
            known[#known + 1] = { bytes.from "", "" }
        end
        if math.random(100) == 1 then collectgarbage() end
    end
    for _, one in ipairs(known) do lu.assertTrue(one[1]:equals(one[2]), "seed " .. SEED) end
end

function TestChain.test_a_finalizer_that_joins_while_joining()
    local base = bytes.from(("x"):rep(1000)) .. ("y"):rep(1000)
    for round = 1, 200 do
        local proxy = newproxy(true)
        getmetatable(proxy).__gc = function() base = base .. ("z"):rep(300) end
        proxy = nil
        collectgarbage "step"
        local size = #base
        local longer = base .. ("w"):rep(400)
        lu.assertEquals(longer:byte(-1), 119)
        lu.assertTrue(#longer >= size + 400)
        if round % 50 == 0 then lu.assertEquals(longer:find "w", #longer - 399) end
    end
end
