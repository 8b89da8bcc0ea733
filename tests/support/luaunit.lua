-- luaunit.lua FILE: run the test classes (globals named Test*) of one file under luaunit, as TAP.
-- A test file gets `lu` as a global and need not require anything for that.
-- SPDX-License-Identifier: MIT
package.path = os.getenv("THIRD") .. "/luaunit/?.lua;tests/support/?.lua;" .. package.path
lu = require "luaunit"
dofile(arg[1])
local runner = lu.LuaUnit.new()
os.exit(runner:runSuite("-o", "tap"))
