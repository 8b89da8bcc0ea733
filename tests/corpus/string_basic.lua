-- The string library without patterns: sub, byte, char, rep, reverse, case, len, comparison, escapes.
local s = "Hello, World"
for _, r in ipairs { { 1, 5 }, { -5, -1 }, { 3 }, { 0 }, { -100, 100 }, { 5, 3 }, { 13 }, { 12, 12 }, { -3, -5 }, { 2, -2 } } do
    io.write("[", s:sub(r[1], r[2]), "] ")
end
print()
print(s:byte(), s:byte(-1), s:byte(1, 4))
print(s:byte(50), select("#", s:byte(50)), select("#", s:byte(3, 2)))
print(string.char(), string.char(72, 105), #string.char(0, 255))
print(("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-1), ("").rep("x", 2.9))
print(s:reverse(), (""):reverse(), s:upper(), s:lower(), s:len(), #"")
print("a" < "b", "a" < "B", "" < "a", "a\0b" < "a\0c", "abc" < "abd", "Z" < "a", "10" < "9")
print("a\0b" == "a\0b", #"a\0b", ("a\0b"):byte(2))
print("\65\066\t|\\|\"|\'|\a|" == "AB\t|\\|\"|'|\7|", "line\
continued", [[
first newline dropped]], [==[with ]] inside]==])
print(("x"):rep(10, ","), pcall(string.rep))
print(tostring(nil), tostring(true), tostring(12), tostring("s"))
print("10" + 5, "0x10" + 0, " 7 " * 1, 10 .. 20, -"2")
print(pcall(function() return "abc" + 1 end))
print(pcall(function() return "a" < 1 end))
print(pcall(string.char, 256))
print(pcall(string.char, -1))
print(pcall(string.sub))
print(pcall(string.byte, "x", {}))
print(pcall(function() return ("x"):nope() end))
print(("x").len == string.len, #("x" .. 1 .. 2.5))
print(string.len("\228\184\173"), ("\228"):byte())
print(("%s %q"):format("x", 'a "quoted"\n\0\r\\line'))
local parts = {}
for i = 1, 255 do parts[i] = string.char(i) end
print(#table.concat(parts), table.concat(parts):upper():sub(97, 122), table.concat(parts):lower():sub(65, 90))
print(#(("abc"):rep(100000)), (("abc"):rep(100000)):sub(-4))
