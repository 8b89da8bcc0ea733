-- A coroutine that resumes another is a call through C, of which there may be 200.
-- stock: wrong
local depth = 0
local function down()
    depth = depth + 1
    return coroutine.wrap(function() return pcall(down) end)()
end
down()
print(depth > 1000 and "ok" or depth)
