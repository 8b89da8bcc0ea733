--- moonbear.man: turns blocks of moonbear.markdown into a man page (roff with the man macros of groff and mandoc).
-- Invariant: nothing of a text is taken for roff: backslashes, leading dots and hyphens are escaped.
-- SPDX-License-Identifier: MIT
local markdown = require "moonbear.markdown"
local text = require "moonbear.text"

local man = {}

local WIDTH = 72

local function escape(s)
    return (s:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1"))
end

-- `code` and **strong** are bold; what they hold is escaped first, so that no escape of ours is escaped again.
local function inline(s)
    local out = escape(s)
    out = out:gsub("%*%*(.-)%*%*", "\\fB%1\\fR"):gsub("`([^`]+)`", "\\fB%1\\fR")
    return out
end

local function macro_argument(s) return '"' .. escape(s):gsub('"', '\\(dq') .. '"' end

-- A heading begins a paragraph by itself.
local function begin_paragraph(out)
    if not out[#out]:match("^%.S[HS] ") then out[#out + 1] = ".PP" end
end

local function unfilled(out, lines)
    begin_paragraph(out)
    out[#out + 1] = ".nf"
    out[#out + 1] = ".RS 4"
    for _, line in ipairs(lines) do out[#out + 1] = line == "" and "\\&" or escape(line) end
    out[#out + 1] = ".RE"
    out[#out + 1] = ".fi"
end

local writers = {}

function writers.paragraph(out, block)
    begin_paragraph(out)
    out[#out + 1] = inline(block.text)
end

function writers.item(out, block)
    out[#out + 1] = ".IP \\(bu 2"
    out[#out + 1] = inline(block.text)
end

function writers.code(out, block) unfilled(out, block.lines) end

-- Two columns are terms and what they mean; wider tables are drawn.
function writers.table(out, block)
    if #block.head > 2 then
        local lines = {}
        for line in text.layout({ block }, { width = WIDTH }):gmatch("(.-)\n") do lines[#lines + 1] = line:sub(3) end
        return unfilled(out, lines)
    end
    for _, row in ipairs(block.rows) do
        out[#out + 1] = ".TP"
        out[#out + 1] = inline(row[1])
        out[#out + 1] = inline(row[2] or "")
    end
end

local function write(out, blocks, headings)
    for _, block in ipairs(blocks) do
        if block.kind == "heading" then
            out[#out + 1] = headings(block)
        else
            writers[block.kind](out, block)
        end
    end
end

-- The first topic is the page itself: its sections are the page's. Every other one is a section of its own.
local function first_heading(block)
    if block.level > 1 then return ".SH " .. macro_argument(markdown.plain(block.text):upper()) end
    local name, about = block.text:match("^(%S+): (.*)$")
    return ".SH NAME\nmoonbear \\- " .. inline(about or name or block.text)
end

local function later_heading(block)
    local title = markdown.plain(block.text)
    if block.level > 1 then return ".SS " .. macro_argument(title) end
    return ".SH " .. macro_argument((title:match("^(%S+):") or title):upper())
end

--- topics: an array of lists of blocks, the page's own first.
function man.page(topics, version)
    local out = { ('.TH MOONBEAR 1 "" "moonbear %s" "User Commands"'):format(version) }
    for i, blocks in ipairs(topics) do write(out, blocks, i == 1 and first_heading or later_heading) end
    return table.concat(out, "\n") .. "\n"
end

return man
