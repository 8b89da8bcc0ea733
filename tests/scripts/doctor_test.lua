-- doctor_test.lua: what the doctor makes of hosts that are made up.
-- SPDX-License-Identifier: MIT
local doctor = require "moonbear.doctor"

local function healthy()
    return {
        order = { "kernel.release", "limits.stack", "limits.stack_hard", "security.seccomp" }, unknown = {},
        kernel = { release = "6.1" }, cgroup = { memory_limit = math.huge },
        limits = { stack = 8 * 2 ^ 20, stack_hard = math.huge, address_space = math.huge, data = math.huge, files = 1024 },
        execute = { shell = true, memfd = true }, tmp = { writable = true, free = 10 }, cwd = { path = "/" },
        security = { entropy = "getrandom", seccomp = "none" }, process = { pid1 = false }, proc = { self = true },
    }
end

local function stack(size, confidence)
    return {
        size = size or 8 * 2 ^ 20, confidence = confidence or "exact", method = "own mapping",
        answers = { { method = "maps", error = "ENOENT", why = "refused", chosen = false } },
    }
end

-- The first words of all findings, to compare with what is expected.
local function findings(list)
    local all = {}
    for i, one in ipairs(list) do
        lu.assertTrue(#one.advice > 10)
        all[i] = one.what
    end
    return table.concat(all, "; ")
end

local function check(change, problems, notes, own_stack)
    local info = healthy()
    change(info)
    local found_problems, found_notes = doctor.judge(info, own_stack or stack())
    lu.assertEquals(findings(found_problems), problems)
    lu.assertEquals(findings(found_notes), notes)
end

TestJudge = {}

function TestJudge.test_a_healthy_host_has_neither()
    check(function() end, "", "")
end

function TestJudge.test_each_lack_is_a_problem()
    check(function(i) i.execute.shell = false end, "there is no shell (/bin/sh)", "")
    check(function(i) i.tmp = { writable = false } end, "no folder for temporary files can be written", "")
    check(function(i) i.tmp = { writable = true, free = 0 } end, "no folder for temporary files can be written", "")
    check(function(i) i.tmp, i.tmpdir = {}, { writable = true, free = 1 } end, "", "")
    check(function(i) i.limits.files = 3 end, "only 3 open files are allowed", "")
    check(function(i) i.cgroup.memory_limit = 4 * 2 ^ 20 end, "memory is limited to 4 MiB", "")
    check(function(i) i.limits.address_space = 2 ^ 23 end, "memory is limited to 8 MiB", "")
    check(function(i) i.cwd = {} end, "the current folder was deleted or cannot be seen", "")
    check(function(i) i.security.entropy = "AT_RANDOM only" end, "the host gives no random bytes but the 16 of the start", "")
end

function TestJudge.test_a_small_or_guessed_stack_is_a_problem()
    check(function() end, "the C stack has only 64 KiB", "", stack(65536))
    check(function() end, "the bounds of the C stack are a guess (own mapping)", "", stack(nil, "low"))
end

function TestJudge.test_what_lua_does_not_need_is_a_note()
    check(function(i) i.proc.self = false end, "", "/proc is missing or empty")
    check(function(i) i.process.pid1 = true end, "", "this is PID 1")
    check(function(i) i.execute.memfd = false end, "", "memfd_create is refused")
    check(function(i) i.unknown = { ["limits.stack"] = "EPERM", ["kernel.cpus"] = "EPERM", ["cgroup.path"] = "ENOENT" } end, "",
        "the host refuses 2 questions (kernel.cpus: EPERM)")
end

function TestJudge.test_a_host_that_tells_nothing_is_judged_without_an_error()
    check(function(i)
        i.limits, i.cgroup, i.security, i.cwd, i.tmp = {}, {}, {}, nil, {}
    end, "no folder for temporary files can be written", "")
end

TestShow = {}

local function shown(info, colour)
    local lines = {}
    doctor.show(info, stack(), function(line) lines[#lines + 1] = line end, colour)
    return table.concat(lines, "\n")
end

function TestShow.test_facts_and_refusals()
    local info = healthy()
    info.unknown["security.seccomp"], info.security.seccomp = "EPERM", nil
    local text = shown(info)
    lu.assertStrContains(text, "Lua can run fully on this host.")
    lu.assertStrContains(text, "stack            8 MiB (hard limit: unlimited)")
    lu.assertStrContains(text, "seccomp          unknown: EPERM")
    lu.assertNotStrContains(text, "stack_hard")
    lu.assertNotStrContains(text, "\27")
end

function TestShow.test_problems_come_first()
    local info = healthy()
    info.execute.shell = false
    local text = shown(info)
    lu.assertEquals(text:match("^[^\n]*"), "Problems")
    lu.assertNotStrContains(text, "Lua can run fully")
end

function TestShow.test_colour_only_when_asked()
    lu.assertStrContains(shown(healthy(), true), "\27[32m")
end

-- A host may name its kernel as it likes; the terminal must not obey it.
function TestShow.test_control_characters_are_not_printed()
    local info = healthy()
    info.kernel.release = "evil\27[2J\n"
    lu.assertStrContains(shown(info), "evil?[2J?")
end

TestJson = {}

function TestJson.test_is_valid_and_has_the_judgement()
    local info = healthy()
    info.execute.shell, info.unknown["limits.core"] = false, "EPERM"
    local read = require("cjson").decode(doctor.json(info, stack()))
    lu.assertEquals(read.degraded, true)
    lu.assertEquals(#read.problems, 1)
    lu.assertEquals(read.limits.stack, 8 * 2 ^ 20)
    lu.assertEquals(read.limits.data, "unlimited")
    lu.assertEquals(read.unknown["limits.core"], "EPERM")
    lu.assertEquals(read.stack.answers[1].error, "ENOENT")
    lu.assertNil(read.order)
end

function TestJson.test_empty_lists_stay_lists()
    lu.assertStrContains(doctor.json(healthy(), stack()), '"problems": []')
end
