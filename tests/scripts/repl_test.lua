-- The Lua side of the session: reading chunks and completing, with a host that is a script.
-- SPDX-License-Identifier: MIT
local complete = require "moonbear.complete"
local repl = require "moonbear.repl"

-- A session that gets these lines; false is Ctrl-C. `log` has the prompts, and the lines that were kept.
local function session(lines, stock, editing)
    local log = { prompts = {}, kept = {}, interrupts = 0 }
    local at = 0
    local function take(prompt)
        log.prompts[#log.prompts + 1] = prompt
        at = at + 1
        if lines[at] == false then return nil, "interrupted" end
        if lines[at] == nil then return nil, lines.reason or "end" end
        return lines[at]
    end
    local host = {
        terminal = function() return editing or false end, columns = function() return 80 end, fresh = function() end,
        edit = take, plain = take, load = function() return log.file end,
        save = function(_, line) log.kept[#log.kept + 1] = line return true end,
        files = function() return {} end, modules = function() return { "lfs", "lpeg" } end,
        interrupt = function() log.interrupts = log.interrupts + 1 end,
    }
    return repl.new(host, stock or false), log
end

-- Runs all chunks; returns what each gave: an array of its results, or its message.
local function all(lines, stock)
    local one = session(lines, stock)
    local given = {}
    for _ = 1, 100 do
        local got = { one.read() }
        if got[1] == nil then return given end
        given[#given + 1] = type(got[1]) == "function" and { got[1](unpack(got, 2)) } or got[1]
    end
    error "the session does not end"
end

TestReading = {}

function TestReading.test_expressions_need_no_equals_sign()
    lu.assertEquals(all { "1 + 1", "= 3", "'a', 'b'", "", "-- nothing", "local x = 1", "return 5" },
        { { 2 }, { 3 }, { "a", "b" }, {}, {}, {}, { 5 } })
end

function TestReading.test_calls_give_their_results_and_stay_in_tracebacks()
    repl_test_where = function() return debug.traceback("", 1) end
    local trace = all { "repl_test_where()" }[1][1]
    repl_test_where = nil
    lu.assertStrContains(trace, "stdin:1: in")
    lu.assertNotStrContains(trace, "tail call")
end

function TestReading.test_what_is_incomplete_goes_on_with_the_second_prompt()
    for _, lines in ipairs {
        { "for i = 1, 3 do", "end" }, { "return {", "1}" }, { "{", "1, 2}" }, { "1 +", "2" }, { "[[a", "b]]" },
        { "if x then", "--[==[ comment", "]==] end" }, { "math.max(", "1, 2)" }, { "'a' ..", "'b'" }, { "x =", "nil" },
        { "function f_()", "f_ = nil end f_()" }, { "math.", "pi" }, { '"a\\', 'b"' }, { "=1 +", "2" },
    } do
        local one, log = session(lines)
        lu.assertIsFunction(one.read(), lines[1])
        local wanted = { "> " }
        for i = 2, #lines do wanted[i] = ">> " end
        lu.assertEquals(log.prompts, wanted, lines[1])
    end
end

function TestReading.test_what_is_wrong_is_said_at_once()
    lu.assertEquals(all { "x = = 1", "'abc", "2 * (3))", "foo bar" }, {
        "stdin:1: unexpected symbol near '='",
        "stdin:1: unfinished string near ''abc'",
        "stdin:1: '<eof>' expected near ')'",
        "stdin:1: '=' expected near 'bar'",
    })
end

function TestReading.test_an_end_in_the_middle_of_a_chunk_is_said()
    lu.assertEquals(all { "1", "if x then" }, { { 1 }, "stdin:1: 'end' expected near '<eof>'" })
    lu.assertEquals(all({ "if x then" }, true), {})
end

function TestReading.test_ctrl_c_leaves_the_chunk()
    lu.assertEquals(all { "for i = 1, 3 do", false, "1", false, "2" }, { { 1 }, { 2 } })
end

function TestReading.test_other_reasons_are_raised()
    local one = session { reason = "Is a directory" }
    lu.assertErrorMsgEquals("cannot read standard input: Is a directory", one.read)
end

function TestReading.test_chunks_get_no_arguments_that_stock_lua_does_not_give()
    lu.assertEquals(all { "select('#', ...)", "local n = select('#', ...) return n" }, { { 0 }, { 0 } })
end

function TestReading.test_prompts_may_be_strings_or_numbers()
    local one, log = session { "1", "do", "end", "2", "3" }
    _PROMPT, _PROMPT2 = "p", 7
    one.read() one.read()
    _PROMPT, _PROMPT2 = {}, nil
    one.read()
    _PROMPT = nil
    lu.assertEquals(log.prompts, { "p", "p", "7", "> " })
end

function TestReading.test_as_stock()
    lu.assertEquals(all({ "1", "=1", "= 'a'", "{", "'abc", "'" }, true), {
        "stdin:1: unexpected symbol near '1'", { 1 }, { "a" }, "stdin:1: unexpected symbol near '{'",
        "stdin:1: unfinished string near ''abc'",
    })
    lu.assertErrorMsgContains("global 'help'", all, { "help()" }, true)
    local one, log = session({ false, "=1" }, true)
    one.read()
    lu.assertEquals(log.interrupts, 1)
end

TestHelp = {}

function TestHelp.test_help_is_known_to_a_chunk_that_begins_with_it()
    for _, line in ipairs { "help()", "help", ' help "cli"', "help'cli'", "help [[cli]]", "help('cli')" } do
        local one = session { line }
        local chunk, _, help = one.read()
        lu.assertIsFunction(chunk)
        lu.assertIsFunction(help, line)
    end
    lu.assertNil(help)
end

function TestHelp.test_it_is_no_global()
    lu.assertEquals(all { "_G.help", "rawget(_G, 'help')", "print == help" }, { {}, {}, { false } })
end

function TestHelp.test_the_users_own_comes_first()
    local one = session { "help = 5", "help", "help = nil" }
    one.read()()
    lu.assertEquals(one.read()(function(...) return ... end), 5)
    one.read()()
    lu.assertNil(help)
end

function TestHelp.test_a_topic_is_a_string()
    local one = session { "help(1)" }
    local chunk, carry, help = one.read()
    lu.assertErrorMsgContains("a topic is a string", chunk, carry, help)
end

TestHistory = {}

local function remembered(lines, file)
    local one, log = session(lines, false, true)
    for _ = 1, #lines do one.read() end
    return log.kept, file
end

function TestHistory.test_whole_chunks_are_kept_once()
    if not (os.getenv "HOME" or os.getenv "XDG_STATE_HOME") then lu.skip "no home" end
    lu.assertEquals(remembered { "1", "1", "", "for i = 1, 2 do", "end", "'a\\n'" },
        { "1", "for i = 1, 2 do\\nend", "'a\\\\n'" })
end

TestComplete = {}

local host = {
    modules = function() return { "lfs", "lpeg", "moonbear.show", "moonbear.store" } end,
    files = function() return {} end,
}

local function choices(text, globals)
    return complete.choices(text, host, globals or _G)
end

local function raises() error "called" end

function TestComplete.test_globals_and_keywords()
    lu.assertEquals(choices "tostr", { "tostring" })
    lu.assertEquals(choices "print(tostr", { "print(tostring" })
    lu.assertEquals(choices("x = f", { first = 1 }), { "x = false", "x = first", "x = for", "x = function" })
    lu.assertEquals(choices("el", {}), { "else" })
    lu.assertEquals(choices("zzz", {}), {})
end

function TestComplete.test_the_common_part_first()
    local globals = { t = { alpha_one = 1, alpha_two = 2 } }
    lu.assertEquals(choices("t.a", globals), { "t.alpha_" })
    lu.assertEquals(choices("t.alpha_", globals), { "t.alpha_one", "t.alpha_two" })
    lu.assertEquals(choices("t.alpha_o", globals), { "t.alpha_one" })
end

function TestComplete.test_fields_methods_and_what_metatables_give()
    local base = { inherited = function() end, value = 1 }
    local globals = { a = { b = setmetatable({ own = function() end }, { __index = base }) }, s = "text", f = io.stdout }
    lu.assertEquals(choices("a.b.", globals), { "a.b.inherited", "a.b.own", "a.b.value" })
    lu.assertEquals(choices("a.b:", globals), { "a.b:inherited", "a.b:own" })
    lu.assertEquals(choices("s:up", globals), { "s:upper" })
    lu.assertEquals(choices("f:see", globals), { "f:seek" })
    lu.assertEquals(choices("x=1;a.b.o", globals), { "x=1;a.b.own" })
    lu.assertEquals(choices('"a"..s:up', globals), { '"a"..s:upper' })
    lu.assertEquals(choices("s..a.b.o", globals), { "s..a.b.own" })
    lu.assertEquals(choices("#a.b.o", globals), { "#a.b.own" })
end

function TestComplete.test_nothing_is_called_and_nothing_raises()
    local hostile = setmetatable({}, { __index = raises, __newindex = raises, __tostring = raises, __eq = raises })
    local chain = {}
    setmetatable(chain, { __index = chain })
    local globals = setmetatable({ h = hostile, c = chain, n = 1, b = true }, { __index = raises })
    for _, text in ipairs { "h.x", "h.x.y", "h:x", "c.x", "c.x.y", "n.x", "n:x", "b.", "nothing.x.y", "f().x", "t[1].x", "1.", "1..",
        "..", ".x", ":x", "a..b.c", "...", "x.y.", "a:b:c", "('x'):", "h.x(", "3x", "\255", "a\0b" } do
        lu.assertIsTable(choices(text, globals), text)
    end
    lu.assertEquals(choices("f().a", globals), {})
    lu.assertEquals(choices("t[1].a", globals), {})
end

function TestComplete.test_keys_that_are_no_names_are_left_out()
    lu.assertEquals(choices("t.", { t = { ["a b"] = 1, [1] = 2, ["\255"] = 3, ok = 4 } }), { "t.ok" })
end

function TestComplete.test_huge_tables_are_looked_at_in_part()
    local t = {}
    for i = 1, 200000 do t["k" .. i] = i end
    lu.assertTrue(#choices("t.k", { t = t }) <= 500)
end

function TestComplete.test_blank_text_is_indented()
    lu.assertEquals(choices "", { "    " })
    lu.assertEquals(choices "  ", { "      " })
end

function TestComplete.test_built_in_modules()
    lu.assertEquals(choices 'require "lf', { 'require "lfs"' })
    lu.assertEquals(choices "x = require('lp", { "x = require('lpeg')" })
    lu.assertEquals(choices 'require"moonbear.st', { 'require"moonbear.store"' })
    lu.assertEquals(choices 'xrequire "lf', {})
    package.preload.preloaded_one = function() end
    lu.assertEquals(choices 'require "preloa', { 'require "preloaded_one"' })
    package.preload.preloaded_one = nil
end

TestFiles = {}

function TestFiles:setUp()
    self.path = package.path
    self.asked = {}
    self.host = {
        modules = function() return {} end,
        files = function(folder)
            self.asked[#self.asked + 1] = folder
            return ({ ["/a/"] = { "one.lua", "two.lua", "three.txt", "sub", ".lua" }, ["/a/sub/"] = { "deep.lua" },
                ["/b/"] = { "lib-x.lua", "other.lua" } })[folder] or {}
        end,
    }
    package.path = "/a/?.lua;/b/lib-?.lua;;/a/?/init.lua;nonsense"
end

function TestFiles:tearDown()
    package.path = self.path
end

function TestFiles:test_modules_in_package_path()
    lu.assertEquals(complete.choices('require "on', self.host, {}), { 'require "one"' })
    lu.assertEquals(complete.choices('require "tw', self.host, {}), { 'require "two"' })
    lu.assertEquals(complete.choices('require "sub.d', self.host, {}), { 'require "sub.deep"' })
    lu.assertEquals(complete.choices('require "x', self.host, {}), { 'require "x"' })
    lu.assertEquals(complete.choices('require "oth', self.host, {}), {})
end

function TestFiles:test_a_path_that_is_none()
    package.path = nil
    lu.assertEquals(complete.choices('require "on', self.host, {}), {})
    package.path = "%?%;[;"
    lu.assertEquals(complete.choices('require "on', self.host, {}), {})
end

-- Nothing that the modules need is looked up when it is needed.
TestClobbered = {}

function TestClobbered.test_a_session_survives_the_loss_of_every_library()
    local one = session({ "{1, 2}", "x = ", "1", "= 1", "t.", }, false, true)
    local saved, assertEquals = {}, lu.assertEquals
    local pairs, rawset, type, G = pairs, rawset, type, _G
    for name, library in pairs(G) do
        if type(library) == "table" and library ~= G and name ~= "lu" then
            local copy = {}
            for key, field in pairs(library) do copy[key] = field end
            saved[library] = copy
        end
    end
    local functions = {}
    for name, f in pairs(G) do if type(f) == "function" then functions[name] = f end end
    for library, copy in pairs(saved) do for key in pairs(copy) do rawset(library, key, nil) end end
    for name in pairs(functions) do rawset(G, name, nil) end
    local pcall = functions.pcall
    local ok, first = pcall(one.read)
    local second_ok, second = pcall(one.read)
    local shown_ok, printer = pcall(one.printer)
    local done_ok, done = pcall(complete.choices, "prin", host, { print = 1 })
    for name, f in pairs(functions) do rawset(G, name, f) end
    for library, copy in pairs(saved) do for key, field in pairs(copy) do rawset(library, key, field) end end
    assertEquals({ ok, type(first), second_ok, type(second), shown_ok, type(printer) },
        { true, "function", true, "function", true, "function" })
    assertEquals({ done_ok, done }, { true, { "print" } })
end
