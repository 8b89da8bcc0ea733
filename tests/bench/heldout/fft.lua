-- fft.lua [N]: numeric kernels: fast Fourier transform there and back, then a system of equations by elimination.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 20
local SIZE = 2048

local function transform(re, im, sign)
    local j = 1
    for i = 1, SIZE do
        if i < j then
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
        end
        local m = SIZE / 2
        while m >= 1 and j > m do
            j = j - m
            m = m / 2
        end
        j = j + m
    end
    local span = 1
    while span < SIZE do
        for k = 0, span - 1 do
            local angle = sign * math.pi * k / span
            local c, s = math.cos(angle), math.sin(angle)
            for i = k + 1, SIZE, 2 * span do
                local o = i + span
                local x, y = c * re[o] - s * im[o], c * im[o] + s * re[o]
                re[o], im[o] = re[i] - x, im[i] - y
                re[i], im[i] = re[i] + x, im[i] + y
            end
        end
        span = span * 2
    end
end

local function signal()
    local re, im = {}, {}
    for i = 1, SIZE do re[i], im[i] = i * 7919 % 101 / 101, 0 end
    return re, im
end

local function there_and_back()
    local re, im = signal()
    local first = signal()
    transform(re, im, 1)
    local peak = math.abs(re[1])
    transform(re, im, -1)
    local worst = 0
    for i = 1, SIZE do worst = math.max(worst, math.abs(re[i] / SIZE - first[i])) end
    return peak, worst < 1e-9
end

-- Gauss with pivots; the solution is all ones.
local function eliminate(size)
    local rows = {}
    for i = 1, size do
        local row, sum = {}, 0
        for k = 1, size do
            row[k] = (i * k * 31 + i + k) % 17 + (i == k and 100 or 0)
            sum = sum + row[k]
        end
        row[size + 1] = sum
        rows[i] = row
    end
    for p = 1, size do
        local best = p
        for i = p + 1, size do
            if math.abs(rows[i][p]) > math.abs(rows[best][p]) then best = i end
        end
        rows[p], rows[best] = rows[best], rows[p]
        local pivot = rows[p]
        for i = p + 1, size do
            local row = rows[i]
            local factor = row[p] / pivot[p]
            for k = p, size + 1 do row[k] = row[k] - factor * pivot[k] end
        end
    end
    local x = {}
    for i = size, 1, -1 do
        local rest = rows[i][size + 1]
        for k = i + 1, size do rest = rest - rows[i][k] * x[k] end
        x[i] = rest / rows[i][i]
    end
    return x
end

local total, fine = 0, 0
for _ = 1, n do
    local peak, same = there_and_back()
    total = total + peak
    if same then fine = fine + 1 end
    local x = eliminate(90)
    for i = 1, #x do total = total + x[i] end
end
print(string.format("%.6f %d", total, fine))
