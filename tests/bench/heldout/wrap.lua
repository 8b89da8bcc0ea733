-- wrap.lua [N]: a text processor: reads marked-up paragraphs, fills and justifies their lines, makes lists and an index.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 1500
local WIDTH = 62

local words = { "the", "quiet", "harbour", "of", "moonlight", "and", "a", "bear", "who", "counted", "waves", "until",
    "somebody", "asked", "*why*", "in", "_plain_", "words", "`f(x)`", "nobody", "answered;", "then", "rain", "fell." }

local function source(count)
    local seed, out = 11, {}
    for i = 1, count do
        local line = {}
        for k = 1, 20 + i % 50 do
            seed = seed * 16807 % 2147483647
            line[k] = words[seed % #words + 1]
        end
        local kind = i % 9 == 0 and "# " or i % 4 == 0 and "- " or ""
        out[i] = kind .. table.concat(line, " "):gsub("^%l", string.upper)
    end
    return table.concat(out, "\n\n") .. "\n"
end

local index = {}
local function mark(text, page)
    text = text:gsub("`([^`]+)`", function(code) return "<" .. code .. ">" end)
    text = text:gsub("%*(%a+)%*", function(word)
        local pages = index[word] or {}
        index[word] = pages
        if pages[#pages] ~= page then pages[#pages + 1] = page end
        return word:upper()
    end)
    return (text:gsub("_(%a+)_", "/%1/"))
end

-- Spreads what a line lacks over its gaps, from the left.
local function justify(line, length)
    local gaps = #line - 1
    if gaps == 0 then return line[1] end
    local lack, out = WIDTH - length, { line[1] }
    for i = 1, gaps do
        local more = math.floor(lack * i / gaps) - math.floor(lack * (i - 1) / gaps)
        out[#out + 1] = (" "):rep(1 + more) .. line[i + 1]
    end
    return table.concat(out)
end

local function fill(text, indent, emit)
    local line, length = {}, -1
    for word in text:gmatch("%S+") do
        if length + 1 + #word > WIDTH then
            emit(indent .. justify(line, length))
            line, length = {}, -1
        end
        line[#line + 1] = word
        length = length + 1 + #word
    end
    if #line > 0 then emit(indent .. table.concat(line, " ")) end
end

local lines, sections = {}, 0
local function emit(line) lines[#lines + 1] = line end
for paragraph in source(n):gmatch("(.-)\n\n?") do
    local kind, rest = paragraph:match("^([#-]) (.*)$")
    local text = mark(rest or paragraph, math.floor(#lines / 60) + 1)
    if kind == "#" then
        sections = sections + 1
        local title = ("%d. %s"):format(sections, text:sub(1, 40):gsub("%s+%S*$", ""))
        emit(title)
        emit(("="):rep(#title))
    else
        fill(text, kind == "-" and "  | " or "", emit)
    end
    emit("")
end
local out, sum = table.concat(lines, "\n"), 0
for i = 1, #out do sum = (sum * 31 + out:byte(i)) % 1000003 end
print(#lines, #out, sections, index.why and #index.why, sum)
