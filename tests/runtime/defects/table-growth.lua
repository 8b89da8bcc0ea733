-- A table doubles, and holds its old and its new place meanwhile: counted against the cap before it is asked for.
-- stock: wrong
-- options: --memory-limit=16M
local list = {}
local ok, message = pcall(function() for i = 1, 3e6 do list[i] = i end end)
local host, limits = pcall(function() return require("moonbear.host").limits() end)
local held = host and limits.script.peak <= 16 * 2 ^ 20
print(not ok and message:find "not enough memory" and #list > 2e5 and held and "ok" or #list)
