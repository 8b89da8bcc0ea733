-- A function with too many constants: "constant table overflow", with neither file nor line.
-- stock: wrong
local items = {}
for i = 1, 2 ^ 18 + 10 do items[i] = i .. ".5" end
local _, message = loadstring("local t = {\n" .. table.concat(items, ",\n") .. "}", "=data.lua")
print(message:find "^data%.lua:26%d%d%d%d: constant table overflow" and message:find "moonbear%.data" and "ok" or message)
