-- splits.lua: one text through data.decode, data.load and data.parser, whole and in every two pieces: what comes of it.
-- Invariant: all ways must agree, in the value or in the message and the place, or that is an error.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"

local splits = {}

-- A text longer than LONG is cut at a few places only, and comes to the parser in pieces instead of bytes.
local LONG, AT_MOST, PIECE = 400, 6, 89

-- The same to the bit: -0 is not 0, and NaN is itself. Lists of pairs wait in `left`, so that depth costs no stack.
function splits.same(a, b)
    local left = { { a, b } }
    while #left > 0 do
        local x, y = unpack(table.remove(left))
        if type(x) ~= type(y) then return false end
        if type(x) == "table" then
            for k, v in pairs(x) do left[#left + 1] = { v, y[k] } end
            for k in pairs(y) do if x[k] == nil then return false end end
        elseif x ~= y and (x == x or y == y) then return false
        elseif x == 0 and 1 / x ~= 1 / y then return false end
    end
    return true
end

-- { value = } or { message =, byte =, line =, column =, path =, code = }, without the name of the source.
local function outcome(value, message, code, place)
    if value ~= nil or not message then return { value = value } end
    message = message:match "^%a+:[%d: byte]+: (.*)" or message
    return { message = message, code = code, byte = place.byte, line = place.line, column = place.column, path = place.path }
end

local function check_same(got, wanted, how, text)
    for _, field in ipairs { "message", "code", "byte", "line", "column", "path" } do
        if got[field] ~= wanted[field] then
            error(("%s: %s %s and not %s, as at once, for %q"):format(how, field, tostring(got[field]), tostring(wanted[field]), text:sub(1, 200)), 0)
        end
    end
    if not splits.same(got.value, wanted.value) then error(("%s: another value than at once for %q"):format(how, text:sub(1, 200)), 0) end
end

-- A reader of the pieces that end at `ends`.
local function reader(text, ends)
    local i, at = 0, 1
    return function()
        i = i + 1
        local piece = ends[i] and text:sub(at, ends[i])
        at = ends[i] and ends[i] + 1
        return piece
    end
end

-- Byte after byte into a parser, which gives an entry at a time.
local function parse_bytes(text, format, options)
    local p, entries = data.parser(format, options), {}
    local size = #text > LONG and PIECE or 1
    for i = 1, #text + size, size do
        if i <= #text then p:feed(text:sub(i, i + size - 1)) else p:finish() end
        local value, key, code, place = p:next()
        while value ~= nil do
            entries[key] = value
            value, key, code, place = p:next()
        end
        if key then return outcome(nil, key, code, place) end
    end
    return { value = entries }
end

local function with_format(options, format)
    local all = { format = format }
    for k, v in pairs(options or {}) do all[k] = v end
    return all
end

-- What becomes of the text, however it comes.
function splits.outcome(text, format, options)
    local wanted = outcome(data.decode(text, format, options))
    local loading = with_format(options, format)
    local step = #text > LONG and math.ceil(#text / AT_MOST) or 1
    for k = 1, #text - 1, step do
        check_same(outcome(data.load(reader(text, { k, #text }), loading)), wanted, "cut at " .. k, text)
    end
    local got = parse_bytes(text, format, options)
    if wanted.value ~= nil and type(wanted.value) ~= "table" then got.value = got.value and got.value[1] end
    check_same(got, wanted, "byte by byte", text)
    return wanted
end

return splits
