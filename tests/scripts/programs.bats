# Real programs that Debian packages, run under moonbear unchanged: luacheck, Penlight, ldoc. (luaunit runs our own tests.)
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() {
	unset LUA_INIT LUA_CPATH
	LUA_PATH=
	for one in luacheck penlight ldoc; do
		LUA_PATH+="$THIRD/$one/share/lua/5.1/?.lua;$THIRD/$one/share/lua/5.1/?/init.lua;"
	done
	export LUA_PATH
}

luacheck() { run --separate-stderr "$MOONBEAR" "$THIRD/luacheck/bin/luacheck" --no-color --codes "$@"; }

@test "luacheck finds nothing to say about any Lua file of the project" {
	local all
	all=$(find runtime scripts tests -name '*.lua' ! -path tests/corpus/literals.lua | wc -l)
	[ "$all" -gt 100 ]
	luacheck -q runtime scripts tests
	echo "$output$stderr"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "Total: 0 warnings / 0 errors in $all files" ]
}

@test "luacheck says what is wrong with a file that has mistakes" {
	printf 'local unused = 1\nreturn undefined\n' > "$BATS_TEST_TMPDIR/bad.lua"
	printf 'x = = 1\n' > "$BATS_TEST_TMPDIR/worse.lua"
	luacheck "$BATS_TEST_TMPDIR/bad.lua" "$BATS_TEST_TMPDIR/worse.lua"
	[ "$status" = 2 ]
	[[ "$output" == *"bad.lua:1:7: (W211) unused variable 'unused'"*"bad.lua:2:8: (W113) accessing undefined variable 'undefined'"* ]]
	[[ "$output" == *"worse.lua:1:5: (E011) expected expression near '='"* ]]
	[ "${lines[-1]}" = "Total: 2 warnings / 1 error in 2 files" ]
}

@test "each module of Penlight loads in a process of its own" {
	local file name count=0
	for file in "$THIRD"/penlight/share/lua/5.1/pl/*.lua; do
		name=pl.$(basename "$file" .lua)
		run --separate-stderr "$MOONBEAR" -e "assert(require '$name')"
		[ "$status" = 0 ] && [ -z "$output$stderr" ] || { echo "$name: $output$stderr"; return 1; }
		count=$((count + 1))
	done
	[ "$count" -gt 35 ]
}

@test "Penlight's modules do what they are for" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p tree/deeper
	echo 'name = moon' > tree/deeper/one.ini
	run --separate-stderr "$MOONBEAR" -e '
		local List, pretty, path, dir, config = require "pl.List", require "pl.pretty", require "pl.path", require "pl.dir", require "pl.config"
		print(List { 3, 1, 2 }:sort():map(function(x) return x * x end):join " ")
		print(pretty.write({ 1, { a = "b" } }, ""), path.extension "a/b.tar", path.isdir "tree")
		local found = dir.getallfiles "tree"
		print(#found, found[1], config.read(found[1]).name)
		print(require("pl.template").substitute("$(x) + $(x)", { x = 2 }), require("pl.stringx").split("a,b", ","):concat "|")
		print(require("pl.xml").parse("<a b=\"1\"><c/></a>"):get_attribs().b, require("pl.Date")():year() > 2000)'
	echo "$output$stderr"
	[ "$status" = 0 ]
	diff <(printf '%s\n' "$output") - <<-'END'
		1 4 9
		{1,{a="b"}}	.tar	true
		1	tree/deeper/one.ini	moon
		2 + 2	a|b
		1	true
	END
}

@test "ldoc makes a page of each Lua module of the project" {
	local out=$BATS_TEST_TMPDIR/out file name
	run --separate-stderr "$MOONBEAR" "$THIRD/ldoc/bin/ldoc" --fatalwarnings --dir "$out" scripts/lib
	echo "$output$stderr"
	[ "$status" = 0 ] && [ -z "$stderr" ]
	[ "$output" = "output written to $out" ]
	for file in scripts/lib/moonbear/*.lua; do
		name=$(basename "$file" .lua)
		grep -q "Module <code>moonbear.$name</code>" "$out/modules/moonbear.$name.html"
	done
	grep -q 'An array of { name =, about = }' "$out/modules/moonbear.help.html"
}
