-- Every class of JSON that the public suites have: accepted with its value, or refused at its place, however the text is cut.
-- SPDX-License-Identifier: MIT
local data = require "moonbear.data"
local splits = require "splits"
local classes = require "json_classes"

TestJsonClasses = {}

local function shown(text) return ("%q"):format(#text > 200 and text:sub(1, 200) .. "..." or text) end

local function check_accepted(one, got)
    if got.message then error(("refused: %s at byte %d: %s"):format(shown(one.text), got.byte, got.message), 0) end
    local good
    if one.check then good = one.check(got.value) else good = splits.same(got.value, one.value) end
    if not good then error("another value: " .. shown(one.text), 0) end
end

local function check_refused(one, got)
    if not got.message then error("accepted: " .. shown(one.text), 0) end
    local before = one.text:sub(1, one.at - 1)
    local _, lines = before:gsub("\n", "")
    local place = { one.at, lines + 1, #before:match "[^\n]*$" + 1 }
    if not splits.same({ got.byte, got.line, got.column }, place) then
        error(("refused at byte %d (%d:%d), not %d (%d:%d): %s: %s"):format(got.byte, got.line, got.column, place[1], place[2], place[3], shown(one.text), got.message), 0)
    end
    if one.rule then lu.assertStrContains(got.message, one.rule) end
end

-- A value on each line is one of NDJSON's too.
local function check_lines(one)
    if one.text:find "[\n]" or one.text:find "^\239\187\191" then return end
    local got = assert(data.decode(one.text .. "\n" .. one.text, "ndjson"))
    lu.assertEquals(#got, 2)
    for i = 1, 2 do check_accepted(one, { value = got[i] }) end
end

local total = { accepted = 0, refused = 0 }

for _, class in ipairs(classes) do
    TestJsonClasses["test " .. class.name] = function()
        lu.assertTrue(#class.cases > 3)
        for _, one in ipairs(class.cases) do
            local got = splits.outcome(one.text, "json")
            if one.at then
                check_refused(one, got)
                total.refused = total.refused + 1
            else
                check_accepted(one, got)
                check_lines(one)
                total.accepted = total.accepted + 1
            end
        end
    end
end

-- No class is empty by a mistake of its maker. Its name sorts behind the others.
function TestJsonClasses.test_zzz_both_verdicts_were_seen_often()
    lu.assertTrue(total.accepted > 2000 and total.refused > 10000, ("%d accepted, %d refused"):format(total.accepted, total.refused))
end

-- With more depth allowed only memory ends it.
function TestJsonClasses.test_any_depth_that_is_asked_for()
    local open = ("["):rep(30000)
    local got = splits.outcome(open, "json", { depth = 30000 })
    lu.assertEquals(got.byte, 30001)
    lu.assertStrContains(got.message, "expected a value or ']', not the end of the text")
    got = splits.outcome(open .. ("]"):rep(30000), "json", { depth = 29999 })
    lu.assertEquals(got.byte, 30000)
    lu.assertStrContains(got.message, "more than 29999 levels of nesting")
    lu.assertNil(splits.outcome(open .. ("]"):rep(30000), "json", { depth = 30000 }).message)
end
