-- Literals and lexing: numbers in every form, escapes, long brackets, comments, names, operators in a row.
print(3, 3.0, 3.1416, 314.16e-2, 0.31416E1, 0xff, 0xA, 0Xa, .5, 5., 1e+2, 0e0, 00012)
print("\a\b\f\n\r\t\v\\\"\'" == "\7\8\12\10\13\9\11\92\34\39", '\65\066\1', "\0651", "a\z" == "az", "\q")
print([[a]], [=[a]]b]=], [==[]=]]==], #[[

x]], [[
]] == "", #[[\n]])
-- a comment
--[[ a long
comment ]] print "after"
--[==[ another ]] ]=] ]==] print "after two"
---[[ not long
print "still runs"
--]]
local _under, a1, A, __ = 1, 2, 3, 4
print(_under, a1, A, __)
local andy, nothing, endless, ifx = 1, 2, 3, 4
print(andy + nothing + endless + ifx)
print(1-1, 1--1
    , 2- -2, - - -3, not not nil, #"abc"-1, -#"ab", not 1 == 2, -2^-2)
print(1 ..2, "a".."b".."c", 1 ..""..2, 2^3^2, -2^2, 2*-3, 7-3-2, 100/10/2, 2^-1)
print("a" == 'a', "\49" == "1", #"\0\0\0", "tab\tx", 'single "double"', "double 'single'")
print(({ 1, 2, 3, })[3], ({ 1; 2; 3 })[2], ({ [1] = "a", "b" })[1], ({ x = 1, ["y z"] = 2, [3.5] = 3 })["y z"], #{ 1, 2, nil, 4 } >= 2)
print(#{ (function() return 1, 2, 3 end)() }, #{ (function() return 1, 2, 3 end)(), 10 }, #{ ((function() return 1, 2, 3 end)()) })
local t = { f = function(...) return select("#", ...) end, s = { t = { u = function(self, x) return x end } } }
print(t.f { 1 }, t.f "x", t.f [[y]], t.f(), t.f(nil), t.s.t:u "str", t.s.t:u { 5 }[1], (t.f)(1, 2))
