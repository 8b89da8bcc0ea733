-- CVE-2025-49844: nothing holds the name that load gives a chunk of no name ("=(load)") while the parser begins. A reader that collects
-- there leaves it freed; it can do so because it is asked again when it has nothing (bug 1), so neither may happen.
-- stock: wrong
local calls, kept = 0, {}
local chunk = load(function()
    calls = calls + 1
    if calls == 1 then return "" end
    collectgarbage()
    for i = 1, 1000 do kept[i] = "=" .. 100000 + i end
    return calls == 2 and "return 1" or nil
end)
-- The name as it is, without a constant of this program that would hold it.
local name = debug.getinfo(chunk, "S").source:gsub("^=", "")
print(name == "(load)" and calls == 1 and "ok" or name)
