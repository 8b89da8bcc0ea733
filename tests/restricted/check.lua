-- check.lua: what must work on every host, printed so that hosts can be compared; the last line says how the C stack was
-- measured, which may differ. Uses nothing of the host but standard output.
-- SPDX-License-Identifier: MIT

-- Each way down must end in an ordinary error, after which the state works on.
local endless = setmetatable({}, { __index = function(t, k) return t[k] end })
local descents = {
    { "callback", function() local function down() return (string.gsub("x", "x", down)) end return down() end },
    { "metamethod", function() return endless.x end },
    { "parser", function() return assert(loadstring("return " .. ("("):rep(1e5) .. "1" .. (")"):rep(1e5))) end },
    { "calls", function() local function down(n) return 1 + down(n + 1) end return down(1) end },
    { "sort", function() local function down() table.sort({ 1, 2, 3 }, down) return true end return down() end },
}
for _, one in ipairs(descents) do
    local ok, message = pcall(one[2])
    message = tostring(message)
    print(one[1], ok, message:match("overflow") or message:match("too many .* levels") or message)
end

local parts = {}
for word in ("the quick brown fox"):gmatch("%a+") do parts[#parts + 1] = word:upper():reverse() end
print(table.concat(parts, " "), ("%5.2f|%q|%x"):format(math.pi, "a\nb", 255))
local co = coroutine.wrap(function(...) for i = 1, select("#", ...) do coroutine.yield((select(i, ...))) end end)
print(co(1, nil, "three"), co(), co())
-- More than the binary brings with it, in small blocks, and in one that is a mapping of its own.
local big, text = {}, ("x"):rep(300000)
for i = 1, 9000 do big[i] = { i, tostring(i) } end
table.sort(big, function(a, b) return a[2] < b[2] end)
print(#big, big[1][1], big[9000][1], #text, collectgarbage("count") > 1400)
big = nil
collectgarbage()
print(pcall(error, { code = 7 }) == false, select(2, pcall(error, "plain", 0)))
print(require("cjson").encode { 1, "two", false }, require("lpeg").match(require("re").compile "[a-z]+", "abc1"))
print(require("bit").band(0xff, 0x0f), type(require("lfs").attributes), type(os.time()), os.getenv("no such name"))

-- A guess begins at the frame that asked, so its size is not the same twice.
local stack = require("moonbear.host").stack()
local size = stack.confidence == "low" and math.floor(stack.size / 65536) * 64 .. " KiB or more" or stack.size / 1024 .. " KiB"
io.write("stack ", stack.method, ", ", stack.confidence or "-", ", ", size, "\n")
