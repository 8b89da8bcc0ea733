-- MessagePack with every first byte there is, and CSV of random fields: whole, at every cut and byte by byte.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local splits = require "splits"

local SEED = tonumber(os.getenv "SEED") or os.time()

TestMsgpackFirstBytes = {}

local function ext(type, bytes) return { ext = type, data = bytes } end

-- By first byte: what follows it, and the value.
local FORMS = {
    [0xc0] = { "", data.null }, [0xc2] = { "", false }, [0xc3] = { "", true },
    [0xc4] = { "\2\0\255", "\0\255" }, [0xc5] = { "\0\2\0\255", "\0\255" }, [0xc6] = { "\0\0\0\2\0\255", "\0\255" },
    [0xc7] = { "\2\5ab", ext(5, "ab") }, [0xc8] = { "\0\2\255ab", ext(-1, "ab") }, [0xc9] = { "\0\0\0\2\128ab", ext(-128, "ab") },
    [0xca] = { "\192\32\0\0", -2.5 }, [0xcb] = { "\192\4\0\0\0\0\0\0", -2.5 },
    [0xcc] = { "\200", 200 }, [0xcd] = { "\1\0", 256 }, [0xce] = { "\255\255\255\255", 2 ^ 32 - 1 }, [0xcf] = { "\0\32\0\0\0\0\0\0", 2 ^ 53 },
    [0xd0] = { "\128", -128 }, [0xd1] = { "\128\0", -32768 }, [0xd2] = { "\128\0\0\0", -2 ^ 31 }, [0xd3] = { "\255\224\0\0\0\0\0\0", -2 ^ 53 },
    [0xd4] = { "\1a", ext(1, "a") }, [0xd5] = { "\1ab", ext(1, "ab") }, [0xd6] = { "\1abcd", ext(1, "abcd") },
    [0xd7] = { "\1abcdefgh", ext(1, "abcdefgh") }, [0xd8] = { "\1abcdefghabcdefgh", ext(1, "abcdefghabcdefgh") },
    [0xd9] = { "\2ab", "ab" }, [0xda] = { "\0\2ab", "ab" }, [0xdb] = { "\0\0\0\2ab", "ab" },
    [0xdc] = { "\0\2\1\2", { 1, 2 } }, [0xdd] = { "\0\0\0\2\1\2", { 1, 2 } }, [0xde] = { "\0\1\161a\1", { a = 1 } }, [0xdf] = { "\0\0\0\1\161a\1", { a = 1 } },
}

local function form(byte)
    if byte < 0x80 then return "", byte end
    if byte >= 0xe0 then return "", byte - 256 end
    if byte >= 0xc0 then return FORMS[byte][1], FORMS[byte][2] end
    local n, out, value = byte % (byte < 0xa0 and 16 or 32), {}, {}
    if byte >= 0xa0 then return ("x"):rep(n), ("x"):rep(n) end
    for i = 1, n do
        out[i] = byte < 0x90 and "\161" .. string.char(96 + i) .. string.char(i) or string.char(i)
        value[byte < 0x90 and string.char(96 + i) or i] = i
    end
    return table.concat(out), value
end

function TestMsgpackFirstBytes.test_every_one_alone_in_containers_and_cut()
    local seen = 0
    for byte = 0, 255 do
        if byte ~= 0xc1 then
            local rest, value = form(byte)
            local text = string.char(byte) .. rest
            for _, case in ipairs { { text, value }, { "\146" .. text .. "\7", { value, 7 } }, { "\129\161k" .. text, { k = value } } } do
                local got = splits.outcome(case[1], "msgpack")
                lu.assertTrue(got.message == nil and splits.same(got.value, case[2]), ("0x%02x: %s"):format(byte, tostring(got.message)))
                for k = 0, #case[1] - 1 do lu.assertStrContains(splits.outcome(case[1]:sub(1, k), "msgpack").message or ("%q"):format(case[1]:sub(1, k)), " end") end
                seen = seen + 1
            end
        end
    end
    lu.assertEquals(seen, 255 * 3)
    for before, at in pairs { [""] = 1, ["\146\1"] = 3, ["\129\161k"] = 4, ["\129"] = 2 } do
        local got = splits.outcome(before .. "\193", "msgpack")
        lu.assertStrContains(got.message, "0xc1")
        lu.assertEquals(got.byte, at)
    end
end

TestCsvFields = {}

local ALPHABET = { "a", "b", ",", '"', "\r\n", "\n", "\r", " ", "\0", "\195\164", ";", "\t", "'", "\255" }

-- A field as RFC 4180 writes it: in quotes where it must be, and sometimes where it need not.
local function written(field)
    if field:find '[,"\r\n]' or math.random(4) == 1 then return '"' .. field:gsub('"', '""') .. '"' end
    return field
end

function TestCsvFields.test_any_fields_come_back()
    math.randomseed(SEED)
    for _ = 1, 400 do
        local rows, lines, ending = {}, {}, math.random(2) == 1 and "\r\n" or "\n"
        local columns = math.random(2, 4)
        for r = 1, math.random(1, 4) do
            local row, texts = {}, {}
            for c = 1, columns do
                local field = {}
                for i = 1, math.random(0, 5) do field[i] = ALPHABET[math.random(#ALPHABET)] end
                row[c] = table.concat(field)
                texts[c] = written(row[c])
            end
            rows[r], lines[r] = row, table.concat(texts, ",")
        end
        local text = table.concat(lines, ending) .. (math.random(2) == 1 and ending or "")
        local got = splits.outcome(text, "csv", { header = false })
        if not got.value or not splits.same(got.value, rows) then error(("%q: %s, seed %d"):format(text, tostring(got.message), SEED), 0) end
    end
end
