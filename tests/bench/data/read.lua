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

local function library(name)
    if name == "MessagePack" then package.path = "/usr/share/lua/5.1/?.lua;" .. package.path end
    return require(name)
end

-- Each gives the function that reads once, and what it is to be given besides the text.
local methods = {
    ["data.decode"] = function() return library("moonbear.data").decode, format end,
    ["data.load"] = function()
        local load = library("moonbear.data").load
        return function() return assert(load(path, { format = format })) end
    end,
    ["each"] = function()
        local load = library("moonbear.data").load
        return function()
            local n = 0
            assert(load(path, { format = format, each = function() n = n + 1 end }))
            return n
        end
    end,
    ["into a store"] = function()
        local load, store = library("moonbear.data").load, library("moonbear.store")
        return function() return (assert(load(path, { format = format, into = store.new() }))) end
    end,
    ["cjson"] = function() return library("cjson").decode end,
    ["loadstring"] = function() return function(all) return assert(loadstring(all))() end end,
    ["gmatch"] = function() return split_csv end,
    ["MessagePack"] = function() return library("MessagePack").unpack end,
}

local all = method ~= "data.load" and method ~= "each" and method ~= "into a store" and text()
-- Of a text of 32 bytes a function of ours around the one that reads it would be a tenth of what is measured.
local function repeated(read, ...)
    local result
    for _ = 1, times do result = read(...) end
    return result
end

local function call(read, ...) return repeated(read, all, ...) end
local result = call(methods[method]())
print(type(result) == "table" and count(result) or result)
