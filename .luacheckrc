-- What luacheck is told of this project's Lua; tests/scripts/programs.bats runs it under moonbear.
-- Invariant: the shipped modules and the examples are checked with nothing ignored but line lengths and `self`.
-- SPDX-License-Identifier: MIT
std = "lua51"
max_line_length = 140
self = false

-- Tests have luaunit as `lu`, define globals named Test*, let values go for the collector, and take loops and comparisons
-- apart.
files["tests"] = { ignore = { "213", "311", "512", "581" }, max_line_length = false }
files["tests/**/*_test.lua"] = { read_globals = { "lu" }, allow_defined_top = true }
files["tests/embed/installer.lua"] = { read_globals = { "payload", "progress" } }
files["tests/bench/library/tables.lua"] = { read_globals = { table = { fields = { "unpack" } } } }
files["tests/support/luaunit.lua"] = { globals = { "lu" } }
files["tests/support/overflow.lua"] = { read_globals = { table = { fields = { "foreach", "foreachi" } } } }
files["tests/runtime/defects"] = { ignore = { "111", "241" } } -- as hostile scripts have them
files["tests/fuzz/lua_world.lua"] = { only = { "0..", "2..", "4.." } } -- globals are what it is for
files["tests/scripts/repl_test.lua"] = { globals = { "repl_test_where", "_PROMPT", "_PROMPT2", "help" } }

-- The corpus does on purpose what nobody should; its errors of syntax are those of lua5.1. luacheck is stricter about
-- one escape sequence.
files["tests/corpus"] = { only = { "0.." } }
exclude_files = { "tests/corpus/literals.lua" }
