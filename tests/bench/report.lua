-- report.lua: results of the suites as text for people and JSON for machines.
-- Invariant: numbers are aligned to the right under their heads; nothing is left out or rounded away in the JSON.
-- SPDX-License-Identifier: MIT
local cjson = require "cjson"

local report = {}

local function widths(rows)
    local wide = {}
    for _, row in ipairs(rows) do
        for i, cell in ipairs(row) do wide[i] = math.max(wide[i] or 0, #cell) end
    end
    return wide
end

local function line(row, wide)
    local cells = {}
    for i, cell in ipairs(row) do cells[i] = ("%" .. (i == 1 and "-" or "") .. wide[i] .. "s"):format(cell) end
    return (table.concat(cells, "  "):gsub("%s+$", ""))
end

-- A result is { title =, columns =, rows =, means =, notes = }; rows and means hold texts.
function report.text(result)
    local all = { result.columns }
    for _, row in ipairs(result.rows) do all[#all + 1] = row end
    for _, row in ipairs(result.means or {}) do all[#all + 1] = row end
    local wide, out = widths(all), { result.title, "" }
    for _, row in ipairs(all) do
        if result.means and row == result.means[1] then out[#out + 1] = "" end
        out[#out + 1] = line(row, wide)
    end
    if result.notes then out[#out + 1] = "" end
    for _, note in ipairs(result.notes or {}) do out[#out + 1] = note end
    return table.concat(out, "\n") .. "\n"
end

-- runs is an array, or arrays by name, of what interleave measured; its index by name would be written twice.
local function plain(runs)
    local out = {}
    if #runs > 0 then
        for i, run in ipairs(runs) do out[i] = run end
    else
        for name, list in pairs(runs) do out[name] = plain(list) end
    end
    return out
end

function report.json(results)
    local out = {}
    for _, result in ipairs(results) do
        out[result.name] = { title = result.title, columns = result.columns, rows = result.rows, means = result.means,
            runs = result.runs and plain(result.runs) }
    end
    return cjson.encode(out) .. "\n"
end

return report
