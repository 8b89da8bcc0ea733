-- chart.lua: a result whose cells are ratios, as an SVG bar chart on a logarithmic scale around 1.
-- Invariant: needs nothing but the result; the same result gives the same bytes.
-- SPDX-License-Identifier: MIT
local chart = {}

local COLOURS = { "#2a6f97", "#89c2d9", "#a68a64", "#b5838d", "#6d6875" }
local LEFT, WIDTH, BAR, GAP, TOP = 130, 620, 7, 9, 70

local function colour(column) return COLOURS[(column - 3) % #COLOURS + 1] end

local function escape(text) return (text:gsub("[<>&]", { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" })) end

local function extremes(rows, columns)
    local low, high = 1, 1
    for _, row in ipairs(rows) do
        for i = 3, columns do
            local ratio = tonumber(row[i])
            if ratio then low, high = math.min(low, ratio), math.max(high, ratio) end
        end
    end
    return low, high
end

-- The scale spans whole powers of two, so that its lines fall on them.
local function scale(rows, columns)
    local low, high = extremes(rows, columns)
    local from = math.floor(math.log(low) / math.log(2) - 1e-9)
    local to = math.max(from + 1, math.ceil(math.log(high) / math.log(2) - 1e-9))
    local function x(ratio) return LEFT + (math.log(ratio) / math.log(2) - from) / (to - from) * WIDTH end
    return x, from, to
end

local function grid(out, x, from, to, height)
    for power = from, to do
        local at, weight = x(2 ^ power), power == 0 and 1.5 or 0.5
        out[#out + 1] = ('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#888" stroke-width="%.1f"/>'):format(
            at, TOP - 6, at, height - 10, weight)
        out[#out + 1] = ('<text x="%.1f" y="%d" text-anchor="middle">%g</text>'):format(at, TOP - 10, 2 ^ power)
    end
end

local function legend(out, columns)
    local at = LEFT
    for i = 3, #columns do
        out[#out + 1] = ('<rect x="%d" y="34" width="10" height="10" fill="%s"/>'):format(at, colour(i))
        out[#out + 1] = ('<text x="%d" y="43">%s</text>'):format(at + 14, escape(columns[i]))
        at = at + 26 + 7 * #columns[i]
    end
end

local function bars(out, row, columns, x, y)
    out[#out + 1] = ('<text x="%d" y="%d" text-anchor="end">%s</text>'):format(LEFT - 8, y + BAR + 3, escape(row[1]))
    for i = 3, columns do
        local ratio = tonumber(row[i])
        local from, to = x(1), x(ratio or 1)
        out[#out + 1] = ('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"><title>%s</title></rect>'):format(
            math.min(from, to), y + (i - 3) * BAR, ratio and math.max(0.5, math.abs(to - from)) or 0, BAR - 1,
            colour(i), escape(row[i] or "not measured"))
    end
end

-- A result as report.text takes it (or what it gives as `drawn`), with `chart` saying what the ratios are; the first two columns are no ratios.
-- What is no number is not shown.
function chart.svg(result)
    local rows = {}
    for _, row in ipairs(result.rows) do rows[#rows + 1] = row end
    for _, row in ipairs(result.means or {}) do rows[#rows + 1] = row end
    local step = (#result.columns - 2) * BAR + GAP
    local height = TOP + #rows * step + 20
    local x, from, to = scale(rows, #result.columns)
    local out = {
        ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"'):format(LEFT + WIDTH + 30, height),
        ' font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        ('<text x="%d" y="20" font-size="14">%s</text>'):format(LEFT, escape(result.chart)),
    }
    legend(out, result.columns)
    grid(out, x, from, to, height)
    for i, row in ipairs(rows) do bars(out, row, #result.columns, x, TOP + (i - 1) * step) end
    out[#out + 1] = "</svg>\n"
    return table.concat(out, "\n")
end

return chart
