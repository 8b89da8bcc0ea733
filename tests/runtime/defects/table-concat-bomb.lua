-- And one string that is in a table many times.
-- stock: wrong
-- options: --memory-limit=16M
local part, list = ("x"):rep(1e6), {}
for i = 1, 50 do list[i] = part end
local ok, message = pcall(table.concat, list)
print(not ok and message == "not enough memory" and "ok" or "50 MB")
