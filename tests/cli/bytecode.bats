# Precompiled chunks: only those that this very process has dumped are loaded, unless the user allows all of them.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	"$MOONBEAR" -e 'io.open("foreign.lua", "wb"):write(string.dump(function() print("ran") end))'
	refused='bytecode that this process has not made is refused; option --allow-bytecode allows it'
}

@test "a dump of another process is refused as a script, with the option named" {
	run "$MOONBEAR" foreign.lua
	[ "$status" = 1 ]
	[[ "$output" == *"foreign.lua: $refused" ]]
}

@test "it is refused by every function that loads" {
	cat > all.lua <<-'LUA'
		local text = io.open("foreign.lua", "rb"):read("*a")
		local function tell(...) print((select(select("#", ...), ...))) end
		tell(loadstring(text, "=text"))
		tell(load(function() local c = text:sub(1, 1) text = text:sub(2) return c end, "=pieces"))
		tell(loadfile("foreign.lua"))
		tell(pcall(dofile, "foreign.lua"))
		tell(pcall(require, "foreign"))
	LUA
	run "$MOONBEAR" all.lua
	[ "$status" = 0 ]
	[ "$(grep -c "$refused" <<<"$output")" = 5 ]
	[[ "$output" != *ran* ]]
}

@test "it is refused as LUA_INIT, as -l, from standard input and in a session" {
	LUA_INIT=@foreign.lua run "$MOONBEAR" -e 'print "went on"'
	[ "$status" = 1 ]
	[[ "$output" == *"$refused"* && "$output" != *"went on"* ]]
	run "$MOONBEAR" -l foreign -e 'print "went on"'
	[ "$status" = 1 ]
	[[ "$output" == *"$refused"* && "$output" != *"went on"* ]]
	run "$MOONBEAR" - < foreign.lua
	[ "$status" = 1 ]
	[[ "$output" == *"$refused"* ]]
	run "$MOONBEAR" -i < <(echo 'print(loadfile "foreign.lua")')
	[[ "$output" == *"$refused"* && "$output" != *ran* ]]
}

@test "--allow-bytecode, and the name lua or lua5.1, let it in" {
	[ "$("$MOONBEAR" --allow-bytecode foreign.lua)" = ran ]
	for name in lua lua5.1; do
		ln -s "$MOONBEAR" "$name"
		[ "$("./$name" foreign.lua)" = ran ]
	done
}

@test "also behind a #! line, and from a pipe" {
	{ echo '#!/usr/bin/env moonbear'; cat foreign.lua; } > program
	[ "$("$MOONBEAR" --allow-bytecode program)" = ran ]
	[ "$("$MOONBEAR" --allow-bytecode - < program)" = ran ]
	[ "$("$MOONBEAR" --allow-bytecode <(cat program))" = ran ]
	[ "$("$MOONBEAR" --allow-bytecode <(cat foreign.lua))" = ran ]
	run "$MOONBEAR" program
	[ "$status" = 1 ]
	[[ "$output" == *"program: $refused" ]]
}

@test "what the process dumps itself it loads, however the bytes come back" {
	cat > own.lua <<-'LUA'
		local up = 7
		local dumped = string.dump(function(a, ...) local t = { a, select("#", ...) } return t[1] + t[2] end)
		assert(loadstring(dumped)(1, 2, 3) == 3)
		local at = 0
		assert(load(function() at = at + 1 return dumped:sub(at, at) end)(5) == 5)
		local f = assert(io.open("own.luac", "wb"))
		f:write(dumped)
		f:close()
		assert(dofile("own.luac") == nil or true)
		assert(loadfile("own.luac")(2, 0) == 3)
		assert(coroutine.wrap(function() return loadstring(dumped)(9) end)() == 9)
		assert(loadstring(string.dump(loadstring(dumped)))(1, 2, 3) == 3)
		print("ok")
	LUA
	sed -i '/dofile/d' own.lua
	[ "$("$MOONBEAR" own.lua)" = ok ]
	run "$MOONBEAR" own.luac
	[ "$status" = 1 ]
}

@test "one changed bit anywhere is noticed" {
	cat > flip.lua <<-'LUA'
		local dumped = string.dump(function(a) return a and 1 or "two" end)
		for i = 1, #dumped do
			for _, bit in ipairs { 1, 128 } do
				local byte = dumped:byte(i)
				local other = (byte + bit) % 256
				local changed = dumped:sub(1, i - 1) .. string.char(other) .. dumped:sub(i + 1)
				if changed:byte() == 27 then assert(not loadstring(changed), i) end
			end
			if i > 1 then assert(not loadstring(dumped:sub(1, i - 1)), i) end
		end
		assert(not loadstring(dumped .. "\0"))
		print("ok")
	LUA
	[ "$("$MOONBEAR" flip.lua)" = ok ]
}

@test "where all bytecode is allowed, a dump is byte for byte stock Lua's" {
	command -v lua5.1 >/dev/null || skip "needs Debian's lua5.1"
	echo 'io.write(string.dump(assert(loadstring("local a, b = ... ; return function() return a .. b end", "=x"))))' > dump.lua
	lua5.1 dump.lua > stock
	"$MOONBEAR" --allow-bytecode dump.lua > allowed
	"$MOONBEAR" dump.lua > marked
	cmp stock allowed
	head -c "$(stat -c %s stock)" marked | cmp - stock
	[ "$(stat -c %s marked)" = $(($(stat -c %s stock) + 16)) ]
	lua5.1 -e 'assert(loadfile("marked"))'
}
