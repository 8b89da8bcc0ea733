-- Only every n-th character of a long string is looked at: strings that differ in the others share one chain.
-- stock: endless
-- seconds: 12
local fill, kept, seen = ("x"):rep(500), {}, {}
for i = 1, 40000 do kept[i] = ("%08d"):format(i):gsub("%d", "%0" .. ("y"):rep(16)) .. fill end
for i = 1, #kept do seen[kept[i]] = i end
for i = 1, #kept do assert(seen[kept[i]] == i) end
print "ok"
