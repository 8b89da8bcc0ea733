-- files.lua: micro cases of module io, on a temporary file without a name.
-- Invariant: see run.lua.
-- SPDX-License-Identifier: MIT
local prefix = _VERSION == "Lua 5.1" and "*" or ""

local function file_of(lines)
    local file = assert(io.tmpfile())
    for i = 1, lines do file:write("line ", i, " of a file, which is about as long as lines are\n") end
    return file
end

-- Reads the whole file n times, as `read` does; returns the bytes that it saw.
local function reading(lines, read)
    return function(n)
        local file, sum = file_of(lines), 0
        for _ = 1, n do
            file:seek("set")
            sum = sum + read(file)
        end
        file:close()
        return sum
    end
end

return {
    { "lines", 20, reading(10000, function(file)
        local size = 0
        for line in file:lines() do size = size + #line end
        return size
    end) },
    { "read a line", 20, reading(10000, function(file)
        local size, mode = 0, prefix .. "l"
        while true do
            local line = file:read(mode)
            if not line then return size end
            size = size + #line
        end
    end) },
    { "read all", 30, reading(10000, function(file) return #file:read(prefix .. "a") end) },
    { "read blocks", 60, reading(10000, function(file)
        local size = 0
        while true do
            local block = file:read(4096)
            if not block then return size end
            size = size + #block
        end
    end) },
    { "read numbers", 5, function(n)
        local file, sum, mode = assert(io.tmpfile()), 0, prefix .. "n"
        for i = 1, 20000 do file:write(i, " ", i + 0.5, "\n") end
        for _ = 1, n do
            file:seek("set")
            while true do
                local number = file:read(mode)
                if not number then break end
                sum = sum + number
            end
        end
        file:close()
        return sum
    end },
    { "write text", 600000, function(n)
        local file = assert(io.tmpfile())
        for _ = 1, n do file:write("some ", "text", "\n") end
        local size = file:seek()
        file:close()
        return size
    end },
    { "write numbers", 200000, function(n)
        local file = assert(io.tmpfile())
        for i = 1, n do file:write(i, " ", i + 0.25, "\n") end
        local size = file:seek()
        file:close()
        return size
    end },
}
