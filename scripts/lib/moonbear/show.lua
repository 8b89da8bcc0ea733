--- show.lua: values as text for people: tables to a readable depth, sorted, cut where they are long.
-- Invariant: reads tables without their metamethods; of the user's code only __tostring runs, and its errors are shown.
-- SPDX-License-Identifier: MIT
--
-- options: depth = 3     tables inside tables that are opened
--          items = 40    entries of one table
--          length = 300  bytes of a string
--          total = 1000  values altogether
--          width = 80    columns of a line, where it can be kept
--          lines = 40    see show.results
--
-- What the module needs is kept in locals: it works on when a session has lost `string` or `table`.

local getmetatable = debug.getmetatable
local getinfo = debug.getinfo
local next, rawget, select, tostring, type = next, rawget, select, tostring, type
local error, pcall, setmetatable = error, pcall, setmetatable
local byte, find, format, gsub, match, rep, sub =
    string.byte, string.find, string.format, string.gsub, string.match, string.rep, string.sub
local concat, sort = table.concat, table.sort
local floor, min = math.floor, math.min

local show = {}

local defaults = { depth = 3, items = 40, length = 300, total = 1000, width = 80, lines = 40 }

-- More keys than this are counted, not sorted.
local SORTED = 10000

local keywords = {}
for word in string.gmatch("and break do else elseif end false for function if in local nil not or repeat return then " ..
    "true until while", "%a+") do
    keywords[word] = true
end

local escapes = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r", ["\\"] = "\\\\", ['"'] = '\\"' }

local function escape(c)
    return escapes[c] or format("\\%03d", byte(c))
end

-- Lengths of UTF-8 sequences by their patterns; overlong forms and surrogates are taken as bytes.
local sequences = {
    "^[\194-\223][\128-\191]",
    "^\224[\160-\191][\128-\191]", "^[\225-\236\238\239][\128-\191][\128-\191]", "^\237[\128-\159][\128-\191]",
    "^\240[\144-\191][\128-\191][\128-\191]", "^[\241-\243][\128-\191][\128-\191][\128-\191]",
    "^\244[\128-\143][\128-\191][\128-\191]",
}

local function sequence_end(s, at)
    for i = 1, #sequences do
        local _, last = find(s, sequences[i], at)
        if last then return last end
    end
end

-- Bytes above 127 that are no UTF-8 are escaped. C1 control characters too: a terminal may obey them.
local function escape_high(run)
    local out, at = {}, 1
    while at <= #run do
        local last = sequence_end(run, at)
        local one = sub(run, at, last or at)
        if last and not find(one, "^\194[\128-\159]") then
            out[#out + 1] = one
        else
            out[#out + 1] = gsub(one, ".", escape)
        end
        at = (last or at) + 1
    end
    return concat(out)
end

local function printable(s, pattern)
    return (gsub(gsub(s, pattern, escape), "[\128-\255]+", escape_high))
end

-- The first `length` bytes at most, without half a character at the end.
local function cut(s, length)
    local head = sub(s, 1, length)
    return #s > length and gsub(head, "[\192-\255][\128-\191]*$", function(last)
        return sequence_end(last, 1) == #last and last or ""
    end) or head
end

local function quote(s, length)
    local text = '"' .. printable(cut(s, length), '[%c\\"\127]') .. '"'
    if #s <= length then return text end
    return format("%s... (%d bytes)", text, #s)
end

-- What user code says about a value: no control characters but tabs and newlines reach the terminal.
local function foreign(s, length)
    local text = printable(cut(s, length), "[%z\1-\8\11-\31\127]")
    if #s <= length then return text end
    return format("%s... (%d bytes)", text, #s)
end

local function own_tostring(value)
    local meta = getmetatable(value)
    return type(meta) == "table" and rawget(meta, "__tostring") ~= nil
end

-- Ctrl-C in a __tostring is meant for the whole printing.
local function called_tostring(value, length)
    local ok, text = pcall(tostring, value)
    if ok and type(text) == "string" then return foreign(text, length) end
    if ok then return format("<%s: __tostring returned a %s>", type(value), type(text)) end
    if type(text) == "string" and find(text, "interrupted!", 1, true) then error(text, 0) end
    text = type(text) == "string" and match(text, "[^\n]*") or "error object is not a string"
    return format("<%s: error in __tostring: %s>", type(value), foreign(text, 80))
end

local function function_text(f)
    local ok, info = pcall(getinfo, f, "S")
    if not ok or info.what == "C" then return tostring(f) end
    return format("%s (%s:%d)", tostring(f), info.short_src, info.linedefined)
end

-- Any value but a table that is opened.
local function leaf(value, length)
    local kind = type(value)
    if kind == "string" then return quote(value, length) end
    if own_tostring(value) then return called_tostring(value, length) end
    if kind == "function" then return function_text(value) end
    return tostring(value)
end

local ranks = { number = 1, string = 2, boolean = 3 }

-- Keys of other kinds stay as they come.
local function before(a, b)
    local kind = type(a.key)
    local ra, rb = ranks[kind] or 4, ranks[type(b.key)] or 4
    if ra ~= rb then return ra < rb end
    if ra <= 2 then return a.key < b.key end
    if ra == 3 then return a.key == false and b.key == true end
    return a.index < b.index
end

-- The keys outside the array part 1..n, the first SORTED of them, and how many there are.
local function other_keys(t, n)
    local keys, count = {}, 0
    local key = next(t, n > 0 and rawget(t, n) ~= nil and n or nil)
    while key ~= nil do
        if not (type(key) == "number" and key >= 1 and key <= n and key == floor(key)) then
            count = count + 1
            if count <= SORTED then keys[count] = { key = key, index = count } end
        end
        key = next(t, key)
    end
    sort(keys, before)
    return keys, count
end

local Printer = {}
Printer.__index = Printer

local function new_printer(options)
    local self = setmetatable({ open = {} }, Printer)
    for name, default in next, defaults do
        self[name] = options and options[name] or default
    end
    self.left = self.total
    return self
end

function Printer:key_text(key)
    if type(key) == "string" and find(key, "^[%a_][%w_]*$") and not keywords[key] then return key .. " = " end
    return "[" .. leaf(key, min(self.length, 60)) .. "] = "
end

-- Columns, counting each character as one; of a text of several lines, its last.
local function columns(text)
    local _, continuations = gsub(text, "[\128-\191]", "")
    return #text - continuations
end

-- Texts of the entries, the number of those in front that have no key, and the number of entries left out.
function Printer:entries(t, indent)
    local texts, n = {}, #t
    local keys, count = other_keys(t, n)
    local shown = min(n, self.items)
    for i = 1, shown do
        if self.left <= 0 then return texts, #texts, n + count - #texts end
        texts[i] = self:text(rawget(t, i), indent + 2, indent + 2)
    end
    for i = 1, min(#keys, self.items - shown) do
        if self.left <= 0 then return texts, shown, n + count - #texts end
        local key = self:key_text(keys[i].key)
        texts[#texts + 1] = key .. self:text(rawget(t, keys[i].key), indent + 2, indent + 2 + columns(key))
    end
    return texts, shown, n + count - #texts
end

-- As many entries in a line as fit: long arrays of short values.
local function fill(texts, last, room)
    local lines, line = {}, nil
    for i = 1, last do
        local longer = line and line .. ", " .. texts[i] or texts[i]
        if line and columns(longer) + 1 > room then
            lines[#lines + 1] = line
            line = texts[i]
        else
            line = longer
        end
    end
    lines[#lines + 1] = line
    return lines
end

local function one_line(texts)
    for i = 1, #texts do
        if find(texts[i], "\n", 1, true) then return nil end
    end
    return "{" .. concat(texts, ", ") .. "}"
end

local function layout(texts, shown, indent, room, width)
    local line = one_line(texts)
    if line and columns(line) <= room then return line end
    local lines = line and fill(texts, shown, width - indent - 2) or {}
    for i = line and shown + 1 or 1, #texts do lines[#lines + 1] = texts[i] end
    local margin = "\n" .. rep(" ", indent)
    return "{" .. margin .. "  " .. concat(lines, "," .. margin .. "  ") .. margin .. "}"
end

-- `indent` is that of the line the table begins in, `column` where it begins.
function Printer:table_text(t, indent, column)
    if self.open[t] then return "<cycle>" end
    if self.depth <= 0 then return next(t) == nil and "{}" or "{...}" end
    self.open[t], self.depth = true, self.depth - 1
    local texts, shown, more = self:entries(t, indent)
    self.open[t], self.depth = nil, self.depth + 1
    if more > 0 then texts[#texts + 1] = format("... %d more", more) end
    if getmetatable(t) ~= nil then texts[#texts + 1] = "<metatable>" end
    return layout(texts, shown, indent, self.width - column - 1, self.width)
end

function Printer:text(value, indent, column)
    self.left = self.left - 1
    if type(value) ~= "table" or own_tostring(value) then return leaf(value, self.length) end
    return self:table_text(value, indent, column)
end

--- The text of one value; options may be nil.
function show.value(value, options)
    return new_printer(options):text(value, 0, 0)
end

local function line_count(text)
    local _, newlines = gsub(text, "\n", "")
    return newlines + 1
end

-- A string that is a result of its own may be longer than one inside a table.
local function result(value, options, lone)
    local printer = new_printer(options)
    if lone and type(value) ~= "table" then printer.length = printer.length * 10 end
    local text
    for depth = printer.depth, 1, -1 do
        printer.depth, printer.left = depth, printer.total
        text = printer:text(value, 0, 0)
        if line_count(text) <= printer.lines then break end
    end
    return text
end

--- The text of all values; what takes more than options.lines lines is opened less deep.
function show.results(options, ...)
    local texts, count = {}, select("#", ...)
    for i = 1, count do
        texts[i] = result((select(i, ...)), options, count == 1)
    end
    local line = concat(texts, "\t")
    return find(line, "\n", 1, true) and concat(texts, "\n") or line
end

return show
