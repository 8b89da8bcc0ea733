-- And not more than 200, however much room there is.
-- stock: wrong
local function nest(n) return n == 0 and "ok" or select(2, pcall(nest, n - 1)) end
print(nest(1000))
