-- Syntax errors: the message of each, with its place.
local chunks = {
    "x", "x =", "= 1", "x = = 1", "local", "local 1", "local x =", "local function", "local function x", "function", "function x",
    "function x(", "function x(a", "function x(a,", "function x(...", "function x(..., a) end", "function x(a b) end", "function a.b:c.d() end",
    "if", "if x", "if x then", "if x then else", "if x then elseif", "if x then else elseif", "while", "while x", "while x do",
    "repeat", "repeat until", "for", "for x", "for x =", "for x = 1", "for x = 1,", "for x = 1, 2", "for x = 1, 2, 3, 4 do end", "for x in",
    "for x, in y do end", "for 1 = 1, 2 do end", "return return", "return 1,", "return 1 2", "break", "do", "end", "do end end", "else", "until x",
    "x()", "x() = 1", "x.1", "x.", "x:", "x:y", "x:y =", "x[", "x[1", "x[]", "(x", "(x)", "(x) = 1", "x, y", "x, y =", "x y", "x 'a' 'b' =",
    "x = {", "x = { 1, 2", "x = { a = }", "x = { [1] }", "x = { [1] = }", "x = { = 1 }", "x = { 1 2 }", "x = { ; }", "x = { 1;; 2 }",
    "x = 'open", "x = \"open", "x = 'a\nb'", "x = [[open", "x = [==[open]]", "--[[ open", "x = '\\300'", "x = '\\", "x = [=x", "x = 1..2", "x = 0x",
    "x = 3e", "x = 3x", "x = 1.2.3", "x = 0xg", "x = @", "x = #", "x = $", "x = ~1", "x ~= 1", "x = !1", "x == 1", "x += 1", "x = 1 +", "x = + 1",
    "x = not", "x = -", "x = 1 and", "x = ..", "x = ... y", "function f() return ... end", "x = function", "x = function() ", "x = a.b.c.",
    "a.b:c = 1", "local a.b = 1", "local a = 1, 2, ", "goto done", "::label::", "x = 1 // 2", "x = 1 & 2", "x = 'a' .. ", "nil = 1", "true()",
    "and", "x = end", "local x <const> = 1", "x = \1", "\127ELF", "x = 'tab\tin'", "x\n=\n=\n1", "f\n(1)", "x = f\n(1)", "return;;", ";", "x = 1;;",
}
for i, chunk in ipairs(chunks) do
    local f, e = loadstring(chunk, "=c")
    print(i, f and "fine" or e)
end
print(loadstring(("x = "):rep(3) .. "1"))
print(loadstring("local " .. ("a,"):rep(250) .. "a"))
print(loadstring("local function f(" .. ("a,"):rep(250) .. "a) end"))
local names, uses = {}, {}
for i = 1, 70 do names[i] = "local u" .. i uses[i] = "u" .. i end
print(loadstring(table.concat(names, " ") .. " return function() return " .. table.concat(uses, "+") .. " end", "=u"))
print(loadstring(("do "):rep(100) .. ("end "):rep(100)) ~= nil)
print(loadstring("x = " .. ("{"):rep(150) .. ("}"):rep(150)) ~= nil)
