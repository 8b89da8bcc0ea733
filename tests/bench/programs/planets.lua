-- planets.lua [STEPS]: floats in fields: bodies that pull on each other, moved by leapfrog steps.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local steps = tonumber(arg and arg[1]) or 30000

local bodies = {}
for i = 1, 6 do
    local angle = i * 1.1
    bodies[i] = {
        x = i * math.cos(angle), y = i * math.sin(angle), z = 0.1 * i,
        vx = -math.sin(angle) / i, vy = math.cos(angle) / i, vz = 0,
        mass = i == 1 and 10 or 0.01 * i,
    }
end

local function pull(a, b, dt)
    local dx, dy, dz = b.x - a.x, b.y - a.y, b.z - a.z
    local square = dx * dx + dy * dy + dz * dz + 0.01
    local force = dt / (square * math.sqrt(square))
    local to_a, to_b = b.mass * force, a.mass * force
    a.vx, a.vy, a.vz = a.vx + dx * to_a, a.vy + dy * to_a, a.vz + dz * to_a
    b.vx, b.vy, b.vz = b.vx - dx * to_b, b.vy - dy * to_b, b.vz - dz * to_b
end

local function drift(dt)
    for i = 1, #bodies do
        local b = bodies[i]
        b.x, b.y, b.z = b.x + b.vx * dt, b.y + b.vy * dt, b.z + b.vz * dt
    end
end

local function momentum()
    local x, y = 0, 0
    for _, b in ipairs(bodies) do x, y = x + b.mass * b.vx, y + b.mass * b.vy end
    return x, y
end

for _ = 1, steps do
    drift(0.0005)
    for i = 1, #bodies do
        for j = i + 1, #bodies do pull(bodies[i], bodies[j], 0.001) end
    end
    drift(0.0005)
end
print(string.format("%.6f %.6f %.6f", bodies[2].x, momentum()))
