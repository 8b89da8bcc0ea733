-- machine.lua [N]: an interpreter in the interpreter: a stack machine with an assembler; its program sieves and adds.
-- Invariant: prints the same checksum under every Lua; nothing is tuned for it.
-- SPDX-License-Identifier: MIT
local n = tonumber(arg and arg[1]) or 30000

local PROGRAM = [[
        push 2        store i
outer:  load i        load i      mul     load limit  greater  jump_if sum
        load i        read        jump_if next
        load i        load i      mul     store k
inner:  load k        load limit  greater jump_if next
        push 1        load k      write
        load k        load i      add     store k     jump inner
next:   load i        push 1      add     store i     jump outer
sum:    push 2        store i     push 0  store total
each:   load i        load limit  greater jump_if done
        load i        read        jump_if skip
        load total    load i      add     store total
skip:   load i        push 1      add     store i     jump each
done:   load total    halt
]]

local TAKES = { push = true, load = true, store = true, jump = true, jump_if = true }

local function assemble(text)
    local code, labels, words = {}, {}, {}
    for word in text:gmatch("%S+") do words[#words + 1] = word end
    local at = 1
    while words[at] do
        local label = words[at]:match("^(%w+):$")
        if label then
            labels[label] = #code + 1
        elseif TAKES[words[at]] then
            code[#code + 1] = { op = words[at], value = words[at + 1] }
            at = at + 1
        else
            code[#code + 1] = { op = words[at] }
        end
        at = at + 1
    end
    for _, step in ipairs(code) do step.value = labels[step.value] or tonumber(step.value) or step.value end
    return code
end

local operations = {
    push = function(m, value) m.top = m.top + 1 m.stack[m.top] = value end,
    load = function(m, name) m.top = m.top + 1 m.stack[m.top] = m.names[name] end,
    store = function(m, name) m.names[name] = m.stack[m.top] m.top = m.top - 1 end,
    jump = function(m, target) m.at = target end,
    jump_if = function(m, target)
        local value = m.stack[m.top]
        m.top = m.top - 1
        if value ~= 0 then m.at = target end
    end,
    read = function(m) m.stack[m.top] = m.memory[m.stack[m.top]] or 0 end,
    write = function(m) m.memory[m.stack[m.top]] = m.stack[m.top - 1] m.top = m.top - 2 end,
    halt = function(m) m.at = nil end,
}

local function binary(work)
    return function(m)
        local stack, top = m.stack, m.top - 1
        stack[top] = work(stack[top], stack[top + 1])
        m.top = top
    end
end
operations.add = binary(function(a, b) return a + b end)
operations.mul = binary(function(a, b) return a * b end)
operations.greater = binary(function(a, b) return a > b and 1 or 0 end)

local function run(code, names)
    local machine, steps = { stack = {}, top = 0, memory = {}, names = names, at = 1 }, 0
    while machine.at do
        local step = code[machine.at]
        machine.at = machine.at + 1
        operations[step.op](machine, step.value)
        steps = steps + 1
    end
    return machine.stack[machine.top], steps
end

print(run(assemble(PROGRAM), { limit = n }))
