-- matrix.lua [N]: arrays of arrays: products of square matrices and an elimination.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 150

local function matrix(cell)
    local m = {}
    for i = 1, n do
        local row = {}
        for j = 1, n do row[j] = cell(i, j) end
        m[i] = row
    end
    return m
end

local function transposed(m) return matrix(function(i, j) return m[j][i] end) end

local function product(a, b)
    local columns = transposed(b)
    return matrix(function(i, j)
        local row, column, sum = a[i], columns[j], 0
        for k = 1, n do sum = sum + row[k] * column[k] end
        return sum
    end)
end

-- Destroys m. The matrices here need no pivots: their diagonal dominates.
local function log_determinant(m)
    local log = 0
    for k = 1, n do
        local top = m[k]
        log = log + math.log(math.abs(top[k]))
        for i = k + 1, n do
            local row = m[i]
            local factor = row[k] / top[k]
            for j = k, n do row[j] = row[j] - factor * top[j] end
        end
    end
    return log
end

local a = matrix(function(i, j) return i == j and n or 1 / (i + j) end)
local b = matrix(function(i, j) return i == j and 1 or (i - j) / n / n end)
local c = product(product(a, b), b)
print(string.format("%.6f %.6f", c[1][n] + c[n][1], log_determinant(c)))
