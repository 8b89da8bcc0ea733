-- strings.lua: micro cases of concatenation, substrings, comparison, search and patterns.
-- Invariant: see run.lua.
-- SPDX-License-Identifier: MIT
local words = {}
for i = 1, 64 do words[i] = ("w%dx"):format(i * 7919 % 1000) end
local text = ("The quick brown fox jumps over the lazy dog, and %d more.\n"):rep(40)
local line = "key_%d = some value; and = another one"

return {
    { "concat 2", 1000000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #(words[i % 64 + 1] .. "tail") end
        return sum
    end },
    { "concat 5", 500000, function(n)
        local sum = 0
        for i = 1, n do
            local a = words[i % 64 + 1]
            sum = sum + #(a .. ", " .. a .. "; " .. "the end")
        end
        return sum
    end },
    { "concat numbers", 250000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #("n" .. i) end
        return sum
    end },
    { "append to a string", 30000, function(n)
        local s = ""
        for _ = 1, n do s = s .. "c" end
        return #s
    end },
    { "concat long", 15000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #(text .. i .. text) end
        return sum
    end },
    { "rep short", 500000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #(words[i % 64 + 1]):rep(6) end
        return sum
    end },
    { "rep long", 3000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #("ab"):rep(10000 + i % 7) end
        return sum
    end },
    { "sub short", 1000000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #text:sub(i % 100 + 1, i % 100 + 8) end
        return sum
    end },
    { "sub long", 200000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + #text:sub(i % 100 + 1, -2) end
        return sum
    end },
    { "byte", 1500000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + text:byte(i % 1000 + 1) end
        return sum
    end },
    { "byte many", 200000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + select("#", text:byte(i % 100 + 1, i % 100 + 50)) end
        return sum
    end },
    { "char", 800000, function(n)
        local sum, char = 0, string.char
        for i = 1, n do sum = sum + #char(65 + i % 26, 97 + i % 26, 48 + i % 10) end
        return sum
    end },
    { "upper", 60000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + text:sub(1, 300 + i % 50):upper():byte(2) end
        return sum
    end },
    { "lower", 60000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + text:sub(1, 300 + i % 50):lower():byte(1) end
        return sum
    end },
    { "reverse", 60000, function(n)
        local sum = 0
        for i = 1, n do sum = sum + text:sub(1, 300 + i % 50):reverse():byte(1) end
        return sum
    end },
    { "len", 2000000, function(n)
        local sum, len = 0, string.len
        for i = 1, n do sum = sum + len(words[i % 64 + 1]) end
        return sum
    end },
    { "less than", 2500000, function(n)
        local sum = 0
        for i = 1, n do
            if words[i % 64 + 1] < words[(i + 1) % 64 + 1] then sum = sum + 1 end
        end
        return sum
    end },
    { "find plain", 40000, function(n)
        local sum, haystack = 0, text .. "needle"
        for _ = 1, n do sum = sum + haystack:find("needle", 1, true) end
        return sum
    end },
    { "find short", 800000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + line:find("value", 1, true) end
        return sum
    end },
    { "find pattern", 400000, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + line:find("%s=%s*(%a+)") end
        return sum
    end },
    { "find far", 8000, function(n)
        local sum, haystack = 0, text .. "[x]"
        for _ = 1, n do sum = sum + haystack:find("%[%w%]") end
        return sum
    end },
    { "match", 300000, function(n)
        local sum = 0
        for _ = 1, n do
            local key, value = line:match("^(%S+)%s*=%s*([^;]*);")
            sum = sum + #key + #value
        end
        return sum
    end },
    { "gmatch", 1500, function(n)
        local sum = 0
        for _ = 1, n do
            for word in text:gmatch("%a+") do sum = sum + #word end
        end
        return sum
    end },
    { "gsub string", 2500, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + #text:gsub("o", "00") end
        return sum
    end },
    { "gsub function", 1200, function(n)
        local sum = 0
        for _ = 1, n do sum = sum + #text:gsub("%a+", function(word) return #word > 3 and word or nil end) end
        return sum
    end },
    { "gsub table", 1500, function(n)
        local sum, map = 0, { fox = "cat", dog = "mouse" }
        for _ = 1, n do sum = sum + #text:gsub("%a+", map) end
        return sum
    end },
}
