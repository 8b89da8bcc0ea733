-- LPeg and re: grammars, captures of every kind, folding, substitution, errors.
local lpeg, re = require "lpeg", require "re"
local P, R, S, V, C, Ct, Cg, Cf, Cs, Cc, Cmt = lpeg.P, lpeg.R, lpeg.S, lpeg.V, lpeg.C, lpeg.Ct, lpeg.Cg, lpeg.Cf, lpeg.Cs, lpeg.Cc, lpeg.Cmt
local space = S " \n" ^ 0
local grammar = P { V "list" * -1,
    list = "(" * space * Ct((V "item" * space) ^ 0) * ")",
    item = V "list" + C(R "az" ^ 1) + R "09" ^ 1 / tonumber }
local function size(t) local n = 0 for _, v in ipairs(t) do n = n + (type(v) == "table" and size(v) or 1) end return n end
print(size(grammar:match("(a b (c 1 2 (d)) " .. ("x 5 "):rep(50) .. ")")))
local pair = Cg(C(R "az" ^ 1) * "=" * C(R "09" ^ 1))
print(Cf(Ct "" * (pair * P ",") ^ 0 * pair, rawset):match "a=1,b=2,c=3".c)
print(Cs((P "a" / "b" + 1) ^ 0):match(("banana "):rep(40)))
print(Cmt(C(P(1) ^ 1), function(_, i, s) return i, #s end):match(("z"):rep(100)), Cc(1, 2):match "")
print(re.match("the 42 answers", "{| (%a+ ' ')* {:n: %d+ :} |}").n, re.gsub("hello", "[aeiou]", "*"))
local ok, why = pcall(re.compile, "[a-z")
if why:find "memory" then error(why, 0) end
print(ok)
print((P(true) * (P "ab" + P "cd" + P "ef" + S "xyz" * R("ad", "09")) ^ -3):match "abcdx9")
