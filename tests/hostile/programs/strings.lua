-- Strings: concatenation, patterns, format, buffers, dump and load.
local parts = {}
for i = 1, 60 do parts[i] = ("%d:%s:%5.2f"):format(i, ("x"):rep(i), i / 3) end
local all = table.concat(parts, ",")
print(#all, (all:gsub("%d+", function(d) return "<" .. d .. ">" end)):sub(1, 60))
local s = ""
for i = 1, 80 do s = s .. i .. " " end
print(#s, #s:upper(), s:reverse():sub(1, 10), s:find("79", 1, true))
for w in all:gmatch "x+" do s = w end
print(#s, ("%q"):format("a\n\0\"b"), #("ab"):rep(5000), #tostring(print) > 0)
local f = assert(loadstring("local a, b = ... return function(...) return a, b, ... end"))
print(f(1, "two")(3), #string.dump(f) > 50, assert(loadstring(string.dump(function(x) return x .. x end)))("y"))
print(#assert(loadstring("return {" .. ("1,'k',{}, "):rep(100) .. "}"))())
