-- edits.lua [N]: dynamic programming on strings: distances, the edits themselves, and the nearest word of a list.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 160

local function distance(a, b)
    local row = {}
    for k = 0, #b do row[k] = k end
    for i = 1, #a do
        local corner, c = row[0], a:byte(i)
        row[0] = i
        for k = 1, #b do
            local cost = corner
            if c ~= b:byte(k) then cost = cost + 1 end
            corner = row[k]
            row[k] = math.min(cost, corner + 1, row[k - 1] + 1)
        end
    end
    return row[#b]
end

-- What two lists of lines have in common, as the longest such list; then what to do to make one the other.
local function common(a, b)
    local long = {}
    for i = 0, #a do
        long[i] = {}
        for k = 0, #b do
            if i == 0 or k == 0 then long[i][k] = 0
            elseif a[i] == b[k] then long[i][k] = long[i - 1][k - 1] + 1
            else long[i][k] = math.max(long[i - 1][k], long[i][k - 1]) end
        end
    end
    return long
end

local function edits(a, b)
    local long, out, i, k = common(a, b), {}, #a, #b
    while i > 0 or k > 0 do
        if i > 0 and k > 0 and a[i] == b[k] then
            out[#out + 1] = "  " .. a[i]
            i, k = i - 1, k - 1
        elseif k > 0 and (i == 0 or long[i][k - 1] >= long[i - 1][k]) then
            out[#out + 1] = "+ " .. b[k]
            k = k - 1
        else
            out[#out + 1] = "- " .. a[i]
            i = i - 1
        end
    end
    return out
end

local seed = 3
local function random(limit)
    seed = seed * 16807 % 2147483647
    return seed % limit + 1
end

local function word()
    local out = {}
    for i = 1, 4 + random(8) do out[i] = string.char(96 + random(6)) end
    return table.concat(out)
end

local list, near = {}, 0
for i = 1, n do list[i] = word() end
for i = 1, 40 do
    local wanted, best = word(), math.huge
    for k = 1, n do best = math.min(best, distance(wanted, list[k])) end
    near = near + best * i
end
local before, after = {}, {}
for i = 1, n * 2 do
    before[i] = "line " .. random(n)
    after[i] = random(5) > 1 and before[i] or "other " .. i % 7
end
local script, kept = edits(before, after), 0
for i = 1, #script do
    if script[i]:sub(1, 2) == "  " then kept = kept + 1 end
end
print(near, #script, kept)
