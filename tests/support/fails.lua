-- fails.lua: the function fails(pattern, f, ...): calling f with the arguments raises an error whose text has the pattern.
-- SPDX-License-Identifier: MIT
local lu = require "luaunit"

return function(pattern, f, ...)
    local ok, message = pcall(f, ...)
    lu.assertFalse(ok)
    lu.assertStrMatches(tostring(message), ".*" .. pattern .. ".*")
end
