-- Every item of a pattern is a C call: a long pattern ends the process.
-- stock: signal
local ok, message = pcall(string.find, ("a"):rep(2e5), ("a?"):rep(2e5))
print((ok or message:find "pattern too complex") and "ok" or message)
