-- programs.lua: the interpreter at work: our own benchmark programs under every Lua that is installed.
-- Invariant: see compare.lua.
-- SPDX-License-Identifier: MIT
local compare = require "compare"

-- The interpreter's core first, then programs that live in the library.
local GROUPS = {
    { name = "core", "calls", "closures", "coroutines", "fib", "heap", "lists", "loops", "mandelbrot", "matrix",
        "objects", "planets", "queens", "sieve", "spectrum", "tables", "trees" },
    { name = "library", "concat", "insert", "json", "lines", "numbers", "patterns", "sort", "strings", "words" },
}

return function(context)
    return compare.run(context, {
        title = "Programs", groups = GROUPS, pie = true,
        command = function(name) return { "tests/bench/programs/" .. name .. ".lua" } end,
    })
end
