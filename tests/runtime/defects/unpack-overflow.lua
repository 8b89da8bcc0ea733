-- CVE-2025-46817: the number of unpack's results is computed in an int.
-- stock: signal
assert(not pcall(unpack, {}, -1e9, 1.2e9))
local ok, message = pcall(unpack, {}, 0, 2 ^ 31 - 1)
assert(not ok and message:find "too many results to unpack", message)
print "ok"
