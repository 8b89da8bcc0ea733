-- An error that nobody catches: its message and traceback through fields, methods, callbacks and a coroutine.
local account = { balance = 10 }
function account:withdraw(n)
    if n > self.balance then error("insufficient funds: " .. self.balance .. " < " .. n) end
    self.balance = self.balance - n
end
local function each(list, f) for _, v in ipairs(list) do f(v) end end
print "one"
each({ 3, 4 }, function(n) account:withdraw(n) end)
print(account.balance)
each({ 3, 4 }, function(n) account:withdraw(n) print("left", account.balance) end)
