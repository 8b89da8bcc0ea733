# The whole matrix of restricted hosts: the same script and the same output on each. tests/restricted/row makes the
# hosts, `make matrix` prints the table.
# SPDX-License-Identifier: MIT
load ../support/common

rows() { # PATTERN...
	plain_build_only
	run "$ROOT/tests/restricted/matrix" "$@"
	echo "$output" | grep -E 'FAILED|^    |skipped' || :
	[ "$status" != 77 ] || skip "this machine can make none of them: $(grep -o 'skipped: .*' <<<"$output" | tail -n 1)"
	[ "$status" = 0 ]
	[ "$(grep -c '| ok' <<<"$output")" -ge 1 ]
}

@test "an ordinary host, and the check itself can fail" {
	rows plain
	cp -r "$ROOT/tests/restricted" "$BATS_TEST_TMPDIR/copy"
	echo 'one line more' >> "$BATS_TEST_TMPDIR/copy/check.expected"
	run "$BATS_TEST_TMPDIR/copy/matrix" plain
	[ "$status" = 1 ]
	[[ "$output" == *"FAILED"*"one line more"* ]]
}

@test "/proc that is missing, masked or hides, and an empty root" { rows 'proc-*' 'user-*' 'chroot-*'; }
@test "stack limits, small, none and changing" { rows 'stack-*'; }
@test "environment, arguments and memory layout" { rows 'environment-*' 'argv-*' 'layout-*'; }
@test "memory limits" { rows 'memory-*'; }
@test "descriptors and file systems" { rows 'files-*' 'closed-*' 'filesystem-*'; }
@test "threads of a host program, and forks from them" { rows 'thread-*'; }
@test "an emulated CPU" { rows 'emulated*'; }
@test "each system call refused with EPERM" { rows 'seccomp-*-EPERM'; }
@test "each system call refused with ENOSYS" { rows 'seccomp-*-ENOSYS'; }
@test "each system call refused with ENOMEM" { rows 'seccomp-*-ENOMEM'; }
@test "pairs of refused system calls" { rows 'pair-*'; }
