--- complete.lua: what could follow the text before the cursor: globals, fields, methods, modules.
-- Invariant: calls no function of the user's, raises nothing because of his values, and looks at a bounded part of them.
-- SPDX-License-Identifier: MIT

local getmetatable = debug.getmetatable
local package, open = package, io.open
local next, pcall, rawget, type = next, pcall, rawget, type
local find, gmatch, gsub, match, sub = string.find, string.gmatch, string.gsub, string.match, string.sub
local sort = table.sort
local close = io.stdout.close

local complete = {}

-- Bounds: __index tables in a row, keys looked at in one table, choices.
local CHAIN, KEYS, CHOICES = 10, 100000, 500

local keywords = {}
for word in gmatch("and break do else elseif end false for function if in local nil not or repeat return then true " ..
    "until while", "%a+") do
    keywords[#keywords + 1] = word
end

-- The next table in which a key is looked for; for other values the first.
local function index_table(value)
    local meta = getmetatable(value)
    local index = type(meta) == "table" and rawget(meta, "__index")
    return type(index) == "table" and index or nil
end

--- value[key] without calling anything: through __index where that is a table.
function complete.lookup(value, key)
    for _ = 1, CHAIN do
        if type(value) == "table" then
            local found = rawget(value, key)
            if found ~= nil then return found end
        end
        value = index_table(value)
        if value == nil then return nil end
    end
end

-- Starting with `prefix`; the set `found` has the names as keys.
local function add(found, name, prefix)
    if sub(name, 1, #prefix) ~= prefix or found[name] or found.n >= CHOICES then return end
    found[name] = true
    found.n = found.n + 1
    found[found.n] = name
end

local function add_keys(found, value, prefix, methods)
    local seen = 0
    local key, field = next(value)
    while key ~= nil and seen < KEYS do
        if type(key) == "string" and find(key, "^[%a_][%w_]*$") and (not methods or type(field) == "function") then
            add(found, key, prefix)
        end
        seen = seen + 1
        key, field = next(value, key)
    end
end

local function add_fields(found, value, prefix, methods)
    for _ = 1, CHAIN do
        if type(value) == "table" then add_keys(found, value, prefix, methods) end
        value = index_table(value)
        if value == nil then return end
    end
end

-- The value that "a.b.c" names, nil where there is none.
local function value_of(path, globals)
    local value = globals
    for name in gmatch(path, "[^%.]+") do
        value = complete.lookup(value, name)
        if value == nil then return nil end
    end
    return value
end

-- Splits "a.b:c" into "a.b", ":" and "c"; a name alone into "", "" and itself. Nil where no such thing ends the text.
local function split(text)
    local word = match(text, "[%w_%.:]*$")
    word = gsub(word, "^.*%.%.", "") -- what follows a concatenation
    local path, mark, name = match(word, "^(.*)([%.:])([%w_]*)$")
    if not path then path, mark, name = "", "", word end
    if find(name, "^%d") then return nil end
    if mark ~= "" and not find("." .. path, "^%.[%a_][%w_%.]*$") then return nil end
    local front = sub(text, 1, #text - #path - #mark - #name)
    if mark == "" and find(front, "[%]%)}\"'][%.:]?%s*$") and #name == 0 then return nil end
    return path, mark, name
end

local function names(text, globals)
    local path, mark, name = split(text)
    local found = { n = 0 }
    if not path then return found, "" end
    if mark == "" then
        if name == "" then return found, "" end
        add_fields(found, globals, name)
        for i = 1, #keywords do add(found, keywords[i], name) end
    else
        local value = value_of(path, globals)
        if value ~= nil then add_fields(found, value, name, mark == ":") end
    end
    return found, name
end

-- The module's name in `file`, which stands for "?" in `stem .. "?" .. after`; nil when it fits not.
local function name_in(file, stem, after)
    if sub(file, 1, #stem) ~= stem then return nil end
    if sub(after, 1, 1) == "/" then return match(sub(file, #stem + 1), "^[%w_%-]+$") end -- "?/init.lua"
    if sub(file, -#after) ~= after then return nil end
    return match(sub(file, #stem + 1, -#after - 1), "^[%w_%-]+$")
end

local function readable(path)
    local handle = open(path)
    if handle then close(handle) end
    return handle ~= nil
end

-- Modules that start with `prefix` in the folder to which the template leads: "?" stands for the name with slashes.
local function add_template(found, template, prefix, host)
    local before, after = match(template, "^([^%?]*)%?([^%?]*)$")
    if not before then return end
    local packages = match(prefix, "^.*%.") or ""
    local where = before .. gsub(packages, "%.", "/")
    local folder, stem = match(where, "^.*/") or "./", match(where, "[^/]*$")
    local files = host.files(folder)
    for i = 1, #files do
        local name = name_in(files[i], stem, after)
        local fits = name and sub(packages .. name, 1, #prefix) == prefix
        if fits and (sub(after, 1, 1) ~= "/" or readable(folder .. files[i] .. after)) then
            add(found, packages .. name, prefix)
        end
    end
end

local function modules(prefix, host)
    local found = { n = 0 }
    local built_in = host.modules()
    for i = 1, #built_in do add(found, built_in[i], prefix) end
    for _, where in next, { "preload", "loaded" } do
        local t = rawget(package, where)
        local key = type(t) == "table" and next(t)
        while key do
            if type(key) == "string" then add(found, key, prefix) end
            key = next(t, key)
        end
    end
    local path = rawget(package, "path")
    if type(path) ~= "string" then return found end
    for template in gmatch(path, "[^;]+") do pcall(add_template, found, template, prefix, host) end
    return found
end

local function common(found)
    local shared = found[1]
    for i = 2, found.n do
        local length = 0
        while length < #shared and sub(shared, length + 1, length + 1) == sub(found[i], length + 1, length + 1) do
            length = length + 1
        end
        shared = sub(shared, 1, length)
    end
    return shared
end

-- Whole texts: `text` less `name`, then each name.
local function replace(text, name, found, ending)
    local front = sub(text, 1, #text - #name)
    if found.n == 0 then return {} end
    local shared = common(found)
    if found.n == 1 then return { front .. shared .. ending } end
    if #shared > #name then return { front .. shared } end
    local texts = {}
    for i = 1, found.n do texts[i] = front .. found[i] end
    sort(texts)
    return texts
end

--- A sorted array of texts that could replace `text`; when all go on alike, their common part is the only one.
-- host: modules() -> array of the built-in modules' names; files(folder) -> array of names
function complete.choices(text, host, globals)
    if not find(text, "%S") then return { text .. "    " } end
    local call, quote, prefix = match(text, "%f[%w_]require%s*(%(?)%s*([\"'])([%w_%.%-]*)$")
    if call then return replace(text, prefix, modules(prefix, host), quote .. (call == "(" and ")" or "")) end
    local found, name = names(text, globals)
    return replace(text, name, found, "")
end

return complete
