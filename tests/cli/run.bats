# The runner as lua(1): scripts, arguments, standard input, `#!` lines, exit status, tracebacks.
# `same` runs Debian's lua5.1 too and compares both streams and the status.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/stock

setup() {
	stock_setup
	cd "$BATS_TEST_TMPDIR"
}

@test "runs a chunk given with -e" {
	run "$MOONBEAR" -e 'print(1 + 1)'
	[ "$status" = 0 ]
	[ "$output" = 2 ]
}

@test "arg has the script at 0, its arguments above and what came before below" {
	echo 'for i = -9, 9 do if arg[i] then print(i, arg[i]) end end print(select("#", ...), ...)' > s.lua
	same s.lua
	same s.lua a "b c" ''
	same -e 'x = 1' -l os -v -- s.lua -x --y -
	same -ex=1 -los s.lua 1
	run "$MOONBEAR" -e 'x = 1' s.lua one
	[ "${lines[0]}" = "-3	$MOONBEAR" ]
	[ "${lines[3]}" = "0	s.lua" ]
	[ "${lines[4]}" = "1	one" ]
	[ "${lines[5]}" = "1	one" ]
}

@test "without a script there is no arg" {
	same -e 'print(arg, ...)'
	echo 'print(arg and arg[0], ...)' > in
	INPUT=in same
	INPUT=in same - x y
}

@test "a script comes from standard input with - and without a name" {
	printf '#!/usr/bin/lua\nprint("in", ...)\n' > in
	INPUT=in same
	INPUT=in same -
	INPUT=in same - 1 2
	echo 'error("oops")' >> in
	INPUT=in same -
	INPUT=in same - 1 2
	INPUT=in same -e 'print "first"' -
	INPUT=in same -e 'print "only"'
}

# Stock Lua ends with 0 here. A caller must be able to see that the script failed.
@test "a script from standard input that fails is status 1, with or without -" {
	echo 'error("oops")' > in
	run ours < in
	[ "$status" = 1 ]
	[ "${lines[0]}" = "lua5.1: stdin:1: oops" ]
	echo 'x = = 1' > in
	run ours < in
	[ "$status" = 1 ]
	[ "$output" = "lua5.1: stdin:1: unexpected symbol near '='" ]
}

@test "after -- a minus is the name of a file" {
	echo 'print(arg[0], io.read())' > ./-
	echo 'line' > in
	INPUT=in same -- -
}

@test "a first line that begins with # is skipped, and line numbers stay right" {
	printf '#!/usr/bin/env lua\nerror("at two")' > s.lua
	same s.lua
	printf '# no newline' > s.lua
	same s.lua
	printf '#!/usr/bin/env lua\r\n\r\nx = = 1' > s.lua
	same s.lua
}

@test "a script with a #! line of ours runs by itself" {
	printf '#!%s\nprint("hello", ...)\n' "$MOONBEAR" > s.lua
	chmod +x s.lua
	run ./s.lua world
	[ "$status" = 0 ]
	[ "$output" = "hello	world" ]
}

@test "exit status: 0, 1 for an error, what os.exit says" {
	same -e 'return 5'
	same -e 'error("x")'
	same -e 'os.exit()'
	same -e 'os.exit(7)'
	same -e 'os.exit(256 + 3)'
	same -e 'os.exit(-1)'
	same -e 'os.exit("3")'
	same -e 'os.exit({})'
	same -e 'io.write("not lost") os.exit(2)'
	same -e 'setmetatable({}, {}) newproxy(true)' -e 'p = newproxy(true) getmetatable(p).__gc = function() print "closed" end'
}

@test "errors and tracebacks have the form of stock Lua's" {
	cat > s.lua <<-'LUA'
		local function inner(t) return t.field.deeper end
		function outer(t) local x = inner(t) return x end
		local o = { method = function(self) outer(self) return 1 end }
		local co = coroutine.wrap(function() local r = o:method() return r end)
		pcall(co)
		o:method()
	LUA
	same s.lua
	same -e 'error()'
	same -e 'error(nil)'
	same -e 'error({})'
	same -e 'error(setmetatable({}, { __tostring = function() return "mine" end }))'
	same -e 'error(42)'
	same -e 'error("no place", 0)'
	same -e 'error("caller", 2)'
	same -e 'local t = nil; t.x = 1'
	same -e 'x = ' -e 'print(1)'
	same -e 'debug.traceback = nil error("x")'
	same -e 'debug = nil error("x")'
	same -e 'debug.traceback = function(m) return "[" .. m .. "]" end error("x")'
	same -e 'debug.traceback = function() error("again") end error("x")'
	same -e 'function f(n) if n == 0 then error("deep") end f(n - 1) return 1 end f(50)'
	same -e 'function f(n) return f(n + 1) + 1 end f(1)'
	same -e 'string.rep()' -e 'never()'
	same -e '("x"):bad()'
	same -e 'table.sort({3, 2, 1, 5, 4}, function() return true end)'
	same -e 'xpcall(error, print)'
}

@test "the first failing part ends the run" {
	same -e 'print(1)' -e 'error("two")' -e 'print(3)'
	same -l nothing.of.that.name -e 'print(1)'
	echo 'print "script"' > s.lua
	same -e 'error("first")' s.lua
}

@test "the environment of a script is that of stock Lua" {
	same -e 'print(package.path) print(package.cpath) print(package.config) print(_VERSION)'
	cat > s.lua <<-'LUA'
		local names = {}
		for name, value in pairs(_G) do
			names[#names + 1] = name
			if type(value) == "table" and value ~= _G then
				for field in pairs(value) do names[#names + 1] = name .. "." .. tostring(field) end
			end
		end
		table.sort(names)
		print(table.concat(names, "\n"))
		local loaded = {}
		for name in pairs(package.loaded) do loaded[#loaded + 1] = name end
		table.sort(loaded)
		print(table.concat(loaded, " "), #package.loaders)
		for name, entry in pairs(debug.getregistry()) do
			if type(name) == "string" and name:find("^FILE") then print(name, type(entry)) end
		end
	LUA
	same s.lua
}

@test "called as lua and lua5.1 through a symlink it is stock Lua" {
	ln -s "$MOONBEAR" lua
	mkdir -p elsewhere && ln -s "$OWN/lua5.1" elsewhere/lua5.1
	for name in ./lua elsewhere/lua5.1; do
		run $name help
		[ "$status" = 1 ]
		[ "$output" = "$name: cannot open help: No such file or directory" ]
		for option in --version --help --memory-limit=1M -x -vi -iv -vv -ie -E1; do
			run $name $option
			[ "$status" = 1 ]
			[ "${lines[0]}" = "usage: $name [options] [script [args]]." ]
		done
	done
	ln -s "$MOONBEAR" luajit
	run ./luajit --version
	[ "$status" = 0 ]
}
