-- engine_files_test.lua: reading and writing by way of the stream's own buffer loses, adds and reorders nothing.
-- Invariant: every file is temporary and has no name.
-- SPDX-License-Identifier: MIT
local function file_of(text)
    local file = assert(io.tmpfile())
    file:write(text)
    file:seek("set")
    return file
end

TestLines = {}

function TestLines.test_of_every_length_around_the_buffer()
    for _, length in ipairs { 0, 1, 1022, 1023, 1024, 1025, 32766, 32767, 32768, 32769, 70000 } do
        local line = ("x"):rep(length)
        local file = file_of(line .. "\n" .. "short\n" .. line)
        lu.assertTrue(file:read() == line)
        lu.assertEquals(file:read("*l"), "short")
        lu.assertTrue(file:read("*l") == (length > 0 and line or nil))
        lu.assertNil(file:read())
        file:close()
    end
end

function TestLines.test_many()
    local parts = {}
    for i = 1, 20000 do parts[i] = "line " .. i end
    local file, i = file_of(table.concat(parts, "\n")), 0
    for line in file:lines() do
        i = i + 1
        if line ~= parts[i] then lu.fail(line) end
    end
    lu.assertEquals(i, 20000)
    file:close()
end

function TestLines.test_a_finalizer_that_reads_the_same_file()
    local parts = {}
    for i = 1, 3000 do parts[i] = ("%06d"):format(i) end
    local file, seen, stolen = file_of(table.concat(parts, "\n") .. "\n"), 0, 0
    for line in file:lines() do
        lu.assertEquals(#line, 6)
        seen = seen + 1
        local proxy = newproxy(true)
        getmetatable(proxy).__gc = function()
            if io.type(file) == "file" and file:read() then stolen = stolen + 1 end
        end
        proxy = nil
        collectgarbage("step", 10)
    end
    lu.assertTrue(seen > 0 and stolen > 0 and seen + stolen <= 3000)
    file:close()
end

TestBlocks = {}

function TestBlocks.test_sizes_and_the_end()
    local text = ("0123456789"):rep(10000)
    for _, size in ipairs { 1, 7, 4096, 32768, 32769, 99999, 100000, 200000 } do
        local file, parts = file_of(text), {}
        while size > 1 or #parts < 20 do
            local block = file:read(size)
            if not block then break end
            parts[#parts + 1] = block
        end
        local whole = table.concat(parts)
        lu.assertTrue(whole == text:sub(1, #whole) and (size == 1 or #whole == #text))
        file:close()
    end
    local file = file_of("ab")
    lu.assertEquals({ file:read(0, 5, 0) }, { "", "ab" })
    lu.assertEquals({ file:read("*a", "*a") }, { "", "" })
    file:close()
end

TestNumbers = {}

function TestNumbers.test_as_scanf_reads()
    local file = file_of(" 12\n-3.5 1e3 .5 0x10 +7 12,5 x")
    lu.assertEquals({ file:read("*n", "*n", "*n", "*n", "*n", "*n", "*n") }, { 12, -3.5, 1000, 0.5, 16, 7, 12 })
    lu.assertNil((file:read("*n")))
    lu.assertEquals(file:read("*a"), ",5 x")
    file:close()
end

TestWrite = {}

function TestWrite.test_numbers_and_mixed_reading()
    local file = file_of("")
    lu.assertTrue(file:write(1, " ", 0.1, " ", -1e100, "\n", 2 ^ 53, "\n"))
    file:seek("set")
    lu.assertEquals(file:read(), "1 0.1 -1e+100")
    lu.assertEquals(file:seek("cur"), 14)
    lu.assertEquals(file:read("*n"), 9.007199254741e+15)
    file:close()
    lu.assertErrorMsgContains("attempt to use a closed file", file.read, file)
    lu.assertErrorMsgContains("FILE* expected", io.stdout.write, newproxy(true), "x")
end

-- Pieces that end just before, at and behind the end of a buffer of every kind, with places in the middle written over.
function TestWrite.test_over_the_borders_of_the_buffer()
    for _, mode in ipairs { { "full" }, { "full", 1024 }, { "full", 100 }, { "line" }, { "no" } } do
        local file, text = file_of(""), ""
        if mode[1] then lu.assertTrue(file:setvbuf(unpack(mode))) end
        for i, length in ipairs { 32767, 1, 1, 32768, 32769, 0, 99, 100, 101, 1023, 1024, 1025, 70000 } do
            local piece = (i % 10 .. "\n"):rep(length):sub(1, length)
            lu.assertTrue(file:write(piece, i, "."))
            text = text .. piece .. i .. "."
            lu.assertEquals(file:seek(), #text)
        end
        for _, place in ipairs { 0, 1023, 32767, 32768, 65535, #text - 3 } do
            file:seek("set", place)
            lu.assertTrue(file:write("<->"))
            text = text:sub(1, place) .. "<->" .. text:sub(place + 4)
            file:seek("cur", 0)
            lu.assertTrue(file:read(7) == (place + 3 < #text and text:sub(place + 4, place + 10) or nil))
        end
        file:seek("set")
        lu.assertTrue(file:read("*a") == text, mode[1])
        file:close()
    end
end

TestScripts = {}

local function loads(text)
    local name = os.tmpname()
    local file = assert(io.open(name, "w"))
    file:write(text)
    file:close()
    local chunk, message = loadfile(name)
    os.remove(name)
    return chunk, message and message:gsub("^.-:", "", 1)
end

-- What is read at a time is 4096 bytes: a first line, a string and an end of every length around that.
function TestScripts.test_of_every_length_around_what_is_read_at_a_time()
    for _, length in ipairs { 1, 2, 4070, 4080, 4094, 4095, 4096, 4097, 8190, 8191, 8192, 8193, 20000 } do
        local pad = ("x"):rep(length)
        lu.assertTrue(assert(loads("return '" .. pad .. "'"))() == pad)
        lu.assertEquals(assert(loads("#" .. pad .. "\nreturn 'second', debug.getinfo(1, 'l').currentline"))(), "second")
        lu.assertEquals(select(2, loads("#" .. pad .. "\nx = = 1")), "2: unexpected symbol near '='")
        lu.assertEquals(select("#", assert(loads("#" .. pad))()), 0)
        lu.assertEquals(select("#", assert(loads("#" .. pad .. "\n"))()), 0)
        lu.assertTrue(assert(loads(("#%s\n%s"):format(pad, string.dump(loadstring("return ...")))))(pad) == pad)
    end
end

-- ---- Opening: buffers are used one after the other ---------------------------------------------------------------

TestOpen = {}

function TestOpen.test_files_that_take_turns_and_overlap()
    for round = 1, 3 do
        local files = {}
        for i = 1, 4 do
            files[i] = file_of("")
            if i == 2 then files[i]:setvbuf("no") end
            if i == 3 then files[i]:setvbuf("full", 100) end
            files[i]:write(("%d %d "):format(round, i):rep(3000))
        end
        for i = 4, 1, -1 do
            files[i]:seek("set")
            lu.assertTrue(files[i]:read("*a") == ("%d %d "):format(round, i):rep(3000))
            files[i]:close()
        end
    end
end

-- What was buffered when a file was closed, and the end of a file that was seen, are nothing to the next one.
function TestOpen.test_nothing_is_left_of_the_one_before()
    local first = file_of("one\ntwo\n")
    lu.assertEquals(first:read(), "one")
    first:close()
    local second = file_of("")
    lu.assertNil(second:read())
    second:close()
    local third = file_of("three")
    lu.assertEquals(third:read("*a"), "three")
    third:close()
end
