-- The handler of xpcall does not hear of an allocation that fails, so such an error has no traceback.
-- stock: wrong
-- memory: 40000
local heard = 0
local ok, message = xpcall(function() local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(100) .. i end end,
    function(text)
        heard = heard + 1
        return debug.traceback(text)
    end)
print(not ok and heard == 1 and message:find "stack traceback" and "ok" or message)
