-- Only every n-th character of a long string is looked at: strings that differ in the others share one chain.
-- stock: endless
-- seconds: 3
local fill, kept, seen = ("x"):rep(57), {}, {}
for i = 100000, 299999 do -- 66 characters, of which each third counts
    local digits = tostring(i)
    kept[#kept + 1] = digits:sub(1, 2) .. "y" .. digits:sub(3, 4) .. "y" .. digits:sub(5, 6) .. "y" .. fill
end
for i = 1, #kept do seen[kept[i]] = i end
for i = 1, #kept do assert(seen[kept[i]] == i) end
print "ok"
