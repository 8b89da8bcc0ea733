--- moonbear.help: the help topics that the binary carries: a list of them, one of them, or all of them as a man page.
-- Invariant: the list is made from what is embedded; nothing is read from the host.
-- SPDX-License-Identifier: MIT
local embed = require "moonbear.internal.embed"
local markdown = require "moonbear.markdown"
local text = require "moonbear.text"

local help = {}

local FIRST = "cli"
local WIDEST = 100

--- An array of { name =, about = }; the command line's topic comes first, as every reader needs it, then by name.
function help.topics()
    local topics = {}
    for _, file in ipairs(embed.names("help")) do
        local name = file:match("^(.*)%.md$")
        local about = embed.read("help/" .. file):match("^# [^\n:]+: ([^\n]*)") or ""
        table.insert(topics, name == FIRST and 1 or #topics + 1, { name = name, about = about })
    end
    return topics
end

--- The Markdown of a topic, or nil.
function help.source(name) return embed.read("help/" .. name .. ".md") end

-- One row of the table of edit distances (Wagner and Fischer), from the row before it.
local function next_row(before, a, i, b)
    local row = { [0] = i }
    for j = 1, #b do
        local change = before[j - 1] + (a:byte(i) == b:byte(j) and 0 or 1)
        row[j] = math.min(change, before[j] + 1, row[j - 1] + 1)
    end
    return row
end

local function distance(a, b)
    local row = {}
    for j = 0, #b do row[j] = j end
    for i = 1, #a do row = next_row(row, a, i, b) end
    return row[#b]
end

local function is_near(wrong, name)
    if name:find(wrong, 1, true) or wrong:find(name, 1, true) then return true end
    return distance(wrong, name) <= math.max(1, math.floor(#name / 3))
end

--- The names of topics that somebody who typed `wrong` may have meant.
function help.near(wrong)
    local near, lower = {}, wrong:lower()
    for _, topic in ipairs(help.topics()) do
        if lower ~= "" and is_near(lower, topic.name) then near[#near + 1] = topic.name end
    end
    return near
end

-- How the terminal on standard output wants its text; nothing where there is none.
local function terminal()
    local known, host = pcall(require, "moonbear.host")
    local answers = known and host.info().terminal or {}
    if not answers.stdout then return {} end
    return { bold = true, width = math.max(40, math.min(answers.columns or 80, WIDEST)) }
end

local function list()
    local rows = {}
    for i, topic in ipairs(help.topics()) do rows[i] = { topic.name, topic.about } end
    return {
        { kind = "paragraph", text = "Topics of `moonbear help TOPIC`:" },
        { kind = "table", head = { "", "" }, rows = rows },
        { kind = "paragraph", text = "`moonbear help --man | man -l -` shows all of them as a man page." },
    }
end

local function man_page()
    local pages = {}
    for i, topic in ipairs(help.topics()) do pages[i] = markdown.parse(help.source(topic.name)) end
    return require("moonbear.man").page(pages, embed.version)
end

local function no_topic(name)
    local names, near = {}, help.near(name)
    for i, topic in ipairs(help.topics()) do names[i] = topic.name end
    local hint = #near > 0 and ("; did you mean %s?"):format(table.concat(near, " or ")) or ""
    io.stderr:write(("moonbear help: there is no topic '%s'%s\n"):format(name, hint))
    io.stderr:write("topics are: ", table.concat(names, ", "), "\n")
    return 2
end

local function topic_text(name)
    return text.layout(markdown.parse(help.source(name)), terminal())
end

local function print_one(word)
    if word == "--man" then
        io.write(man_page())
    elseif word == "--help" then
        io.write(topic_text(FIRST))
    elseif help.source(word) then
        io.write(topic_text(word))
    else
        return no_topic(word)
    end
    return 0
end

--- The words after `moonbear help`: topics or --man; without any it prints the list. Returns the exit status, that of
-- the first word which is neither.
function help.main(...)
    if select("#", ...) == 0 then io.write(text.layout(list(), terminal())) end
    for i, word in ipairs { ... } do
        if i > 1 then io.write("\n") end
        local status = print_one(word)
        if status ~= 0 then return status end
    end
    return 0
end

return help
