#!/usr/bin/env moonbear
-- wc.lua: counts lines, words and bytes of files of any size, and names the most frequent words.
-- Invariant: memory does not grow with the text, only with the number of different words.
-- SPDX-License-Identifier: MIT
local argparse = require "argparse"

local BLOCK = 64 * 1024

-- Words are counted between white space, as wc(1) does; those of --top are letters and bytes of UTF-8, in lower case.
local LETTERS = "[%a\128-\255]+"

local function options()
    local parser = argparse("wc.lua", "Count lines, words and bytes, and find the most frequent words.")
    parser:argument("file", "Files to read; - is standard input."):args("*")
    parser:option("-t --top", "Also print the N most frequent words.", "0"):argname("N"):convert(function(text)
        local n = tonumber(text)
        if n and n >= 0 and n % 1 == 0 then return n end
        return nil, "--top wants a whole number, not '" .. text .. "'"
    end)
    return parser:parse()
end

-- Takes a text block by block. A word may lie across two of them: what is left of it is kept for the next.
local function word_counter(counts)
    local rest = ""
    return function(block)
        local text = rest .. block
        rest = text:match(LETTERS .. "$") or ""
        for word in text:sub(1, #text - #rest):lower():gmatch(LETTERS) do counts[word] = (counts[word] or 0) + 1 end
    end, function()
        if rest ~= "" then counts[rest:lower()] = (counts[rest:lower()] or 0) + 1 end
    end
end

local function count(file, counts)
    local lines, words, bytes, inside = 0, 0, 0, false
    local feed, finish = word_counter(counts)
    while true do
        local block, message = file:read(BLOCK)
        if not block then
            if message then return nil, message end
            break
        end
        bytes = bytes + #block
        lines = lines + select(2, block:gsub("\n", ""))
        words = words + select(2, block:gsub("%S+", ""))
        if inside and block:find("^%S") then words = words - 1 end
        inside = block:find("%S$") ~= nil
        if counts then feed(block) end
    end
    if counts then finish() end
    return { lines = lines, words = words, bytes = bytes }
end

local function count_named(name, counts)
    if name == "-" then return count(io.stdin, counts) end
    local file, message = io.open(name, "rb")
    if not file then return nil, message end
    local result, why = count(file, counts)
    file:close()
    if not result then return nil, name .. ": " .. why end
    return result
end

local function print_counts(numbers, name)
    print(("%9d %9d %11d %s"):format(numbers.lines, numbers.words, numbers.bytes, name))
end

-- The n most frequent words; those that are equally frequent in the order of the alphabet.
local function top(counts, n)
    local words = {}
    for word in pairs(counts) do words[#words + 1] = word end
    table.sort(words, function(a, b)
        if counts[a] ~= counts[b] then return counts[a] > counts[b] end
        return a < b
    end)
    for i = 1, math.min(n, #words) do print(("%9d %s"):format(counts[words[i]], words[i])) end
end

local function main()
    local o = options()
    local files = #o.file > 0 and o.file or { "-" }
    local counts = o.top > 0 and {} or nil
    local sum, failed = { lines = 0, words = 0, bytes = 0 }, false
    for _, name in ipairs(files) do
        local numbers, message = count_named(name, counts)
        if numbers then
            print_counts(numbers, name)
            for key, number in pairs(numbers) do sum[key] = sum[key] + number end
        else
            io.stderr:write("wc.lua: ", message, "\n")
            failed = true
        end
    end
    if #files > 1 then print_counts(sum, "total") end
    if counts then top(counts, o.top) end
    return failed and 1 or 0
end

os.exit(main())
