-- fib.lua [N]: plain recursion, two calls and three sums per level.
-- Invariant: prints the same checksum under every Lua.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 32

local function fib(k)
    if k < 2 then return k end
    return fib(k - 1) + fib(k - 2)
end

print(string.format("%d", fib(n)))
