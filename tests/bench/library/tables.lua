-- tables.lua: micro cases of module table and of walks through tables.
-- Invariant: see run.lua.
-- SPDX-License-Identifier: MIT
local unpack = unpack or table.unpack

local function list(n, value)
    local t = {}
    for i = 1, n do t[i] = value(i) end
    return t
end

local function scattered(i) return i * 7919 % 10007 end

return {
    { "table.concat strings", 500, function(n)
        local sum, t = 0, list(2000, function(i) return "item" .. i end)
        for _ = 1, n do sum = sum + #table.concat(t, ", ") end
        return sum
    end },
    { "table.concat numbers", 150, function(n)
        local sum, t = 0, list(2000, scattered)
        for _ = 1, n do sum = sum + #table.concat(t, " ") end
        return sum
    end },
    { "table.concat few", 300000, function(n)
        local sum, t = 0, { "one", "two", "three", "four" }
        for _ = 1, n do sum = sum + #table.concat(t, ",") end
        return sum
    end },
    { "insert at the end", 800000, function(n)
        local t, insert = {}, table.insert
        for i = 1, n do insert(t, i) end
        return #t
    end },
    { "insert at the front", 1500, function(n)
        local t, insert = list(500, scattered), table.insert
        for i = 1, n do insert(t, 1, i) end
        return #t
    end },
    { "remove at the end", 700000, function(n)
        local t, remove = list(n, scattered), table.remove
        local sum = 0
        for _ = 1, n do sum = sum + remove(t) end
        return sum
    end },
    { "remove at the front", 2500, function(n)
        local t, remove = list(n, scattered), table.remove
        local sum = 0
        for _ = 1, n do sum = sum + remove(t, 1) end
        return sum
    end },
    { "sort numbers", 20, function(n)
        local sum = 0
        for _ = 1, n do
            local t = list(5000, scattered)
            table.sort(t)
            sum = sum + t[1] + t[2500]
        end
        return sum
    end },
    { "sort strings", 8, function(n)
        local sum = 0
        for _ = 1, n do
            local t = list(5000, function(i) return "k" .. scattered(i) end)
            table.sort(t)
            sum = sum + #t[1] + #t[2500]
        end
        return sum
    end },
    { "sort by function", 8, function(n)
        local sum = 0
        for _ = 1, n do
            local t = list(5000, scattered)
            table.sort(t, function(a, b) return a > b end)
            sum = sum + t[1] + t[2500]
        end
        return sum
    end },
    { "unpack", 600000, function(n)
        local sum, t = 0, { 1, 2, 3, 4, 5, 6 }
        for _ = 1, n do sum = sum + select("#", unpack(t)) end
        return sum
    end },
    { "ipairs", 600, function(n)
        local sum, t = 0, list(2000, scattered)
        for _ = 1, n do
            for _, value in ipairs(t) do sum = sum + value end
        end
        return sum
    end },
    { "pairs", 600, function(n)
        local sum, t = 0, {}
        for i = 1, 2000 do t["k" .. i] = i end
        for _ = 1, n do
            for _, value in pairs(t) do sum = sum + value end
        end
        return sum
    end },
    { "next", 1500000, function(n)
        local sum, t = 0, { a = 1 }
        for _ = 1, n do sum = sum + (next(t) and 1 or 0) end
        return sum
    end },
    { "rawget and rawset", 600000, function(n)
        local t = {}
        for i = 1, n do
            rawset(t, i % 16, i)
            t.sum = (t.sum or 0) + rawget(t, i % 16)
        end
        return t.sum
    end },
}
