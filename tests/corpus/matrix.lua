-- Matrices: product, transpose, determinant, Gauss elimination, identity and powers.
local M = {}
M.__index = M
local function matrix(rows) return setmetatable(rows, M) end
local function identity(n)
    local r = {}
    for i = 1, n do r[i] = {} for j = 1, n do r[i][j] = i == j and 1 or 0 end end
    return matrix(r)
end
function M.__mul(a, b)
    assert(#a[1] == #b, "shapes do not fit")
    local r = {}
    for i = 1, #a do
        r[i] = {}
        for j = 1, #b[1] do
            local s = 0
            for k = 1, #b do s = s + a[i][k] * b[k][j] end
            r[i][j] = s
        end
    end
    return matrix(r)
end
function M.__pow(a, n)
    local r = identity(#a)
    while n > 0 do
        if n % 2 == 1 then r = r * a end
        a, n = a * a, math.floor(n / 2)
    end
    return r
end
function M.__tostring(a)
    local t = {}
    for i = 1, #a do t[i] = table.concat(a[i], " ") end
    return table.concat(t, "\n")
end
function M:det()
    local a, d = {}, 1
    for i = 1, #self do a[i] = { unpack(self[i]) } end
    for i = 1, #a do
        local p = i
        while p <= #a and a[p][i] == 0 do p = p + 1 end
        if p > #a then return 0 end
        if p ~= i then a[i], a[p], d = a[p], a[i], -d end
        d = d * a[i][i]
        for r = i + 1, #a do
            local f = a[r][i] / a[i][i]
            for c = i, #a do a[r][c] = a[r][c] - f * a[i][c] end
        end
    end
    return d
end
local a = matrix { { 1, 2 }, { 3, 4 } }
print(a * identity(2))
print(a ^ 10)
print(a:det(), matrix { { 0, 1 }, { 1, 0 } }:det(), matrix { { 1, 2 }, { 2, 4 } }:det())
print(string.format("%.6f", matrix { { 2, -1, 0 }, { -1, 2, -1 }, { 0, -1, 2 } }:det()))
print((matrix { { 1, 1 }, { 1, 0 } } ^ 70)[1][2])
print(pcall(function() return a * matrix { { 1, 2, 3 } } end))
