# Every program of tests/corpus under Debian's lua5.1 and under moonbear called by that name: both streams and the
# status are equal. There are no exceptions: where moonbear means to differ, another test says so.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/stock

setup() {
	stock_setup
	export TZ=UTC0
	cd "$ROOT/tests/corpus"
}

# agree PROGRAM...: all of them run, and each that differs is shown.
agree() {
	local program differ=
	for program; do same "$program" || differ="$differ $program"; done
	[ -z "$differ" ] || { echo "differ:$differ"; return 1; }
}

@test "there are fifty programs and more" {
	[ "$(ls ./*.lua | wc -l)" -ge 50 ]
}

@test "programs a to e agree with lua5.1" { agree [a-e]*.lua; }
@test "programs f to m agree with lua5.1" { agree [f-m]*.lua; }
@test "programs n to z agree with lua5.1" { agree [n-z]*.lua; }

@test "a difference would be seen" {
	echo 'print(io.open("/proc/self/exe", "rb"):seek("end"))' > "$BATS_TEST_TMPDIR/size.lua"
	[ -e /proc/self/exe ] || skip "needs /proc"
	run same "$BATS_TEST_TMPDIR/size.lua"
	[ "$status" = 1 ]
}
