-- CVE-2025-46819: the level of a long bracket is counted in an int; at 2^30 the text is taken from beyond the buffer. A level that
-- no program has is an error here, long before that.
-- stock: wrong
local level = ("="):rep(1000001)
local chunk, message = loadstring("return [" .. level .. "[text]" .. level .. "]", "=long")
print(not chunk and message:find "invalid long string delimiter" and "ok" or "taken")
