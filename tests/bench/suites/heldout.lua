-- heldout.lua: programs of other kinds than those of programs.lua, which show whether what was tuned for those serves others.
-- Invariant: see compare.lua; nothing is tuned for these.
-- SPDX-License-Identifier: MIT
local compare = require "compare"

local GROUPS = {
    { name = "held out", "bank", "calculator", "edits", "fft", "life", "machine", "paths", "sudoku", "wrap" },
}

return function(context)
    return compare.run(context, {
        title = "Held-out programs", groups = GROUPS,
        command = function(name) return { "tests/bench/heldout/" .. name .. ".lua" } end,
    })
end
