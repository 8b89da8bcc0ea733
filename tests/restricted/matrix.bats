# The whole matrix of restricted hosts: the same script and the same output on each. tests/restricted/row makes the
# hosts, `make matrix` prints the table.
# SPDX-License-Identifier: MIT
load ../support/common

# "kind-item result" of each host in tables as `make matrix` prints them; skipped ones only when asked.
hosts() {
	awk -F ' *[|] *' '$5 ~ /^(ok|skipped)/ {
		n = split($2, part, ": ")
		if (n == 1) { print part[1] " " $5; next }
		n = split(part[2], item, ", ")
		for (i = 1; i <= n; i++) print part[1] "-" item[i] " " $5
	}' "$@" | sort -u
}

# What this machine made must be in the README with the same result.
in_readme() {
	local new
	new=$(comm -23 <(hosts <<<"$1" | grep -v ' skipped') <(hosts "$ROOT/README.md"))
	[ "$new" = "" ] || { echo "not in the README:"; echo "$new"; return 1; }
}

rows() { # PATTERN...
	plain_build_only
	run "$ROOT/tests/restricted/matrix" "$@"
	echo "$output" | grep -E 'FAILED|^    |skipped' || :
	[ "$status" != 77 ] || skip "this machine can make none of them: $(grep -o 'skipped: .*' <<<"$output" | tail -n 1)"
	[ "$status" = 0 ]
	[ "$(grep -c '| ok' <<<"$output")" -ge 1 ]
	in_readme "$output"
}

@test "the README has every host" {
	diff <("$ROOT/tests/restricted/row" --list | sed -E 's/^(seccomp-.*)-[A-Z]+$/\1/' | sort -u) \
		<(hosts "$ROOT/README.md" | sed 's/ .*//' | sort -u)
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
@test "each system call refused with EPERM, mappings with ENOMEM, too" { rows 'seccomp-*-EPERM' 'seccomp-mmap-*' 'seccomp-mprotect-*'; }
@test "each system call refused with ENOSYS and ENOMEM" { thorough_only; rows 'seccomp-*-ENOSYS' 'seccomp-*-ENOMEM'; }
@test "pairs of refused system calls" { thorough_only; rows 'pair-*'; }
