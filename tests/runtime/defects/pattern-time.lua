-- An exponential pattern calls nothing on its way: no hook, and so no limit, ends it.
-- stock: endless
-- seconds: 2
-- options: --time-limit=0.3
debug.sethook(function() error "too long" end, "", 1000)
local ok, message = pcall(string.find, ("a"):rep(60), ("a-"):rep(50) .. "b")
print(not ok and message:find "time limit exceeded" and "ok" or message)
