-- Reading data: every format, escapes, deep nesting, a parser between chunks, a store, errors.
local data = require "moonbear.data"
local store = require "moonbear.store"

local function show(value, message)
    if value == nil then
        if message and message:find "memory" then error(message, 0) end
        print("refused", message)
    else
        print(type(value), type(value) == "table" and #value or value)
    end
end

show(data.decode('[1,"a\\n\\u00e4",{"k":[true,null]},' .. ("["):rep(120) .. ("]"):rep(120) .. "]", "json"))
show(data.decode('{"a":1}\n[2]\n', "ndjson"))
show(data.decode('a,b\n1,"x ""y"""\n', "csv"))
show(data.decode('A = { x = "\\65", [[long]], -1/0 } Entry{1} Entry{2}', "lua"))
show(data.decode("\147\1\161x\129\161k\212\1x", "msgpack"))
show(data.decode('[1,2,{"name":nul}]', "json"))
show(data.decode('{"k":' .. ("x"):rep(30), "json"))
local p = data.parser("json")
p:feed '[{"a":"b' p:feed 'c\\n"},[[' print(p:next().a) print(p:next())
p:feed ']]]' p:finish() print(#p:next())
local s = store.new()
local ids = data.load('{"a":1,"b":[2]}', { text = true, into = s })
print(s:get(ids.a), #s:get(ids.b))
print(data.load('[1,2,3]', { text = true, each = function(v) return v < 2 end }))
local at = 0
show(data.load(function() at = at + 1 return at < 40 and (at == 1 and "[" or "") .. "123456789," or at == 40 and "1]" or nil end, { format = "json" }))
print(pcall(data.load, "x", { depth = {} }))
