-- Where the host gives no more, garbage is not collected: the script dies of memory that it could have.
-- stock: wrong
-- memory: 40000
local kept = ("x"):rep(4e6)
for i = 1, 20 do local _ = ("x"):rep(12e6 + i) end
print(#kept == 4e6 and "ok")
