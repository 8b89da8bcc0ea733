# MOONBEAR_LEAKS=1: what was not released is said at the end of the program, however it ends.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat > leak.lua <<-'X'
		local s = require("moonbear.store").new { name = "jobs" }
		for i = 1, 3 do s:put(i) end
		for i = 1, 5 do s:release(s:put(i)) end
		s:ref "dropped"
		how = ...
		if how == "exit" then os.exit(3) elseif how == "error" then error("boom", 0) end
	X
	told='moonbear: store "jobs": 3 values were not released
  3 put at leak.lua:2'
}

@test "at the end of a program" {
	MOONBEAR_LEAKS=1 run -0 "$MOONBEAR" leak.lua
	[ "$output" = "$told" ]
}

@test "after os.exit, which keeps its status" {
	MOONBEAR_LEAKS=1 run -3 "$MOONBEAR" leak.lua exit
	[ "$output" = "$told" ]
}

@test "after an error that nobody caught" {
	MOONBEAR_LEAKS=1 run -1 "$MOONBEAR" leak.lua error
	[[ "$output" == *boom*"$told" ]] || [[ "$output" == "$told"*boom* ]]
}

@test "of one value, in one sentence" {
	MOONBEAR_LEAKS=1 run -0 "$MOONBEAR" -e 'require("moonbear.store").new():put(1)'
	[ "$output" = 'moonbear: store: 1 value was not released
  1 put at (command line):1' ]
}

@test "nothing without leaks, without the variable, and with leaks off" {
	MOONBEAR_LEAKS=1 run -0 "$MOONBEAR" -e 'local s = require("moonbear.store").new() s:release(s:put(1))'
	[ -z "$output" ]
	run -0 "$MOONBEAR" leak.lua
	[ -z "$output" ]
	MOONBEAR_LEAKS=0 run -0 "$MOONBEAR" leak.lua
	[ -z "$output" ]
}
