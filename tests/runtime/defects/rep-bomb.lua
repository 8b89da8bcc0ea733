-- So does one call.
-- stock: wrong
-- options: --memory-limit=16M
local ok, message = pcall(string.rep, ("x"):rep(1000), 5e4)
print(not ok and message == "not enough memory" and "ok" or "50 MB")
