-- encode_limits_test.lua: data.encode and data.save where memory or time ends, and while finalizers run: an error, and
-- nothing left behind.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local limits = require "moonbear.limits"
local lfs = require "lfs"
local read = require("files").content

local function with_folder(fn)
    local folder = os.tmpname()
    assert(os.remove(folder))
    assert(lfs.mkdir(folder))
    local ok, message = pcall(fn, folder)
    for name in lfs.dir(folder) do
        if name ~= "." and name ~= ".." then os.remove(folder .. "/" .. name) end
    end
    assert(lfs.rmdir(folder))
    if not ok then error(message, 0) end
end

local function names(folder)
    local list = {}
    for name in lfs.dir(folder) do
        if name ~= "." and name ~= ".." then list[#list + 1] = name end
    end
    table.sort(list)
    return table.concat(list, " ")
end

-- Runs a script with options of the command line; returns what it printed.
local function run(options, script)
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    assert(file:write(script))
    file:close()
    local pipe = io.popen(("'%s' %s '%s' 2>&1"):format(os.getenv("MOONBEAR"), options, path))
    local text = pipe:read("*a")
    pipe:close()
    os.remove(path)
    return text
end

local function native()
    collectgarbage()
    collectgarbage()
    return limits.memory().native
end

TestMemory = {}

function TestMemory.test_nothing_stays_behind()
    local kept = { ("x"):rep(300000), { 1, { 2 } } }
    data.encode(kept, "json")
    local before = native()
    for _, format in ipairs { "json", "lua", "msgpack", "ndjson" } do
        data.encode(kept, format)
        pcall(data.encode, { kept, print }, format)
        pcall(data.encode, { kept, { "\255", [true] = 0 / 0 } }, format)
        data.encode(kept, format, { bytes = true })
    end
    pcall(data.encode, { { a = ("x"):rep(1e5) }, { b = 1 } }, "csv")
    lu.assertEquals(native(), before)
end

-- The value fits below the cap, its text does not.
function TestMemory.test_the_cap_ends_it_in_the_middle()
    lu.skipIf((os.getenv("VARIANT") or "") ~= "", "sanitizers have a memory of their own")
    local out = run("--memory-limit=24M", [[
        local data, limits = require "moonbear.data", require "moonbear.limits"
        local text = ("x"):rep(1e6)
        local value = {}
        for i = 1, 200 do value[i] = text end
        for _, format in ipairs { "json", "lua", "msgpack", "ndjson" } do
            local ok, message = pcall(data.encode, value, format)
            collectgarbage()
            print(format, ok, message, limits.memory().native < 1e6)
        end
        print(#data.encode({ 1 }, "json"), (pcall(data.encode, value, "json", { bytes = true })))
    ]])
    lu.assertEquals(out, "json\tfalse\tnot enough memory\ttrue\nlua\tfalse\tnot enough memory\ttrue\n" ..
        "msgpack\tfalse\tnot enough memory\ttrue\nndjson\tfalse\tnot enough memory\ttrue\n3\tfalse\n")
end

-- What is written to a file needs no more than a buffer, but for MessagePack's strings as they are.
function TestMemory.test_a_file_may_be_larger_than_the_cap()
    lu.skipIf((os.getenv("VARIANT") or "") ~= "", "sanitizers have a memory of their own")
    with_folder(function(folder)
        for _, format in ipairs { "json", "lua", "msgpack", "ndjson" } do
            local out = run("--memory-limit=4M", ([[
                local text, value = ("x"):rep(1e6), {}
                for i = 1, 30 do value[i] = text end
                print(require("moonbear.data").save("%s/out", value, "%s"))
            ]]):format(folder, format))
            lu.assertEquals(out, "true\n")
            lu.assertTrue(lfs.attributes(folder .. "/out", "size") > 30e6)
        end
    end)
end

-- Finalizers that change or release what is being encoded, as often as the collector lets them.
function TestMemory.test_finalizers_may_do_anything()
    local before = collectgarbage("count")
    collectgarbage("setpause", 1)
    collectgarbage("setstepmul", 1000)
    local value, calls = {}, 0
    local function litter()
        local proxy = newproxy(true)
        getmetatable(proxy).__gc = function()
            calls = calls + 1
            for i = 1, 50 do
                value[(calls * 7 + i) % 400 + 1] = calls % 3 == 0 and {} or ("text %d"):format(calls + i)
                value["key" .. (calls + i) % 100] = calls % 2 == 0 and nil or ("t"):rep(calls % 100)
            end
            if calls < 3000 then litter() end
        end
    end
    for i = 1, 400 do value[i] = ("item %d"):format(i) end
    for _ = 1, 20 do litter() end
    for i = 1, 300 do
        for _, format in ipairs { "lua", "msgpack" } do
            local ok, text = pcall(data.encode, value, format, { sort = i % 2 == 0, bytes = i % 5 == 0 })
            if ok then lu.assertNotNil(data.decode(tostring(text), format)) end
        end
    end
    collectgarbage("setpause", 200)
    collectgarbage("setstepmul", 200)
    lu.assertTrue(calls > 100, calls)
    lu.assertTrue(before > 0)
end

TestTime = {}

function TestTime.test_a_budget_ends_it()
    local shared = { 1, 2, 3 }
    for _ = 1, 40 do shared = { shared, shared } end
    local ok, message = limits.call(0.2, data.encode, shared, "ndjson", { bytes = true })
    lu.assertFalse(ok)
    lu.assertStrContains(message, "time limit")
    with_folder(function(folder)
        local path = folder .. "/out.json"
        assert(data.save(path, { 1 }))
        ok, message = limits.call(0.2, data.save, path, shared)
        lu.assertFalse(ok)
        lu.assertStrContains(message, "time limit")
        collectgarbage()
        lu.assertEquals(read(path), "[1]")
        lu.assertEquals(names(folder), "out.json")
    end)
end

TestSave = {}

function TestSave.test_the_ending_tells_the_format()
    with_folder(function(folder)
        local value = { { a = 1 }, { a = 2 } }
        for ending, format in pairs { json = "json", lua = "lua", ndjson = "ndjson", jsonl = "ndjson", csv = "csv", msgpack = "msgpack", JSON = "json" } do
            local path = folder .. "/x." .. ending
            lu.assertEquals({ data.save(path, value) }, { true })
            lu.assertEquals(read(path), data.encode(value, format))
        end
        assert(data.save(folder .. "/x.tsv", { { 1, "a,b" } }))
        lu.assertEquals(read(folder .. "/x.tsv"), "1\ta,b\r\n")
        lu.assertEquals({ data.save(folder .. "/other.txt", value, "json", { indent = 2 }) }, { true })
        lu.assertEquals(read(folder .. "/other.txt"), data.encode(value, "json", { indent = 2 }))
        lu.assertErrorMsgContains("does not tell a format", data.save, folder .. "/other.txt", value)
    end)
end

function TestSave.test_a_refusal_of_the_host_is_returned()
    local ok, message, code = data.save("/there/is/none/x.json", 1)
    lu.assertEquals({ ok, message, code }, { nil, "/there/is/none/x.json: No such file or directory", 2 })
    ok, message, code = data.save("/dev/full", { ("x"):rep(1e6) }, "json")
    lu.assertEquals({ ok, message, code }, { nil, "/dev/full: No space left on device", 28 })
    lu.assertEquals({ data.save("/dev/null", { 1 }, "json") }, { true })
    lu.assertEquals(select(3, data.save("/", 1, "json")), 21)
end

function TestSave.test_a_value_that_is_refused_leaves_the_old_file()
    with_folder(function(folder)
        local path = folder .. "/x.json"
        assert(data.save(path, { "old" }))
        for _, value in ipairs { { ("x"):rep(1e6), print }, { 0 / 0 }, { { "\255" } } } do
            lu.assertErrorMsgContains("data.save: ", data.save, path, value)
            collectgarbage()
            lu.assertEquals(read(path), '["old"]')
            lu.assertEquals(names(folder), "x.json")
        end
    end)
end

function TestSave.test_what_was_saved_is_loaded()
    with_folder(function(folder)
        local value = {}
        for i = 1, 5000 do value[i] = { id = i, name = "item " .. i, list = { i, -i / 7, { deep = true } } } end
        for _, ending in ipairs { "json", "lua", "ndjson", "msgpack" } do
            local path = folder .. "/x." .. ending
            assert(data.save(path, value))
            lu.assertEquals(data.encode(assert(data.load(path)), "json", { sort = true }), data.encode(value, "json", { sort = true }))
        end
    end)
end
