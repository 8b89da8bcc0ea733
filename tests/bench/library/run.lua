-- run.lua CASE [COUNT]: one micro case of the library: what it is called often for, alone in a loop.
-- Invariant: prints the same checksum under every Lua, so what is compared has done the same; `run.lua` alone lists the cases.
-- SPDX-License-Identifier: MIT
local folder = arg[0]:match("^(.*/)") or ""

-- Each file returns an array of { name, count, function(count) return checksum end }: the count takes a tenth of a second or so.
local files = { "strings", "formats", "tables", "calls", "files" }

local function each_case()
    return coroutine.wrap(function()
        for _, file in ipairs(files) do
            for _, case in ipairs(dofile(folder .. file .. ".lua")) do coroutine.yield(case[1], case[2], case[3]) end
        end
    end)
end

local function find(wanted)
    for name, count, work in each_case() do
        if name == wanted then return count, work end
    end
    error("there is no case " .. wanted, 0)
end

if not arg[1] then
    for name in each_case() do print(name) end
    return
end
local count, work = find(arg[1])
print(string.format("%.9g", work(tonumber(arg[2]) or count)))
