-- require, module, package.loaded, preload, loaders, path templates.
package.preload.first = function(...) return { args = { ... } } end
local first = require "first"
print(first.args[1], #first.args, require "first" == first, package.loaded.first == first)
package.preload.second = function() end
print(require "second", package.loaded.second)
package.preload.third = function() package.loaded.third = "set by itself" end
print(require "third")
package.preload.fourth = function() return false end
print(require "fourth", package.loaded.fourth)
package.preload.fails = function() error("on purpose", 0) end
print(pcall(require, "fails"))
print(pcall(require, "fails"))
package.preload.cycle = function() return require "cycle" end
print(pcall(require, "cycle"))
package.loaded.given = 17
print(require "given")
package.path, package.cpath = "./none/?.lua;./?/none.lua", "./none/?.so"
print(pcall(require, "not.there"))
print(pcall(require, "x-y.z"))
package.loaders[#package.loaders + 1] = function(name)
    if name == "made" then return function(n) return "made for " .. n end end
    return "\n\tthe extra loader knows no " .. name
end
print(require "made")
print(pcall(require, "unmade"))
print(pcall(require))
print(pcall(require, {}))
local base = os.tmpname()
local h = assert(io.open(base, "w"))
h:write [[
local name = ...
module(name)
value = 5
function get() return value end
]]
h:close()
package.path = base:gsub("[^/]+$", "?")
local name = base:match "[^/]+$"
print(select("#", pcall(require, name)), _G[name].value, pcall(_G[name].get))
h = assert(io.open(base, "w"))
h:write [[
module(..., package.seeall)
value = 6
function get() return tostring(value) end
]]
h:close()
package.loaded[name] = nil
_G[name] = nil
local m = require(name)
print(m.get(), m.value, m._NAME == name, m._M == m, m._PACKAGE, _G[name] == m)
os.remove(base)
module("a.b.c", package.seeall)
answer = 42
setfenv(1, _G)
print(a.b.c.answer, a.b.c._PACKAGE, a.b.c._NAME, package.loaded["a.b.c"] == a.b.c)
number = 5
print(pcall(module, "number"))
print(pcall(module, "number.sub"))
module("with.extra", package.seeall, function(mod) mod.extra = "ran" end)
print(extra, with == nil)
setfenv(1, _G)
print(pcall(package.seeall, 5))
print(package.config)
print(type(package.loadlib), #package.loaders)
