-- lua_world.lua: what the programs of lua_fuzz.c find: the library without what would touch the machine they run on or, as
-- parts of debug do, the engine itself; and a value of every kind under a short name.
-- SPDX-License-Identifier: MIT
lpeg, re, cjson, bit = require "lpeg", require "re", require "cjson", require "bit"
store, bytes, data, limits = require "moonbear.store", require "moonbear.bytes", require "moonbear.data", require "moonbear.limits"

local function only(library, names)
    local kept = {}
    for name in names:gmatch "%S+" do kept[name] = assert(library[name], name) end
    return kept
end

local tmpfile, input, output = io.tmpfile, io.input, io.output
local freeze, open, read, map = data.freeze, data.open, bytes.read, bytes.map

os = only(os, "clock date difftime getenv time setlocale")
debug = only(debug, "traceback getinfo sethook gethook getlocal getupvalue getmetatable")
io = only(io, "close flush lines read tmpfile type write")
function io.open() return tmpfile() end
function io.input(file) return input(type(file) ~= "string" and file or nil) end
function io.output(file) return output(type(file) ~= "string" and file or nil) end
io.lines = nil
data.save = nil
function data.freeze(value) return freeze(value) end
function data.open(value) return open(type(value) ~= "string" and value or bytes.from(value)) end
function bytes.read(file, count) return read(type(file) == "userdata" and file or tmpfile(), count) end
function bytes.map() return map "/nowhere" end

-- A number is a file descriptor.
local methods = getmetatable(bytes.from "x").__index
if type(methods) == "table" and methods.write then
    local write = methods.write
    function methods.write(self, file) return write(self, type(file) == "number" and 1 or file) end
end
dofile, loadfile, require, module, package = nil, nil, nil, nil, nil

local kept = {}
function keep(value)
    kept[#kept % 50 + 1] = value
    return value
end

function finalize(f)
    local u = newproxy(true)
    getmetatable(u).__gc = f
end

-- Errors are what most programs are made of; the one of the time limit comes again by itself.
function try(f, ...)
    local ok, one, two = pcall(f, ...)
    if ok then return one, two end
    return nil, one
end

function f1(...) return ... end
function f2(first, ...) return first, coroutine.running(), select("#", ...) end
tab, str = { 1, 2, 3, k = "v", 4.5, "text" }, ("a b\n1 "):rep(20)
st, res = store.new { name = "fuzz", leaks = "sample" }, store.results()
ref = st:ref { 1 }
bb = bytes.chain(bytes.from(str), bytes.from(("long"):rep(300)), "x")
buf = bytes.buffer(10):put("in it", 1)
par, frz = data.parser "json", freeze { a = 1, { "x" }, 2, k = { v = {} } }
file, pt = tmpfile(), lpeg.C(lpeg.R "az" ^ 1) * lpeg.P " " ^ -1
co = coroutine.create(function(...)
    for i = 1, 100 do coroutine.yield(i, ...) end
end)
