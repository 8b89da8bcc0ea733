--- repl.lua: reading chunks and showing results in the interactive session; runtime/cli/repl.c runs it.
-- Invariant: nothing of the user's is called here but what shows results; a session may lose any library and go on.
-- SPDX-License-Identifier: MIT
--
-- session.editing      whether lines come from the editor
-- session.read()       -> chunk, arguments...       to be called
--                      -> message, true             a syntax error; the session goes on
--                      -> nothing                   the input has ended
-- session.printer()    -> function, is_print        what the results of that chunk go to

-- Not to be seen in package.loaded, where a script that runs before the session would find them.
local function private(name)
    local loaded = package.loaded[name]
    local found = require(name)
    package.loaded[name] = loaded
    return found
end

local complete = private "moonbear.complete"
local show = private "moonbear.show"

local require, getfenv, loadstring, getenv = require, getfenv, loadstring, os.getenv
local error, setmetatable, tostring, type = error, setmetatable, tostring, type
local find, gmatch, gsub, match, sub = string.find, string.gmatch, string.gsub, string.match, string.sub
local concat, remove = table.concat, table.remove
local stdout = io.stdout
local write = stdout.write

local repl = {}

local Session = {}
Session.__index = Session

-- Lines that can be recalled.
local RECALLED = 1000

-- The name that carries results out of a chunk: `return f()` would be a tail call, and tracebacks would lack the chunk.
local CARRY = "__moonbear_results"

local function carry(...)
    return ...
end

-- The editor trusts its lines to be UTF-8.
local function is_text(line)
    local plain = gsub(gsub(gsub(line, "[\194-\223][\128-\191]", ""), "[\224-\239][\128-\191][\128-\191]", ""),
        "[\240-\244][\128-\191][\128-\191][\128-\191]", "")
    return not find(plain, "[%z\128-\255]")
end

-- ---- history ----------------------------------------------------------------------------------------------------

local encoding = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r" }
local decoding = { n = "\n", r = "\r" }

-- The XDG base directory specification: a relative $XDG_STATE_HOME is to be ignored.
local function history_path()
    local state, home = getenv("XDG_STATE_HOME"), getenv("HOME")
    if state and sub(state, 1, 1) == "/" then return state .. "/moonbear/history" end
    if home and sub(home, 1, 1) == "/" then return home .. "/.local/state/moonbear/history" end
end

local function load_history(host, path)
    local lines = {}
    for line in gmatch(path and host.load(path) or "", "[^\n]+") do
        line = gsub(line, "\\(.)", function(c) return decoding[c] or c end)
        if is_text(line) and line ~= lines[#lines] then lines[#lines + 1] = line end
    end
    local newest = {}
    for i = #lines > RECALLED and #lines - RECALLED + 1 or 1, #lines do newest[#newest + 1] = lines[i] end
    return newest
end

function Session:remember(text)
    local history = self.history
    if not self.editing or not find(text, "%S") or text == history[#history] or not is_text(text) then return end
    history[#history + 1] = text
    if #history > RECALLED then remove(history, 1) end
    if self.path then self.host.save(self.path, (gsub(text, "[\\\n\r]", encoding))) end
end

-- ---- lines ------------------------------------------------------------------------------------------------------

-- As stock Lua: a string or a number in _PROMPT.
local function prompt(name, default)
    local text = complete.lookup(getfenv(0), name)
    return (type(text) == "string" or type(text) == "number") and tostring(text) or default
end

-- A line, or nil and why there is none. Where the editor cannot begin after all, the line is read plainly.
function Session:line(first)
    local text = first and prompt("_PROMPT", "> ") or prompt("_PROMPT2", ">> ")
    if not (self.editing and self.host.terminal()) then return self.host.plain(text) end
    if first then self.host.fresh() end
    return self.host.edit(text, self.history, self.complete)
end

-- ---- chunks -----------------------------------------------------------------------------------------------------

local function incomplete(message)
    return type(message) == "string" and sub(message, -7) == "'<eof>'"
end
repl.incomplete = incomplete

-- `help` exists where a chunk begins with it and nothing of the user's has that name; it is never a global.
function Session:helped(text)
    local rest = match(text, "^%s*help%s*(.*)$")
    if not rest or not (rest == "" or find(rest, "^[%(\"']") or find(rest, "^%[=*%[")) then return nil end
    if complete.lookup(getfenv(0), "help") ~= nil then return nil end
    return rest == "" and "help()" or text
end

-- The message that is worth more: for a text that begins no statement, that about the expression.
local function better(text, of_chunk, of_expression)
    local token = match(of_chunk, "near '(.-)'$")
    local first = match(text, "^%s*([%a_][%w_]*)") or match(text, "^%s*(%S)")
    return token and first and sub(token, 1, #first) == first and of_expression or of_chunk
end

-- A string that a line leaves open does not go on in the next, unless a backslash says so: a newline shows it.
local function load_text(text)
    local chunk, message = loadstring(text, "=stdin")
    if message and find(message, "unfinished string", 1, true) then return loadstring(text .. "\n", "=stdin") end
    return chunk, message
end

-- Compiles an expression; or returns nil and a message. What is called with `carry` and `help` says so in self.carries.
function Session:expression(text, names)
    local plain, message = load_text("return " .. text)
    if not plain or find(text, "...", 1, true) then return plain, message end
    local chunk = loadstring("local " .. names .. " = ... return " .. CARRY .. "(" .. text .. "\n)", "=stdin")
    self.carries = chunk ~= nil
    return chunk or plain
end

-- Returns a chunk, or nil, a message, and whether more lines could help.
function Session:compile(text)
    self.carries = false
    local helped = not self.stock and self:helped(text)
    if helped then
        local chunk, message = self:expression(helped, CARRY .. ", help")
        if chunk or incomplete(message) then return chunk, message, true end
    end
    if self.stock or self.by_print then
        local chunk, message = (self.stock and loadstring or load_text)(text, "=stdin")
        return chunk, message, incomplete(message)
    end
    local chunk, of_expression = self:expression(text, CARRY)
    if chunk then return chunk end
    local statement, of_chunk = load_text(text)
    if statement then return statement end
    return nil, better(text, of_chunk, of_expression), incomplete(of_chunk) or incomplete(of_expression)
end

-- Stock Lua's way to see a value, which works here too: as `print` shows it.
function Session:begin(line)
    self.by_print = sub(line, 1, 1) == "="
    return self.by_print and "return " .. sub(line, 2) or line
end

-- What to do when there is no line: begin anew (true), or give `read` its results.
function Session:stopped(reason, unfinished)
    if reason == "interrupted" then
        if self.stock then self.host.interrupt() end
        return true
    end
    if reason ~= "end" and not self.stock then error("cannot read standard input: " .. reason, 0) end
    self.ended = true
    return false, not self.stock and unfinished or nil
end

function Session:chunk()
    local line, reason = self:line(true)
    if not line then return self:stopped(reason) end
    local lines, text = { line }, self:begin(line)
    local chunk, message, more = self:compile(text)
    while not chunk and more do
        line, reason = self:line(false)
        if not line then return self:stopped(reason, message) end
        lines[#lines + 1] = line
        text = text .. "\n" .. line
        chunk, message, more = self:compile(text)
    end
    self:remember(concat(lines, "\n"))
    return chunk or false, message
end

function Session:read()
    while not self.ended do
        local chunk, message = self:chunk()
        if type(chunk) == "function" then
            if self.carries then return chunk, carry, self.help end
            return chunk
        end
        if message then return message, true end
    end
end

-- ---- results ----------------------------------------------------------------------------------------------------

function Session:show(...)
    if self.editing then self.host.fresh() end
    self.options.width = self.host.columns()
    write(stdout, show.results(self.options, ...), "\n")
end

function Session:printer()
    if self.stock or self.by_print then return complete.lookup(getfenv(0), "print"), true end
    return self.show_results, false
end

local function help(topic)
    if topic ~= nil and type(topic) ~= "string" then
        error('help: a topic is a string, as in help "cli"; help() shows all topics', 2)
    end
    local main = require("moonbear.help").main
    if topic then main(topic) else main() end
end

--- A session. host: see runtime/cli/lua_line.h; stock: exactly as stock Lua's session.
function repl.new(host, stock)
    local self = setmetatable({ host = host, stock = stock, options = {}, help = help }, Session)
    self.editing = host.terminal()
    self.path = self.editing and not stock and history_path() or nil
    self.history = load_history(host, self.path)
    if not stock then
        self.complete = function(text) return complete.choices(text, host, getfenv(0)) end
    end
    self.show_results = function(...) self:show(...) end
    return {
        editing = self.editing,
        read = function() return self:read() end,
        printer = function() return self:printer() end,
    }
end

return repl
