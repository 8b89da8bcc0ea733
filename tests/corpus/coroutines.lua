-- Coroutines: passing values both ways, wrap, status, errors, generators, dead ones.
local co = coroutine.create(function(a, b)
    print("start", a, b)
    local c = coroutine.yield(a + b)
    print("got", c)
    local d, e = coroutine.yield(c * 2)
    print("got", d, e)
    return "end", d + e
end)
print(coroutine.status(co))
print(coroutine.resume(co, 1, 2))
print(coroutine.status(co), coroutine.resume(co, 10))
print(coroutine.resume(co, 3, 4))
print(coroutine.status(co), coroutine.resume(co))
print(coroutine.running())
local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
print(gen(), gen(), gen(), gen())
print(pcall(gen))
local function permute(a, n)
    n = n or #a
    if n <= 1 then coroutine.yield(a) return end
    for i = 1, n do
        a[n], a[i] = a[i], a[n]
        permute(a, n - 1)
        a[n], a[i] = a[i], a[n]
    end
end
for p in coroutine.wrap(function() permute { 1, 2, 3 } end) do io.write(table.concat(p, " "), "; ") end
print()
local bad = coroutine.create(function() local x = nil; return x.y end)
print(coroutine.resume(bad))
print(coroutine.status(bad), coroutine.resume(bad))
print(select(2, pcall(coroutine.wrap(function() error({ code = 5 }) end))).code)
print(select(2, pcall(coroutine.wrap(function() error("text", 0) end))))
local outer
outer = coroutine.create(function()
    local inner = coroutine.create(function()
        print(coroutine.status(outer), coroutine.resume(outer))
        coroutine.yield "inner"
    end)
    print(coroutine.resume(inner))
    print(coroutine.resume(coroutine.running()))
end)
print(coroutine.resume(outer))
print(pcall(coroutine.yield, 1))
print(coroutine.resume(coroutine.create(function() return pcall(coroutine.yield, 1) end)))
print(coroutine.resume(coroutine.create(function()
    return table.sort({ 2, 1 }, function() coroutine.yield() end)
end)))
print(pcall(coroutine.create, 5))
print(pcall(coroutine.resume, 5))
print(pcall(coroutine.status, nil))
print(pcall(coroutine.create, print))
local function filter(p, g) return coroutine.wrap(function() for v in g do if v % p ~= 0 then coroutine.yield(v) end end end) end
local source = coroutine.wrap(function() for i = 2, 60 do coroutine.yield(i) end end)
local primes = {}
while true do
    local p = source()
    if not p then break end
    primes[#primes + 1] = p
    source = filter(p, source)
end
print(table.concat(primes, " "))
local many = {}
for i = 1, 500 do many[i] = coroutine.wrap(function(n) while true do n = n + coroutine.yield(n) end end) many[i](i) end
local total = 0
for i = 1, 500 do total = total + many[i](1) end
print(total)
