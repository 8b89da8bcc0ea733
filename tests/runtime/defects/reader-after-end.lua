-- Bug 1 of 5.1.5: load asks its reader again after it has said that there is no more.
-- stock: wrong
local calls = 0
load(function() calls = calls + 1 end)
print(calls == 1 and "ok" or calls)
