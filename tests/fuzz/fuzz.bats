# A short run of every fuzz target; `make fuzz` runs each for a minute, with coverage of all our code.
# SPDX-License-Identifier: MIT
load ../support/common

@test "every fuzz target takes its seeds and some thousand changes of them" {
	[[ "${VARIANT:-}" == address* ]] || skip "needs the sanitizer variant (make test SAN=address,undefined)"
	local target name ran=0
	for target in "$BUILD"/tests/fuzz/*_fuzz; do
		name=$(basename "$target" _fuzz)
		mkdir -p "$BATS_TEST_TMPDIR/$name" "$ROOT/tests/fuzz/seeds/$name"
		run "$target" -runs=20000 -max_total_time=20 -seed=1 -max_len=4096 -artifact_prefix="$BATS_TEST_TMPDIR/" \
			"$BATS_TEST_TMPDIR/$name" "$ROOT/tests/fuzz/seeds/$name"
		[ "$status" = 0 ] || { echo "$name:"; echo "$output" | tail -n 30; return 1; }
		ran=$((ran + 1))
	done
	[ "$ran" -ge 5 ]
}
