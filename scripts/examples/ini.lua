#!/usr/bin/env moonbear
-- ini.lua: reads INI files with an LPeg grammar: prints one value, all of them, or JSON; or says where a mistake is.
-- Invariant: a file is understood whole, or refused with the line and column of its first mistake.
-- SPDX-License-Identifier: MIT
local argparse = require "argparse"
local lpeg = require "lpeg"

local P, R, S, C, Cg, Cp, Ct, Cmt = lpeg.P, lpeg.R, lpeg.S, lpeg.C, lpeg.Cg, lpeg.Cp, lpeg.Ct, lpeg.Cmt

-- Where the grammar got to before it gave up, and what it wanted there.
local failure

-- Matches nothing; remembers the first thing that was missing.
local function wanted(what)
    return Cmt(P(true), function(_, at)
        failure = failure or { at = at, what = what }
        return false
    end)
end

local function grammar()
    local space, newline = S " \t" ^ 0, P "\r" ^ -1 * "\n"
    local line_end = newline + -P(1)
    local comment = S ";#" * (1 - newline) ^ 0
    local rest = space * comment ^ -1 * (line_end + wanted "the end of the line")
    local escapes = { n = "\n", t = "\t", ["\\"] = "\\", ['"'] = '"' }
    local escape = P "\\" * (S 'nt\\"' + wanted "n, t, \\ or \" after a backslash")
    local escaped = escape / function(pair) return escapes[pair:sub(2)] end
    local quoted = P '"' * lpeg.Cs((escaped + (1 - S '"\\\r\n')) ^ 0) * ('"' + wanted 'a closing "')
    local bare = -P '"' * C((1 - S ";#\r\n") ^ 0) / function(text) return (text:gsub("%s+$", "")) end
    local name = C((R("az", "AZ", "09") + S "_-." + R "\128\255") ^ 1)
    local section = "[" * space * (Cg(name, "section") + wanted "a section's name") * space * ("]" + wanted "a ]")
    local value = Cg(quoted + bare, "value")
    local entry = Cg(name, "key") * space * (S "=:" + wanted "= or : after the key") * space * value
    local blank = space * comment ^ -1 * newline
    local line = Ct(Cg(Cp(), "at") * space * (section + entry) * rest)
    return Ct((blank + line) ^ 0) * space * comment ^ -1 * (-P(1) + wanted "a [section], a key = value or a comment")
end

local pattern = grammar()

local function place(text, at)
    local before = text:sub(1, at - 1)
    local _, line = before:gsub("\n", "")
    return line + 1, at - (before:find("[^\n]*$") or 1) + 1
end

-- An array of { section =, key =, value = } in the order of the text; or nil and a message.
local function parse(text, name)
    failure = nil
    local list = pattern:match(text)
    if not list then
        local line, column = place(text, failure.at)
        return nil, ("%s:%d:%d: expected %s"):format(name, line, column, failure.what)
    end
    local section, out, seen = "", {}, {}
    for _, one in ipairs(list) do
        section = one.section or section
        if one.key then
            local full = section == "" and one.key or section .. "." .. one.key
            if seen[full] then return nil, ("%s:%d: %s is set again"):format(name, place(text, one.at), full) end
            seen[full] = true
            out[#out + 1] = { section = section, key = one.key, full = full, value = one.value }
        end
    end
    return out
end

local function read(name)
    local file, message = io.open(name, "rb")
    if not file then return nil, message end
    local text, why = file:read("*a")
    file:close()
    if not text then return nil, name .. ": " .. why end
    return text
end

local function print_json(list)
    local out = {}
    for _, one in ipairs(list) do
        out[one.section] = out[one.section] or {}
        out[one.section][one.key] = one.value
    end
    print(require("cjson").encode(out))
end

local function print_one(list, name)
    for _, one in ipairs(list) do
        if one.full == name then
            print(one.value)
            return 0
        end
    end
    io.stderr:write("ini.lua: there is no ", name, "\n")
    return 1
end

local function main()
    local parser = argparse("ini.lua", "Read an INI file.")
    parser:argument("file", "The file.")
    parser:argument("key", "Print only the value of this SECTION.KEY."):args("?")
    parser:flag("-j --json", "Print an object of sections.")
    local o = parser:parse()
    local text, why = read(o.file)
    local list, message
    if text then list, message = parse(text, o.file) end
    if not list then
        io.stderr:write("ini.lua: ", why or message, "\n")
        return 1
    end
    if o.key then return print_one(list, o.key) end
    if o.json then print_json(list) return 0 end
    for _, one in ipairs(list) do print(one.full .. " = " .. one.value) end
    return 0
end

os.exit(main())
