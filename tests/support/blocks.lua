-- blocks.lua: runs the examples of a Markdown text: ```lua blocks with their output in `-->` comments, ```sh blocks of
-- `$ command` lines, each followed by its output. A command goes on in lines that begin with `> `.
-- SPDX-License-Identifier: MIT
local lfs = require "lfs"
local markdown = require "moonbear.markdown"

local blocks = {}

function blocks.read(path)
    local file = assert(io.open(path))
    local text = file:read("*a")
    file:close()
    return text
end

local function write(path, text)
    local file = assert(io.open(path, "w"))
    assert(file:write(text))
    assert(file:close())
end

local function remove(path)
    if lfs.symlinkattributes(path, "mode") == "directory" then
        for name in lfs.dir(path) do
            if name ~= "." and name ~= ".." then remove(path .. "/" .. name) end
        end
    end
    assert(os.remove(path))
end

-- Calls fn with an empty folder that has moonbear in bin/, and removes it.
local function in_folder(fn)
    local folder = os.tmpname()
    assert(os.remove(folder))
    assert(lfs.mkdir(folder))
    assert(lfs.mkdir(folder .. "/bin"))
    assert(lfs.mkdir(folder .. "/here"))
    assert(lfs.link(os.getenv("MOONBEAR"), folder .. "/bin/moonbear", true))
    local ok, result = pcall(fn, folder)
    remove(folder)
    return ok and result or error(result, 0)
end

-- The standard output and error of a shell script, run in the folder `here`.
local function shell(folder, script)
    write(folder .. "/script", script)
    local command = "cd '%s/here' && PATH='%s/bin':$PATH exec sh ../script 2>&1 </dev/null"
    local pipe = io.popen(command:format(folder, folder))
    local output = pipe:read("*a")
    pipe:close()
    return output
end

local function lua_expected(lines)
    local out = {}
    for _, line in ipairs(lines) do out[#out + 1] = line:match("%-%->%s?(.*)$") end
    return #out > 0 and table.concat(out, "\n") .. "\n" or ""
end

local function run_lua(block)
    return in_folder(function(folder)
        write(folder .. "/example.lua", table.concat(block.lines, "\n") .. "\n")
        return { { expected = lua_expected(block.lines), got = shell(folder, "moonbear ../example.lua") } }
    end)
end

-- { command =, expected = } for each `$` line.
local function commands(lines)
    local list = {}
    for _, line in ipairs(lines) do
        local command, more = line:match("^%$ (.*)$"), line:match("^> (.*)$")
        local last = list[#list]
        if command then
            list[#list + 1] = { command = command, expected = "" }
        elseif not last then
            error("a ```sh block does not begin with '$ ': " .. line, 0)
        elseif more and last.expected == "" then
            last.command = last.command .. "\n" .. more
        else
            last.expected = last.expected .. line .. "\n"
        end
    end
    return list
end

local MARK = "=== next command ==="

-- All commands of a block share one shell, and each sees the status of the one before it in $?.
local function run_sh(block)
    local list, script = commands(block.lines), { "s=0" }
    for _, one in ipairs(list) do
        script[#script + 1] = ("echo '%s'\n(exit $s)\n%s\ns=$?"):format(MARK, one.command)
    end
    return in_folder(function(folder)
        local output = shell(folder, table.concat(script, "\n") .. "\n")
        local from = 1
        for _, one in ipairs(list) do
            from = select(2, output:find(MARK .. "\n", from, true)) + 1
            one.got = output:sub(from, (output:find(MARK, from, true) or #output + 1) - 1)
        end
        return list
    end)
end

local runners = { lua = run_lua, sh = run_sh }

-- Runs every example of a text; calls check(description, expected, got) for each piece of output. Returns how many.
function blocks.run(text, name, check)
    local count = 0
    for _, block in ipairs(markdown.parse(text)) do
        local run = block.kind == "code" and runners[block.language]
        for _, one in ipairs(run and run(block) or {}) do
            count = count + 1
            check(("%s: %s"):format(name, one.command or table.concat(block.lines, "\n")), one.expected, one.got)
        end
    end
    return count
end

return blocks
