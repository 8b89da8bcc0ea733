-- library.lua: every kind of library call alone, under every Lua that is installed.
-- Invariant: see compare.lua; the cases are those that tests/bench/library/run.lua lists.
-- SPDX-License-Identifier: MIT
local compare = require "compare"

local FOLDER = "tests/bench/library/"
local FILES = { "strings", "formats", "tables", "calls", "files" }

local function groups()
    local out = {}
    for i, file in ipairs(FILES) do
        out[i] = { name = file }
        for k, case in ipairs(dofile(FOLDER .. file .. ".lua")) do out[i][k] = case[1] end
    end
    return out
end

return function(context)
    return compare.run(context, {
        title = "Library", groups = groups(),
        command = function(name) return { FOLDER .. "run.lua", name } end,
    })
end
