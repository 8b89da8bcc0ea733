-- Only every n-th character of a long string is looked at: strings that differ in the others share one chain.
-- stock: endless
-- seconds: 5
local function collide(count, between, fill)
    local kept, seen = {}, {}
    for i = 100000, 99999 + count do
        local digits = tostring(i)
        kept[#kept + 1] = digits:sub(1, 2) .. between .. digits:sub(3, 4) .. between .. digits:sub(5, 6) .. between .. fill
    end
    for i = 1, count do seen[kept[i]] = i end
    for i = 1, count do assert(seen[kept[i]] == i) end
end

collide(200000, "y", ("x"):rep(57)) -- 66 characters, of which each third counts
collide(50000, ("y"):rep(9), ("x"):rep(297)) -- 330, each eleventh: these are shortened before they are hashed
print "ok"
