-- 200 calls through C are allowed, whether the stack has room for them or not.
-- stock: signal
-- stack: 256
local function nest(n)
    if n == 0 then return "x" end
    return (("x"):gsub("x", function() return nest(n - 1) end))
end
local depth = 0
while depth < 190 and pcall(nest, depth) do depth = depth + 1 end
print(depth > 20 and "ok" or depth)
