--- moonbear.text: lays out blocks of moonbear.markdown as text for a terminal or a file.
-- Invariant: no line is wider than asked, unless a single word or a line of code is.
-- SPDX-License-Identifier: MIT
local markdown = require "moonbear.markdown"

local text = {}

--- Characters, not bytes: the bytes 0x80 to 0xBF only continue one.
function text.width(s)
    return #s - select(2, s:gsub("[\128-\191]", ""))
end

local function pad(s, width) return s .. (" "):rep(width - text.width(s)) end

-- Code is not broken at its spaces as long as it is short; \1 stands for such a space.
local function words(s)
    local kept = s:gsub("`([^`]+)`", function(code) return #code < 40 and code:gsub(" ", "\1") or code end)
    return markdown.plain(kept):gmatch("%S+")
end

--- Breaks s into lines of at most `width` characters.
function text.wrap(s, width)
    local lines, line = {}, nil
    for word in words(s) do
        if line and text.width(line) + 1 + text.width(word) > width then
            lines[#lines + 1] = line
            line = word
        else
            line = line and line .. " " .. word or word
        end
    end
    lines[#lines + 1] = line
    for i, one in ipairs(lines) do lines[i] = one:gsub("\1", " ") end
    return lines
end

local function column_widths(block, width)
    local wide = {}
    for _, row in ipairs { block.head, unpack(block.rows) } do
        for i, cell in ipairs(row) do wide[i] = math.max(wide[i] or 0, text.width(markdown.plain(cell))) end
    end
    local before = 2
    for i = 1, #wide - 1 do
        wide[i] = math.min(wide[i], math.floor(width * 0.45))
        before = before + wide[i] + 2
    end
    wide[#wide] = math.max(20, width - before)
    return wide
end

local function add_cells(out, row, wide)
    local parts, height = {}, 1
    for i = 1, #wide do
        parts[i] = text.wrap(row[i] or "", wide[i])
        height = math.max(height, #parts[i])
    end
    for k = 1, height do
        local line = {}
        for i = 1, #wide do line[i] = pad(parts[i][k] or "", wide[i]) end
        out[#out + 1] = ("  " .. table.concat(line, "  ")):gsub("%s+$", "")
    end
end

local function is_empty(row) return table.concat(row) == "" end

local layouts = {}

function layouts.heading(out, block, _, bold)
    out[#out + 1] = bold(markdown.plain(block.text))
end

function layouts.paragraph(out, block, width)
    for _, line in ipairs(text.wrap(block.text, width)) do out[#out + 1] = line end
end

function layouts.item(out, block, width)
    for i, line in ipairs(text.wrap(block.text, width - 4)) do out[#out + 1] = (i == 1 and "  - " or "    ") .. line end
end

function layouts.code(out, block)
    for _, line in ipairs(block.lines) do out[#out + 1] = line == "" and "" or "    " .. line end
end

-- Two columns are terms and what they mean, which needs no heads.
function layouts.table(out, block, width, bold)
    local wide = column_widths(block, width)
    if not is_empty(block.head) and #wide > 2 then
        local head = {}
        add_cells(head, block.head, wide)
        for _, line in ipairs(head) do out[#out + 1] = "  " .. bold(line:sub(3)) end
    end
    for _, row in ipairs(block.rows) do add_cells(out, row, wide) end
end

local function together(before, after)
    return before and before.kind == "item" and after.kind == "item"
end

--- options: width (80 when it is missing), bold (whether headings are set off with terminal codes).
function text.layout(blocks, options)
    local out, width = {}, options.width or 80
    local function bold(s) return options.bold and "\27[1m" .. s .. "\27[0m" or s end
    for i, block in ipairs(blocks) do
        if i > 1 and not together(blocks[i - 1], block) then out[#out + 1] = "" end
        layouts[block.kind](out, block, width, bold)
    end
    return table.concat(out, "\n") .. "\n"
end

return text
