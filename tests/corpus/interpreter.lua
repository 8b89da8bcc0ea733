-- A small stack machine and a Brainfuck interpreter: dispatch tables, string scanning.
local function bf(program, input)
    local match, stack = {}, {}
    for i = 1, #program do
        local c = program:sub(i, i)
        if c == "[" then stack[#stack + 1] = i
        elseif c == "]" then
            local j = table.remove(stack) or error("unmatched ] at " .. i, 0)
            match[i], match[j] = j, i
        end
    end
    if #stack > 0 then error("unmatched [ at " .. stack[#stack], 0) end
    local tape, p, pc, at, out = setmetatable({}, { __index = function() return 0 end }), 1, 1, 1, {}
    while pc <= #program do
        local c = program:sub(pc, pc)
        if c == ">" then p = p + 1 elseif c == "<" then p = p - 1
        elseif c == "+" then tape[p] = (tape[p] + 1) % 256 elseif c == "-" then tape[p] = (tape[p] - 1) % 256
        elseif c == "." then out[#out + 1] = string.char(tape[p])
        elseif c == "," then tape[p] = input:byte(at) or 0 at = at + 1
        elseif c == "[" and tape[p] == 0 then pc = match[pc]
        elseif c == "]" and tape[p] ~= 0 then pc = match[pc] end
        pc = pc + 1
    end
    return table.concat(out)
end
io.write(bf "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++.")
print(bf(",[.,]", "echo"), pcall(bf, "[["), pcall(bf, "]"))
local machine = {
    push = function(s, n) s[#s + 1] = tonumber(n) end,
    add = function(s) s[#s - 1] = s[#s - 1] + s[#s] s[#s] = nil end,
    mul = function(s) s[#s - 1] = s[#s - 1] * s[#s] s[#s] = nil end,
    swap = function(s) s[#s], s[#s - 1] = s[#s - 1], s[#s] end,
    dup = function(s) s[#s + 1] = s[#s] end,
    print = function(s) print(s[#s]) end,
    jump = function(_, to) return tonumber(to) end,
    jz = function(s, to) if table.remove(s) == 0 then return tonumber(to) end end,
}
local function run(source)
    local code, stack, pc, steps = {}, {}, 1, 0
    for line in source:gmatch "[^\n]+" do
        local op, arg = line:match "^%s*(%a+)%s*(%S*)"
        code[#code + 1] = { machine[op] or error("bad op " .. tostring(op), 0), arg }
    end
    while code[pc] do
        steps = steps + 1
        pc = code[pc][1](stack, code[pc][2]) or pc + 1
    end
    return steps, stack[#stack]
end
print(run "push 2\npush 3\nadd\ndup\nmul\nprint")
print(run "push 1\npush 10\nswap\npush 2\nmul\nswap\npush -1\nadd\ndup\njz 12\njump 3\njump 20\nswap\nprint")
print(pcall(run, "push 1\nnonsense"))
print(pcall(run, "add"))
