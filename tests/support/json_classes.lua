-- json_classes.lua: texts of every class that the public suites of JSON have, made by description, and what becomes of each.
-- Invariant: what is expected follows from how a text was made and from RFC 8259, RFC 3629 and the help; no parser is asked.
-- SPDX-License-Identifier: MIT
--
-- Returns { { name =, cases = { case... } }... }. A case is { text =, value = } when it is read, value being what comes
-- out, or { text =, at = } when it is refused, at the byte (from 1) that is at fault; `rule` is a part of the message where RFC
-- 8259 leaves it to us, and both verdicts are right: then the rule is in the help. Where a mistake is told: a string without an
-- end, a malformed number or word at its beginning, an escape at its backslash, everything else at the byte that cannot be there.
local data = require "moonbear.data"

local MINUS_ZERO = -1 / math.huge
local classes, cases = {}, nil

local function class(name, make)
    cases = {}
    make()
    classes[#classes + 1] = { name = name, cases = cases }
end

local function accept(text, value) cases[#cases + 1] = { text = text, value = value } end
local function reject(text, at, rule) cases[#cases + 1] = { text = text, at = at, rule = rule } end

-- A value by itself, with space around it, and within every container.
local PLACES = {
    { "", "", function(v) return v end }, { " \r\n", "\t ", function(v) return v end }, { "[", "]", function(v) return { v } end },
    { "[7,\n", ",8]", function(v) return { 7, v, 8 } end }, { '{"k":', "}", function(v) return { k = v } end },
}
local function accept_value(text, value)
    for _, place in ipairs(PLACES) do accept(place[1] .. text .. place[2], place[3](value)) end
end
local function reject_value(text, at, rule)
    for _, place in ipairs(PLACES) do reject(place[1] .. text .. place[2], #place[1] + at, rule) end
end

-- The same in one place after the other, for what has very many forms.
local turn = 0
local function next_place()
    turn = turn % #PLACES + 1
    return PLACES[turn]
end

-- Strings are keys, too.
local function accept_string(text, value)
    accept_value(text, value)
    accept("{" .. text .. ":1}", { [value] = 1 })
end
local function reject_string(text, at)
    reject_value(text, at)
    reject("{" .. text .. ":1}", 1 + at)
    reject('{"a":1,' .. text .. ":1}", 7 + at)
end

-- "^" stands before the byte at fault.
local function reject_marked(list)
    for _, text in ipairs(list) do
        local at = text:find("^", 1, true)
        reject(text:sub(1, at - 1) .. text:sub(at + 1), at)
    end
end

class("single values at the top", function()
    for text, value in pairs { ["null"] = data.null, ["true"] = true, ["false"] = false, ["7"] = 7, ["-7.5"] = -7.5, ['""'] = "", ['"a"'] = "a" } do
        accept_value(text, value)
    end
    accept("[]", {})
    accept(" {\n}\t", {})
end)

class("structure that is right", function()
    accept('[[],[[]],{},[{}],"",0]', { {}, { {} }, {}, { {} }, "", 0 })
    accept('{"a":{"b":{"c":[{"d":null}]}},"e":[]}', { a = { b = { c = { { d = data.null } } } }, e = {} })
    accept('{"":0}', { [""] = 0 })
    accept('{"1":1,"1.0":2,"01":3}', { ["1"] = 1, ["1.0"] = 2, ["01"] = 3 })
    accept('[1 , 2\n,\r3\t, 4 ]', { 1, 2, 3, 4 })
    accept('{ "a" : 1 ,\n"b"\t:\r2 }', { a = 1, b = 2 })
    accept('["[","]","{","}",",",":","null","//"]', { "[", "]", "{", "}", ",", ":", "null", "//" })
end)

class("structure that is wrong", function()
    reject_marked {
        "^", " ^", "\n\t^", "[^", "{^", "^]", "^}", "^,", "^:", "[1^", '{"a"^', '{"a":^', '{"a":1^', '{"a":1,^', "[1,^",
        "[1,^]", "[^,]", "[^,1]", "[1,^,2]", "[1,2,^]", "[1^:2]", '["a"^:1]', "[1^}", '{"a":1^]', "[{^]", '{"a":[^}', "[[1]^", "[1]^]",
        '{"a":1}^}', "[1]^,", "[]^[]", "{}^{}", "{}^[]", "1 ^2", "[1 ^2]", '["a" ^"b"]', '["a"^"b"]', "[1 ^null]", "[[]^[]]", "[[] ^1]",
        '{"a":1,^}', "{^,}", '{^,"a":1}', '{"a":1,^,"b":2}', '{"a"^}', '{"a"^,"b"}', '{"a":^}', '{"a":^,"b":1}', '{"a" ^1}', '{"a"^=1}', '{"a":^:1}',
        '{"a":1 ^"b":2}', '{"a":1^;"b":2}', '{"a":1^:2}', '{"a" ^"b":1}', "[1^;2]", "^(1)", "^<1>", "[1^)", "[^*]", "[1^*2]", "[^<1>]", '[{"a"^]',
    }
end)

class("keys of every wrong type", function()
    for _, key in ipairs { "1", "-1", "null", "true", "false", "[]", "{}", "a", "'a'", "`a`", "$a", "\195\164", ":", "nul", "\\u0061" } do
        reject("{" .. key .. ":1}", 2)
        reject("{ " .. key .. " :1}", 3)
        reject('{"a":1,' .. key .. ":1}", 8)
    end
end)

class("keys that come twice: the last counts", function()
    accept('{"a":1,"a":2}', { a = 2 })
    accept('{"a":1,"\\u0061":2}', { a = 2 })
    accept('{"a":1,"b":2,"a":{"a":3,"a":[4]}}', { a = { a = { 4 } }, b = 2 })
    accept('{"":1,"":2}', { [""] = 2 })
    accept('{"a":[],"a":null}', { a = data.null })
    accept('{"a":1,"A":2,"a\\u0000":3}', { a = 1, A = 2, ["a\0"] = 3 })
end)

class("words", function()
    for _, word in ipairs { "True", "TRUE", "tru", "nul", "nulll", "fals", "falsey", "none", "undefined", "NaN", "nan", "Infinity", "inf", "t", "f", "n", "trve" } do
        local whole = word:match "^null" or word:match "^false" -- what is too long is a whole word first
        reject_value(word, whole and #whole + 1 or 1)
    end
    reject_value("-Infinity", 1)
    reject_value("-NaN", 1)
end)

-- ---- Numbers: every combination of right and wrong parts ----

local SIGNS = { [""] = true, ["-"] = true, ["+"] = false, ["--"] = false, ["-+"] = false }
local WHOLES = { ["0"] = true, ["1"] = true, ["10"] = true, ["987654321"] = true, ["12345678901234567890"] = true, [""] = false, ["00"] = false, ["01"] = false, ["-1"] = false }
local FRACTIONS = { [""] = true, [".0"] = true, [".5"] = true, [".000"] = true, [".25000000000000000000001"] = true, ["."] = false, [".."] = false, [".1.2"] = false, [".-1"] = false }
local EXPONENTS = { [""] = true, e0 = true, E1 = true, ["e+1"] = true, ["E-1"] = true, e01 = true, ["e-007"] = true, e = false, E = false,
    ["e+"] = false, ["e-"] = false, ["e+-1"] = false, ["e1.5"] = false, ee1 = false, e1e1 = false, ["e--1"] = false }

class("numbers", function()
    for sign, a in pairs(SIGNS) do
        for whole, b in pairs(WHOLES) do
            for fraction, c in pairs(FRACTIONS) do
                for exponent, d in pairs(EXPONENTS) do
                    local text = sign .. whole .. fraction .. exponent
                    local place = next_place()
                    if a and b and c and d then accept(place[1] .. text .. place[2], place[3](tonumber(text)))
                    elseif text ~= "" and not (sign == "" and whole == "-1" and c and d) then reject(place[1] .. text .. place[2], #place[1] + 1) end
                end
            end
        end
    end
end)

class("numbers with what belongs to none", function()
    for _, text in ipairs { "1_0", "0x1F", "0X1", "1f", "1L", "0b1", "1/2", "1'0", "1a", "1e5x", "-1x", "2\239\188\145", "1\0", "0.5\0" } do
        local number = text:match "^%-?%d+%.?%d*e?%d*"
        reject_value(text, #number + 1)
    end
    for _, text in ipairs { "-a", "-\0", "-\239\188\145", "1ea", "1.a", "-e1x", "1.e\0", "1e\0" } do reject_value(text, 1) end
    for _, text in ipairs { "\239\188\145", "\194\189", "$1", "#1", "'1'", "x1" } do reject_value(text, 1) end
end)

class("numbers at the ends of what a double holds", function()
    for _, text in ipairs { "9007199254740992", "9007199254740993", "-9007199254740993", "18446744073709551616", "1.7976931348623157e308", "-1.7976931348623157E+308",
        "4.9e-324", "2.4703282292062328e-324", "2.2250738585072011e-308", "0e1", "0e999999999999", "-0e-999999999999", "1" .. ("0"):rep(308), "0." .. ("0"):rep(400) .. "1",
        ("9"):rep(300) .. "." .. ("9"):rep(300), "123456789" .. ("0"):rep(200) .. "e-200", "0.1e+00000000000000000001" } do
        accept_value(text, tonumber(text))
    end
    for _, text in ipairs { "1e-324", "2.4703282292062327e-324", "1e-400", "1e-99999999999999999999", "0." .. ("0"):rep(400) .. "1e-5" } do
        accept_value(text, 0)
        accept_value("-" .. text, MINUS_ZERO)
    end
    for _, text in ipairs { "0", "0.0", "0e5", "0.000E-7" } do accept_value("-" .. text, MINUS_ZERO) end
    for _, text in ipairs { "1.7976931348623159e308", "1e309", "-1e309", "1e400", "123123e100000", "1e99999999999999999999", "1" .. ("0"):rep(309), "-" .. ("9"):rep(1000) } do
        reject_value(text, 1, "a number beyond what a double holds")
    end
end)

-- ---- Strings ----

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\8", f = "\12", n = "\n", r = "\r", t = "\t" }

class("escapes", function()
    for byte = 0, 255 do
        local c = string.char(byte)
        if ESCAPES[c] then accept_string('"a\\' .. c .. 'b"', "a" .. ESCAPES[c] .. "b")
        elseif byte < 128 then reject_string('"a\\' .. c .. 'b"', 3)
        else reject_string('"a\\' .. c .. 'b"', 4) end -- it is no UTF-8, before all else
    end
    for _, digits in ipairs { "", "0", "00", "004", "g041", "0g41", "00g1", "004g", " 041", "+041", "-041", "0x41", "00 41", "004:", "00/1", "00@1", "00`1", "{41}", "\239\188\144041" } do
        reject_string('"a\\u' .. digits .. '"', 3)
    end
    reject_string('"\\U0041"', 2)
    reject_string('"\\x41"', 2)
    accept_string('"\\u00e9\\u00E9\\u20aC\\u0000\\u001f\\u007F\\uffff\\uFFFE\\u2028"', "\195\169\195\169\226\130\172\0\31\127\239\191\191\239\191\190\226\128\168")
    accept_string('"\\\\u0041\\\\\\u0041"', "\\u0041\\A")
end)

-- Every row of up to three of these: halves of surrogate pairs find each other, or are refused where they are alone.
local UNITS = { { "\\ud800", "high" }, { "\\uDBFF", "high" }, { "\\udc00", "low" }, { "\\uDFFF", "low" }, { "\\u0041", "A" }, { "x", "x" }, { "\\n", "\n" } }
local PAIRS = { ["\\ud800\\udc00"] = "\240\144\128\128", ["\\ud800\\uDFFF"] = "\240\144\143\191", ["\\uDBFF\\udc00"] = "\244\143\176\128", ["\\uDBFF\\uDFFF"] = "\244\143\191\191" }

local function expect_units(row)
    local text, value, i = '"', "", 1
    for _, unit in ipairs(row) do text = text .. unit[1] end
    local at = 2
    while i <= #row do
        local unit, next_unit = row[i], row[i + 1]
        local pair = next_unit and PAIRS[unit[1] .. next_unit[1]]
        if not pair and (unit[2] == "high" or unit[2] == "low") then return reject_string(text .. '"', at) end
        value, at, i = value .. (pair or unit[2]), at + #unit[1] + (pair and #next_unit[1] or 0), i + (pair and 2 or 1)
    end
    accept_string(text .. '"', value)
end

class("halves of surrogate pairs", function()
    for _, a in ipairs(UNITS) do
        expect_units { a }
        for _, b in ipairs(UNITS) do
            expect_units { a, b }
            for _, c in ipairs(UNITS) do expect_units { a, b, c } end
        end
    end
    reject_string('"\\ud800\\u"', 8)
    reject_string('"\\ud800\\udc0"', 8)
    reject('["\\ud800\\"]', 2) -- the quote is escaped
    reject_string('"\\ud800u\\udc00"', 2)
end)

class("control characters", function()
    for byte = 0, 31 do reject_string('"a' .. string.char(byte) .. 'b"', 3) end
    for byte = 32, 127 do
        local c = string.char(byte)
        if c ~= '"' and c ~= "\\" then accept_string('"a' .. c .. 'b"', "a" .. c .. "b") end
    end
end)

class("strings without an end, and with other quotes", function()
    for _, text in ipairs { '"', '"a', '"a\\"', '"a\\\\\\"', '"a\\', '"\\u0041', '"\195\164', '"' .. ("long "):rep(40) } do
        reject(text, 1)
        reject("[1," .. text, 4)
        reject('{"a":' .. text, 6)
        reject("{" .. text, 2)
    end
    for _, text in ipairs { "'a'", "`a`", "\226\128\156a\226\128\157", "a", "\\n", "'" } do reject_value(text, 1) end
    reject('["a""]', 5)
    reject('["a"b"]', 5)
    reject('["a" "b"]', 6)
end)

-- ---- UTF-8 ----

-- A character in the form of n bytes, needed or not, allowed or not.
local function form(code, n)
    local out = {}
    for i = n, 2, -1 do
        out[i] = string.char(128 + code % 64)
        code = math.floor(code / 64)
    end
    out[1] = string.char((256 - 2 ^ (8 - n) + code) % 256)
    return table.concat(out)
end
local MOST = { 0x7f, 0x7ff, 0xffff, 0x1fffff, 0x3ffffff, 0x7fffffff }

class("UTF-8: forms that are needed, too long, of surrogates, beyond the last character", function()
    for _, code in ipairs { 0x20, 0x2f, 0x41, 0x7f, 0x80, 0xa0, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff,
        0x10000, 0x1fffe, 0x10ffff, 0x110000, 0x13ffff, 0x1fffff, 0x200000, 0x3ffffff, 0x4000000, 0x7fffffff } do
        local least
        for n = 2, 6 do
            if code <= MOST[n] then
                least = least or (code <= MOST[1] and 1 or n)
                local text, good = form(code, n), n == least and code <= 0x10ffff and (code < 0xd800 or code > 0xdfff)
                if good then accept_string('"a' .. text .. 'b"', "a" .. text .. "b")
                else reject_string('"a' .. text .. 'b"', 3) end
            end
        end
    end
    reject_string('"\192\128"', 2)
    reject_string('"\237\160\128\237\176\128"', 2) -- a pair of surrogates, as CESU-8 has it
end)

class("UTF-8: bytes that are alone, and characters that are cut", function()
    for byte = 128, 255 do reject_string('"a' .. string.char(byte) .. 'b"', 3) end
    for _, whole in ipairs { "\195\169", "\226\130\172", "\240\159\152\128", "\237\159\191", "\244\143\191\191" } do
        for k = 1, #whole - 1 do
            for _, behind in ipairs { "", "a", "\195\169", "\\n", "\255" } do reject_string('"' .. whole:sub(1, k) .. behind .. '"', 2) end
        end
        for k = 2, #whole do reject_string('"' .. whole .. whole:sub(k) .. '"', 2 + #whole) end
    end
end)

-- The second byte that each first one may have, as the grammar of RFC 3629 says.
local function second(lead)
    if lead < 0xc2 or lead > 0xf4 then return 1, 0 end
    return lead == 0xe0 and 0xa0 or lead == 0xf0 and 0x90 or 0x80, lead == 0xed and 0x9f or lead == 0xf4 and 0x8f or 0xbf
end

class("UTF-8: every first byte with second ones at the borders", function()
    for lead = 0xc0, 0xff do
        for _, byte in ipairs { 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0 } do
            local from, to = second(lead)
            local text = string.char(lead, byte) .. ("\128"):rep(lead < 0xe0 and 0 or lead < 0xf0 and 1 or 2)
            if byte >= from and byte <= to then accept_string('"' .. text .. '"', text)
            else reject_string('"' .. text .. '"', 2) end
        end
    end
end)

-- ---- Around the values ----

local UNICODE_SPACES = { "\194\160", "\194\133", "\225\154\128", "\226\128\168", "\226\128\169", "\226\129\160", "\227\128\128", "\239\187\191" }

class("space of every kind", function()
    local function at(before, byte, behind, value, special)
        local c = string.char(byte)
        if c:find "[ \t\r\n]" then accept(before .. c .. behind, value)
        elseif not special:find(c, 1, true) then reject(before .. c .. behind, #before + 1) end
    end
    for byte = 0, 255 do
        at("[1 ", byte, ",2]", { 1, 2 }, ",]")
        at('{"a"', byte, ":1}", { a = 1 }, ":")
        at('{"a":"b"', byte, "}", { a = "b" }, ",}")
        at("[1]", byte, "", { 1 }, "")
        at("[1]", byte, " \n", { 1 }, "")
        if byte < 32 or byte > 126 then
            at("", byte, "[1]", { 1 }, "")
            at("[", byte, "1]", { 1 }, "")
            at("{", byte, '"a":1}', { a = 1 }, "")
            at('{"a":', byte, "1}", { a = 1 }, "")
            at("[1,", byte, "2]", { 1, 2 }, "")
        end
    end
    for _, space in ipairs(UNICODE_SPACES) do
        reject("[" .. space .. "1]", 2)
        reject("[1" .. space .. "]", 3)
        reject("[1]" .. space, 4)
        reject("[1," .. space .. "2]", 4)
    end
end)

class("byte order marks, and other encodings", function()
    local mark = "\239\187\191"
    accept(mark .. "[1]", { 1 })
    accept(mark .. " \n7", 7)
    accept(mark .. '"' .. mark .. '"', mark)
    reject(mark, 4)
    reject(mark .. "  ", 6)
    reject(mark .. mark .. "[]", 4)
    reject(" " .. mark .. "[]", 2)
    reject("[" .. mark .. "]", 2)
    reject("\239", 1)
    reject("\239\187", 1)
    reject("\239\187[1]", 1)
    reject("\239\187\190[1]", 1)
    for _, wide in ipairs { "\0", "\0\0\0" } do
        local little = ("[1]"):gsub(".", function(c) return c .. wide end)
        local big = ("[1]"):gsub(".", function(c) return wide .. c end)
        reject(little, 2)
        reject(big, 1)
    end
    reject("\255\254[\0001\0]\0", 1)
    reject("\254\255\0[\0001\0]", 1)
    reject("\255\254\0\0[\0\0\0", 1)
    reject("\43/v8-[1]", 1)
end)

class("NUL bytes", function()
    reject_marked { "^\0", "^\0[1]", "[^\0]", "[1^\0]", "[1]^\0", "[1] ^\0 ", "{^\0}", '{"a"^\0:1}', '["a^\0"]', '{"^\0":1}' }
    reject("[tr\0ue]", 2)
    accept('["\\u0000"]', { "\0" })
    accept('{"\\u0000a":1}', { ["\0a"] = 1 })
end)

class("comments", function()
    for _, comment in ipairs { "//c\n", "/*c*/", "/**/", "#c\n", "--c\n", "<!--c-->", ";c\n", "/" } do
        reject(comment .. "[1]", 1)
        reject("[" .. comment .. "1]", 2)
        reject("[1 " .. comment .. "]", 4)
        reject("[1," .. comment .. "2]", 4)
        reject("[1]" .. comment, 4)
        reject("{" .. comment .. '"a":1}', 2)
        reject('{"a"' .. comment .. ":1}", 5)
        reject('{"a":' .. comment .. "1}", 6)
    end
end)

class("depth", function()
    local function nest(open, close, n, inner) return open:rep(n) .. inner .. close:rep(n) end
    local function depth_of(value, key)
        local n = 0
        while type(value) == "table" do n, value = n + 1, value[key] end
        return n, value
    end
    for _, n in ipairs { 1, 31, 32, 33, 500, 10000 } do
        cases[#cases + 1] = { text = nest("[", "]", n, "7"), check = function(v) local d, inner = depth_of(v, 1) return d == n and inner == 7 end }
        cases[#cases + 1] = { text = nest('{"a":', "}", n, "7"), check = function(v) local d, inner = depth_of(v, "a") return d == n and inner == 7 end }
    end
    reject(nest("[", "]", 10001, ""), 10001, "more than 10000 levels of nesting")
    reject(nest('{"":', "}", 10001, "1"), 40001, "more than 10000 levels of nesting")
    reject(("["):rep(100000), 10001, "more than 10000 levels of nesting")
    reject(('[{"":'):rep(50000), 25001, "more than 10000 levels of nesting")
    for _, n in ipairs { 1, 500, 10000 } do
        reject(("["):rep(n), n + 1)
        reject(('{"a":'):rep(n), 5 * n + 1)
        reject(("["):rep(n) .. ("]"):rep(n - 1), 2 * n)
        reject(nest("[", "]", n, "") .. "]", 2 * n + 1)
        reject(("["):rep(n) .. "}", n + 1)
    end
end)

-- ---- Cut at every byte ----

local TOKENS = { "{", '"a\\n\\u00e9b"', ":", " ", "[", "1", ",", "-20.5e+3", ",", "true", ",", "false", "\t", ",", "null", ",", '"\195\169\226\130\172\240\159\152\128"', ",",
    "{", "}", ",", "[", "]", "]", "\r", "\n", ",", '"\\ud83d\\ude00"', ":", "{", '"k"', ":", '""', ",", '"\\\\"', ":", "0", "}", "}" }

-- A cut number may be one still; then the text ends too early, and not within it.
local function is_number(text)
    return text:find "^%-?%d+$" or text:find "^%-?%d+%.%d+$" or text:find "^%-?%d+%.%d+e%+%d+$"
end

class("texts that are cut at any byte", function()
    local before = ""
    for _, token in ipairs(TOKENS) do
        for k = 0, #token - 1 do
            local part = token:sub(1, k)
            reject(before .. part, #before + 1 + ((k == 0 or is_number(part)) and k or 0))
        end
        before = before .. token
    end
    accept(before, { ["a\n\195\169b"] = { 1, -20500, true, false, data.null, "\195\169\226\130\172\240\159\152\128", {}, {} },
        ["\240\159\152\128"] = { k = "", ["\\"] = 0 } })
    for k = 1, #before do reject(before .. before:sub(1, k), #before + 1) end
end)

return classes
