-- CVE-2014-5461, bug 2 of 5.1.5: a vararg function with many parameters, called with few arguments, writes beyond its stack.
-- stock: cured (Debian's patch 0004, applied here too)
local names = {}
for i = 1, 199 do names[i] = "p" .. i end
local f = loadstring("return function(" .. table.concat(names, ", ") .. ", ...) return p199, select('#', ...) end")()
for depth = 1, 300 do
    local co = coroutine.wrap(function()
        local function down(n) if n > 0 then return (down(n - 1)) end return f(1) end
        return down(depth), f()
    end)
    local last, none, count = co()
    assert(last == nil and none == nil and count == 0)
end
print "ok"
