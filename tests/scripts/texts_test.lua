-- Every example in the help topics and in the README, run as a reader would.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local blocks = require "blocks"

TestTexts = {}

local function check(what, expected, got) lu.assertEquals(got, expected, what) end

for file in lfs.dir("runtime/cli/help") do
    local name = file:match("^(.*)%.md$")
    if name then
        TestTexts["test_topic_" .. name] = function()
            blocks.run(blocks.read("runtime/cli/help/" .. file), name, check)
        end
    end
end

function TestTexts.test_readme() lu.assertTrue(blocks.run(blocks.read("README.md"), "README", check) >= 1) end

TestBlocks = {}

function TestBlocks.test_a_wrong_output_is_seen()
    local seen = {}
    local function note(_, expected, got) seen[#seen + 1] = expected == got end
    blocks.run("```lua\nprint(1)  --> 1\nprint(2)\n--> 3\n```\n", "", note)
    blocks.run("```sh\n$ echo a\na\n$ false\n$ echo $?\n1\n$ echo b\nc\n$ echo d >&2\nd\n```", "", note)
    blocks.run("```sh\n$ cat <<X\n> one\n> X\none\n```\n```text\nnot run\n```", "", note)
    lu.assertEquals(seen, { false, true, true, true, false, true, true })
end

function TestBlocks.test_missing_and_extra_output_is_seen()
    local seen = {}
    local function note(_, expected, got) seen[#seen + 1] = expected == got end
    blocks.run("```lua\nlocal x = 1\n--> 1\n```", "", note)
    blocks.run("```lua\nprint 'quiet'\n```", "", note)
    blocks.run("```sh\n$ true\nsomething\n```", "", note)
    lu.assertEquals(seen, { false, false, false })
end

function TestBlocks.test_output_without_a_command_is_an_error()
    lu.assertErrorMsgContains("does not begin with", blocks.run, "```sh\nmake\n```", "", check)
end
