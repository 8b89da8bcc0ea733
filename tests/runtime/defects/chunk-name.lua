-- CVE-2025-49844: nothing holds the chunk's name while the parser begins; a reader that collects there leaves it freed. The
-- reader can do so because it is asked again when it has nothing (bug 1), so neither may happen.
-- stock: wrong
local name, calls = "=" .. ("name"):rep(10), 0
local chunk = load(function()
    calls = calls + 1
    if calls == 1 then return "" end
    collectgarbage()
    for i = 1, 50 do keep = ("="):rep(36) .. i + 10000 end
    return calls == 2 and "return debug.getinfo(1, 'S').source" or nil
end, "=" .. ("name"):rep(10))
local source = chunk()
print((source == nil or source == name) and calls == 1 and "ok" or source)
