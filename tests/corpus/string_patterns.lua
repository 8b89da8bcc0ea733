-- Patterns: every class, set, repetition, capture, anchor, %b, %f, positions.
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
all = table.concat(all)
for class in ("acdglpsuwxzACDGLPSUWXZ"):gmatch "." do
    local n, sum = 0, 0
    for c in all:gmatch("%" .. class) do n = n + 1 sum = sum + c:byte() end
    print(class, n, sum)
end
local function show(...)
    local t = {}
    for i = 1, select("#", ...) do t[i] = tostring((select(i, ...))) end
    print(table.concat(t, "|"))
end
show(("hello world"):find "o w")
show(("hello world"):find("l+"))
show(("hello world"):find("(l+)(o)"))
show(("hello"):find("", 3), ("hello"):find("", 10), ("hello"):find("h", -1))
show(("a.b"):find(".", 1, true), ("a.b"):find("%."), ("a+b"):find("+", 1, true))
show(("key = value"):match "^(%w+)%s*=%s*(%w+)$")
show(("  trim  "):match "^%s*(.-)%s*$")
show(("2024-01-31"):match "(%d+)-(%d+)-(%d+)")
show(("aaa"):match "a-", ("aaa"):match "a-$", ("aaa"):match "a*", ("aaab"):match "a+b", ("b"):match "a?b")
show(("f(a(b)c)d"):match "%b()", ("[[x]]"):match "%b[]", ("((x)"):match "%b()")
show(("THE (quick) fox"):find "%f[%a]%a+%f[%A]")
show(("THE (quick) fox"):gsub("%f[%a]%a+", "<%0>"))
show(("abc"):match "()b()", ("x"):match "()", ("hello"):match(".-(l+)(.*)"))
show(("x^2"):match "^x^", ("a]b"):match "[]]", ("a-b"):match "[a%-]+", ("a-z"):match "[a-]+", ("^"):match "[%^]", ("b"):match "[^a]")
show(("\0a\0"):find "%z", ("a\0b"):match "a%zb")
show(("abcabc"):match "(a)(b)(c)%1%2%3", ("abab"):match "(ab)%1", ("xyxz"):match "(x)y%1")
show(("one two  three"):gsub("%s+", "_"))
show(("abc"):gsub("", "-"))
show(("abc"):gsub("%w", "%0%0", 2))
show(("hello world"):gsub("o", { o = "0" }))
show(("$name is $age $none"):gsub("%$(%w+)", { name = "Ann", age = 5, none = false }))
show(("a1b2"):gsub("%d", function(d) return d + 1 end))
show(("abc"):gsub(".", function(c) if c == "b" then return nil end return c:upper() end))
show(("a b c"):gsub("(%w) (%w)", "%2 %1"))
show(("100%"):gsub("%%", " percent"), (("x"):gsub("x", "%%")))
for k, v in ("a=1, b=2, c=3"):gmatch "(%w+)=(%w+)" do io.write(k, v, ";") end
for p in ("abc"):gmatch "()" do io.write(p, ",") end
print()
for w in ("the end"):gmatch "%a+" do io.write("[", w, "]") end
print()
print(pcall(string.find, "a", "[a"))
print(pcall(string.find, "a", "%"))
print(pcall(string.find, "a", "(a"))
print(pcall(string.find, "a", "a)"))
print(pcall(string.find, "a", "%1"))
print(pcall(string.find, "a", "%f"))
print(pcall(string.match, "a", "%b"))
print(pcall(string.gsub, "a", "a", "%2"))
print(pcall(string.gsub, "a", "a", function() return {} end))
print(pcall(string.gsub, "a", "a"))
print(pcall(string.gsub, "a", ("(a)"):rep(40), ""))
print(("a"):rep(300):match(("a?"):rep(100) .. ("a"):rep(100)) == ("a"):rep(200))
print(string.gfind == string.gmatch, ("x"):find("x", 1, false))
