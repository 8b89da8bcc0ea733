-- Depth and size: recursion to the limit, mutual recursion, long concatenations, wide tables, many constants.
local function depth(n) return n == 0 and 0 or 1 + depth(n - 1) end
print(depth(15000))
local function overflow() return 1 + overflow() end
local ok, message = pcall(overflow)
print(ok, (message:match "^[^\n]*"))
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(100000), odd(7))
local co = coroutine.wrap(function() local ok, m = pcall(overflow) coroutine.yield(ok, (m:match "^[^\n]*")) end)
print(co())
local parts = {}
for i = 1, 5000 do parts[i] = "s" .. i end
print(#table.concat(parts), #table.concat(parts, ", "))
local source = {}
for i = 1, 400 do source[i] = ("local function f%d() return %d, 'k%d' end t[%d] = f%d"):format(i, i, i, i, i) end
local chunk = {}
for i = 1, 400, 100 do chunk[#chunk + 1] = "do " .. table.concat(source, " ", i, i + 99) .. " end" end
local t = {}
setfenv(assert(loadstring(table.concat(chunk, " "))), { t = t })()
print(#t, t[400](), select(2, t[123]()))
local wide = {}
for i = 1, 20000 do wide[i] = i end
local s = 0
for _, v in ipairs(wide) do s = s + v end
for i = 20000, 10001, -1 do wide[i] = nil end
print(s, #wide)
local constants = {}
for i = 1, 3000 do constants[i] = ("%d.5"):format(i) end
print(#assert(loadstring("return {" .. table.concat(constants, ",") .. "}"))())
local cat = {}
for i = 1, 190 do cat[i] = "'" .. i .. "'" end
print(#assert(loadstring("return " .. table.concat(cat, "..")))())
local nested = "x"
for _ = 1, 150 do nested = "{" .. nested .. "}" end
print(type(loadstring("local x = 1 return " .. nested)()))
local elseifs = {}
for i = 1, 500 do elseifs[i] = ("elseif n == %d then return 'n%d'"):format(i, i) end
print(loadstring("local n = ... if n == 0 then return 'zero' " .. table.concat(elseifs, " ") .. " end")(321))
local chain = {}
for i = 1, 100 do chain[i] = setmetatable({ ["k" .. i] = i }, { __index = chain[i - 1] }) end
print(chain[100].k1, chain[100].k100, chain[1].k2)
print(select("#", unpack(wide, 1, 7000)), (select(7000, unpack(wide, 1, 7000))))
