-- The parts that print the help: reading Markdown, laying it out, the man page, and finding near topics.
-- SPDX-License-Identifier: MIT
local help = require "moonbear.help"
local man = require "moonbear.man"
local markdown = require "moonbear.markdown"
local text = require "moonbear.text"

TestMarkdown = {}

function TestMarkdown.test_every_kind_of_block()
    local source = "# a: b\n\nOne\ntwo `x`.\n\n- first\n  goes on\n- second\n\n"
        .. "| a | b |\n|---|---|\n| 1 | `x \\| y` |\n"
        .. "\n```lua\nx = 1\n\n# no heading\n```\n## c\nend"
    lu.assertEquals(markdown.parse(source), {
        { kind = "heading", level = 1, text = "a: b" },
        { kind = "paragraph", text = "One two `x`." },
        { kind = "item", text = "first goes on" },
        { kind = "item", text = "second" },
        { kind = "table", head = { "a", "b" }, rows = { { "1", "`x | y`" } } },
        { kind = "code", language = "lua", lines = { "x = 1", "", "# no heading" } },
        { kind = "heading", level = 2, text = "c" },
        { kind = "paragraph", text = "end" },
    })
end

function TestMarkdown.test_nothing_is_lost_at_the_edges()
    lu.assertEquals(markdown.parse(""), {})
    lu.assertEquals(markdown.parse("```\nopen"), { { kind = "code", language = "", lines = { "open" } } })
    lu.assertEquals(markdown.parse("a"), { { kind = "paragraph", text = "a" } })
    lu.assertEquals(markdown.parse("| x |\nafter")[2], { kind = "paragraph", text = "after" })
    lu.assertEquals(#markdown.parse("#no heading")[1].text, 11)
end

function TestMarkdown.test_indented_code()
    lu.assertEquals(markdown.parse("a\n    b\n\n    x = 1\n\n      y\n\nc\n\n    z\n\n"), {
        { kind = "paragraph", text = "a b" },
        { kind = "code", lines = { "x = 1", "", "  y" } },
        { kind = "paragraph", text = "c" },
        { kind = "code", lines = { "z" } },
    })
end

function TestMarkdown.test_plain_removes_marks_and_nothing_else()
    lu.assertEquals(markdown.plain("**C** is `a*b` and 2 * 3 * 4"), "C is a*b and 2 * 3 * 4")
end

TestText = {}

function TestText.test_width_counts_characters()
    lu.assertEquals(text.width("größe"), 5)
    lu.assertEquals(text.width(""), 0)
end

function TestText.test_wrap_breaks_between_words_only()
    lu.assertEquals(text.wrap("one two three", 7), { "one two", "three" })
    lu.assertEquals(text.wrap("abcdefghij k", 4), { "abcdefghij", "k" })
    lu.assertEquals(text.wrap("ä ö ü ß", 7), { "ä ö ü ß" })
    lu.assertEquals(text.wrap("run `make all now` twice", 12), { "run", "make all now", "twice" })
    lu.assertEquals(text.wrap("", 10), {})
end

function TestText.test_no_line_is_too_wide_and_no_word_is_lost()
    for _, topic in ipairs(help.topics()) do
        local parsed = markdown.parse(help.source(topic.name))
        for _, width in ipairs { 60, 80, 100 } do
            for _, block in ipairs(parsed) do
                if block.kind == "paragraph" or block.kind == "item" then
                    local out = text.layout({ block }, { width = width })
                    for line in out:gmatch("[^\n]+") do lu.assertTrue(text.width(line) <= width, line) end
                    local _, words = markdown.plain(block.text):gsub("%S+", "")
                    local _, shown = out:gsub("^  %- ", ""):gsub("%S+", "")
                    lu.assertEquals(shown, words, block.text)
                end
            end
        end
    end
end

function TestText.test_only_headings_are_bold_and_only_when_asked()
    local parsed = markdown.parse("# a\n\n**b** c")
    lu.assertEquals(text.layout(parsed, { bold = true }), "\27[1ma\27[0m\n\nb c\n")
    lu.assertEquals(text.layout(parsed, {}), "a\n\nb c\n")
end

function TestText.test_a_table_is_aligned_and_its_last_column_wraps()
    local parsed = markdown.parse("| | |\n|---|---|\n| `-a` | short |\n"
        .. "| `--long` | some words that do not fit in there |")
    lu.assertEquals(text.layout(parsed, { width = 40 }),
        "  -a      short\n  --long  some words that do not fit in\n          there\n")
end

TestMan = {}

local function page(source) return man.page({ markdown.parse(source) }, "1.2.3") end

function TestMan.test_header_name_and_sections()
    local out = page("# cli: does things\n\n## Exit status\n\nMore.")
    lu.assertStrContains(out, '.TH MOONBEAR 1 "" "moonbear 1.2.3" "User Commands"\n')
    lu.assertStrContains(out, ".SH NAME\nmoonbear \\- does things\n")
    lu.assertStrContains(out, '.SH "EXIT STATUS"\nMore.\n')
end

function TestMan.test_nothing_is_taken_for_roff()
    lu.assertStrContains(page("# a: b\n\n```\n.SH x\n'y \\n -z\n```"), "\\&.SH x\n\\&'y \\en \\-z\n")
    lu.assertStrContains(page("# a: b\n\n```\n```\n\n.dot `a\\b`"), "\\&.dot \\fBa\\eb\\fR\n")
end

function TestMan.test_other_topics_are_sections()
    local out = man.page({ markdown.parse("# cli: x"), markdown.parse("# limits: y\n\n## Numbers\n\nz") }, "1")
    lu.assertStrContains(out, '.SH "LIMITS"\n')
    lu.assertStrContains(out, '.SS "Numbers"\nz\n')
end

TestTopics = {}

function TestTopics.test_the_list_is_what_is_embedded()
    local lfs = require "lfs"
    local files, listed = {}, {}
    for file in lfs.dir("runtime/cli/help") do files[file:match("^(.*)%.md$") or 0] = true end
    files[0] = nil
    for _, topic in ipairs(help.topics()) do
        listed[topic.name] = true
        lu.assertTrue(#topic.about > 10, topic.name .. " has no description")
        lu.assertTrue(#topic.about + 14 <= 80, topic.name .. ": its description does not fit on a line")
    end
    lu.assertEquals(listed, files)
    lu.assertEquals(help.topics()[1].name, "cli")
end

function TestTopics.test_near_topics()
    lu.assertEquals(help.near("limts"), { "limits" })
    lu.assertEquals(help.near("LIMITS"), { "limits" })
    lu.assertEquals(help.near("module"), { "modules" })
    lu.assertEquals(help.near("container-image"), {})
    lu.assertEquals(help.near(""), {})
    lu.assertEquals(help.near("zzzzzzzz"), {})
end

TestEmbed = {}

function TestEmbed.test_names_and_read()
    local embed = require "moonbear.internal.embed"
    lu.assertEquals(embed.names("nowhere"), {})
    lu.assertEquals(embed.names("hel"), {})
    lu.assertNil(embed.read("help/none.md"))
    lu.assertEquals(embed.read("help/cli.md"):sub(1, 5), "# cli")
    lu.assertErrorMsgContains("string expected", embed.read)
end
