-- A JSON reader and writer in plain Lua: patterns, recursion, errors with positions.
local function fail(s, i, m) error(string.format("%s at %d near '%s'", m, i, s:sub(i, i + 5)), 0) end
local value
local function skip(s, i) return s:match("^%s*()", i) end
local function text(s, i)
    local out, j = {}, i + 1
    while true do
        local a, b = s:find('["\\]', j)
        if not a then fail(s, i, "open string") end
        out[#out + 1] = s:sub(j, a - 1)
        if s:sub(a, a) == '"' then return table.concat(out), a + 1 end
        local c = s:sub(a + 1, a + 1)
        local u = s:match("^u(%x%x%x%x)", a + 1)
        out[#out + 1] = u and string.char(tonumber(u, 16) % 256) or ({ n = "\n", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" })[c] or fail(s, a, "escape")
        j = b + (u and 6 or 2)
    end
end
local function list(s, i, close, item)
    i = skip(s, i + 1)
    if s:sub(i, i) == close then return i + 1 end
    while true do
        i = skip(s, item(i))
        local c = s:sub(i, i)
        if c == close then return i + 1 elseif c ~= "," then fail(s, i, "separator") end
        i = skip(s, i + 1)
    end
end
function value(s, i)
    i = skip(s, i)
    local c, t = s:sub(i, i), {}
    if c == "{" then
        return t, list(s, i, "}", function(j)
            local k
            if s:sub(j, j) ~= '"' then fail(s, j, "key") end
            k, j = text(s, j)
            j = skip(s, j)
            if s:sub(j, j) ~= ":" then fail(s, j, "colon") end
            t[k], j = value(s, j + 1)
            return j
        end)
    elseif c == "[" then
        return t, list(s, i, "]", function(j) t[#t + 1], j = value(s, j) return j end)
    elseif c == '"' then return text(s, i) end
    for word, v in pairs { ["true"] = true, ["false"] = false } do if s:sub(i, i + #word - 1) == word then return v, i + #word end end
    local n, e = s:match("^(-?%d+%.?%d*[eE]?[+-]?%d*)()", i)
    if not n then fail(s, i, "value") end
    return tonumber(n), e
end
local function write(v)
    if type(v) ~= "table" then return type(v) == "string" and string.format("%q", v) or tostring(v) end
    local out = {}
    if #v > 0 then
        for i, x in ipairs(v) do out[i] = write(x) end
        return "[" .. table.concat(out, ",") .. "]"
    end
    for k, x in pairs(v) do out[#out + 1] = write(k) .. ":" .. write(x) end
    table.sort(out)
    return "{" .. table.concat(out, ",") .. "}"
end
for _, s in ipairs { "1", "[1, 2.5, -3e2]", '{"a": {"b": [true, false]}, "c": "x\\"y\\n\\u0041"}', "[]", "{}", ' [ [ ] , { } ] ', '["a",]', "[1 2]", '{"a" 1}',
    '{a:1}', '"open', "nope", '["\\q"]', "", '{"k":[{"k":[{"k":"deep"}]}]}' } do
    local ok, v = pcall(value, s, 1)
    print(s, ok, ok and write(v) or v)
end
