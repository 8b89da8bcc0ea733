-- A cooperative scheduler: tasks, sleeping in virtual time, channels, errors of a task.
local tasks, now, log = {}, 0, {}
local function say(...) log[#log + 1] = now .. ":" .. table.concat({ ... }, " ") end
local function spawn(name, f, ...)
    local t = { name = name, co = coroutine.create(f), wake = now, args = { ... }, n = #tasks }
    tasks[#tasks + 1] = t
    return t
end
local function sleep(n) coroutine.yield("sleep", n) end
local function channel()
    local q = {}
    return function(v) q[#q + 1] = v end, function() while #q == 0 do coroutine.yield "wait" end return table.remove(q, 1) end
end
local function run()
    while #tasks > 0 do
        table.sort(tasks, function(a, b) return a.wake < b.wake or a.wake == b.wake and a.n < b.n end)
        local t = table.remove(tasks, 1)
        now = math.max(now, t.wake)
        local ok, what, n = coroutine.resume(t.co, unpack(t.args))
        t.args = {}
        if not ok then say(t.name, "failed", (what:gsub("^.-:%d+: ", "")))
        elseif coroutine.status(t.co) ~= "dead" then
            t.wake = now + (what == "sleep" and n or 1)
            tasks[#tasks + 1] = t
        else say(t.name, "ended", tostring(what)) end
    end
end
local send, receive = channel()
spawn("producer", function(n) for i = 1, n do sleep(3) send(i * i) say("sent", i * i) end send(nil) return "done" end, 4)
spawn("consumer", function() local sum = 0 for _ = 1, 4 do local v = receive() sum = sum + v say("received", v) end return sum end)
spawn("ticker", function() for i = 1, 3 do say("tick", i) sleep(5) end end)
spawn("broken", function() sleep(7) local x = nil; return x.field end)
run()
print(table.concat(log, "\n"))
