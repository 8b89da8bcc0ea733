# Options: stacked, refused, and what LUA_INIT and LUA_PATH do to them; command words; --version; the locale.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/stock

bats_require_minimum_version 1.5.0

setup() {
	stock_setup
	cd "$BATS_TEST_TMPDIR"
}

@test "-v writes the version to standard error and nothing to standard output" {
	same -v
	same -v -e 'print(1)'
	same -e 'print(1)' -v -e 'io.stderr:write("after\n")'
	run --separate-stderr "$MOONBEAR" -v
	[ "$status" = 0 ]
	[ -z "$output" ]
	[[ "$stderr" == "Lua 5.1.5  Copyright"* ]]
}

@test "-e and -l take the rest of the word or the next one" {
	same -eprint'(1)' -e 'print(2)'
	same -e '' -e 'print(1)'
	same -lstring -l table -e 'print(string.len("abc"))'
	same -e
	same -l
	same -e 'print(1)' -l
	echo 'return { name = ... }' > mine.lua
	same -l mine -e 'print(package.loaded.mine.name, mine)'
	same -lmine
}

@test "short options stack in one word" {
	run --separate-stderr "$MOONBEAR" -ve 'print(1)'
	[ "$status" = 0 ]
	[ "$output" = 1 ]
	[[ "$stderr" == "Lua 5.1.5"* ]]
	echo 'marker = "loaded"' > mine.lua
	run --separate-stderr env LUA_INIT='print "init"' "$MOONBEAR" -vElmine -e 'print(marker)'
	[ "$status" = 0 ]
	[ "$output" = loaded ]
	run --separate-stderr "$MOONBEAR" -Eeprint'(2)'
	[ "$output" = 2 ]
}

@test "-- ends the options" {
	echo 'print(arg[0], ...)' > -x.lua
	same -- -x.lua -v
	same -e 'print(1)' -- -x.lua
	INPUT=/dev/null same --
	same -- missing.lua
	same --x
}

@test "what is refused is named, and the usage follows with status 2" {
	for option in -x -vx -e -l -Ee --nonsense --versio; do
		run --separate-stderr "$MOONBEAR" $option
		[ "$status" = 2 ]
		[ -z "$output" ]
		[[ "${stderr_lines[0]}" == "$MOONBEAR: $option: "* ]]
		[[ "${stderr_lines[1]}" == "usage: $MOONBEAR "* ]]
	done
}

@test "an option that wants a value and has none says how it is written" {
	for option in --stack-size --memory-limit --time-limit; do
		run --separate-stderr "$MOONBEAR" $option 8M -e 'print(1)'
		[ "$status" = 2 ]
		[ -z "$output" ]
		[[ "${stderr_lines[0]}" == "$MOONBEAR: $option: needs "*", as in $option="* ]] || { echo "$stderr"; return 1; }
		"$MOONBEAR" "${stderr_lines[0]##* }" -e 'print(1)'
		run --separate-stderr "$MOONBEAR" ${option}s=1
		[[ "${stderr_lines[0]}" == *"unknown option" ]]
	done
}

@test "as lua5.1 a refused option is status 1 with stock Lua's usage, after LUA_INIT" {
	for option in -x -vx -e -l --nonsense -i1 --- ---; do
		same $option
		LUA_INIT='io.stderr:write("init\n")' same $option
		LUA_INIT='error("init")' same $option
	done
	run ours -x
	[ "$status" = 1 ]
}

@test "LUA_INIT runs before the options, as a chunk and as a file" {
	export LUA_INIT='print("init", arg) x = 5'
	same -e 'print(x)'
	LUA_INIT='@init.lua' same -e 'print(x)'
	echo 'x = 7 print("from a file", ...)' > init.lua
	LUA_INIT='@init.lua' same -e 'print(x)'
	LUA_INIT='error("in init")' same -e 'print(1)'
	LUA_INIT='os.exit(4)' same -e 'print(1)'
	LUA_INIT='' same -e 'print(1)'
	LUA_INIT='@' same -e 'print(1)'
}

@test "LUA_PATH and LUA_CPATH replace and extend the defaults" {
	mkdir -p lib && echo 'return "found"' > lib/mine.lua
	LUA_PATH='lib/?.lua' same -e 'print(require "mine", package.path)'
	LUA_PATH=';;lib/?.lua' same -e 'print(require "mine", package.path)'
	LUA_PATH='lib/?.lua;;' same -e 'print(require "mine", package.path)'
	LUA_CPATH='nowhere/?.so' same -e 'print(package.cpath)' -e 'require "not.here"'
	LUA_PATH='' LUA_CPATH='' same -e 'require "not.here"'
}

@test "-E ignores LUA_INIT, LUA_PATH and LUA_CPATH" {
	export LUA_INIT='print "init"' LUA_PATH='lib/?.lua' LUA_CPATH='lib/?.so'
	run "$MOONBEAR" -E -e 'print(package.path) print(package.cpath)'
	[ "$status" = 0 ]
	unset LUA_INIT LUA_PATH LUA_CPATH
	[ "$output" = "$("$MOONBEAR" -e 'print(package.path) print(package.cpath)')" ]
	run env LUA_INIT='print "init"' "$OWN/lua5.1" -E -e 'print(1)'
	[ "$output" = 1 ]
	run env LUA_INIT='print "init"' "$MOONBEAR" -e 'print(os.getenv("LUA_INIT"))' -E
	[ "$output" = 'print "init"' ]
}

@test "a first word that is a command's name is the command, with a path it is a script" {
	for word in help repl; do echo 'print("SCRIPT", ...)' > $word; done
	run "$MOONBEAR" ./help x
	[ "$output" = "SCRIPT	x" ]
	run "$MOONBEAR" -- help x
	[ "$output" = "SCRIPT	x" ]
	run "$MOONBEAR" help
	[ "$status" = 0 ]
	[[ "$output" != *SCRIPT* ]]
	run ours help x
	[ "$output" = "SCRIPT	x" ]
	echo 'print("other", ...)' > helper
	run "$MOONBEAR" helper help
	[ "$output" = "other	help" ]
}

@test "--version gives version, engine, libc, CPU and build id, wherever it stands" {
	run "$MOONBEAR" --version
	[ "$status" = 0 ]
	[[ "${lines[0]}" =~ ^moonbear\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[[ "${lines[1]}" == "engine   Lua 5.1.5"* ]]
	[[ "${lines[2]}" == "libc     "* ]]
	[ "${lines[3]}" = "cpu      $(uname -m)" ]
	[[ "${lines[4]}" =~ ^build\ id\ [0-9a-f]{40}$ ]]
	[ "${#lines[@]}" = 5 ]
	run "$MOONBEAR" -e 'print "not run"' --version
	[[ "${lines[0]}" == "moonbear "* ]]
}

@test "--version tells the truth about libc and build id" {
	plain_build_only
	run "$MOONBEAR" --version
	[ "${lines[2]}" = "libc     musl $(awk '$1 == "musl" { print $2 }' "$ROOT/scripts/build/sources.lock"), static" ]
	id=$(readelf -n "$MOONBEAR" | awk '/Build ID/ { print $3 }')
	[ "${lines[4]}" = "build id $id" ]
}

@test "os.setlocale says yes only to what is true" {
	run "$MOONBEAR" -e 'for _, l in ipairs { "", "C", "POSIX", "C.UTF-8", "en_US.UTF-8", "de_DE", "x" } do print(os.setlocale(l)) end'
	[ "$status" = 0 ]
	[ "$output" = "$(printf 'C\nC\nC\nnil\nnil\nnil\nnil')" ]
	run "$MOONBEAR" -e 'print(os.setlocale(), os.setlocale(nil, "numeric"), os.setlocale("C", "all"), pcall(os.setlocale, "C", "x"))'
	[[ "$output" == "C	C	C	false	bad argument"* ]]
	same -e 'print(os.setlocale("C"), os.setlocale(), os.setlocale(nil, "collate"))'
}

@test "numbers use a point and strings compare bytewise whatever the environment names" {
	run env LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 "$MOONBEAR" -e 'os.setlocale("") print(1.5, tonumber("2.5"), "Z" < "a", "z" < "\195\164", ("\195\164"):upper() == "\195\164")'
	[ "$output" = "1.5	2.5	true	true	true" ]
}
