-- The parser takes 200 levels of functions, and string.dump goes down into them, on a stack that has no room for that.
-- stock: wrong
local chunk = loadstring(("return function() "):rep(250) .. ("end "):rep(250))
print(chunk and #string.dump(chunk) > 1000 and "ok" or "too many syntax levels")
