# forked.bash: bats' tests as forks of the shell that has read their file; common.bash takes it.
# bats starts a new bash and five programs for a test that does nothing, 0.15 s of work where processes are dear.
# SPDX-License-Identifier: MIT

# Only in bats-exec-file of the version whose bats_run_tests this is; any other runs tests as it always does.
[[ ${BASH_SOURCE[-1]} == */bats-exec-file && $BATS_VERSION == 1.8.* && ${num_jobs:-} == 1 ]] || return 0

# The same without date(1). And once a test reads its file, the stand-in of mkdir has served.
get_mills_since_epoch() { echo $((${EPOCHREALTIME/./} / 1000)); }
unset -f mkdir

# The shell lives on when a test fails. Each test has its folder at once, and so needs no program for it.
bats_run_tests() {
	local name n=0 number=$BATS_FILE_FIRST_TEST_NUMBER_IN_SUITE count=${#tests_to_run[@]} status
	bats_exec_file_status=0
	trap - DEBUG ERR
	set +e
	eval "mkdir -p '$BATS_RUN_TMPDIR/test/'{$((number + 1))..$((number + count))}"
	for name in "${tests_to_run[@]}"; do
		[ -z "${BATS_INTERRUPTED:-}" ] || { bats_exec_file_status=130; break; }
		((number += 1, n += 1))
		(run_forked_test "${flags[@]}" "$filename" "$name" $number $n 1)
		status=$?
		[ $status = 0 ] || bats_exec_file_status=$status
	done
	set -e
	bats_setup_tracing
}

# What bats would make and remove around each test is made before and removed at the end.
run_forked_test() {
	: > "$BATS_OUT"
	mkdir() { [ -d "${!#}" ]; }
	rm() { [ "$*" = "-f $BATS_OUT" ] || command rm "$@"; }
	source "$BATS_LIBEXEC/bats-exec-test" "$@"
}
