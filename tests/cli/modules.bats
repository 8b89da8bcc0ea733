# Built-in modules: found first, named when a C module is asked for, and free until they are required.
# What each of them does is tested in tests/runtime/libs_test.lua.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/stock

setup() {
	stock_setup
	cd "$BATS_TEST_TMPDIR"
}

# Every built-in module: the compiled ones from the table in libs.c, the Lua ones from the files that are embedded.
built_in() {
	sed -n 's/^    { "\([a-z.]*\)", luaopen_.*/\1/p' "$ROOT/runtime/libs.c"
	(cd "$ROOT/scripts/lib" && find . -name '*.lua' | sed 's|^\./||; s|\.lua$||; s|/|.|g')
	printf '%s\n' argparse inspect re
}

# LuaFileSystem, LPeg and re themselves set a global of their name, as everywhere.
@test "every built-in module loads, and adds no global" {
	names=$(built_in)
	[ "$(echo "$names" | wc -l)" -ge 9 ]
	for name in $names; do
		run "$MOONBEAR" -e "local before = {} for k in pairs(_G) do before[k] = true end
			local m = require '$name'
			assert(m ~= true and m ~= nil and package.loaded['$name'] == m and require '$name' == m)
			for k in pairs(_G) do assert(before[k] or k == 'lfs' or k == 'lpeg' or k == 're', '$name made the global ' .. k) end"
		[ "$status" = 0 ] || { echo "$name: $output"; return 1; }
	done
}

@test "built-in modules come before package.path" {
	for name in lpeg lfs cjson bit re inspect argparse; do echo "error('the file was loaded')" > $name.lua; done
	mkdir -p cjson moonbear && cp bit.lua cjson/safe.lua && cp bit.lua moonbear/help.lua
	LUA_PATH='./?.lua' run "$MOONBEAR" -e 'for _, n in ipairs { "lpeg", "lfs", "cjson", "cjson.safe", "bit", "re", "inspect", "argparse" } do require(n) end print "ok"'
	[ "$output" = ok ]
}

@test "a script's own package.preload entry comes before a built-in module" {
	run "$MOONBEAR" -e 'package.preload.lpeg = function(name) return { mine = name } end print(require("lpeg").mine)'
	[ "$output" = lpeg ]
	run "$MOONBEAR" -e 'print(next(package.preload), rawget(package.preload, "lpeg"))'
	[ "$output" = "nil	nil" ]
}

@test "nothing built in is loaded before it is required" {
	run "$MOONBEAR" -e 'for _, n in ipairs { "lpeg", "lfs", "cjson", "bit", "re" } do assert(package.loaded[n] == nil and _G[n] == nil) end print "ok"'
	[ "$output" = ok ]
}

@test "require of a C module says why it cannot be, and names every built-in module" {
	mkdir c && : > c/widget.so
	run "$MOONBEAR" -e 'package.cpath = "./c/?.so" require "widget"'
	[ "$status" = 1 ]
	[[ "$output" == *"error loading module 'widget' from file './c/widget.so':"*"static binary, which cannot load C modules"* ]]
	for name in $(built_in); do
		[[ "$output" =~ [\ ]$name(,|$'\n'|$) ]] || { echo "$name is not named: $output"; return 1; }
	done
	run "$MOONBEAR" -e 'package.cpath = "./c/?.so" require "widget.part"'
	[[ "$output" == *"static binary, which cannot load C modules"* ]]
}

@test "package.loadlib answers nil, the reason and absent" {
	: > x.so
	run "$MOONBEAR" -e 'local f, why, kind = package.loadlib("./x.so", "luaopen_x") print(f, kind) print(why)'
	[ "$status" = 0 ]
	[ "${lines[0]}" = "nil	absent" ]
	for name in $(built_in); do
		[[ "${lines[1]}" =~ [\ ]$name(,|$) ]] || { echo "$name is not named: $output"; return 1; }
	done
	run "$MOONBEAR" -e 'print(select("#", package.loadlib("./missing.so", "*")), pcall(package.loadlib))'
	[[ "$output" == "3	false	bad argument #1 to '?' (string expected, got no value)" ]]
}

@test "a module that is nowhere is an error in stock Lua's words" {
	same -e 'require "no.such.module"'
	same -e 'package.path, package.cpath = "a;?.x", "b" print(pcall(require, "x.y"))'
	same -e 'require()'
	same -e 'package.path = nil require "x"'
	same -e 'package.loaders = nil require "x"'
	same -e 'package.preload.self = function() return require "self" end require "self"'
}

@test "module and package.seeall work as in stock Lua" {
	cat > shapes.lua <<-'LUA'
		module("shapes", package.seeall)
		function area(w, h) return w * h end
		print(_NAME, _M == shapes, _PACKAGE, type(print))
	LUA
	same -lshapes -e 'print(shapes.area(2, 3), package.loaded.shapes == shapes)'
	same -e 'x = 1 module("x")'
}
