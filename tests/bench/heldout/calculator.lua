-- calculator.lua [N]: a parser: expressions to trees by precedence, simplified, printed again, and run as closures.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 6000

local function tokens(text)
    local list, at = {}, 1
    while at <= #text do
        local _, finish, number = text:find("^%s*(%d+%.?%d*)", at)
        local kind, value = "number", number
        if not number then
            _, finish, value = text:find("^%s*([%a_][%w_]*)", at)
            kind = "name"
        end
        if not value then
            _, finish, value = text:find("^%s*([-+*/^(),])", at)
            kind = value
        end
        if not value then error("what is at " .. at .. "?") end
        list[#list + 1] = { kind = kind, value = value }
        at = finish + 1
    end
    return list
end

local LEFT = { ["+"] = 1, ["-"] = 1, ["*"] = 2, ["/"] = 2, ["^"] = 4 }
local RIGHT = { ["+"] = 2, ["-"] = 2, ["*"] = 3, ["/"] = 3, ["^"] = 4 }

local Parser = {}
Parser.__index = Parser
function Parser:kind() return self.list[self.at] and self.list[self.at].kind end
function Parser:take(kind)
    local token = self.list[self.at]
    if kind and (not token or token.kind ~= kind) then error("wanted " .. kind) end
    self.at = self.at + 1
    return token
end
function Parser:primary()
    local token = self:take()
    if token.kind == "number" then return { op = "number", value = tonumber(token.value) } end
    if token.kind == "-" then return { op = "negate", self:expression(3) } end
    if token.kind == "(" then
        local inner = self:expression(1)
        self:take(")")
        return inner
    end
    if self:kind() ~= "(" then return { op = "name", value = token.value } end
    local call = { op = "call", value = token.value }
    repeat
        self:take()
        call[#call + 1] = self:expression(1)
    until self:kind() ~= ","
    self:take(")")
    return call
end
function Parser:expression(level)
    local left = self:primary()
    while LEFT[self:kind()] and LEFT[self:kind()] >= level do
        local op = self:take().kind
        left = { op = op, left, self:expression(RIGHT[op]) }
    end
    return left
end

local function parse(text) return setmetatable({ list = tokens(text), at = 1 }, Parser):expression(1) end

local apply = {
    ["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end,
    ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) return a / b end,
    ["^"] = function(a, b) return a ^ b end,
}

local function simplify(tree)
    for i = 1, #tree do tree[i] = simplify(tree[i]) end
    local a, b = tree[1], tree[2]
    if apply[tree.op] and a.op == "number" and b.op == "number" then
        return { op = "number", value = apply[tree.op](a.value, b.value) }
    end
    if tree.op == "*" and b.op == "number" and b.value == 1 then return a end
    return tree
end

local function show(tree)
    if tree.op == "number" then return ("%.6g"):format(tree.value) end
    if tree.op == "name" then return tree.value end
    local parts = {}
    for i = 1, #tree do parts[i] = show(tree[i]) end
    if apply[tree.op] then return "(" .. table.concat(parts, " " .. tree.op .. " ") .. ")" end
    return (tree.value or "-") .. "(" .. table.concat(parts, ", ") .. ")"
end

local compile
local makers = {
    number = function(tree) return function() return tree.value end end,
    name = function(tree) return function(env) return env[tree.value] end end,
    negate = function(tree)
        local inner = compile(tree[1])
        return function(env) return -inner(env) end
    end,
    call = function(tree)
        local f, args = math[tree.value], {}
        for i = 1, #tree do args[i] = compile(tree[i]) end
        return function(env) return f(args[1](env), args[2] and args[2](env)) end
    end,
}
function compile(tree)
    if makers[tree.op] then return makers[tree.op](tree) end
    local f, a, b = apply[tree.op], compile(tree[1]), compile(tree[2])
    return function(env) return f(a(env), b(env)) end
end

local forms = {
    "x * (%d + 3) - y / 2 ^ 2", "max(x, %d) + min(y, 7 * 1) * -x", "((x + y) * (x - %d)) / (1 + y * y)",
    "abs(x - %d.5) * 2 * 1 + floor(y / 3)", "-(x + 2 * 3 * %d) ^ 2 + width / (x + 1)",
}
local length, sum = 0, 0
for i = 1, n do
    local tree = simplify(parse(forms[i % #forms + 1]:format(i % 100)))
    length = length + #show(tree)
    local run, env = compile(tree), { width = 3 }
    for x = 1, 5 do
        env.x, env.y = x, i % 13
        sum = sum + run(env)
    end
end
print(length, string.format("%.6f", sum))
