-- Tables to Lua source and back, keys in a fixed order, cycles refused, every scalar exact.
local function order(a, b)
    if type(a) ~= type(b) then return type(a) < type(b) end
    if type(a) == "boolean" then return a and not b end
    return a < b
end
local function save(v, seen, indent)
    local kind = type(v)
    if kind == "number" then
        if v ~= v then return "0/0" elseif v == math.huge then return "1/0" elseif v == -math.huge then return "-1/0" end
        return v == math.floor(v) and ("%d"):format(v) or ("%.17g"):format(v)
    elseif kind == "string" then return ("%q"):format(v)
    elseif kind == "boolean" or kind == "nil" then return tostring(v)
    elseif kind ~= "table" then error("cannot save a " .. kind, 0) end
    if seen[v] then error("cycle", 0) end
    seen[v] = true
    local keys, out = {}, {}
    for k in pairs(v) do keys[#keys + 1] = k end
    table.sort(keys, order)
    for _, k in ipairs(keys) do
        local name = type(k) == "string" and k:match "^[%a_][%w_]*$" or "[" .. save(k, seen, "") .. "]"
        out[#out + 1] = indent .. "  " .. name .. " = " .. save(v[k], seen, indent .. "  ")
    end
    seen[v] = nil
    if #out == 0 then return "{}" end
    return "{\n" .. table.concat(out, ",\n") .. "\n" .. indent .. "}"
end
local value = { 1, 2.5, "three", x = { y = { z = true } }, ["odd key"] = "a\nb\0c\"", [false] = 0.1, [-5] = 1e300, [2.5] = -1 / 3, empty = {}, inf = -1 / 0 }
local text = save(value, {}, "")
print((text:gsub("%z", "<0>")))
local copy = loadstring("return " .. text)()
print(save(copy, {}, "") == text, copy[false] == 0.1, copy[2.5] == -1 / 3, copy["odd key"] == value["odd key"])
local loop = {}
loop.loop = loop
print(pcall(save, loop, {}, ""))
print(pcall(save, { print }, {}, ""))
local shared = { 1 }
print((save({ shared, shared }, {}, ""):gsub("%s+", " ")))
