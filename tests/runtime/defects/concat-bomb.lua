-- A loop of 26 rounds takes what memory there is.
-- stock: wrong
-- options: --memory-limit=16M
local s = "x"
local ok, message = pcall(function() for _ = 1, 26 do s = s .. s end end)
print(not ok and message == "not enough memory" and #s > 2 ^ 20 and "ok" or "64 MB")
