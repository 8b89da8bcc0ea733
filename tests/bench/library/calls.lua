-- calls.lua: micro cases of the basic functions, protected calls and coroutines.
-- Invariant: see run.lua.
-- SPDX-License-Identifier: MIT
local loadstring = loadstring or load

local function pass(value) return value end

return {
    { "type", 2000000, function(n)
        local sum = 0
        for i = 1, n do
            if type(i) == "number" then sum = sum + 1 end
        end
        return sum
    end },
    { "assert", 2000000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + assert(i, "message") end
        return sum
    end },
    { "select", 1000000, function(n)
        local function third(...) return (select(3, ...)) end
        local sum = 0
        for i = 1, n do sum = sum + third(1, 2, i, 4) end
        return sum
    end },
    { "setmetatable", 400000, function(n)
        local sum, class = 0, {}
        for _ = 1, n do
            if getmetatable(setmetatable({}, class)) == class then sum = sum + 1 end
        end
        return sum
    end },
    { "pcall", 800000, function(n)
        local sum = 0
        for i = 1, n do
            local _, value = pcall(pass, i)
            sum = sum + value
        end
        return sum
    end },
    { "error", 150000, function(n)
        local sum = 0
        for _ = 1, n do
            if not pcall(error, "message") then sum = sum + 1 end
        end
        return sum
    end },
    { "resume and yield", 400000, function(n)
        local co = coroutine.wrap(function()
            local i = 0
            while true do
                i = i + 1
                coroutine.yield(i)
            end
        end)
        local sum = 0
        for _ = 1, n do sum = sum + co() end
        return sum
    end },
    { "coroutine.create", 60000, function(n)
        local sum = 0
        for i = 1, n do
            local _, value = coroutine.resume(coroutine.create(pass), i)
            sum = sum + value
        end
        return sum
    end },
    { "loadstring", 15000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + loadstring("local a, b = " .. i .. ", 2 return a + b * (a - b)")() end
        return sum
    end },
    { "os.time", 30000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + os.time { year = 2020, month = 1 + i % 12, day = 1 + i % 28, hour = 12 } % 86400 end
        return sum
    end },
}
