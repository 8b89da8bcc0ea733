-- json.lua [N]: a small JSON writer and reader in plain Lua: many library calls on short strings.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 5000

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n" }
local plain = { n = "\n", ['"'] = '"', ["\\"] = "\\" }

local function quote(s) return '"' .. s:gsub('["\\\n]', escapes) .. '"' end

local function write(value, out)
    if type(value) == "string" then
        out[#out + 1] = quote(value)
    elseif type(value) ~= "table" then
        out[#out + 1] = tostring(value)
    elseif value[1] ~= nil then
        for i, item in ipairs(value) do
            out[#out + 1] = i == 1 and "[" or ","
            write(item, out)
        end
        out[#out + 1] = "]"
    else
        local keys = {}
        for key in pairs(value) do keys[#keys + 1] = key end
        table.sort(keys)
        for i, key in ipairs(keys) do
            out[#out + 1] = (i == 1 and "{" or ",") .. quote(key) .. ":"
            write(value[key], out)
        end
        out[#out + 1] = "}"
    end
end

local read

local function read_string(s, at)
    local finish = at
    repeat
        finish = s:find('["\\]', finish + 1)
        local c = s:sub(finish, finish)
        if c == "\\" then finish = finish + 1 end
    until c == '"'
    local text = s:sub(at + 1, finish - 1):gsub("\\(.)", plain)
    return text, finish + 1
end

local function read_list(s, at)
    local list = {}
    repeat
        list[#list + 1], at = read(s, at + 1)
        at = s:find("%S", at)
    until s:byte(at) == 93
    return list, at + 1
end

local function read_object(s, at)
    local object = {}
    repeat
        local key, after = read(s, at + 1)
        object[key], at = read(s, s:find(":", after, true) + 1)
        at = s:find("%S", at)
    until s:byte(at) == 125
    return object, at + 1
end

local words = { t = true, f = false }

function read(s, at)
    at = s:find("%S", at)
    local c = s:sub(at, at)
    if c == '"' then return read_string(s, at) end
    if c == "[" then return read_list(s, at) end
    if c == "{" then return read_object(s, at) end
    local _, finish = s:find("^[%w.+-]+", at)
    if words[c] ~= nil then return words[c], finish + 1 end
    return tonumber(s:sub(at, finish)), finish + 1
end

local document = {}
for i = 1, n do
    document[i] = {
        id = i, name = "entry \"" .. i .. "\"", ratio = i + 0.5, tags = { "a", "b\n", "c\\" },
        nested = { deep = { deeper = { i, i % 3 == 0 } } },
    }
end
local out = {}
write(document, out)
local text = table.concat(out)
local copy = read(text, 1)
local again = {}
write(copy, again)
print(#text, table.concat(again) == text, copy[n].tags[2] == "b\n")
