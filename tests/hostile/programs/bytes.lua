-- Every function of moonbear.bytes once.
local bytes = require "moonbear.bytes"
local folder = ...
local path = folder .. "/bytes"
local long = ("0123456789"):rep(50)
local b = bytes.from(long)
local chain = "head" .. b .. b:sub(3, 400) .. 5
for i = 1, 5 do chain = chain .. b:sub(i, 300 + i) end
print(#chain, chain:find(long:sub(-7) .. "2"), chain:byte(-1), #bytes.chain { "a", b, long }:flatten())
local lines = 0
for part in chain:split "5" do lines = lines + #part end
for part in chain:chunks(700) do lines = lines + #part:compact() end
print(lines, chain == chain:flatten(), chain < b, chain:compare(long))
print(chain:hash "sha256" == chain:flatten():hash "sha256", chain:hash "crc32", chain:hash "blake2b" == chain:hash "sha512")
local buffer = bytes.buffer(10)
for i = 1, 20 do buffer:put(i, long, b):putf("%d;", i):pack("<i4 z", i, "zero") end
print(#buffer, buffer:get(5), #buffer:skip(100), #buffer:freeze())
print(bytes.pack(">i2 s1 d", 1, "two", 3):unpack ">i2 s1 d")
local file = assert(io.open(path, "w"))
assert(chain:write(file))
assert(file:close())
local mapped, message = bytes.map(path)
if not mapped then error(message, 0) end
local read, why = bytes.read(path)
if not read then error(why, 0) end
print(mapped == chain, read == chain, mapped:pinned(), #tostring(mapped:sub(1, -2)))
print(mapped:release(), chain:release(), read:release(), b:release(), (pcall(tostring, mapped)))
os.remove(path)
