-- io on temporary files: modes, formats, seek, buffers, lines, closed files, default streams, errors.
local name = os.tmpname()
local function clean(...)
    local r = { ... }
    for i = 1, select("#", ...) do r[i] = tostring(r[i]):gsub(name, "NAME", 1):gsub("0x%x+", "ADDRESS") end
    print(unpack(r, 1, select("#", ...)))
end
local f = assert(io.open(name, "w"))
clean(io.type(f), io.type(5), io.type(io.stdout), f)
print(f:write("line one\n", 2, " ", 2.5, "\n", "\n", "last without newline"))
print(f:seek(), f:seek "set", f:seek("end"), f:seek("cur", -4), f:seek("set", 3))
print(f:flush(), f:close())
clean(io.type(f), f, pcall(f.write, f, "x"))
clean(pcall(function() return f:read() end))
f = assert(io.open(name))
print(f:read())
print(f:read("*n", "*n"))
print(f:read "*l", f:read "*l", f:read "*l", f:read "*l")
print(f:seek("set"), f:read(4), f:read(0), f:read "*a", f:read "*a", f:read(0), f:read(1), f:read "*l", f:read "*n")
f:close()
for line in io.lines(name) do io.write("<", line, ">") end
print()
f = io.open(name)
for line in f:lines() do io.write("{", line, "}") if line == "" then break end end
print(f:read(4), f:close())
print(pcall(io.lines, "/nonexistent/file"))
print(io.open "/nonexistent/file")
print(io.open("/", "w"))
clean(pcall(io.open, name, "nonsense"))
f = io.open(name, "a")
f:write "appended"
f:close()
f = io.open(name, "r+")
f:write "LINE"
f:seek("end", -8)
print(f:read "*a")
f:close()
f = io.open(name, "w+")
f:write("12 0x1F 1e3 .5 -7 abc 9")
f:seek "set"
print(f:read("*n", "*n", "*n", "*n", "*n", "*n"))
print(f:read "*a")
f:close()
f = io.open(name, "wb")
for i = 0, 255 do f:write(string.char(i)) end
f:close()
f = io.open(name, "rb")
local all = f:read "*a"
print(#all, all:byte(1), all:byte(11), all:byte(256))
f:seek "set"
print(#f:read(10), #f:read "*l", #f:read(1000), f:read(1))
f:close()
for _, mode in ipairs { "no", "full", "line" } do
    f = io.open(name, "w")
    print(f:setvbuf(mode), f:setvbuf(mode, 16))
    f:write(("x"):rep(100), "\n")
    f:close()
    print(#io.open(name):read "*a")
end
print(pcall(f.setvbuf, io.stdout, "nonsense"))
print(pcall(f.seek, io.open(name), "nonsense"))
print(pcall(f.read, io.open(name), "nonsense"))
print(pcall(f.read, io.open(name), "*x"))
f = io.open(name, "w")
print(f:read())
print(pcall(f:lines()))
f:close()
f = io.open(name)
print(f:write "x")
print(f:write(1.5))
f:close()
io.output(name)
io.write "through the default"
io.close()
io.output(io.stdout)
io.input(name)
print(io.read "*a", io.input() == io.stdin)
io.input():close()
clean(pcall(io.read))
io.input(io.stdin)
print(io.read(), io.read "*a", io.lines()())
clean(pcall(io.output, "/nonexistent/file"))
clean(pcall(io.input, "/nonexistent/file"))
print(io.stdout:close())
print(io.stderr:write "to standard error\n")
print(pcall(io.close, 5))
local tmp = io.tmpfile()
tmp:write "temporary"
tmp:seek "set"
print(tmp:read "*a", tmp:close())
f = io.open(name, "w")
for i = 1, 3000 do f:write("row ", i, "\n") end
f:close()
local rows, sum = 0, 0
for line in io.lines(name) do rows = rows + 1 sum = sum + tonumber(line:match "%d+") end
print(rows, sum)
f = io.open(name, "w")
f:write(("y"):rep(70000), "\nshort\n")
f:close()
f = io.open(name)
print(#f:read(), f:read(), f:read())
f:close()
os.remove(name)
