-- lines, split and chunks: over every kind of memory, with parts of any length, while others release, ask and cut files short.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local with_file = require("files").with_file

local SEED = tonumber(os.getenv "SEED") or os.time()

local function list(iterator)
    local out = {}
    for part in iterator do out[#out + 1] = tostring(part) end
    return out
end

-- Parts of a few bytes, of hundreds and of tens of thousands, in any order.
local function random_parts(filler)
    local out = {}
    for i = 1, math.random(0, 60) do
        local kind = math.random(20)
        out[i] = filler:rep(math.random(0, kind == 1 and 40000 or kind < 6 and 700 or 12))
    end
    return out
end

local function kinds(s, path)
    local long = bytes.from(s .. ("#"):rep(300))
    local middle = math.random(0, #s)
    local small = {}
    for i = 1, #s, 97 do small[#small + 1] = i % 2 == 0 and s:sub(i, i + 96) or long:sub(i, math.min(#s, i + 96)) end
    return {
        string = bytes.from(s), view = long:sub(1, #s), mapped = bytes.map(path), chain = s:sub(1, middle) .. long:sub(middle + 1, #s),
        half = bytes.map(path):sub(1, middle) .. s:sub(middle + 1), pieces = bytes.chain(small),
    }
end

TestCut = {}

function TestCut.test_lines_and_parts_of_any_length()
    math.randomseed(SEED)
    for round = 1, 40 do
        local parts = random_parts "x"
        local text = table.concat(parts, "\n") .. (math.random(2) == 1 and #parts > 0 and "\n" or "")
        local lines = {}
        for line in (text .. (text:sub(-1) ~= "\n" and #text > 0 and "\n" or "")):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
        with_file(text, function(path)
            for kind, b in pairs(kinds(text, path)) do
                local where = ("%s, round %d, seed %d"):format(kind, round, SEED)
                lu.assertEquals(list(b:lines()), lines, where)
                lu.assertEquals(table.concat(list(b:split "\n"), "\n"), text, where)
                lu.assertEquals(table.concat(list(b:chunks(math.random(1, 3000)))), text, where)
            end
        end)
    end
end

function TestCut.test_separators_of_any_length()
    math.randomseed(SEED)
    for round = 1, 40 do
        local separator = ("ab"):rep(math.random(3)) .. ("c"):rep(math.random(0, 3) == 0 and 3000 or math.random(0, 2))
        local parts = random_parts "a"
        local text, wanted, at = table.concat(parts, separator), {}, 1
        while true do
            local from, to = text:find(separator, at, true)
            wanted[#wanted + 1] = text:sub(at, (from or 0) - 1)
            if not from then break end
            at = to + 1
        end
        with_file(text, function(path)
            for kind, b in pairs(kinds(text, path)) do
                local where = ("%s, round %d, seed %d"):format(kind, round, SEED)
                lu.assertEquals(list(b:split(separator)), wanted, where)
                lu.assertEquals(list(b:split(bytes.from(separator))), wanted, where)
            end
        end)
    end
end

function TestCut.test_long_parts_are_views_and_short_ones_copies()
    with_file((("x"):rep(257) .. "\n" .. ("y"):rep(256) .. "\n"):rep(100), function(path)
        local b, n = bytes.map(path), 0
        for line in b:lines() do
            n = n + 1
            local memory, mapped = line:pinned()
            lu.assertEquals({ memory, mapped }, n % 2 == 1 and { 0, #b } or { 256, 0 })
        end
        lu.assertEquals(n, 200)
    end)
end

function TestCut.test_the_separator_may_be_released_meanwhile()
    local separator = bytes.from(("-"):rep(300))
    local next_part = bytes.from("a" .. ("-"):rep(300) .. "b"):split(separator)
    separator:release()
    lu.assertEquals(list(next_part), { "a", "b" })
    lu.assertEquals(list(bytes.from("1,2"):split ","), list(bytes.from("152"):split(5)))
end

-- The bytes are released by the loop, and by a finalizer that runs when a part is made.
function TestCut.test_release_in_the_middle()
    with_file(("some line\n"):rep(5000), function(path)
        for _, make in ipairs { bytes.map, bytes.read } do
            for _, cut in ipairs { "lines", "split", "chunks" } do
                local b = make(path)
                local next_part = b[cut](b, cut == "split" and "\n" or cut == "chunks" and 10 or nil)
                lu.assertTrue(#next_part() >= 9)
                b:release()
                local ok, message = pcall(next_part)
                lu.assertFalse(ok)
                lu.assertStrContains(message, "these bytes were released")
            end
        end
    end)
end

local function finalizer(f)
    local proxy = newproxy(true)
    getmetatable(proxy).__gc = f
end

function TestCut.test_a_finalizer_releases_or_asks_for_more()
    with_file(("some line\n"):rep(3000), function(path)
        for _, make in ipairs { bytes.map, bytes.read } do
            local b, taken, ended = make(path), 0, 0
            local next_line = b:lines()
            for i = 1, 2500 do
                if i % 50 == 0 then
                    finalizer(function()
                        local line = next_line()
                        if line then taken = taken + 1 lu.assertTrue(line:equals "some line") end
                    end)
                end
                local line = next_line()
                if not line then break end
                ended = ended + 1
                lu.assertTrue(line:equals "some line")
            end
            collectgarbage()
            lu.assertTrue(taken > 10 and ended > 2000, taken .. " " .. ended)
            b = make(path)
            local count = 0
            local ok, message = pcall(function()
                for _ in b:lines() do
                    count = count + 1
                    if count == 100 then finalizer(function() b:release() end) end
                end
                collectgarbage()
                return #b
            end)
            lu.assertFalse(ok)
            lu.assertStrContains(message, "released")
        end
    end)
end

-- What lies behind the new end is an error, in whatever way it is met; what was read before is not lost.
function TestCut.test_a_file_that_is_cut_short_meanwhile()
    with_file(("some line\n"):rep(50000), function(path)
        for _, cut in ipairs { "lines", "split", "chunks" } do
            local file = assert(io.open(path, "wb"))
            file:write(("some line\n"):rep(50000))
            file:close()
            local b = bytes.map(path)
            local next_part = b[cut](b, cut == "split" and "line" or cut == "chunks" and 100 or nil)
            for _ = 1, 10 do lu.assertTrue(#next_part() > 0) end
            io.open(path, "wb"):close()
            local ok, message
            for _ = 1, 20000 do
                ok, message = pcall(next_part)
                if not ok then break end
                lu.assertEquals(#message % (cut == "chunks" and 100 or cut == "lines" and 9 or 6), 0)
            end
            lu.assertFalse(ok)
            lu.assertStrContains(message, "cut short")
        end
    end)
end
