# `moonbear doctor` from the outside; what it judges is in tests/scripts/doctor_test.lua.
# SPDX-License-Identifier: MIT
load ../support/common

@test "doctor prints problems, facts and the stack table, without colour into a pipe" {
	run "$MOONBEAR" doctor
	[ "$status" = 0 ] || [ "$status" = 1 ]
	[[ "$output" == *"kernel"*"release"*"limits"*"C stack"* ]]
	[[ "$output" != *$'\e['* ]]
}

@test "doctor is coloured on a terminal, and not with NO_COLOR" {
	command -v script >/dev/null || skip "needs script(1)"
	run script -qec "'$MOONBEAR' doctor" /dev/null
	[[ "$output" == *$'\e['* ]]
	NO_COLOR=1 run script -qec "'$MOONBEAR' doctor" /dev/null
	[[ "$output" != *$'\e['* ]]
}

@test "doctor --json is JSON, and its status says whether anything is degraded" {
	run "$MOONBEAR" doctor --json
	[ "$status" = 0 ] || [ "$status" = 1 ]
	echo "$output" > "$BATS_TEST_TMPDIR/doctor.json"
	"$MOONBEAR" - "$status" "$BATS_TEST_TMPDIR/doctor.json" <<-'LUA'
		local report = require("cjson").decode(io.open(arg[2]):read("*a"))
		assert(report.kernel.system == "Linux" and report.stack.answers[6])
		assert(report.degraded == (tonumber(arg[1]) == 1))
	LUA
}

@test "doctor in an empty folder without anything says what is missing, with status 1" {
	plain_build_only
	need_root "chroot"
	mkdir "$BATS_TEST_TMPDIR/jail"
	cp "$MOONBEAR" "$BATS_TEST_TMPDIR/jail/moonbear"
	run chroot "$BATS_TEST_TMPDIR/jail" /moonbear doctor
	[ "$status" = 1 ]
	[[ "$output" == "Problems"*"there is no shell (/bin/sh)"*"no folder for temporary files"*"/proc is missing"* ]]
	[[ "$output" == *"path             /moonbear"* ]]
}

@test "doctor refuses what it does not know, with its usage" {
	for words in "--nonsense" "--crash-test" "--crash-test nonsense"; do
		run "$MOONBEAR" doctor $words
		[ "$status" = 2 ]
		[[ "$output" == *"moonbear doctor: "*"usage: moonbear doctor"* ]]
	done
}

@test "./doctor is a script, not the command" {
	cd "$BATS_TEST_TMPDIR"
	echo 'print "script"' > doctor
	run "$MOONBEAR" ./doctor
	[ "$output" = script ]
}
