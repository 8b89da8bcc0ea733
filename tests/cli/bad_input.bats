# Bad input: a clear message on standard error, the right status, no signal.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/stock

bats_require_minimum_version 1.5.0

setup() {
	stock_setup
	cd "$BATS_TEST_TMPDIR"
}

# fails MESSAGE ARG...: status 1, nothing on standard output, this line on standard error; INPUT as for `same`.
fails() {
	local wanted=$1
	shift
	run --separate-stderr "$MOONBEAR" "$@" < "${INPUT:-/dev/null}"
	[ "$status" = 1 ] && [ -z "$output" ] && [ "${stderr_lines[0]}" = "$MOONBEAR: $wanted" ] && return
	echo "status $status, standard error: $stderr"
	return 1
}

@test "a missing script" {
	fails "cannot open none.lua: No such file or directory" none.lua
	fails "cannot open none/none.lua: No such file or directory" none/none.lua
	: > file
	fails "cannot open file/none.lua: Not a directory" file/none.lua
	same none.lua
	same ''
}

@test "a folder instead of a script" {
	mkdir folder
	fails "cannot read folder: Is a directory" folder
	fails "cannot read .: Is a directory" .
	same folder
	INPUT=folder fails "cannot read stdin: Is a directory" -
	LUA_INIT=@folder fails "cannot read folder: Is a directory" -e ''
}

@test "a script that may not be read" {
	need_root "to be somebody else"
	command -v setpriv >/dev/null || skip "needs setpriv"
	mkdir open && chmod 755 . open && cp "$MOONBEAR" open/moonbear && echo 'print(1)' > open/s.lua && chmod 600 open/s.lua
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	cd open
	as_nobody test -x ./moonbear || skip "somebody else cannot reach the folder of this test"
	run --separate-stderr as_nobody ./moonbear s.lua
	[ "$status" = 1 ]
	[ "$stderr" = "./moonbear: cannot open s.lua: Permission denied" ]
	run --separate-stderr as_nobody ./moonbear -e 'print(io.open("s.lua"))'
	[ "$output" = "nil	s.lua: Permission denied	13" ]
}

@test "a script of binary garbage" {
	"$MOONBEAR" -e 'local seed = 42 for i = 1, 5000 do seed = (seed * 16807) % 2147483647 io.write(string.char(seed % 256)) end' > garbage
	[ "$(wc -c < garbage)" = 5000 ]
	same garbage
	INPUT=garbage same -
	printf '\0\0\0\0' > zeros
	same zeros
	printf 'print(1)\0print(2)' > middle
	same middle
	printf '\377\376p\0r\0' > utf16
	same utf16
	printf '\177ELF\2\1\1\0' > elf
	same elf
	run "$MOONBEAR" "$MOONBEAR"
	[ "$status" = 1 ]
	[ -n "$output" ]
}

@test "an empty script and one without a newline are scripts" {
	: > empty
	same empty
	INPUT=empty same -
	printf 'print(1)' > s.lua
	same s.lua
	printf '\357\273\277print(1)' > mark
	same mark
}

@test "bytecode that is cut short, from elsewhere, or nonsense" {
	"$MOONBEAR" -e 'io.write(string.dump(function() return 1 end))' > chunk
	head -c 20 chunk > short
	printf '\033Luaxxxxxxxxxxxxxxxxxxxxxxxx' > nonsense
	printf '\033' > escape
	for file in short nonsense escape; do
		same $file
		run --separate-stderr "$MOONBEAR" $file
		[ "$status" = 1 ]
		[ -z "$output" ]
		[[ "$stderr" == "$MOONBEAR: "*$file* ]]
	done
}

@test "syntax errors name file, line and token" {
	printf 'local x = 1\nlocal y = = 2\n' > s.lua
	fails "s.lua:2: unexpected symbol near '='" s.lua
	fails "(command line):1: '=' expected near 'x'" -e 'x x'
	same s.lua
	for chunk in 'x = [[open' 'x = "open' '--[[ open' 'for i = 1' 'x = 0x' 'x = 3..4' 'goto x' 'break' 'x = "\999"' 'f(' 'return return' '@' 'a.1' 'local function a.b() end' '...'; do
		same -e "$chunk"
	done
}

@test "a token of half a megabyte is cut in the message" {
	head -c 500000 /dev/zero | tr '\0' a > long
	echo ' = = 1' >> long
	same long
	(head -c 500000 /dev/zero | tr '\0' a; echo ' b') > long
	run --separate-stderr "$MOONBEAR" long
	[ "$status" = 1 ]
	[ "${#stderr}" -lt 1000 ]
}

@test "a syntax error in LUA_INIT, a missing @file, and an error in it" {
	LUA_INIT='x x' fails "LUA_INIT:1: '=' expected near 'x'" -e 'print(1)'
	LUA_INIT='@none.lua' fails "cannot open none.lua: No such file or directory" -e 'print(1)'
	printf '\nx x' > init.lua
	LUA_INIT='@init.lua' fails "init.lua:2: '=' expected near 'x'" -e 'print(1)'
	LUA_INIT='error "on purpose"' fails "LUA_INIT:1: on purpose" -e 'print(1)'
	for init in 'x x' '@none.lua' '@init.lua' 'error "on purpose"'; do
		LUA_INIT=$init same -e 'print(1)'
	done
}

# The file is sparse: a string that begins and never ends.
@test "a line of 1 GB on standard input under a cap of memory" {
	plain_build_only
	printf 'x = "' > line
	truncate -s 1G line
	run --separate-stderr prlimit --as=200000000 "$MOONBEAR" - < line
	[ "$status" = 1 ]
	[ "$stderr" = "$MOONBEAR: not enough memory" ]
}

@test "a line of 64 MB on standard input, an unfinished string, without a cap" {
	printf 'x = "' > line
	truncate -s 64M line
	run --separate-stderr "$MOONBEAR" - < line
	[ "$status" = 1 ]
	[ "$stderr" = "$MOONBEAR: stdin:1: unfinished string near '<eof>'" ]
}

@test "a comment of 100 MB on standard input takes no memory" {
	plain_build_only
	printf 'print(1) -- ' > line
	truncate -s 100M line
	run prlimit --as=50000000 "$MOONBEAR" - < line
	[ "$status" = 0 ]
	[ "$output" = 1 ]
}

@test "io.read of a line that is larger than memory is an error with a traceback" {
	plain_build_only
	endless_line() { "$MOONBEAR" -e 'local part = ("a"):rep(1e6) while io.write(part) do end' 2>/dev/null; }
	run --separate-stderr prlimit --as=30000000 "$MOONBEAR" -e 'io.read("*l")' < <(endless_line)
	[ "$status" = 1 ]
	[[ "$stderr" == "$MOONBEAR: not enough memory"* ]]
	run --separate-stderr prlimit --as=30000000 "$MOONBEAR" -e 'print(pcall(io.read, "*l")) print "goes on"' < <(endless_line)
	[ "$status" = 0 ]
	[ "$output" = "false	not enough memory
goes on" ]
}

# Closed for the program alone: bats opens pipes of its own, which would land on a descriptor closed here.
closed_input() {
	run --separate-stderr sh -c 'exec "$@" <&-' sh "$MOONBEAR" "$@" </dev/null
}

@test "standard input is closed" {
	closed_input -
	[ "$status" = 1 ]
	[ "$stderr" = "$MOONBEAR: cannot read stdin: Bad file descriptor" ]
	closed_input -e 'print(io.read())'
	[ "$output" = "nil	Bad file descriptor	9" ]
	closed_input -e 'local f = io.open("new", "w") print(io.read()) f:write("x")'
	[ "$output" = "nil	Bad file descriptor	9" ]
}

@test "an empty argv" {
	run --separate-stderr "$BUILD/tests/support/exec_bare" "$MOONBEAR" < <(echo 'print("ran", arg)')
	[ "$status" = 0 ]
	[ "$output" = "ran	nil" ]
	run --separate-stderr "$BUILD/tests/support/exec_bare" "$MOONBEAR" < <(echo 'error("x", 0)')
	[ "$status" = 1 ]
	[ "${stderr_lines[0]}" = "moonbear: x" ]
}

@test "an argv[0] that is empty" {
	run --separate-stderr bash -c 'exec -a "" "$0" -x' "$MOONBEAR"
	[ "$status" = 2 ]
	[ "${stderr_lines[0]}" = "moonbear: -x: unknown option" ]
	run --separate-stderr bash -c 'exec -a "" "$0" none.lua' "$MOONBEAR"
	[ "$stderr" = "moonbear: cannot open none.lua: No such file or directory" ]
}

@test "very long arguments" {
	long=$(printf '%0100000d' 7)
	echo 'print(#arg[1], arg[1] == ...)' > s.lua
	same s.lua $long
	run ours $long
	[ "$status" = 1 ]
	[[ "$output" == "lua5.1: cannot open $long: File"*"name too long" ]]
	same -e "error('$long')"
	same -l $long
	run "$MOONBEAR" -e "$long"
	[ "$status" = 1 ]
	[[ "$output" == "$MOONBEAR: (command line):1: unexpected symbol near '000"*"000...'" && ${#output} -lt 500 ]]
	run --separate-stderr "$MOONBEAR" --$long
	[ "$status" = 2 ]
	[[ "${stderr_lines[0]}" == "$MOONBEAR: --$long: unknown option" ]]
}

@test "very many arguments" {
	echo 'print(#arg, select("#", ...))' > s.lua
	same s.lua $(seq 7000)
	run --separate-stderr "$MOONBEAR" s.lua $(seq 100000)
	[ "$status" = 0 ] || [[ "$status" = 1 && "$stderr" == "$MOONBEAR: stack overflow (too many arguments to script)"* ]]
}

@test "the error object of an error in an error handler" {
	same -e 'xpcall(function() error("x") end, function() error("y") end)'
	same -e 'print(xpcall(function() error("x") end, function() error("y") end))'
}
