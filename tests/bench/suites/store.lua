-- store.lua: values kept by number, beside what programs use in its place: from C by the program tests/bench/store.c, from Lua here.
-- Invariant: shows those figures, ratios to luaL_ref or to a plain table, and how cost per operation grows with the number of values.
-- SPDX-License-Identifier: MIT
local COUNTS = { 1000, 10000, 100000, 1000000, 10000000 }

local function short(n) return ("10^%d"):format(math.floor(math.log10(n) + 0.5)) end

-- What the program printed: { name, figure... } in its order, and by name.
local function ask(context, what, n)
    context.progress(("store %s %s"):format(what, short(n)))
    local pipe, rows = io.popen(("%s/bench/store %s %d"):format(context.build, what, n)), {}
    for line in pipe:lines() do
        local row = {}
        for word in line:gmatch("[^\t]+") do row[#row + 1] = tonumber(word) or word end
        rows[#rows + 1], rows[row[1]] = row, row
    end
    pipe:close()
    if not rows.store then error("store: the program said nothing of the store", 0) end
    return rows
end

local function ratio(a, b) return b > 0 and ("%.2f"):format(a / b) or "-" end

local function costs(context, rows)
    for _, n in ipairs(COUNTS) do
        local said = ask(context, "cost", n)
        for _, row in ipairs(said) do
            rows[#rows + 1] = { "C, " .. row[1], short(n), ("%.1f"):format(row[2]), ratio(row[2], said.luaL_ref[2]),
                ("%.1f"):format(row[3]), ratio(row[3], said.luaL_ref[3]) }
        end
    end
end

-- ---- From Lua ---------------------------------------------------------------------------------------------------

local function from_store()
    local s = require("moonbear.store").new()
    return function(v) return s:put(v) end, function(id) return s:get(id) end, function(id) s:release(id) end
end

-- The same promises as far as a table can keep them: a free list, and no check at all.
local function from_table()
    local values, free, used = {}, {}, 0
    local function put(v)
        local id = free[#free]
        if id then free[#free] = nil else used = used + 1 id = used end
        values[id] = v
        return id
    end
    return put, function(id) return values[id] end, function(id) values[id] = false free[#free + 1] = id end
end

local function timed(open, n)
    local put, get, release = open()
    local ids, start = {}, os.clock()
    for i = 1, n do ids[i] = put(i) end
    for i = 1, n do get(ids[i]) end
    for i = 1, n do release(ids[i]) end
    return (os.clock() - start) * 1e9 / n
end

local function least(open, n)
    local best = math.huge
    for _ = 1, n < 1e6 and 5 or 2 do
        collectgarbage()
        best = math.min(best, timed(open, n))
    end
    return best
end

local function lua_costs(context, rows)
    for _, n in ipairs { 1000, 100000, 1000000 } do
        context.progress(("store from Lua %s"):format(short(n)))
        local own, plain = least(from_store, n), least(from_table, n)
        rows[#rows + 1] = { "Lua, store", short(n), "-", "-", ("%.1f"):format(own), ratio(own, plain) .. " of a table" }
        rows[#rows + 1] = { "Lua, plain table", short(n), "-", "-", ("%.1f"):format(plain), "1.00" }
        context.row(rows[#rows - 1])
    end
end

-- ---- Memory and pauses --------------------------------------------------------------------------------------------

local function notes(context)
    local out = { "Targets: at most 1.50 of luaL_ref; the longest step with 10^6 values at most 0.10 of a plain table's.", "" }
    for _, row in ipairs(ask(context, "memory", 1000000)) do
        out[#out + 1] = ("bytes per value, %s: %.1f with 10^6, %.1f after all were released"):format(row[1], row[2], row[3])
    end
    for _, n in ipairs { 100000, 1000000, 10000000 } do
        local said = ask(context, "pause", n)
        for _, row in ipairs(said) do
            out[#out + 1] = ("longest collector step, %s, %s values: %d us left alone (%s of a plain table), %d us while values are replaced (%s)"):format(
                row[1], short(n), row[2], ratio(row[2], said["plain table"][2]), row[3], ratio(row[3], said["plain table"][3]))
        end
    end
    return out
end

return function(context)
    local rows = {}
    costs(context, rows)
    lua_costs(context, rows)
    return {
        title = "Put, get and release of a value: nanoseconds for the three",
        columns = { "", "values", "one at a time", "/ luaL_ref", "in a row", "/ luaL_ref" },
        rows = rows,
        notes = notes(context),
    }
end
