# The runner as lua(1): scripts, options, standard input, exit status.
# SPDX-License-Identifier: MIT
load ../support/common

@test "runs a chunk given with -e" {
	run "$MOONBEAR" -e 'print(1 + 1)'
	[ "$status" = 0 ]
	[ "$output" = 2 ]
}
