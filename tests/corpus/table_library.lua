-- The table library: insert, remove, concat, sort, maxn, foreach; borders and errors.
local t = {}
table.insert(t, "a")
table.insert(t, 1, "b")
table.insert(t, 3, "c")
table.insert(t, 2, "d")
print(table.concat(t, ","), #t)
print(table.remove(t), table.remove(t, 1), table.concat(t, ","), table.remove({}), table.remove(t, 9))
print(table.remove({}, 1), select("#", table.remove({})))
print(table.concat {}, table.concat { 1, 2, 3 }, table.concat({ 1, 2.5, "x" }, "-"), table.concat({ 1, 2, 3, 4 }, ",", 2, 3))
print(table.concat({ 1, 2 }, ",", 3), table.concat({ 1, 2 }, ",", 2, 1), table.concat({ [5] = "x" }, ",", 5, 5))
print(pcall(table.concat, { 1, {}, 3 }))
print(pcall(table.concat, { 1, 2 }, ",", 1, 3))
print(pcall(table.insert, { 1 }, 1, 2, 3))
print(pcall(table.insert, { 1 }))
print(pcall(table.insert, nil, 1))
print(pcall(table.insert, { 1 }, "x", 2))
print(table.maxn {}, table.maxn { 1, 2, [10] = 3, [2.5] = 1, x = 1 }, table.maxn { [-1] = 1 })
local numbers = {}
local seed = 12345
for i = 1, 200 do seed = (seed * 16807) % 2147483647 numbers[i] = seed % 1000 end
table.sort(numbers)
local ok = true
for i = 2, #numbers do ok = ok and numbers[i - 1] <= numbers[i] end
print(ok, numbers[1], numbers[#numbers])
table.sort(numbers, function(a, b) return a > b end)
print(numbers[1] >= numbers[2], numbers[1], numbers[#numbers])
local words = { "pear", "Apple", "fig", "apple", "Fig", "" }
table.sort(words)
print(table.concat(words, " "))
table.sort(words, function(a, b) if #a ~= #b then return #a < #b end return a < b end)
print(table.concat(words, " "))
print(pcall(table.sort, { 1, "x", 2 }))
print(pcall(table.sort, { 1, 2, 3 }, 5))
print(pcall(table.sort, { {}, {} }))
print(pcall(table.sort, { 3, 1, 2, 5, 4, 7, 6, 9, 8, 10 }, function() return true end))
print(pcall(table.sort, { 1, 2, 3 }, function(a, b) error("in compare", 0) end))
table.foreach({ 10, 20 }, print)
print(table.foreach({ 10, 20 }, function(k, v) if v == 20 then return k end end))
table.foreachi({ "x", "y" }, print)
print(table.getn { 1, 2, 3 }, pcall(table.setn, {}, 1))
print(#{ 1, 2, 3, nil }, #{ nil }, #{ n = 1 }, #"")
local count = 0
for k, v in pairs { 1, 2, 3, x = 1, y = 2 } do count = count + v end
print(count, next {}, next { 5 }, pcall(next, {}, "nokey"))
for i, v in ipairs { 1, 2, nil, 4 } do io.write(i, "=", v, " ") end
print()
local erase = { a = 1, b = 2, c = 3, d = 4 }
for k in pairs(erase) do erase[k] = nil end
print(next(erase))
local sparse = { [1e15] = "big", [-1] = "neg", [0] = "zero", [1.5] = "frac", [true] = "bool" }
print(sparse[1e15], sparse[-1], sparse[0], sparse[1.5], sparse[true], sparse[2 ^ 50])
print(pcall(function() sparse[nil] = 1 end))
print(pcall(function() sparse[0 / 0] = 1 end))
print(sparse[nil], sparse[0 / 0])
print(pcall(rawset, {}, nil, 1))
