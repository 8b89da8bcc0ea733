-- host_test.lua: the module moonbear.host on the host at hand.
-- SPDX-License-Identifier: MIT
local host = require "moonbear.host"

TestHost = {}

function TestHost.test_every_fact_is_known_or_says_why_not()
    local info = host.info()
    lu.assertTrue(#info.order > 40)
    for _, name in ipairs(info.order) do
        local group, field = name:match("^(%l+[%d]*)%.([%l_%d]+)$")
        lu.assertNotNil(group, name)
        local known, unknown = info[group][field] ~= nil, info.unknown[name] ~= nil
        lu.assertTrue(known ~= unknown, name)
    end
end

function TestHost.test_values_have_their_kinds()
    local info = host.info()
    lu.assertEquals(type(info.process.uid), "number")
    lu.assertEquals(type(info.process.pid1), "boolean")
    lu.assertEquals(info.kernel.system, "Linux")
    lu.assertTrue(info.limits.stack > 0)
end

function TestHost.test_limits_are_the_same_facts()
    local limits, info = host.limits(), host.info()
    lu.assertEquals(limits.limits, info.limits)
    lu.assertEquals(limits.cgroup, info.cgroup)
    lu.assertNil(limits.kernel)
end

function TestHost.test_stack_holds_this_very_frame()
    local stack = host.stack()
    lu.assertTrue(stack.lo < stack.hi)
    lu.assertEquals(stack.size, stack.hi - stack.lo)
    lu.assertTrue(stack.remaining > 0 and stack.remaining < stack.size)
    local chosen = 0
    for _, answer in ipairs(stack.answers) do
        lu.assertEquals(type(answer.method), "string")
        lu.assertEquals(type(answer.why), "string")
        if answer.chosen then chosen = chosen + 1 end
    end
    lu.assertEquals(chosen, 1)
    lu.assertEquals(#stack.answers, 6)
end
