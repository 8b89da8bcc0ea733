-- formats.lua: micro cases of numbers to text and back, string.format, and the mathematical functions.
-- Invariant: see run.lua; the functions of math are checked by nine digits of a sum.
-- SPDX-License-Identifier: MIT
local format = string.format

return {
    { "tostring integer", 500000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #tostring(i) end
        return sum
    end },
    { "tostring float", 200000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #tostring(i / 7 + 0.01) end
        return sum
    end },
    { "tonumber integer", 1000000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + tonumber("12345") end
        return sum
    end },
    { "tonumber float", 700000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + tonumber("3.14159") end
        return sum
    end },
    { "tonumber base", 700000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + tonumber("7fff", 16) end
        return sum
    end },
    { "text in arithmetic", 800000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + "10" * 2 end
        return sum
    end },
    { "format %d", 400000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%d", i) end
        return sum
    end },
    { "format %5.2f", 250000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%5.2f", i / 3) end
        return sum
    end },
    { "format %g", 200000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%g", i / 3) end
        return sum
    end },
    { "format %.14g", 200000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%.14g", i / 3) end
        return sum
    end },
    { "format %s", 600000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("<%s>", "text") end
        return sum
    end },
    { "format %x", 400000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%04x", i) end
        return sum
    end },
    { "format %q", 100000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + #format("%q", "a \"quoted\" text\nof two lines, without much in it") end
        return sum
    end },
    { "format mixed", 150000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #format("%s: %d of %-8s %6.2f%%", "item", i, "total", i / 1000) end
        return sum
    end },
    { "floor", 2000000, function(n)
        local sum, floor = 0, math.floor
        for i = 1, n do sum = sum + floor(i / 3) end
        return sum
    end },
    { "max and abs", 1000000, function(n)
        local sum, max, abs = 0, math.max, math.abs
        for i = 1, n do sum = sum + max(i, abs(-i), 3) end
        return sum
    end },
    { "sqrt", 2000000, function(n)
        local sum, sqrt = 0, math.sqrt
        for i = 1, n do sum = sum + sqrt(i) end
        return sum
    end },
    { "sin and cos", 800000, function(n)
        local sum, sin, cos = 0, math.sin, math.cos
        for i = 1, n do sum = sum + sin(i / 100) * cos(i / 50) end
        return sum
    end },
    { "exp and log", 800000, function(n)
        local sum, exp, log = 0, math.exp, math.log
        for i = 1, n do sum = sum + log(i) + exp(-i / n) end
        return sum
    end },
    { "power 0.5", 1500000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + i ^ 0.5 end
        return sum
    end },
    { "power 2", 1500000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + (i % 100) ^ 2 end
        return sum
    end },
    { "power 1.7", 1000000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + (i % 100) ^ 1.7 end
        return sum
    end },
    { "fmod", 1000000, function(n)
        local sum, fmod = 0, math.fmod
        for i = 1, n do sum = sum + fmod(i, 7.5) end
        return sum
    end },
    { "random", 1500000, function(n)
        local random, count = math.random, 0
        for _ = 1, n do
            if random(100) <= 100 then count = count + 1 end
        end
        return count
    end },
}
