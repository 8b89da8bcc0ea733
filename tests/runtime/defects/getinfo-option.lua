-- debug.getinfo hands its options on, among them the one that takes a function from the stack.
-- stock: signal
local ok, message = pcall(debug.getinfo, 1, ">S")
print(not ok and message:find "invalid option" and "ok" or message)
