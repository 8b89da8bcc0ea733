# Standard output that is closed, full or broken, and standard error that is: nothing is lost in silence.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	[ -c /dev/full ] || skip "needs /dev/full"
}

# full STATUS ERRNO-TEXT ARG...: with a full standard output, the status and the last line of standard error.
full() {
	local wanted=$1 actual=0
	shift
	"$MOONBEAR" "$@" >/dev/full 2>err </dev/null || actual=$?
	[ $actual = "$wanted" ] && [ "$(tail -n 1 err)" = "$MOONBEAR: standard output lost data: No space left on device" ] && return
	echo "status $actual, standard error: $(cat err)"
	return 1
}

# closed STATUS ARG...: the same with a closed one.
closed() {
	local wanted=$1 actual=0
	shift
	"$MOONBEAR" "$@" >&- 2>err </dev/null || actual=$?
	[ $actual = "$wanted" ] && [ "$(tail -n 1 err)" = "$MOONBEAR: standard output lost data: Bad file descriptor" ] && return
	echo "status $actual, standard error: $(cat err)"
	return 1
}

@test "print, io.write and file:write into a full one are an error at exit" {
	full 1 -e 'print(1)'
	full 1 -e 'io.write("text")'
	full 1 -e 'io.write(1.5)'
	full 1 -e 'io.stdout:write("text")'
	full 1 -e 'io.write(("x"):rep(1e6))'
	full 1 -e 'for i = 1, 1e5 do print(i) end'
}

@test "and into a closed one" {
	closed 1 -e 'print(1)'
	closed 1 -e 'io.write("text", 1)'
	closed 1 -e 'for i = 1, 1e5 do print(i) end'
}

@test "also after os.exit, and its own status stays" {
	full 1 -e 'print(1) os.exit()'
	full 1 -e 'print(1) os.exit(0)'
	full 7 -e 'print(1) os.exit(7)'
	closed 1 -e 'print(1) os.exit(0)'
	closed 7 -e 'print(1) os.exit(7)'
}

@test "also when the script fails, with both messages" {
	full 1 -e 'print(1) error("oops", 0)'
	[ "$(head -n 1 err)" = "$MOONBEAR: oops" ]
	closed 1 -e 'print(1) error("oops", 0)'
	[ "$(head -n 1 err)" = "$MOONBEAR: oops" ]
}

@test "the script sees the failure and the cause is kept, with every kind of buffer" {
	plain_build_only # glibc's buffers, which only the sanitizer build has, forget a failed write
	for mode in no line full; do
		full 1 -e "io.stdout:setvbuf('$mode')" -e 'local ok, why, errno
			for i = 1, 100 do ok, why, errno = io.write("line ", i, "\n") if not ok then break end end
			if ok then ok, why, errno = io.stdout:flush() end
			io.stderr:write(tostring(ok), " ", why, " ", errno, "\n")'
		[ "$(head -n 1 err)" = "nil No space left on device 28" ]
	done
	full 1 -e 'io.write("x") io.flush() io.flush()'
}

@test "a loss in the middle is told although later writes work" {
	run prlimit --fsize=8 bash -c 'trap "" XFSZ; exec "$0" -e "
		io.stdout:setvbuf([[no]]) io.write([[0123456789]]) io.stdout:seek([[set]], 0) assert(io.write([[fine]]))" >out' \
		"$MOONBEAR"
	[ "$status" = 1 ]
	[ "$(cat out)" = fine4567 ]
	[ "$output" = "$MOONBEAR: standard output lost data: File too large" ]
}

@test "--version and help into a full one" {
	full 1 --version
	full 1 help
}

@test "nothing written is nothing lost" {
	"$MOONBEAR" -e 'local x = 1' >&-
	"$MOONBEAR" -e 'local x = 1' >/dev/full
	"$MOONBEAR" -e 'io.stderr:write("only here")' >/dev/full 2>err
	[ "$(cat err)" = "only here" ]
}

@test "a closed standard output is not taken by the next file that is opened" {
	"$MOONBEAR" -e 'local f = assert(io.open("file", "w")) print("meant for standard output") assert(f:write("mine")) f:close()' >&- 2>err && return 1
	[ "$(cat file)" = mine ]
	"$MOONBEAR" -e 'local f = assert(io.open("file", "w")) io.stderr:write("meant for standard error") f:write("mine") f:close()' 2>&-
	[ "$(cat file)" = mine ]
	"$MOONBEAR" -e 'local f = assert(io.open("file")) assert(io.read() == nil) assert(f:read() == "mine")' <&- >&- 2>&-
}

@test "standard error closed or full: the status alone tells" {
	for how in '2>&-' '2>/dev/full'; do
		run bash -c "\"\$0\" -e 'error(1)' $how" "$MOONBEAR"
		[ "$status" = 1 ]
		run bash -c "\"\$0\" none.lua $how" "$MOONBEAR"
		[ "$status" = 1 ]
		run bash -c "\"\$0\" --nonsense $how" "$MOONBEAR"
		[ "$status" = 2 ]
		run bash -c "\"\$0\" -e 'io.stderr:write(1) print(2)' $how" "$MOONBEAR"
		[ "$status" = 0 ]
		[ "$output" = 2 ]
	done
	run bash -c '"$0" -e "print(io.stderr:write(1))" 2>/dev/full' "$MOONBEAR"
	[ "$output" = "nil	No space left on device	28" ]
}

@test "all three closed" {
	status=0
	"$MOONBEAR" -e 'print(1)' <&- >&- 2>&- || status=$?
	[ $status = 1 ]
	status=0
	"$MOONBEAR" -e 'assert(io.read() == nil)' <&- >&- 2>&- || status=$?
	[ $status = 0 ]
	"$MOONBEAR" -e '' <&- >&- 2>&-
}

@test "a reader that goes away ends the process as it ends any other" {
	status=0
	(trap - PIPE; "$MOONBEAR" -e 'while true do print("x") end'; echo $? > status) 2>err | head -n 1 >/dev/null || true
	[ "$(cat status)" = 141 ] || [ "$(cat status)" = 1 ]
}
