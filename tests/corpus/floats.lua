-- Floating point programs: n-body, Mandelbrot, spectral norm, Newton, numeric integration, pi.
local bodies = { { 0, 0, 0, 0, 0, 0, 39.47 }, { 4.84, -1.16, -.10, .6, 2.81, -.02, .037 }, { 8.34, 4.12, -.4, -1.01, 1.82, .008, .011 } }
local function energy()
    local e = 0
    for i, b in ipairs(bodies) do
        e = e + .5 * b[7] * (b[4] ^ 2 + b[5] ^ 2 + b[6] ^ 2)
        for j = i + 1, #bodies do
            local c = bodies[j]
            e = e - b[7] * c[7] / math.sqrt((b[1] - c[1]) ^ 2 + (b[2] - c[2]) ^ 2 + (b[3] - c[3]) ^ 2)
        end
    end
    return e
end
local before = energy()
for _ = 1, 500 do
    for i, b in ipairs(bodies) do
        for j = i + 1, #bodies do
            local c = bodies[j]
            local dx, dy, dz = b[1] - c[1], b[2] - c[2], b[3] - c[3]
            local m = .01 / (dx * dx + dy * dy + dz * dz) ^ 1.5
            b[4], b[5], b[6] = b[4] - dx * c[7] * m, b[5] - dy * c[7] * m, b[6] - dz * c[7] * m
            c[4], c[5], c[6] = c[4] + dx * b[7] * m, c[5] + dy * b[7] * m, c[6] + dz * b[7] * m
        end
    end
    for _, b in ipairs(bodies) do b[1], b[2], b[3] = b[1] + .01 * b[4], b[2] + .01 * b[5], b[3] + .01 * b[6] end
end
print(("%.6f %.6f"):format(before, energy()))
for y = -1, 1, 0.25 do
    local row = {}
    for x = -2, 0.5, 0.0625 do
        local zr, zi, n = 0, 0, 0
        while n < 50 and zr * zr + zi * zi < 4 do zr, zi, n = zr * zr - zi * zi + x, 2 * zr * zi + y, n + 1 end
        row[#row + 1] = n == 50 and "#" or n > 8 and "+" or "."
    end
    print(table.concat(row))
end
local function A(i, j) local ij = i + j - 1 return 1 / (ij * (ij - 1) * .5 + i) end
local u, n = {}, 30
for i = 1, n do u[i] = 1 end
local function times(v, f) local r = {} for i = 1, n do local s = 0 for j = 1, n do s = s + f(i, j) * v[j] end r[i] = s end return r end
local v
for _ = 1, 5 do
    v = times(times(u, A), function(i, j) return A(j, i) end)
    u = times(times(v, A), function(i, j) return A(j, i) end)
end
local vbv, vv = 0, 0
for i = 1, n do vbv, vv = vbv + u[i] * v[i], vv + v[i] ^ 2 end
print(("%.9f"):format(math.sqrt(vbv / vv)))
local x = 1
for _ = 1, 20 do x = x - (x ^ 3 - 2) / (3 * x ^ 2) end
print(("%.12f"):format(x), x ^ 3)
local sum = 0
for i = 1, 10000 do sum = sum + 4 * (-1) ^ (i + 1) / (2 * i - 1) end
print(("%.10f"):format(sum))
local function simpson(f, a, b, k) local h, s = (b - a) / k, f(a) + f(b) for i = 1, k - 1 do s = s + f(a + i * h) * (i % 2 == 1 and 4 or 2) end return s * h / 3 end
print(("%.9f %.9f"):format(simpson(math.sin, 0, math.pi, 100), simpson(function(t) return t * t end, 0, 3, 10)))
