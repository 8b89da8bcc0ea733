-- Files: io in every mode, lines, temporary ones, lfs with its iterators and locks, commands.
local lfs = require "lfs"
local function must(v, why, ...) if not v then error(why, 0) end return v, why, ... end
local name = arg[1] .. "/file"
local f = must(io.open(name, "w"))
for i = 1, 20 do must(f:write("line ", i, "\n")) end
must(f:close())
local count = 0
for line in io.lines(name) do count = count + #line end
f = must(io.open(name))
print(count, #must(f:read "*a"), must(f:seek("set", 5)), f:read("*n", "*l"))
f:close()
local t = must(io.tmpfile())
must(t:write(("y"):rep(3000)))
t:seek "set"
print(#t:read(2000), #t:read(2000))
t:close()
print(#must(lfs.currentdir()) > 0, must(lfs.attributes(name)).size, must(lfs.attributes(name, "mode")))
local link = arg[1] .. "/link"
os.remove(link)
must(lfs.link("target", link, true))
print(must(lfs.symlinkattributes(link)).target, must(lfs.symlinkattributes(link, "target")))
for _ = 1, 2 do
    local lock = must(lfs.lock_dir(arg[1]))
    lock:free()
end
local names = {}
for entry in lfs.dir(arg[1]) do names[#names + 1] = entry end
table.sort(names)
print(table.concat(names, " "))
local p = must(io.popen("echo from a command"))
print(p:read())
p:close()
os.remove(link)
os.remove(name)
local unfinished = must(io.open(name, "w"))
unfinished:write "left open"
lfs.dir(arg[1])
