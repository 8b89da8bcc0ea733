--- moonbear.markdown: reads the small part of Markdown that help topics are written in, into a list of blocks.
-- Invariant: no line is lost: what is nothing else is a paragraph.
-- SPDX-License-Identifier: MIT
--
-- Blocks: { kind = "heading", level =, text = }, { kind = "paragraph", text = }, { kind = "item", text = },
-- { kind = "code", language =, lines = }, { kind = "table", head = cells, rows = { cells... } }.
-- A paragraph and an item end at an empty line or where another block begins; their lines are joined with a space.
-- Code is fenced, or indented by four spaces and then without a language.
local markdown = {}

local function cells(line)
    local out = {}
    for cell in line:match("^|(.*)|%s*$"):gsub("\\|", "\0"):gmatch("[^|]+") do
        out[#out + 1] = cell:gsub("%z", "|"):match("^%s*(.-)%s*$")
    end
    return out
end

local function fenced(block, line)
    if line:match("^```%s*$") then return nil end
    block.lines[#block.lines + 1] = line
    return block
end

-- Empty lines belong to indented code only when more of it follows.
local function indented(block, line)
    if line:match("^%s*$") then
        block.empty = (block.empty or 0) + 1
        return block
    end
    for _ = 1, block.empty or 0 do block.lines[#block.lines + 1] = "" end
    block.empty = nil
    block.lines[#block.lines + 1] = line:sub(5)
    return block
end

-- What a line begins, or nil when it continues what was before it.
local function begins(line)
    local marks, title = line:match("^(#+)%s+(.*)$")
    if marks then return { kind = "heading", level = #marks, text = title } end
    local language = line:match("^```(%w*)%s*$")
    if language then return { kind = "code", language = language, lines = {} } end
    local item = line:match("^%- (.*)$")
    if item then return { kind = "item", text = item } end
    if line:match("^|.*|%s*$") then return { kind = "table", head = cells(line), rows = {} } end
    return nil
end

local function is_rule(row)
    for _, cell in ipairs(row) do
        if not cell:match("^:?%-+:?$") then return false end
    end
    return true
end

local function add_row(block, line)
    local row = cells(line)
    if #block.rows > 0 or not is_rule(row) then block.rows[#block.rows + 1] = row end
end

-- Returns the block that the next line may continue.
local function take(blocks, open, line)
    if open and open.kind == "code" then
        if open.language then return fenced(open, line) end
        if line:match("^    ") or line:match("^%s*$") then return indented(open, line) end
        open.empty, open = nil, nil
    end
    if line:match("^%s*$") then return nil end
    if not open and line:match("^    ") then
        blocks[#blocks + 1] = { kind = "code", lines = {} }
        return indented(blocks[#blocks], line)
    end
    local new = begins(line)
    if open and open.kind == "table" and new and new.kind == "table" then
        add_row(open, line)
        return open
    end
    if new then
        blocks[#blocks + 1] = new
        return new.kind ~= "heading" and new or nil
    end
    local text = line:match("^%s*(.-)%s*$")
    if open and open.text then
        open.text = open.text .. " " .. text
        return open
    end
    blocks[#blocks + 1] = { kind = "paragraph", text = text }
    return blocks[#blocks]
end

--- The blocks of a text, in its order.
function markdown.parse(text)
    local blocks, open = {}, nil
    for line in (text:gsub("\n?$", "\n")):gmatch("(.-)\n") do open = take(blocks, open, line) end
    if open then open.empty = nil end
    return blocks
end

--- The text without its marks: `code` and **strong** become what stands between.
function markdown.plain(text)
    return (text:gsub("%*%*(.-)%*%*", "%1"):gsub("`([^`]+)`", "%1"))
end

return markdown
