# A host program in which the n-th allocation is refused, for every n: its calls say so, and it goes on.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/hostile

setup() {
	hostile_setup
	MOONBEAR=$BUILD/tests/embed/refused
	cd "$BATS_TEST_TMPDIR"
}

@test "every function of moonbear.h" { HOSTILE_ALL=1200 survives; }
