-- bytes.lua: joining, cutting, seeking, writing and collecting bytes beside what strings and files do.
-- Invariant: a row's two sides do the same work and are run in turn, in this process; the least of all rounds counts.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"
local measure = require "measure"

local MEGABYTE = 1048576
local clock = os.clock

local function least(fs, rounds)
    local best = {}
    for _ = 1, rounds do
        for i, f in ipairs(fs) do
            collectgarbage()
            local start = clock()
            f()
            local took = clock() - start
            if not best[i] or took < best[i] then best[i] = took end
        end
    end
    return best
end

local function text_of(size)
    local line = {}
    for i = 1, 997 do line[i] = string.char(97 + (i * i * 7 + i) % 26) end
    local unit = table.concat(line) .. "\n"
    return unit:rep(math.ceil(size / #unit)):sub(1, size)
end


-- Neighbours would meet in one piece: so every second one comes from another owner.
local function chain_of(s, size)
    local one, two, list = bytes.from(s), bytes.from(s .. "\n"), {}
    for i = 1, #s, size do list[#list + 1] = (i % (2 * size) == 1 and one or two):sub(i, math.min(#s, i + size - 1)) end
    return bytes.chain(list)
end

local function times(n, f) return function() for _ = 1, n do f() end end end

-- What a join and a slice cost, for parts of three sizes.
local function joins(rows, rounds)
    for _, size in ipairs { 1024, MEGABYTE, 64 * MEGABYTE } do
        local s = text_of(size)
        local b, c, n = bytes.from(s), bytes.from(s .. "x"), size < MEGABYTE and 2000 or size == MEGABYTE and 20 or 1
        local t = least({ times(2000, function() return b .. c end), times(n, function() return s .. "|" .. s end),
            times(2000, function() return b:sub(2, -2) end), times(n, function() return s:sub(2, -2) end) }, rounds)
        local name = size < MEGABYTE and "1 KB" or size / MEGABYTE .. " MB"
        rows[#rows + 1] = { "join two of " .. name, t[1] / 2000 * 1e6, t[2] / n * 1e6, "us" }
        rows[#rows + 1] = { "slice of " .. name, t[3] / 2000 * 1e6, t[4] / n * 1e6, "us" }
    end
end

-- Each piece leaves one byte out, so that no two of them meet. In memory, where the host has a file system there.
local function writes(rows, rounds)
    local path = os.tmpname()
    os.remove(path)
    local shared = "/dev/shm/" .. path:match "[^/]*$"
    local file = io.open(shared, "w")
    if file then
        file:close()
        path = shared
    end
    local function to_file(b)
        return function()
            file = assert(io.open(path, "wb"))
            assert(b:write(file))
            file:close()
        end
    end
    for _, size in ipairs { 300, 1024, 4096, 16384 } do
        local s, list = text_of(size * 10000), {}
        local flat = bytes.from(s)
        for i = 1, #s, size do list[#list + 1] = flat:sub(i, i + size - 2) end
        local t = least({ to_file(bytes.chain(list)), to_file(flat:sub(1, -10001)) }, 2 * rounds)
        rows[#rows + 1] = { ("write 10,000 pieces of %d bytes, beside one write"):format(size), t[1] * 1e3, t[2] * 1e3, "ms" }
    end
    os.remove(path)
end

local function finds(rows, rounds)
    local s = text_of(32 * MEGABYTE)
    local flat, chain = bytes.from(s), chain_of(s, 32768)
    local small = chain_of(s, 300)
    for _, case in ipairs { { "a byte that is not there", "#" }, { "2 bytes", "q#" }, { "12 bytes", "gatekeeper#1" },
        { "100 bytes", s:sub(1, 99) .. "#" } } do
        local name, needle = case[1], case[2]
        local t = least({ function() flat:find(needle) end, function() s:find(needle, 1, true) end,
            function() chain:find(needle) end, function() small:find(needle) end }, rounds)
        rows[#rows + 1] = { "find " .. name .. " in 32 MB, beside string.find", t[1] * 1e3, t[2] * 1e3, "ms" }
        rows[#rows + 1] = { "  in pieces of 32 KB", t[3] * 1e3, t[2] * 1e3, "ms" }
        rows[#rows + 1] = { "  in pieces of 300 bytes", t[4] * 1e3, t[2] * 1e3, "ms" }
    end
end

local function cuts(rows, rounds)
    local s, count = text_of(8 * MEGABYTE):gsub("a", "\n")
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(s)
    file:close()
    local t = least({ function() for _ in bytes.map(path):lines() do end end, function() for _ in io.lines(path) do end end }, rounds)
    os.remove(path)
    rows[#rows + 1] = { ("lines of %d bytes in 8 MB, beside io.lines"):format(#s / (count + 8400)), t[1] * 1e3, t[2] * 1e3, "ms" }
end

local PARTS = 200000
local JIT = [[
local ok, buffer = pcall(require, "string.buffer")
if not ok then return end
local best = 1e9
for _ = 1, 7 do
    collectgarbage()
    local start = os.clock()
    local b = buffer.new()
    for i = 1, %d do b:put("item ", i, ";") end
    local s = b:tostring()
    best = math.min(best, os.clock() - start)
end
print(best)]]

local function collect()
    local b = bytes.buffer()
    for i = 1, PARTS do b:put("item ", i, ";") end
    return b:freeze()
end

local function concat()
    local out, n = {}, 0
    for i = 1, PARTS do
        out[n + 1], out[n + 2], out[n + 3] = "item ", i, ";"
        n = n + 3
    end
    return table.concat(out)
end

local function collects(rows, rounds)
    local t = least({ collect, concat }, rounds)
    rows[#rows + 1] = { "collect 600,000 parts, beside table.concat", t[1] * 1e3, t[2] * 1e3, "ms" }
    for _, jit in ipairs { "-joff", "-jon" } do
        local said = measure.program "luajit" and measure.output { "luajit", jit, "-e", JIT:format(PARTS) }
        local took = tonumber(said and said:match "%S+" or nil)
        if took then rows[#rows + 1] = { ("collect 600,000 parts, beside string.buffer (luajit %s)"):format(jit), t[1] * 1e3, took * 1e3, "ms" } end
    end
end

local function digests(rows, rounds)
    local b = bytes.from(text_of(8 * MEGABYTE))
    for _, name in ipairs { "sha256", "sha512", "blake2b", "crc32" } do
        local t = least({ function() b:hash(name) end }, rounds)
        rows[#rows + 1] = { name, 8 / t[1] * MEGABYTE / 1e6, nil, "MB/s" }
    end
end

return function(context)
    local out = {}
    local rounds = math.max(3, math.min(context.rounds, 15))
    for _, part in ipairs { joins, writes, finds, cuts, collects, digests } do
        local rows = {}
        part(rows, rounds)
        for _, row in ipairs(rows) do
            out[#out + 1] = { row[1], ("%.3g"):format(row[2]), row[3] and ("%.3g"):format(row[3]) or "", row[4],
                row[3] and ("%.3f"):format(row[2] / row[3]) or "" }
            context.row(out[#out])
        end
    end
    return {
        title = ("Bytes beside strings (least of %d rounds in turn)"):format(rounds),
        columns = { "", "bytes", "the other", "unit", "ratio" },
        rows = out,
        notes = {
            "Targets: joins and slices take the same for every size; 10,000 pieces at most 1.1 of one write.",
            "Below 1 KB a piece writev(2) alone takes more than that, and copying the pieces together first takes longer still.",
        },
    }
end
