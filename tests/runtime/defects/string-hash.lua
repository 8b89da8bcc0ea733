-- Only every n-th character of a long string is looked at: strings that differ in the others share one chain.
-- stock: endless
-- seconds: 3
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

-- Short strings are of another kind, and found as before, those of the time before the flood and new ones.
local fields = { k1 = 1, k2 = 2 }
for i = 3, 1000 do fields["k" .. i] = i end
for i = 1, 1000 do assert(fields[("k%d"):format(i)] == i) end
print "ok"
