-- An expression parser by precedence climbing, with variables, functions and error positions.
local prec = { ["+"] = { 1, 2 }, ["-"] = { 1, 2 }, ["*"] = { 3, 4 }, ["/"] = { 3, 4 }, ["%"] = { 3, 4 }, ["^"] = { 8, 7 } }
local ops = {
    ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end,
    ["/"] = function(a, b) return a / b end, ["%"] = function(a, b) return a % b end, ["^"] = function(a, b) return a ^ b end,
}
local vars = { pi = math.pi, max = math.max, sqrt = math.sqrt }
local function eval(s)
    local at = 1
    local expr
    local function peek() at = s:match("^%s*()", at) return s:sub(at, at) end
    local function fail(m) error(m .. " at " .. at, 0) end
    local function primary()
        local c = peek()
        if c == "(" then
            at = at + 1
            local v = expr(0)
            if peek() ~= ")" then fail "expected )" end
            at = at + 1
            return v
        elseif c == "-" then at = at + 1 return -expr(6) end
        local n, e = s:match("^(%d+%.?%d*)()", at)
        if n then at = e return tonumber(n) end
        local name
        name, e = s:match("^(%a%w*)()", at)
        if not name then fail(c == "" and "unexpected end" or "unexpected " .. c) end
        if vars[name] == nil then fail("unknown " .. name) end
        at = e
        if peek() ~= "(" then return vars[name] end
        local args = {}
        repeat at = at + 1 args[#args + 1] = expr(0) until peek() ~= ","
        if peek() ~= ")" then fail "expected )" end
        at = at + 1
        return vars[name](unpack(args))
    end
    function expr(min)
        local left = primary()
        while true do
            local op = peek()
            local p = prec[op]
            if not p or p[1] < min then return left end
            at = at + 1
            left = ops[op](left, expr(p[2]))
        end
    end
    local v = expr(0)
    if peek() ~= "" then fail("trailing " .. peek()) end
    return v
end
for _, s in ipairs { "1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "10 - 4 - 3", "max(1, 2 + 5, 3)", "sqrt(16) / 8", "pi", "7 % 4 * 2",
    "1 +", "(1", "1 )", "foo + 1", "max(1", "", "2 $ 3", "1/0", "0/0 ~= 1" } do
    print(s, pcall(eval, s))
end
