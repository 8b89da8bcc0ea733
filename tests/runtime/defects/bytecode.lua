-- loadstring takes bytecode wherever it takes text, and bytecode can lie: here a loop of numbers does not look whether they are
-- numbers, and tells where a table lies in memory. Writing works as well.
-- stock: wrong
local honest = string.dump(function(value) for i = value, value, 0 do return i end end)
local lying, changed = honest:gsub("\96%z%z\128", "\22\0\0\128")
local chunk, refused = loadstring(lying)
local told = chunk and chunk({})
print(changed == 1 and not chunk and refused:find "%-%-allow%-bytecode" and "ok" or type(told))
