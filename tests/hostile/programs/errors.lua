-- Errors of every kind, caught and at last uncaught, with tracebacks.
local function inner(t) return t.field.deeper end
local function outer(t) local v = inner(t) return v end
local function checked(...)
    local _, why = ...
    if tostring(why):find "memory" then error(why, 0) end
    return ...
end
local function guarded(...) return checked(pcall(...)) end
print(guarded(outer, {}))
print(guarded(error, { code = 1 }) == false)
print(guarded(error, 42, 0))
print(select(2, checked(xpcall(function() outer {} end, function(m) return "handled: " .. m end))))
print(select(2, checked(xpcall(function() outer {} end, debug.traceback))))
print(guarded(string.rep))
print(checked(select(2, guarded(loadstring, "x = = 1"))))
print(checked(loadstring("x = = 1")))
local function overflow() return 1 + overflow() end
print((select(2, guarded(overflow)):match "^[^\n]*"))
local co = coroutine.wrap(function() error("in a coroutine") end)
print(guarded(co))
error("the last one: " .. ("x"):rep(50))
