-- read.lua METHOD FORMAT TIMES FILE: reads a file so often, and prints how many entries it has at its top.
-- Invariant: every method prints the same.
-- SPDX-License-Identifier: MIT
local method, format, times, path = arg[1], arg[2], tonumber(arg[3]), arg[4]

local function text()
    local file = assert(io.open(path, "rb"))
    local all = file:read "*a"
    file:close()
    return all
end

local function count(value)
    local n = 0
    for _ in pairs(value) do n = n + 1 end
    return n
end

local function split_csv(all)
    local rows, names = {}, nil
    for line in all:gmatch "[^\n]+" do
        local row, i = {}, 0
        for field in (line .. ","):gmatch "([^,]*)," do
            i = i + 1
            row[names and names[i] or i] = field
        end
        if names then rows[#rows + 1] = row else names = row end
    end
    return rows
end

local methods = {
    ["data.decode"] = function(all) return assert(require("moonbear.data").decode(all, format)) end,
    ["data.load"] = function() return assert(require("moonbear.data").load(path, { format = format })) end,
    ["each"] = function()
        local n = 0
        assert(require("moonbear.data").load(path, { format = format, each = function() n = n + 1 end }))
        return n
    end,
    ["into a store"] = function()
        return (assert(require("moonbear.data").load(path, { format = format, into = require("moonbear.store").new() })))
    end,
    ["cjson"] = function(all) return require("cjson").decode(all) end,
    ["loadstring"] = function(all) return assert(loadstring(all))() end,
    ["gmatch"] = split_csv,
    ["MessagePack"] = function(all)
        package.path = "/usr/share/lua/5.1/?.lua;" .. package.path
        return require("MessagePack").unpack(all)
    end,
}

local all = method ~= "data.load" and method ~= "each" and method ~= "into a store" and text()
local result
for _ = 1, times do result = methods[method](all) end
print(type(result) == "table" and count(result) or result)
