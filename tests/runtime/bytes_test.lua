-- The module moonbear.bytes: owners, views, chains and their release.
-- SPDX-License-Identifier: MIT
local bytes = require "moonbear.bytes"

local LONG = ("0123456789"):rep(100)

local function fails(pattern, f, ...)
    local ok, message = pcall(f, ...)
    lu.assertFalse(ok)
    lu.assertStrMatches(tostring(message), ".*" .. pattern .. ".*")
end

local function temporary(text)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
    return path
end

TestOwners = {}

function TestOwners.test_a_string_and_back()
    for _, s in ipairs { "", "a", "\0\255", LONG } do
        local b = bytes.from(s)
        lu.assertEquals(#b, #s)
        lu.assertEquals(tostring(b), s)
    end
    fails("string or bytes expected", bytes.from)
    fails("string or bytes expected", bytes.from, {})
    fails("string or bytes expected", bytes.from, io.stdout)
end

function TestOwners.test_a_string_lives_as_long_as_its_views()
    local weak = setmetatable({}, { __mode = "k" })
    local view = bytes.from(LONG .. "x"):sub(2)
    for _ = 1, 3 do collectgarbage() end
    lu.assertEquals(tostring(view), LONG:sub(2) .. "x")
    weak[view] = true
    view = nil
    for _ = 1, 3 do collectgarbage() end
    lu.assertNil(next(weak))
end

function TestOwners.test_a_mapped_file()
    local path = temporary(LONG)
    local b = assert(bytes.map(path))
    os.remove(path)
    lu.assertEquals(tostring(b), LONG)
    lu.assertTrue(b:release())
    fails("released", function() return #b end)
end

function TestOwners.test_what_cannot_be_mapped()
    lu.assertEquals({ bytes.map "/nowhere/at/all" }, { nil, "/nowhere/at/all: No such file or directory", 2 })
    lu.assertEquals({ bytes.map "/" }, { nil, "/: Is a directory", 21 })
    local path = temporary("")
    lu.assertEquals(#bytes.map(path), 0)
    os.remove(path)
end

TestRelease = {}

function TestRelease.test_by_what_brought_the_memory_all_views_end()
    local b = bytes.from(LONG)
    local view = b:sub(2, 900)
    lu.assertTrue(b:release())
    lu.assertFalse(b:release())
    for _, f in ipairs { tostring, function(v) return #v end, view.sub } do fails("released", f, view) end
    lu.assertFalse(view:release())
end

function TestRelease.test_by_a_view_only_that_view_ends()
    local b = bytes.from(LONG)
    local view = b:sub(2, 900)
    lu.assertTrue(view:release())
    lu.assertFalse(view:release())
    fails("released", tostring, view)
    lu.assertEquals(tostring(b), LONG)
end
