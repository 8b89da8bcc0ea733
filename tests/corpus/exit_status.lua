-- os.exit in the middle: what is printed before stays, what follows does not run, the status is given.
io.write "before"
local p = newproxy(true)
getmetatable(p).__gc = function() print "a finalizer that os.exit does not run" end
coroutine.wrap(function() pcall(function() os.exit(42) end) end)()
print "never"
