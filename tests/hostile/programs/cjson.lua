-- JSON both ways: kept and unkept buffer, long strings, deep tables, errors, cjson.safe.
local cjson = require "cjson"
local value = { list = { 1, 2.5, "three", true, cjson.null }, deep = {}, text = ("tab\t\"q\" \228"):rep(300) }
local at = value.deep
for i = 1, 30 do at.next = { level = i } at = at.next end
local function work(codec)
    local text = assert(codec.encode(value)) -- cjson.safe returns its errors
    local copy = assert(codec.decode(text))
    print(#text, copy.text == value.text, copy.list[3], copy.deep.next.level, #assert(codec.encode(("\1"):rep(2000))))
end
work(cjson)
local other = cjson.new()
other.encode_keep_buffer(false)
work(other)
other.encode_keep_buffer(true)
work(other)
local function refused(...)
    local ok, why = pcall(...)
    if why:find "memory" then error(why, 0) end
    print(ok, why)
end
refused(cjson.decode, '{"a":[1,2,{"b":tru')
refused(cjson.decode, '["\\u12"]')
refused(other.encode, { print })
local safe = require "cjson.safe"
work(safe)
print(safe.decode "[1,")
