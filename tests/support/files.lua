-- files.lua: files that last as long as a test needs them.
-- SPDX-License-Identifier: MIT
local files = {}

-- Calls fn with the path of a file that holds `text`, whose name ends in `ending`, and removes it, also after an error.
function files.with_file(text, fn, ending)
    local path = os.tmpname()
    if ending then
        os.remove(path)
        path = path .. ending
    end
    local file = assert(io.open(path, "wb"))
    assert(file:write(text))
    assert(file:close())
    local ok, message = pcall(fn, path)
    os.remove(path)
    if not ok then error(message, 0) end
end

function files.content(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
end

return files
