-- argparse, inspect, the store and the results of coroutines.
local parser = require "argparse" ("tool")
parser:argument "input"
parser:option "-o --output":default "x"
local got = parser:parse { "in", "-o", "y" }
print(got.input, got.output, #parser:get_help() > 20)
print(#require "inspect"({ 1, 2, { x = "y", z = { 1, 2 } } }) > 10)
local store = require "moonbear.store"
local s = store.new { name = "inventory" }
local ids = {}
for i = 1, 100 do ids[i] = s:put({ i }) end
for i = 1, 100, 2 do s:release(ids[i]) end
local sum = 0
for i = 2, 100, 2 do sum = sum + s:get(ids[i])[1] end
print(sum, s:has(ids[1]))
local r = s:ref({ "held" })
print(r:get()[1])
s:close()
local results = store.results()
for i = 1, 10 do
    local co = coroutine.create(function() end)
    results:set(co, i, "value")
    if i % 2 == 0 then results:drop(co) end
end
print "done"
