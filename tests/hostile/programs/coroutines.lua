-- Coroutines: many, nested, unfinished ones, errors that cross them.
local threads = {}
for i = 1, 30 do
    threads[i] = coroutine.create(function(a) while true do a = a + coroutine.yield(a) end end)
    assert(coroutine.resume(threads[i], i))
end
local sum = 0
for i = 1, 30 do
    local ok, v = coroutine.resume(threads[i], 1)
    if not ok then error(v, 0) end
    sum = sum + v
end
print(sum)
local function nest(n) if n == 0 then return 1 end return 1 + coroutine.wrap(function() return nest(n - 1) end)() end
print(nest(20))
local ok, e = coroutine.resume(coroutine.create(function() local t = nil; return t.x end))
if e:find "memory" then error(e, 0) end
print(ok, e)
local gen = coroutine.wrap(function() for i = 1, 200 do coroutine.yield({ i }) end end)
for v in gen do sum = sum + v[1] end
print(sum)
