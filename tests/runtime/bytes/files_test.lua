-- Bytes from files, descriptors and pipes, and to them.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local files = require "files"
local data = require "moonbear.data"
local lfs = require "lfs"
local fails = require "fails"

local content, with_file = files.content, files.with_file

local LONG = ("0123456789"):rep(30000)

TestRead = {}

function TestRead.test_a_path()
    with_file(LONG, function(path)
        lu.assertTrue(bytes.read(path):equals(LONG))
        lu.assertEquals(tostring(bytes.read(path, 12)), "012345678901")
        lu.assertEquals(tostring(bytes.read(path, 0)), "")
        lu.assertTrue(bytes.read(path, 1e300):equals(LONG))
    end)
    lu.assertEquals({ bytes.read "/nowhere/at/all" }, { nil, "/nowhere/at/all: No such file or directory", 2, bytes.from "" })
    lu.assertEquals({ bytes.read "/" }, { nil, "/: Is a directory", 21, bytes.from "" })
end

function TestRead.test_a_file_whose_size_the_host_does_not_tell()
    if not lfs.attributes "/proc/self/status" then return end
    lu.assertStrContains(tostring(bytes.read "/proc/self/status"), "Name:")
    local b, message, number = bytes.map "/proc/self/status"
    lu.assertEquals({ b, number }, { nil, 19 })
    lu.assertStrContains(message, "bytes.read reads it")
end

function TestRead.test_an_io_file_in_chunks()
    with_file(LONG, function(path)
        local file, parts = io.open(path, "rb"), {}
        lu.assertEquals(file:read(3), "012")
        for chunk in function() return bytes.read(file, 70000) end do parts[#parts + 1] = chunk end
        lu.assertEquals(#parts, 5)
        lu.assertTrue(("012" .. bytes.chain(parts)):equals(LONG))
        lu.assertNil((bytes.read(file, 1)))
        lu.assertEquals(#bytes.read(file), 0)
        file:close()
        fails("the file is closed", bytes.read, file)
    end)
    with_file("", function(path)
        local file = io.open(path, "a")
        local b, _, number = bytes.read(file, 1)
        lu.assertEquals({ b, number }, { nil, 9 })
        file:close()
    end)
end

function TestRead.test_a_pipe()
    local pipe = io.popen("printf abc; sleep 0.1; printf def", "r")
    lu.assertEquals(tostring(bytes.read(pipe, 5)), "abcde")
    lu.assertEquals(tostring(bytes.read(pipe)), "f")
    pipe:close()
end

function TestRead.test_misuse()
    fails("descriptor is a whole number", bytes.read, -1)
    fails("descriptor is a whole number", bytes.read, 0.5)
    fails("not negative", bytes.read, "/dev/null", -1)
    fails("string expected", bytes.read, {})
    lu.assertEquals({ select(2, bytes.read(9999, 1)) }, { "Bad file descriptor", 9, bytes.from "" })
end

TestWrite = {}

function TestWrite.test_chains_of_every_kind_of_piece()
    with_file(LONG, function(source)
        local mapped, held = bytes.map(source), bytes.from(LONG)
        local chain = "head" .. mapped .. "x" .. held:sub(2, 5000) .. mapped:sub(7, -7) .. 5 .. mapped:sub(1, 300)
        with_file("before ", function(path)
            local file = io.open(path, "ab")
            lu.assertTrue(rawequal(chain:write(file), chain))
            file:write " behind"
            file:close()
            lu.assertEquals(content(path), "before " .. tostring(chain) .. " behind")
        end)
    end)
end

function TestWrite.test_what_io_has_buffered_comes_first()
    with_file("", function(path)
        local file = io.open(path, "wb")
        file:write "1"
        bytes.from("2"):write(file)
        file:write "3"
        bytes.from(""):write(file)
        file:close()
        lu.assertEquals(content(path), "123")
    end)
end

-- Story 5: ten thousand pieces leave in ten calls, and nothing is joined on the way.
function TestWrite.test_ten_thousand_pieces()
    local owner, pieces = bytes.from(LONG), {}
    for i = 1, 10000 do pieces[i] = owner:sub(i * 7, i * 7 + 299) end
    local chain = bytes.chain(pieces)
    for i = 1, #pieces do pieces[i] = tostring(pieces[i]) end
    with_file("", function(path)
        local file = io.open(path, "wb")
        lu.assertNotNil(chain:write(file))
        file:close()
        lu.assertEquals(content(path), table.concat(pieces))
    end)
end

-- A large mapping is sent by the kernel; a pipe takes it in parts.
function TestWrite.test_a_large_mapping_to_a_file_and_to_a_pipe()
    with_file(LONG:rep(5), function(source)
        local mapped = bytes.map(source)
        local chain = "<" .. mapped .. ">"
        with_file("", function(path)
            local file = io.open(path, "wb")
            lu.assertNotNil(chain:write(file))
            file:close()
            lu.assertEquals(bytes.map(path):hash "sha256", chain:hash "sha256")
        end)
        with_file("", function(path)
            local pipe = io.popen("sha256sum > " .. path, "w")
            lu.assertNotNil(chain:write(pipe))
            pipe:close()
            lu.assertEquals(content(path):match "^%x+", chain:hash "sha256")
        end)
    end)
end

function TestWrite.test_a_failure_says_how_much_was_written()
    if not io.open "/dev/full" then return end
    local file = io.open("/dev/full", "wb")
    local b = bytes.from(LONG)
    lu.assertEquals({ b:write(file) }, { nil, "No space left on device: 0 of 300000 bytes were written", 28, 0 })
    with_file(LONG:rep(5), function(path)
        lu.assertEquals({ select(2, bytes.map(path):write(file)) }, { "No space left on device: 0 of 1500000 bytes were written", 28, 0 })
    end)
    lu.assertEquals({ b:write(9999) }, { nil, "Bad file descriptor: 0 of 300000 bytes were written", 9, 0 })
    with_file("", function(path)
        local reader = io.open(path, "rb")
        lu.assertEquals({ select(3, b:write(reader)) }, { 9, 0 })
    end)
end

function TestWrite.test_misuse()
    fails("number expected", bytes.from("x").write, bytes.from "x", "path")
    fails("number expected", bytes.from("x").write, bytes.from "x")
    fails("descriptor is a whole number", bytes.from("x").write, bytes.from "x", -1)
end

TestCutShort = {}

-- Somebody cuts the file that is mapped: every way of reading it ends in an error.
function TestCutShort.test_every_reader_raises()
    with_file(LONG:rep(5), function(path)
        local mapped = bytes.map(path)
        local chain = mapped:sub(1, 600000) .. "-" .. mapped:sub(600001)
        assert(io.open(path, "w")):close()
        local file = io.tmpfile()
        for _, b in ipairs { mapped, chain } do
            for name, call in pairs {
                tostring = function() return tostring(b) end,
                find = function() return b:find "not there" end,
                one = function() return b:find "x" end,
                needle = function() return bytes.from(LONG:rep(6)):find(b) end,
                lines = function() return b:lines()() end,
                byte = function() return b:byte(-1) end,
                bytes = function() return b:byte(1, 200) end,
                copied = function() return b:sub(1, 9) end,
                compact = function() return b:sub(2):compact() end,
                flatten = function() return (b .. "x"):flatten() end,
                equal = function() return b:equals(LONG:rep(5)) or b:equals((("x"):rep(#b))) end,
                less = function() return b < bytes.from(LONG) end,
                hash = function() return b:hash "sha256" end,
                crc = function() return b:hash "crc32" end,
                unpack = function() return b:unpack "i4" end,
                zero = function() return b:unpack "z" end,
                tonumber = function() return b:tonumber(1, 5) end,
                put = function() return bytes.buffer():put(b) end,
                pack = function() return bytes.pack("s8", b) end,
                small = function() return "x" .. b:sub(5, 10) end,
                compare = function() return b:compare(LONG) end,
                chunks = function() return b:chunks(10)() end,
                split = function() return b:split "45"() end,
                separator = function() return bytes.from(LONG):split(b:sub(1, 300)) end,
                putf = function() return bytes.buffer():putf("%s", b:sub(1, 300)) end,
                json = function() return assert(data.load(b, { format = "json" })) end,
                literal = function() return assert(data.load(b, { format = "lua" })) end,
                parser = function() return assert(data.parser("json"):feed(b):next()) end,
                encode = function() return data.encode({ b }, "json") end,
            } do
                local ok, message = pcall(call)
                lu.assertFalse(ok, name)
                lu.assertStrContains(message, "cut short", false, name)
            end
        end
        lu.assertStrContains(select(2, data.open(mapped)), "cut short")
        lu.assertEquals({ select(2, mapped:write(file)) },
            { "a mapped file was cut short while it was written: 0 of 1500000 bytes were written", 14, 0 })
        lu.assertEquals(#mapped:sub(1, 500), 500)
    end)
end
