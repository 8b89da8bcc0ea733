-- A template engine that compiles to Lua: loadstring, setfenv, errors with the template's name.
local function compile(text, name)
    local code, at = { "local out = {} " }, 1
    while true do
        local a, kind, body, b = text:match("()<%%([=]?)(.-)%%>()", at)
        if not a then break end
        code[#code + 1] = ("out[#out + 1] = %q "):format(text:sub(at, a - 1))
        code[#code + 1] = kind == "=" and ("out[#out + 1] = tostring(%s) "):format(body) or body .. " "
        at = b
    end
    code[#code + 1] = ("out[#out + 1] = %q return table.concat(out)"):format(text:sub(at))
    local f, e = loadstring(table.concat(code), "=" .. name)
    if not f then return nil, e end
    return function(env) return setfenv(f, setmetatable(env, { __index = _G }))() end
end
local page = assert(compile([[
<h1><%= title %></h1>
<% for i, item in ipairs(items) do %>
  <li class="<%= i % 2 == 0 and "even" or "odd" %>"><%= item.name %>: <%= ("%.2f"):format(item.price) %></li>
<% end %>
<% if #items > 2 then %>many<% else %>few<% end %>
]], "page"))
print(page { title = "Shop", items = { { name = "Tea", price = 2.5 }, { name = "Cake", price = 4 }, { name = "\"Q\"", price = 1 / 3 } } })
print(page { title = "Empty", items = {} })
print(compile("<% for %>", "broken"))
print(pcall(compile("<%= x.y %>", "runtime"), {}))
print((assert(compile("plain", "plain"))({})))
local function expand(s, vars) return (s:gsub("%${(%w+)}", vars):gsub("%$(%w+)", vars)) end
print(expand("$a ${b}c $none ${none}", { a = 1, b = "two" }))
