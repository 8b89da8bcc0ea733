# forked.bash: bats' tests as forks of the shell that has read their file; common.bash takes it.
# bats starts a new bash and five programs for a test that does nothing, and notes the stack of calls before every command: 0.15 s
# of work for a test and 0.2 ms for a command, where processes are dear.
# SPDX-License-Identifier: MIT

# Only in bats-exec-file of the version whose bats_run_tests this is; any other runs tests as it always does. So does this one with
# an option that changes more than the time being shown, and a shell that does not know the line of what failed.
[[ ${BASH_SOURCE[-1]} == */bats-exec-file && $BATS_VERSION == 1.8.* && ${num_jobs:-} == 1 ]] || return 0
[[ ${flags[*]} == "--dummy-flag" || ${flags[*]} == "--dummy-flag -T" ]] || return 0
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 502)) || return 0

# What bats-exec-test defines, and none of what it does.
eval "$(sed -n '/^bats_teardown_trap() {$/,/^}$/p; /^bats_exit_trap() {$/,/^}$/p' "$BATS_LIBEXEC/bats-exec-test")"

get_mills_since_epoch() { echo $((${EPOCHREALTIME/./} / 1000)); }

# What `run` calls in a fork: a program takes the place of that fork.
bats_merge_stdout_and_stderr() {
	if [[ $1 == */* ]]; then exec "$@" 2>&1; fi
	"$@" 2>&1
}

# Each test has its folder at once, and so needs no program for it. The shell lives on when a test fails.
bats_run_tests() {
	local name n=0 number=$BATS_FILE_FIRST_TEST_NUMBER_IN_SUITE count=${#tests_to_run[@]} status
	bats_exec_file_status=0
	trap - DEBUG ERR
	set +e
	eval "mkdir -p '$BATS_RUN_TMPDIR/test/'{$((number + 1))..$((number + count))}"
	for name in "${tests_to_run[@]}"; do
		[ -z "${BATS_INTERRUPTED:-}" ] || { bats_exec_file_status=130; break; }
		((number += 1, n += 1))
		(run_forked_test "$name" $number $n)
		status=$?
		[ $status = 0 ] || bats_exec_file_status=$status
	done
	set -e
	bats_setup_tracing
}

# Only the trap of errors: this shell knows the line of the command that has failed, and asks for it then. A test that returns a
# status of its own has none: its first line stands for it.
trace_errors() {
	bats_error_trap() {
		bats_check_status_from_trap
		local line
		if [ -n "$BATS_DEBUG_LAST_STACK_TRACE_IS_VALID" ]; then return; fi
		BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
		bats_capture_stack_trace
		if [[ " ${FUNCNAME[*]} " == *" $BATS_TEST_NAME "* ]]; then return; fi
		read -r _ line _ < <(shopt -s extdebug; declare -F "$BATS_TEST_NAME")
		BATS_DEBUG_LAST_STACK_TRACE=("$line $BATS_TEST_NAME $BATS_TEST_SOURCE")
	}
	BATS_DEBUG_LAST_STACK_TRACE=() BATS_DEBUG_LASTLAST_STACK_TRACE=() BATS_DEBUG_LAST_STACK_TRACE_IS_VALID='' BATS_ERROR_SUFFIX=''
	exec 3<&1 4<&1
	trap bats_error_trap ERR
}

# What bats-exec-test does at its end. What would be removed after each test is removed at the end of all.
run_forked_test() { # NAME NUMBER NUMBER-IN-FILE
	export BATS_TEST_FILENAME=$filename BATS_TEST_NAME=$1 BATS_SUITE_TEST_NUMBER=$2 BATS_TEST_NUMBER=$3
	export BATS_TEST_TMPDIR=$BATS_RUN_TMPDIR/test/$2
	BATS_TEST_TRY_NUMBER=1 BATS_TEST_COMPLETED='' BATS_TEST_SKIPPED='' BATS_TEARDOWN_COMPLETED='' BATS_ERROR_STATUS=''
	BATS_ENABLE_TIMING='' BATS_PRINT_OUTPUT_ON_FAILURE='' BATS_SHOW_OUTPUT_OF_SUCCEEDING_TESTS='' BATS_GATHER_TEST_OUTPUTS_IN=''
	[[ ${flags[*]} != *-T ]] || BATS_ENABLE_TIMING=-T
	rm() { [ "$*" = "-f $BATS_OUT" ] || command rm "$@"; }
	: > "$BATS_OUT"
	set -eET
	trace_errors
	trap 'bats_teardown_trap as-exit-trap' EXIT
	BATS_TEST_START_TIME=$((${EPOCHREALTIME/./} / 1000))
	"$BATS_TEST_NAME" >> "$BATS_OUT" 2>&1 4>&1
	BATS_TEST_COMPLETED=1
	trap bats_exit_trap EXIT
	bats_teardown_trap ''
}
