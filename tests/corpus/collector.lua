-- The collector: weak tables of each kind, __gc through newproxy, resurrection, order, the options.
local function full() collectgarbage() collectgarbage() end
local weak = setmetatable({}, { __mode = "k" })
local keep = {}
weak[keep], weak[{}], weak[{}] = 1, 2, 3
full()
local n = 0
for _ in pairs(weak) do n = n + 1 end
print(n, weak[keep])
local values = setmetatable({}, { __mode = "v" })
values.kept, values.lost, values[1], values.number, values.text = keep, {}, function() return n end, 5, "text"
full()
print(values.kept == keep, values.lost, values[1], values.number, values.text)
local both = setmetatable({}, { __mode = "kv" })
both[keep], both[{}], both.x = {}, keep, keep
full()
n = 0
for _ in pairs(both) do n = n + 1 end
print(n, both.x == keep)
local log = {}
local function object(name)
    local p = newproxy(true)
    getmetatable(p).__gc = function() log[#log + 1] = name end
    getmetatable(p).name = name
    return p
end
object "one"
object "two"
object "three"
full()
print(table.concat(log, " "))
log = {}
local held = object "held"
full()
print(#log)
held = nil
full()
print(log[1])
log = {}
local saved
local risen = newproxy(true)
getmetatable(risen).__gc = function(o) saved = o log[#log + 1] = "risen" end
risen = nil
full()
print(type(saved), log[1])
saved = nil
full()
print(#log)
local p = newproxy(true)
local q = newproxy(p)
print(getmetatable(p) == getmetatable(q), getmetatable(newproxy(false)), pcall(newproxy, 5))
local failing = newproxy(true)
getmetatable(failing).__gc = function() error("in finalizer", 0) end
failing = nil
print(pcall(full))
print(pcall(full))
local count = collectgarbage "count"
local junk = {}
for i = 1, 2000 do junk[i] = { i } end
print(collectgarbage "count" > count)
junk = nil
full()
print(collectgarbage "count" < count + 50, type(gcinfo()), gcinfo() == math.floor(collectgarbage "count"))
print(collectgarbage("setpause", 150), collectgarbage("setpause", 200), collectgarbage("setstepmul", 300), collectgarbage("setstepmul", 200))
print(collectgarbage "stop", collectgarbage "restart", collectgarbage "collect", type(collectgarbage "step"))
print(pcall(collectgarbage, "nonsense"))
local chain = {}
for i = 1, 100000 do chain = { chain } end
full()
n = 0
while chain[1] do chain = chain[1] n = n + 1 end
print(n)
collectgarbage "stop"
local cycles = setmetatable({}, { __mode = "v" })
for i = 1, 10 do local a, b = {}, {} a.b, b.a = b, a cycles[i] = a end
collectgarbage "restart"
full()
print(next(cycles))
local co = setmetatable({}, { __mode = "v" })
co[1] = coroutine.create(function() coroutine.yield() end)
coroutine.resume(co[1])
full()
print(co[1])
local at_exit = newproxy(true)
getmetatable(at_exit).__gc = function() print "closed at the end" end
