-- A range wider than an int overflows it: always the same number, or one that is outside.
-- stock: wrong
local seen = {}
for _ = 1, 100 do
    local ok, n = pcall(math.random, -2 ^ 31, 2 ^ 31 - 1)
    if not ok then break end
    assert(n >= -2 ^ 31 and n <= 2 ^ 31 - 1)
    seen[#seen + 1] = n
end
table.sort(seen)
print((#seen == 0 or seen[1] ~= seen[#seen]) and "ok" or "one number")
