-- Standard input as a script sees it when there is none: end of file in every format.
print(io.read(), io.read "*l", io.read "*n", io.read "*a", io.read "*a", io.read(0), io.read(5))
for line in io.lines() do print(line) end
print(io.stdin:read(), io.stdin:lines()())
print(io.type(io.stdin), io.type(io.stdout), io.type(io.stderr))
io.write("a", 1, 2.5, "\n")
print(io.write "" == true, pcall(io.write, {}))
print(pcall(io.write, nil))
io.stdout:write("chained\n")
io.stdout:setvbuf "no"
io.write "unbuffered\n"
io.stderr:write("on standard error ", 5, "\n")
print(io.stdout:flush(), io.flush())
