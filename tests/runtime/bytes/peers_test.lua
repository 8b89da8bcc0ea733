-- Digests beside sha256sum and its like, pack and unpack beside the string.pack of a newer Lua, over random data.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local with_file = require("files").with_file

local SEED = tonumber(os.getenv "SEED") or os.time()
local random = math.random

local function output(command)
    local pipe = io.popen(command .. " 2>/dev/null")
    local text = pipe:read "*a"
    pipe:close()
    return text
end

local function random_bytes(size)
    local out = {}
    for i = 1, size do out[i] = string.char(random(0, 255)) end
    return table.concat(out)
end

TestDigests = {}

local function digests_of(path)
    return {
        sha256 = output("sha256sum < " .. path):match "^%x+", sha512 = output("sha512sum < " .. path):match "^%x+",
        blake2b = output("b2sum < " .. path):match "^%x+",
        crc32 = #output "gzip --version" > 0 and output("gzip -c < " .. path):sub(-8, -5):reverse():gsub(".", function(c)
            return ("%02x"):format(c:byte())
        end) or nil,
    }
end

-- Sizes around the blocks of 64 and 128 bytes, and larger than what is hashed in one stride.
function TestDigests.test_beside_the_tools_of_the_host()
    math.randomseed(SEED)
    local found = 0
    for _, size in ipairs { 0, 1, 63, 64, 65, 127, 128, 129, 1000, 100003, 1048576 + 17, 2 * 1048576 + 300 } do
        local text = random_bytes(math.min(size, 1009)):rep(math.ceil(size / 1009)):sub(1, size)
        with_file(text, function(path)
            local mapped = bytes.map(path)
            for name, digest in pairs(digests_of(path)) do
                found = found + 1
                local cut = random(0, size)
                local chain = bytes.from(text:sub(1, cut)) .. mapped:sub(cut + 1)
                lu.assertEquals({ mapped:hash(name), chain:hash(name) }, { digest, digest }, ("%s of %d bytes, seed %d"):format(name, size, SEED))
            end
        end)
    end
    lu.skipIf(found == 0, "this host has no sha256sum or its like")
end

TestPackBeside = {}

-- A program for a newer Lua: reads "format<tab>Lua values<newline>" and says in hexadecimal what string.pack makes of it; or "unpack",
-- a format and hexadecimal data, and says the values.
local PROGRAM = [[
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function plain(h) return (h:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end)) end
local function shown(v)
    if type(v) == "string" then return "s" .. hex(v) end
    if v ~= v then return "nan" end
    if math.type(v) == "integer" and (v > 1 << 53 or v < -(1 << 53)) then return "large" end
    return ("%.17g"):format(v)
end
for line in io.lines(arg[1]) do
    local what, format, rest = line:match "^(%a+)\t([^\t]*)\t(.*)$"
    format = plain(format)
    if what == "pack" then
        local values = load("return " .. rest)
        local ok, packed = pcall(string.pack, format, values())
        print(ok and hex(packed) or "error")
    else
        local out = table.pack(pcall(string.unpack, format, plain(rest)))
        local ok = table.remove(out, 1)
        for i = 1, out.n - 1 do out[i] = ok and shown(out[i]) end
        print(ok and table.concat(out, " ") or "error")
    end
end]]

local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end

local function newer_lua()
    for _, name in ipairs { "lua5.3", "lua5.4" } do
        if output(name .. " -v"):find "Lua 5" or output(name .. " -e 'print(string.pack and 1)'"):find "1" then return name end
    end
end

-- Runs cases through the other Lua: the lines it prints.
local function ask(lua, cases)
    local answers = {}
    with_file(PROGRAM, function(program)
        with_file(table.concat(cases, "\n") .. "\n", function(path)
            local pipe = io.popen(("%s %s %s 2>&1"):format(lua, program, path))
            for line in pipe:lines() do answers[#answers + 1] = line end
            pipe:close()
        end)
    end)
    lu.assertEquals(#answers, #cases, answers[#answers])
    return answers
end

local function count(most) return random(3) == 1 and "" or tostring(random(most)) end

local INTEGERS, FLOATS = { "b", "B", "h", "H", "l", "L", "j", "J", "T", "i", "I" }, { "f", "d", "n" }

-- One option, and the Lua text of a value for it, or nil.
local function integer_option()
    local option = INTEGERS[random(#INTEGERS)]
    local sized = option:lower() == "i"
    local size = count(sized and 17 or 1)
    if sized then option = option .. size end
    local bits = 2 ^ random(0, 52)
    local value = math.floor(random() * bits)
    return option, ("%.0f"):format(random(3) == 1 and -value or value)
end

local function float_option()
    local value = (random() - 0.5) * 2 ^ random(-60, 60)
    return FLOATS[random(#FLOATS)], random(10) == 1 and "math.huge" or ("%.17g"):format(value)
end

local function string_option()
    local text, kind = random_bytes(random(0, 20)), random(3)
    local value = "'" .. text:gsub(".", function(c) return ("\\%03d"):format(c:byte()) end) .. "'"
    if kind == 1 then return "s" .. count(17), value end
    if kind == 2 then return "z", random(2) == 1 and value or "'" .. ("x"):rep(random(0, 9)) .. "'" end
    return "c" .. random(0, 25), value
end

local function other_option()
    local others = { "<", ">", "=", "!", "!1", "!2", "!4", "!8", "!16", "x", " ", "Xi4", "Xd", "Xb", "X!4", "Xz", "Xs2", "Xc3", "Xx", "X", "!3", "q", "!17", "Xj" }
    return others[random(12)] and others[random(random(5) == 1 and #others or 13)]
end

local function random_format()
    local format, values = {}, {}
    for i = 1, random(8) do
        local make = ({ integer_option, integer_option, float_option, string_option, other_option, other_option })[random(6)]
        local value
        format[i], value = make()
        values[#values + 1] = value
        if format[i] == "X" then break end -- it would take the next option's place, and the values would shift
    end
    return table.concat(format), values
end

local function packed(format, values)
    local ok, result = pcall(bytes.pack, format, loadstring("return " .. table.concat(values, ", "))())
    return ok and hex(tostring(result)) or "error"
end

function TestPackBeside.test_packing()
    local lua = newer_lua()
    lu.skipIf(not lua, "needs lua5.3 or lua5.4")
    math.randomseed(SEED)
    local cases, ours, good = {}, {}, 0
    for i = 1, 20000 do
        local format, values = random_format()
        cases[i] = ("pack\t%s\t%s"):format(hex(format), table.concat(values, ", "))
        ours[i] = packed(format, values)
        if ours[i] ~= "error" then good = good + 1 end
    end
    for i, answer in ipairs(ask(lua, cases)) do
        if answer ~= ours[i] then lu.assertEquals(ours[i], answer, ("%s, seed %d"):format(cases[i], SEED)) end
    end
    lu.assertTrue(good > 5000 and good < 19000, good)
end

-- What we refuse because no number is exactly that integer is a large one, or one that the other Lua has as negative.
local function unpacked(format, data)
    local out = { pcall(bytes.unpack, data, format) }
    if not out[1] then return out[2]:find("exactly", 1, true) and "large" or "error" end
    table.remove(out, 1)
    for i = 1, #out - 1 do
        local v = out[i]
        if type(v) == "string" then out[i] = "s" .. hex(v)
        elseif v ~= v then out[i] = "nan"
        else out[i] = (v > 2 ^ 53 or v < -2 ^ 53) and v % 1 == 0 and "large " .. ("%.17g"):format(v) or ("%.17g"):format(v) end
    end
    return table.concat(out, " ")
end

function TestPackBeside.test_unpacking()
    local lua = newer_lua()
    lu.skipIf(not lua, "needs lua5.3 or lua5.4")
    math.randomseed(SEED)
    local cases, ours, good = {}, {}, 0
    for i = 1, 20000 do
        local format, data = random_format(), random_bytes(random(0, 60)):gsub("[\1-\255]", function(c) return random(2) == 1 and "\0" or c end)
        cases[i] = ("unpack\t%s\t%s"):format(hex(format), hex(data))
        ours[i] = unpacked(format, data)
    end
    for i, answer in ipairs(ask(lua, cases)) do
        local same = ours[i]:gsub("large %S+", "large")
        if same ~= "large" and not answer:find "large" and not ours[i]:find "large" then
            good = good + (answer ~= "error" and 1 or 0)
            if answer ~= same then lu.assertEquals(same, answer, ("%s, seed %d"):format(cases[i], SEED)) end
        end
    end
    lu.assertTrue(good > 3000, good)
end
