-- Data of 200 levels cannot be written as a table, nor an expression of 200 parentheses.
-- stock: wrong
local expression, message = loadstring("return " .. ("("):rep(1000) .. "7" .. (")"):rep(1000))
local ok, data = pcall(require, "moonbear.data")
local value = ok and data.decode("return " .. ("{"):rep(9000) .. ("}"):rep(9000), "lua")
print(expression and expression() == 7 and value and next(value) == 1 and "ok" or message)
