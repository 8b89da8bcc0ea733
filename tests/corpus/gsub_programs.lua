-- Text programs on gsub: markup, number grouping, trimming, tokens, URL coding, indenting, counting.
local function commas(n) local s = tostring(n) local k repeat s, k = s:gsub("^(-?%d+)(%d%d%d)", "%1,%2") until k == 0 return s end
for _, n in ipairs { 0, 12, 123, 1234, 1234567, -98765432, 1234.5678 } do io.write(commas(n), " ") end
print()
local function url(s) return (s:gsub("[^%w%-_.~]", function(c) return ("%%%02X"):format(c:byte()) end)) end
local function unurl(s) return (s:gsub("+", " "):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end)) end
print(url "a b&c=d/\228?", unurl "a+b%26c%3Dd", unurl(url "round trip! 100%") == "round trip! 100%")
local function query(s) local t = {} for k, v in s:gmatch "([^&=]+)=([^&]*)" do t[unurl(k)] = unurl(v) end return t end
local q = query "name=J+Doe&x=1%2B1&empty="
print(q.name, q.x, q.empty, q.none)
local function markup(s)
    s = s:gsub("[<>&]", { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" })
    s = s:gsub("%*%*(.-)%*%*", "<b>%1</b>"):gsub("_(.-)_", "<i>%1</i>"):gsub("`([^`]*)`", "<code>%1</code>")
    return (s:gsub("%[(.-)%]%((.-)%)", '<a href="%2">%1</a>'))
end
print(markup "**bold** and _it_ with `x < y` & a [link](http://x.y/?a=1)")
local function trim(s) return (s:gsub("^%s+", ""):gsub("%s+$", "")) end
print("[" .. trim "  a b \t\n" .. "]", "[" .. trim "   " .. "]", "[" .. trim "" .. "]")
local function tokens(s)
    local out = {}
    local rules = { { "^%s+" }, { "^%-%-[^\n]*" }, { "^%d+%.?%d*", "num" }, { "^[%a_][%w_]*", "name" }, { '^"[^"]*"', "str" }, { "^[%+%-%*/=<>~]=?", "op" }, { "^[%(%){},;]", "punct" } }
    while s ~= "" do
        local hit
        for _, r in ipairs(rules) do
            local m = s:match(r[1])
            if m then hit = true if r[2] then out[#out + 1] = r[2] .. ":" .. m end s = s:sub(#m + 1) break end
        end
        if not hit then error("bad character " .. s:sub(1, 1), 0) end
    end
    return table.concat(out, " ")
end
print(tokens 'local x = f(12.5, "str") -- comment\nif x >= 3 then x = x + 1 end')
print(pcall(tokens, "x = @"))
print(("camelCaseToSnake"):gsub("%u", function(c) return "_" .. c:lower() end), (("snake_to_camel"):gsub("_(%l)", string.upper)))
print(("indent\nme\n\ntoo"):gsub("([^\n]+)", "  %1"))
print((("x"):rep(5):gsub("x", { x = "y" }, 3)), ("abc"):gsub("b", "%%"), ("a.b.c"):gsub("%.", "/"), ("hello"):gsub("l", "L", 0))
print(("%d+%s*"):gsub("%p", "%%%0"), ("path/to/file.tar.gz"):match "([^/]+)$", ("path/to/file.tar.gz"):match "^(.*)/", ("file.tar.gz"):match "%.([^.]+)$")
print(("one;two;;four"):gsub(";;", ";nop;"), (("a,b"):gsub("(%a),(%a)", "%2,%1")), ("abc"):gsub("(b)()", "%2"))
print(("2024-01-31T10:20:30"):gsub("(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)", "%3.%2.%1 %4h%5"))
local nested = "f(g(1,2),h(3))"
print(nested:gsub("%b()", function(p) return "[" .. #p .. "]" end), nested:match "%((.*)%)")
print(("\0zero\0"):gsub("%z", "0"), ("a\nb\rc"):gsub("%c", "."), ("tab\there"):gsub("\t", "    "))
