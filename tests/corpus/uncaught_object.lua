-- An error object that is no string, uncaught.
local e = setmetatable({ code = 3 }, { __tostring = function(o) return "code " .. o.code end })
print(tostring(e))
error(e)
