-- debug.traceback in every kind of frame, and its arguments.
local function show(text) print((tostring(text):gsub("0x%x+", "ADDRESS"))) end
local function inner() show(debug.traceback("here")) end
local t = { field = function() inner() return 1 end }
function t:method() self.field() return 1 end
function global() t:method() return 1 end
local function tail() return inner() end
global()
tail()
pcall(inner)
show(debug.traceback())
show(debug.traceback("message", 1))
show(debug.traceback("message", 2))
show(debug.traceback("message", 0))
show(debug.traceback("message", 50))
print(debug.traceback({}) ~= nil, type(debug.traceback({})), debug.traceback(nil), debug.traceback(12))
local co = coroutine.create(function(a) local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) end return n end deep(2) end)
coroutine.resume(co)
show(debug.traceback(co))
show(debug.traceback(co, "co"))
show(debug.traceback(co, "co", 1))
show(debug.traceback(co, nil, 100))
coroutine.resume(co)
show(debug.traceback(co))
local failed = coroutine.create(function() local x = nil; x.y = 1 end)
print(coroutine.resume(failed))
show(debug.traceback(failed))
local function long(n) if n == 0 then show(debug.traceback("long")) else long(n - 1) end return n end
long(30)
table.sort({ 1, 2 }, function() inner() return false end);
("x"):gsub("x", function() inner() end)
for _ in function(_, k) if not k then inner() return 1 end end do end
setmetatable({}, { __index = function() inner() end }).x = nil
local _ = setmetatable({}, { __index = function() inner() end }).x
print(select(2, xpcall(function() error("through xpcall") end, debug.traceback)))
loadstring("local f = ... f()", "=loaded")(inner)
loadstring("local f = ... f()", "text of the chunk\nsecond line")(inner)
