-- stack.lua: what the checks and measurements of the C stack cost, by the program tests/bench/stack.c.
-- Invariant: shows that program's figures, and its empty loop to be subtracted.
-- SPDX-License-Identifier: MIT
return function(context)
    local program = assert(io.popen(context.build .. "/bench/stack"))
    local rows, empty = {}, 0
    for line in program:lines() do
        local name, ns = line:match("^(.-)\t(.*)$")
        if name == "an empty loop" then empty = tonumber(ns) end
        rows[#rows + 1] = { name, ns, ("%.2f"):format(ns - empty) }
    end
    program:close()
    return {
        title = "The C stack: nanoseconds (least of 200 rounds)",
        columns = { "", "ns", "without the loop" },
        rows = rows,
        notes = { "Targets: at most 2 ns for a check, 20,000 ns for the bounds." },
    }
end
