-- What a finalizer makes while the state is closed is never finalized; what makes its like again must not keep it open.
-- stock: wrong
local function finalize(how)
    local object = newproxy(true)
    getmetatable(object).__gc = how
    return object
end

local function again() finalize(again) end

local kept = finalize(function()
    finalize(function() print "ok" end)
    finalize(again)
end)
return kept
