-- The data half of story 1: tables that Lua itself cannot load, because a function has room for 2^18 constants and the C
-- stack for so many values, load as data, into a table, a store and a callback.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local host = require "moonbear.host"
local limits = require "moonbear.limits"
local store = require "moonbear.store"

-- A reader for `return { {id=1,name="item 1"}, ... }` with `count` entries, which is never in memory as a whole.
local function items(count)
    local at, is_begun = 0, false
    return function()
        local out = {}
        if not is_begun then is_begun, out[1] = true, "return {\n" end
        if at > count then return nil end
        for i = at + 1, math.min(at + 20000, count) do out[#out + 1] = ('{id=%d,name="item %d"},\n'):format(i, i) end
        at = at + 20000
        if at >= count then at, out[#out + 1] = count + 1, "}" end
        return table.concat(out)
    end
end

TestHuge = {}

function TestHuge.test_what_lua_refuses_is_loaded()
    local out = { "return {\n" }
    for i = 1, 300000 do out[#out + 1] = ('["key %d"] = "value %d",\n'):format(i, i) end
    out[#out + 1] = "}"
    local text = table.concat(out)
    local chunk, message = loadstring(text)
    lu.assertNil(chunk)
    lu.assertStrContains(message, "constant table overflow")
    local value = assert(data.decode(text, "lua"))
    for i = 1, 300000, 1009 do lu.assertEquals(value["key " .. i], "value " .. i) end
    local count = 0
    for _ in pairs(value) do count = count + 1 end
    lu.assertEquals(count, 300000)
end

-- A reader for `return {1.5,2.5,...}` with HALF_MILLION entries; five million in a file are in tests/cli/stories.bats.
local HALF_MILLION = 500000
local function half_million()
    local at = 0
    return function()
        if at > HALF_MILLION then return nil end
        local out = { at == 0 and "return {" or "" }
        for i = at + 1, at + 50000 do out[#out + 1] = i .. ".5," end
        at = at + 50000
        if at == HALF_MILLION then at, out[#out + 1] = at + 1, "}" end
        return table.concat(out)
    end
end

function TestHuge.test_half_a_million_entries_into_a_table()
    local chunk, message = load(half_million())
    lu.assertNil(chunk)
    lu.assertStrContains(message, "constant table overflow")
    local value = assert(data.load(half_million(), { format = "lua" }))
    lu.assertEquals(#value, HALF_MILLION)
    for i = 1, HALF_MILLION, 4999 do lu.assertEquals(value[i], i + 0.5) end
end

-- The C stack stays as it is, and every entry is there under its id.
function TestHuge.test_tables_into_a_store()
    local s, before, lowest = store.new(), host.stack().remaining, math.huge
    local next_piece = items(300000)
    local ids, count = data.load(function()
        lowest = math.min(lowest, host.stack().remaining)
        return next_piece()
    end, { format = "lua", into = s })
    lu.assertEquals({ count, #ids, s:stats().live }, { 300000, 300000, 300000 })
    for i = 1, 300000, 2999 do lu.assertEquals(s:get(ids[i]), { id = i, name = "item " .. i }) end
    lu.assertTrue(before - lowest < 4096)
    s:close()
end

function TestHuge.test_a_callback_needs_no_memory_for_what_was_read()
    collectgarbage()
    collectgarbage()
    local before, most, sum = limits.memory(), 0, 0
    local count = data.load(items(1000000), { format = "lua", each = function(item)
        sum = sum + item.id
        if item.id % 1000 == 0 then
            local memory = limits.memory()
            most = math.max(most, memory.heap + memory.native)
        end
    end })
    lu.assertEquals({ count, sum }, { 1000000, 1000000 * 1000001 / 2 })
    lu.assertTrue(most - before.heap - before.native < 32e6, most - before.heap - before.native)
end
