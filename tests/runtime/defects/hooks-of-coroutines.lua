-- The hook of a coroutine is kept for ever, under its address: it is never collected, and debug.gethook says that whoever is
-- there next has it.
-- stock: wrong
local function idle() end
local collected = setmetatable({}, { __mode = "k" })
for _ = 1, 200 do
    local function hook() return collected end
    collected[hook] = true
    debug.sethook(coroutine.create(idle), hook, "c")
end
collectgarbage()
collectgarbage()
local others, left = 0, 0
for _ in pairs(collected) do left = left + 1 end
for _ = 1, 1000 do others = others + (debug.gethook(coroutine.create(idle)) and 1 or 0) end
print(others == 0 and left <= 1 and "ok" or others .. " coroutines have another's hook, " .. left .. " hooks are left")
