# The known defects of Lua 5.1.5: each program of tests/runtime/defects prints "ok" here, and under Debian's lua5.1 it does what its
# head says. That head is the table of the defects.
# SPDX-License-Identifier: MIT
#
#   -- stock: wrong      another answer, or an error that there need not be
#   -- stock: signal     the process is killed
#   -- stock: endless    it does not come to an end in SECONDS of CPU time
#   -- stock: cured      Debian's package has a patch that is applied here, too
#   -- options: WORDS    for moonbear
#   -- stack: KIB        on a C stack of that size      -- memory: KIB     in an address space of that size
#   -- seconds: N        of CPU time for both           -- shell: none     where /bin/sh cannot be executed
#   -- interrupt: ignored   as a shell starts it in the background
load ../support/common
load ../support/stock

SECONDS_ALLOWED=20

setup() {
	export -n LUA_INIT LUA_PATH LUA_CPATH
	cd "$ROOT/tests/runtime/defects"
}

# read_head PROGRAM: sets stock, options, stack, memory, seconds, shell, interrupt. The shell reads it itself: a process for each
# word would take longer than most programs.
read_head() {
	local line word
	stock='' options='' stack='' memory='' seconds='' shell='' interrupt=''
	while IFS= read -r line && [[ $line == --* ]]; do
		word=${line#-- }
		case ${word%%: *} in stock | options | stack | memory | seconds | shell | interrupt) printf -v "${word%%: *}" %s "${word#*: }" ;; esac
	done < "$1"
}

# possible PROGRAM: reads its head, and tells whether this variant and this user can run it: sanitizers want all of the address space
# and more of the stack.
possible() {
	read_head "$1"
	if [ "$shell" = none ]; then [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null || return 1; fi
	[ -z "${VARIANT:-}" ] || [ -z "$memory$stack$seconds$shell" ]
}

# confined PROGRAM COMMAND...: under the limits of its head; a hook of the shell's own would be none in the background.
confined() {
	local program=$1
	shift
	[ -n "${VARIANT:-}" ] || ulimit -t "${seconds:-$SECONDS_ALLOWED}"
	[ -z "$stack" ] || ulimit -s "$stack"
	[ -z "$memory" ] || ulimit -v "$memory"
	[ "$interrupt" != ignored ] || trap '' INT
	if [ "$shell" = none ]; then
		exec unshare -m sh -c 'mount --bind /dev/null "$(readlink -f /bin/sh)" && exec "$@" "$0"' "$program" "$@"
	fi
	exec "$@" "$program"
}

# What stock Lua does: wrong, signal, endless or, when it does what it should, right.
under_stock() {
	local text status=0
	text=$(confined "$1" lua5.1 2>&1) || status=$?
	if [ $status = 137 ] || [ $status = 152 ]; then echo endless
	elif [ $status -ge 128 ]; then echo signal
	elif [ "$text" = ok ]; then echo right
	else echo wrong
	fi
}

# stock_is WHAT: all programs of that kind.
stock_is() {
	local program answer ran=0 failed=
	[ -z "${VARIANT:-}" ] || skip "stock Lua is asked beside the plain build"
	command -v lua5.1 >/dev/null || skip "needs Debian's lua5.1"
	for program in $(grep -lx -e "-- stock: $1.*" ./*.lua); do
		possible "$program" || continue
		answer=$(under_stock "$program")
		[ "$answer" = "$1" ] || [ "$1$answer" = curedright ] || failed="$failed $program: $answer,"
		ran=$((ran + 1))
	done
	[ -z "$failed" ] && [ $ran -gt 0 ] || { echo "not $1 in stock Lua:$failed of $ran"; return 1; }
}

# passes PATTERN...: programs here.
passes() {
	local program text ran=0 failed=
	for program; do
		possible "$program" || continue
		# shellcheck disable=SC2086 # words
		text=$(confined "$program" "$MOONBEAR" $options 2>&1) || text="$text, status $?"
		[ "$text" = ok ] || failed="$failed $program: $text"
		ran=$((ran + 1))
	done
	[ -z "$failed" ] && [ $ran -gt 0 ] || { echo "failed of $ran:$failed"; return 1; }
}

@test "every program says what stock Lua does" {
	local program
	for program in ./*.lua; do
		read_head "$program"
		[[ "$stock" =~ ^(wrong|signal|endless|cured)( |$) ]] || { echo "$program"; return 1; }
	done
}

@test "stock Lua gives wrong answers" { stock_is wrong; }
@test "stock Lua is killed by a signal" { stock_is signal; }
@test "stock Lua does not come to an end" { stock_is endless; }
@test "Debian's Lua is cured" { stock_is cured; }

@test "moonbear passes: a to g" { passes ./[a-g]*.lua; }
@test "moonbear passes: h to p" { passes ./[h-p]*.lua; }
@test "moonbear passes: q to z" { passes ./[q-z]*.lua; }
