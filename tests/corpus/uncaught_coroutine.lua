-- An error inside a wrapped coroutine, uncaught: the message goes through, the traceback is the caller's.
local step = coroutine.wrap(function()
    coroutine.yield(1)
    local t = {}
    return t.missing.field
end)
print(step())
print(step())
