-- overflow.lua TIMES [NAME...]: drives every recursion of the engine and the built-in modules into the ground, each so many
-- times, and prints "NAME: ok" when it ended in an ordinary error and the state works on; else what happened. The cases of
-- moonbear.* are in overflow_modules.lua. Those of bytecode run only when they are named, since they need --allow-bytecode.
-- SPDX-License-Identifier: MIT
local lpeg, cjson = require "lpeg", require "cjson"
local cases, names = {}, {}

local function case(name, run, expected)
    names[#names + 1] = name
    cases[name] = { run = run, expected = expected or "stack overflow" }
end

-- What may nest without end, since it needs no stack for it.
local function works(name, run)
    case(name, function()
        run()
        error("it works", 0)
    end, "it works")
end

-- Nests pcall as deep as it goes and calls `op` on the last 200 levels, where hardly any stack is left.
local function at_the_end(op)
    local deepest
    local function deeper(depth)
        if not deepest or depth > deepest - 200 then op() end
        local _, message = pcall(deeper, depth + 1)
        error(message, 0)
    end
    local function measure(depth)
        deepest = depth
        local _, message = pcall(measure, depth + 1)
        error(message, 0)
    end
    return function()
        pcall(measure, 1)
        deeper(1)
    end
end

local deep_pcall = at_the_end(function() end)

local function object(event, handler)
    return setmetatable({}, { [event] = handler })
end

case("pcall", deep_pcall)
case("xpcall", function()
    local function f()
        local _, message = xpcall(f, function(m) return m end)
        error(message, 0)
    end
    f()
end)
case("gsub function", function()
    local function f() return (("a"):gsub("a", f)) end
    f()
end)
case("gsub table", function()
    local t
    t = object("__index", function() return (("a"):gsub("a", t)) end)
    ;("a"):gsub("a", t)
end)
case("__index", function() local t; t = object("__index", function(_, k) return t[k] end); return t.x end)
case("__newindex", function() local t; t = object("__newindex", function(_, k, v) t[k] = v end); t.x = 1 end)
case("__add", function() local t; t = object("__add", function() return t + t end); return t + t end)
case("__concat", function() local t; t = object("__concat", function() return t .. t end); return t .. t end)
case("__eq", function()
    local a, b
    local function eq() return a == b end
    a, b = object("__eq", eq), object("__eq", eq)
    getmetatable(b).__eq = eq
    return a == b
end)
case("__lt", function() local t; t = object("__lt", function() return t < t end); return t < t end)
case("__le", function() local t; t = object("__le", function() return t <= t end); return t <= t end)
case("__unm", function() local t; t = object("__unm", function() return -t end); return -t end)
case("__len", function()
    local u = newproxy(true)
    getmetatable(u).__len = function() return #u end
    return #u
end)
case("__index of a table of tables", function()
    local t = object("__index", function() return setmetatable({}, { __index = function(_, k) return _G[k .. k] end })[1] end)
    getmetatable(t).__index = function(_, k) return setmetatable({}, { __index = t })[k] end
    return t.x
end)
case("a hook", function()
    local function f() return (("a"):gsub("a", f)) end
    debug.sethook(function() debug.sethook() f() end, "", 1)
    for _ = 1, 100 do local _ = {} end
    debug.sethook()
    f()
end)
case("__call", function() local t; t = object("__call", function() error(select(2, pcall(t)), 0) end); t() end)
case("__tostring", function() local t; t = object("__tostring", function() return tostring(t) end); return tostring(t) end)
case("require", function()
    package.preload.overflow = function()
        package.loaded.overflow = nil
        require "overflow"
    end
    require "overflow"
end)
case("coroutine.resume", function()
    local function f()
        local ok, message = coroutine.resume(coroutine.create(f))
        if not ok then error(message, 0) end
    end
    f()
end)
-- What wrap passes on grows by a position at each level when it is text: thousands of levels would take minutes.
case("coroutine.wrap", function()
    local function f()
        local _, failure = pcall(coroutine.wrap(f))
        error(type(failure) == "table" and failure or { failure })
    end
    local _, failure = pcall(f)
    error(failure[1], 0)
end)
case("pcall in coroutines", function()
    local function f()
        local co = coroutine.create(function() return pcall(f) end)
        local _, _, message = coroutine.resume(co)
        error(message or _, 0)
    end
    f()
end)
case("table.sort", function()
    local function compare(a, b)
        table.sort({ 1, 2 }, compare)
        return a < b
    end
    table.sort({ 1, 2 }, compare)
end)
case("table.foreach", function()
    local function f() table.foreach({ 1 }, f) end
    f()
end)
case("table.foreachi", function()
    local function f() table.foreachi({ 1 }, f) end
    f()
end)
case("setfenv and getfenv in callbacks", function()
    local function f() setfenv(1, getfenv(0)) return (("a"):gsub(".", f)) end
    f()
end)
case("a chain of modules", function()
    table.insert(package.loaders, 1, function(name)
        return name:match("^chain%d+$") and function() require("chain" .. name:match("%d+") + 1) end
    end)
    local ok, message = pcall(require, "chain1")
    table.remove(package.loaders, 1)
    for name in pairs(package.loaded) do if name:match("^chain") then package.loaded[name] = nil end end
    error(not ok and message or "no error", 0)
end)
case("load with a reader", function()
    local function read()
        error(select(2, load(read)), 0)
    end
    read()
end)
case("dofile", at_the_end(function() dofile("tests/support/overflow_chunk.lua") end))

-- The parser: what nests, and what begins a level of it.
local function parser(name, open, middle, close, count)
    case("parser: " .. name, function()
        assert(loadstring(open:rep(count or 5e5) .. middle .. close:rep(count or 5e5)))
    end)
end
parser("parentheses", "x=(", "1", ")", 1)
cases["parser: parentheses"].run = function() assert(loadstring("x=" .. ("("):rep(5e5))) end
parser("not", "return " .. ("not "):rep(5e5), "1", "", 1)
parser("power", "return " .. ("2^"):rep(5e5), "1", "", 1)
parser("do", "do ", "", " end ")
parser("if", "if x then ", "", " end ")
parser("while", "while x do ", "", " end ")
parser("repeat", "repeat ", "", " until x ")
parser("function", "local function f() ", "", " end ", 1e5)
parser("function expression", "return function() ", "", " end ", 1e5)
parser("names of functions: global", "x = function() ", "", " end ", 1e5)
parser("names of functions: outer local", "local y " .. ("y = function() "):rep(1e5), "", "", 1)

local function nested_functions(depth)
    return assert(loadstring(("return function() "):rep(depth) .. (" end "):rep(depth)))
end
local ten = nested_functions(10)
case("string.dump", at_the_end(function() string.dump(ten) end))
local dumped = string.dump(ten)
case("undump", at_the_end(function() assert(loadstring(dumped)) end))
-- Functions that lie in each other as deep as no parser makes them, which --allow-bytecode lets in.
local function deep_bytecode(levels)
    local none, one, returns = ("\0"):rep(4), "\1\0\0\0", "\30\0\128\0"
    local head = none:rep(4) .. "\0\0\2\2" .. one .. returns .. none -- source, lines, sizes, code, constants
    return string.dump(ten):sub(1, 12) .. (head .. one):rep(levels - 1) .. head .. none .. none:rep(3 * levels)
end
local function with_bytecode(name, run)
    case(name, run)
    names[#names] = nil
end
with_bytecode("undump deep", function() assert(loadstring(deep_bytecode(3e5))) end)
with_bytecode("string.dump deep", function()
    local levels, deepest = 100, ten
    for _ = 1, 12 do
        local loaded, message = loadstring(deep_bytecode(levels))
        if not loaded and not message:find "stack overflow" then error(message, 0) end
        levels, deepest = math.floor(levels * (loaded and 2 or 0.7)), loaded or deepest
    end
    at_the_end(function() string.dump(deepest) end)()
end)
case("parser at the end", at_the_end(function() assert(loadstring("return ((((((((((1))))))))))")) end))

case("pattern ?", function() return ("a"):rep(5e5):find(("a?"):rep(5e5) .. "b") end, "pattern too complex")
case("pattern -", function() return ("a"):rep(5e5):find((".-"):rep(5e5) .. "b") end, "pattern too complex")
case("pattern *", function() return ("a"):rep(5e5):match(("a*"):rep(5e5) .. "b") end, "pattern too complex")
case("pattern captures", function() return ("a"):rep(5e5):gsub("(a)" .. ("a?"):rep(5e5), "%1") end, "pattern too complex")
case("pattern at the end", at_the_end(function() return ("aaaaaaaa"):gsub("a?a?a?a?(a*)", "%1") end))

-- A finalizer that collects runs others inside itself.
case("finalizers", at_the_end(function()
    for _ = 1, 3 do
        local proxy = newproxy(true)
        getmetatable(proxy).__gc = function() ("a"):gsub("a", string.upper) collectgarbage() end
    end
    collectgarbage()
end))

-- lpeg: building, compiling, matching.
case("lpeg compile", function() return (lpeg.P("a") ^ -3e5):match("aaa") end)
case("lpeg grammar", function() return lpeg.P { lpeg.P("a") ^ -3e5 * lpeg.V(1) ^ -1 } end)
case("lpeg look-behind", function() return lpeg.B(lpeg.P("a") ^ -3e5) end)
local function nesting(capture)
    lpeg.setmaxstack(1e7)
    return lpeg.P { capture("(" * lpeg.V(1) ^ -1 * ")") }, ("("):rep(1e5) .. (")"):rep(1e5)
end
case("lpeg substitutions", function()
    local p, subject = nesting(lpeg.Cs)
    return p:match(subject)
end)
case("lpeg tables", function()
    local p, subject = nesting(lpeg.Ct)
    return p:match(subject)
end, "nesting too deep")
cases["lpeg tables"].also = "stack overflow"
case("lpeg function captures", function()
    local p
    p = lpeg.P("a") / function() return p:match("a") end
    return p:match("a")
end)
case("lpeg match-time captures", function()
    local p
    p = lpeg.Cmt("a", function() return p:match("a") end)
    return p:match("a")
end)
case("lpeg at the end", at_the_end(function()
    local item = lpeg.Cs((lpeg.P("a") / "b" + -(-lpeg.P("cd")) * "c") ^ 1) + lpeg.B("a") * lpeg.Cc(1)
    return lpeg.P { lpeg.Ct(item * ("," * lpeg.V(1)) ^ -1) }:match("aa,a")
end))

-- cjson has a limit of its own, which is raised here; the engine's 8,000 slots of a C function may come first.
case("cjson.decode", function()
    cjson.decode_max_depth(1e9)
    return cjson.decode(("["):rep(3e5))
end, "nested")
case("cjson.decode objects", function() return cjson.decode(('{"a":'):rep(3e5)) end, "nested")
case("cjson.encode", function()
    cjson.encode_max_depth(1e9)
    local t = {}
    for _ = 1, 3e5 do t = { t } end
    return cjson.encode(t)
end, "nesting")
case("cjson at the end", at_the_end(function() return cjson.decode(cjson.encode { { { { 1.5 } } } }) end))

-- The C functions that need most of the stack, where there is least of it: also in the handler of the error.
local function hungry()
    local s = ("%99.99f %g %q"):format(1e308, 0.1, "x")
    s = s .. tostring(1e-300) .. tonumber("1.2345678901234567890123456789e-200")
    return s, os.date("%c"), os.getenv("HOME"), ("x"):rep(3000), table.concat({ 1, 2.5 }, s)
end
case("hungry functions", at_the_end(hungry))
case("hungry handler", function()
    local _, message = xpcall(deep_pcall, function(m) hungry(); return m end)
    error(message, 0)
end)
case("traceback as handler", function()
    local function f() return (("a"):gsub("a", f)) end
    local _, message = xpcall(f, debug.traceback)
    error(message, 0)
end)

-- A handler that overflows in turn ends in one more error, of Lua's own words.
case("handler of an error overflows", function()
    local function down()
        local _, message = pcall(down)
        error(message, 0)
    end
    local _, message = xpcall(function() error("first") end, function() down() end)
    error(message, 0)
end)
cases["handler of an error overflows"].also = "error in error handling"
case("handler of an overflow overflows", function()
    local function f() return (("a"):gsub("a", f)) end
    local _, message = xpcall(f, function() return f() end)
    error(message, 0)
end)
cases["handler of an overflow overflows"].also = "error in error handling"
case("handler calls itself", function()
    local function handler() error("again") end
    local _, message = xpcall(handler, handler)
    error(message, 0)
end)
cases["handler calls itself"].also = "error in error handling"

assert(loadfile("tests/support/overflow_modules.lua"))(case, works, at_the_end)

-- The state works on: everything that overflow handling touches is as before.
local function state_works()
    local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1); return b * 2 end)
    assert(co(1) == 2 and co(21) == 42)
    assert(("hello world"):gsub("o", "0") == "hell0 w0rld")
    assert(select(2, pcall(error, "plain")) == "plain")
    assert(loadstring("return 6 * 7")() == 42)
    assert(lpeg.match(lpeg.C(lpeg.R("az") ^ 1), "abc1") == "abc")
    assert(cjson.encode(cjson.decode("[1,[2]]")) == "[1,[2]]")
    collectgarbage()
    return "ok"
end

local function once(c)
    local ok, message = pcall(c.run)
    if ok then return "no error" end
    if type(message) ~= "string" then return "an error that is a " .. type(message) end
    if not message:find(c.expected, 1, true) and not (c.also and message:find(c.also, 1, true)) then
        return "another error: " .. message:sub(1, 200)
    end
    return state_works()
end

local times = assert(tonumber(table.remove(arg, 1)), "overflow.lua TIMES [NAME...]")
local selected = #arg > 0 and arg or names
for i = 1, #selected do
    local c = cases[selected[i]]
    io.write(selected[i], ": ")
    io.stdout:flush()
    local result
    for _ = 1, times do
        result = once(c)
        if result ~= "ok" then break end
    end
    print(result)
    io.stdout:flush()
end
print(#selected .. " done")
