-- spectrum.lua [N]: floats in locals and arrays: the largest eigenvalue of an implicit matrix by power iteration.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 310

local function element(i, j) return 1 / (1 + (i - j) * (i - j)) + (i == j and 0.5 or 0) end

local function times(v)
    local out = {}
    for i = 1, n do
        local sum = 0
        for j = 1, n do sum = sum + element(i, j) * v[j] end
        out[i] = sum
    end
    return out
end

local function norm(v)
    local sum = 0
    for i = 1, n do sum = sum + v[i] * v[i] end
    return math.sqrt(sum)
end

local v, value = {}, 0
for i = 1, n do v[i] = 1 end
for _ = 1, 40 do
    local w = times(v)
    value = norm(w)
    for i = 1, n do v[i] = w[i] / value end
end
print(string.format("%.9f", value))
