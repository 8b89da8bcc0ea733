# Starting touches no file of the host: the system calls of `-e ''` are few and each is of a known kind.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	command -v strace >/dev/null || skip "needs strace"
	strace -o "$BATS_TEST_TMPDIR/probe" true 2>/dev/null || skip "this host does not let strace trace"
	cd "$BATS_TEST_TMPDIR"
}

# Memory, signals, descriptors that have no name, and questions about this process: nothing that takes a path.
ALLOWED="execve getcwd arch_prctl set_tid_address set_robust_list gettid getpid brk mmap munmap mprotect mremap madvise mincore
	poll pipe pipe2 close read write writev fcntl rt_sigprocmask rt_sigaction sigaltstack rt_sigreturn
	getrlimit prlimit64 getrandom clock_gettime prctl exit_group"

calls() { # ARG...
	strace -f -o trace "$MOONBEAR" "$@" </dev/null >out 2>err
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' trace
}

# No call that takes a path or makes a descriptor of something named; execve is the program itself.
touches_no_file() {
	local call
	for call in $(calls "$@" | sort -u); do
		[[ " $(echo $ALLOWED) " == *" $call "* ]] || { echo "not allowed at start: $(grep -w "$call" trace)"; return 1; }
	done
}

@test "-e '' makes only known system calls" {
	touches_no_file -e ''
	grep -q 'exit_group(0)' trace
	[ "$(grep -c execve trace)" = 1 ]
}

@test "nor does it when it is called by a relative name" {
	ln -s "$MOONBEAR" here
	MOONBEAR=./here touches_no_file -e ''
}

@test "-e '' makes fewer than a hundred of them" {
	count=$(calls -e '' | wc -l)
	[ "$count" -ge 5 ]
	[ "$count" -lt 100 ]
}

@test "--version, a refused option and an error open nothing either" {
	touches_no_file -E -e 'error("x")'
	calls --version | grep -qE '^(open|stat|readlink|access)' && return 1
	calls -x | grep -qE '^(open|stat|readlink|access)' && return 1
	[ -s err ]
}

@test "requiring a built-in module opens nothing" {
	touches_no_file -e 'for _, name in ipairs { "lpeg", "re", "lfs", "cjson", "argparse", "inspect", "bit" } do require(name) end'
}

@test "a script is opened once, and nothing else is" {
	echo 'return 1' > s.lua
	calls s.lua >/dev/null
	[ "$(grep -cE '[0-9]+ +(open|openat|stat|newfstatat|access|readlink)\(' trace)" = 1 ]
	grep -qE 'open(at)?\(.*"s.lua"' trace
}

section() { # NAME: its address and its end, in decimal
	readelf -SW "$MOONBEAR.debug" | sed 's/^ *\[ *[0-9]*\] *//' | while read -r name _ address _ size _; do
		[ "$name" != "$1" ] || echo $((16#$address)) $((16#$address + 16#$size))
	done
}

symbol() { # NAME: its address, in decimal
	echo $((16#$(nm "$MOONBEAR.debug" | awk -v name="$1" '$3 == name { print $1 }')))
}

lies_in() { # FROM TO SYMBOL...
	local from=$1 to=$2 at
	shift 2
	[ -e names ] || nm "$MOONBEAR.debug" > names
	for one; do
		at=$(awk -v name="$one" '$3 == name || index($3, name ".") == 1 { print $1; exit }' names)
		[ -n "$at" ] && at=$((16#$at)) && [ "$at" -ge "$from" ] && [ "$at" -lt "$to" ] || { echo "$one is elsewhere"; return 1; }
	done
}

@test "what a start runs, reads and writes lies side by side" {
	[ -e "$MOONBEAR.debug" ] || skip "needs the unstripped binary"
	read -r from _ < <(section .text.begin)
	to=$(symbol startup_read_end)
	[ $((to - from)) -lt 80000 ]
	lies_in "$from" "$to" start_ahead _start main luaL_openlibs catch_interrupts plat_build_id luaS_newlstr luaopen_io luaV_execute memcpy exit _fini
	read -r from to < <(section .rodata.begin)
	[ "$to" -lt 65536 ]
	lies_in "$from" "$to" luaO_nilobject_
	read -r from to < <(section .data)
	lies_in "$from" $((to / 4096 * 4096 + 4096)) __environ __libc builtin_tls
	# The first arena is the first whole MiB behind the variables: with the code it is within the first 2 MiB.
	at=$(awk '$2 ~ /[bB]/ && $3 ~ /^reserve(\.lto_priv\.[0-9]*)?$/ { print $1 }' names)
	[ -n "$at" ] && [ $((16#$at)) -lt $((1024 * 1024)) ]
	read -r from _ < <(section .rodata)
	[ "$from" -gt $((2 * 1024 * 1024)) ]
}

@test "the pointers that a start has to move are packed" {
	[ "$(uname -m)" = x86_64 ] || skip "the linker packs them for x86-64 alone"
	readelf -dW "$MOONBEAR" > dynamic
	grep -q '(RELR) ' dynamic
	[ "$(awk '/\(RELASZ\)/ { print $3 }' dynamic)" = 0 ]
}

# A name of scripts/build/startup that no object has, nor the binary, is one that was renamed since.
@test "what is laid out is there" {
	local names
	names=$("$ROOT/scripts/build/startup" | sed -n 's/^    \*(\.text\.\([^ ]*\) .*/\1/p' | sort -u)
	[ "$(wc -w <<<"$names")" -gt 150 ]
	run comm -23 <(cat <<<"$names") <({
		find "$BUILD/obj" -name '*.o' -exec readelf -SW {} +
		readelf -SW "$BUILD"/sysroot/lib/{libc.a,*crt1.o}
	} | sed -n 's/^.* \.text\.\(startup\.\)\{0,1\}\([^. ]*\).* PROGBITS .*/\2/p' | sort -u - <(nm "$MOONBEAR.debug" | sed -n 's/^.* [tT] \([^. ]*\).*/\1/p'))
	echo "$output"
	[ "$output" = "" ]
}

# A function elsewhere is one that a start has come to run since it was laid out.
runs_nothing_outside() { # FROM TO ARG...
	[ -e "$MOONBEAR.debug" ] || skip "needs the unstripped binary"
	local from=$1 to=$2
	shift 2
	local end
	read -r _ end < <(section .text)
	# What the compiler left of weak names may have an address among the variables.
	nm "$MOONBEAR.debug" | awk -v end="$(printf %016x "$end")" '$2 ~ /^[tTwW]$/ && $1 "" < end "" { print $1 }' > functions
	run "$BUILD/tests/support/elsewhere" "$(printf %x "$from")" "$(printf %x "$to")" "$MOONBEAR" "$@" < functions
	[ "$status" != 125 ] || skip "this host does not let a program be traced"
	[ "$status" = 0 ]
	for at in $output; do addr2line -fe "$MOONBEAR.debug" "0x$at" | head -n 1; done
	[ "$(wc -w <<<"$output")" -le 1 ] # .init, which has a section of its own
}

@test "a start runs nothing that is laid out elsewhere" {
	read -r from _ < <(section .text.begin)
	runs_nothing_outside "$from" "$(symbol startup_read_end)" -e ''
}

@test "nor does what reads a script, and runs what many begin with" {
	printf '%s\n' '#!/usr/bin/env moonbear' 'local list, names = {}, { "a", "b", key = 1 }' \
		'for i, name in ipairs(names) do list[#list + 1] = name .. i end' \
		'for key, value in pairs(names) do if value ~= 1 and key then list[key] = value end end' \
		'local function greet(name, ...) if not name then return nil end return ("Hello %s"):format(name) end' \
		'while #list > 5 do list[#list] = nil end' 'function list:method() return self.x end' \
		'local text = tostring(12) .. greet(table.concat(list, " "))' > s.lua
	runs_nothing_outside $(section .text.begin) s.lua
}

@test "a script costs opening, reading and closing its file, and no memory of the C library" {
	echo 'local x = 1' > s.lua
	calls -e 'local x = 1' | sort > without
	calls s.lua | sort > with
	run comm -13 without with
	[ "$output" = $'close\nopen\nread\nread' ]
}

# Where the runner begins it asks for what it is about to read and to write.
@test "a start asks for its pages at once" {
	calls -e '' >/dev/null
	grep -q 'madvise(.*MADV_POPULATE_READ\|madvise(.*0x16\|madvise(.*22' <(sed -n 2p trace)
	grep -q 'madvise(.*MADV_POPULATE_WRITE\|madvise(.*0x17\|madvise(.*23' <(sed -n 3p trace)
}

# Every part of a page that is laid out well is shared with its neighbours: this many faults more than the empty program,
# eight of them for the memory of Lua's state, which is asked for at once.
@test "a start meets few page faults" {
	[ -x "$BUILD/bench/interleave" ] || skip "interleave is not built"
	run "$BUILD/bench/interleave" -n 30 -t ::: empty "$BUILD/bench/empty" ::: moonbear "$MOONBEAR" -e ''
	[ "$status" = 0 ]
	echo "$output"
	awk -F '\t' 'NR == 1 { empty = $8 } NR == 2 { ours = $8 } END { exit !(empty > 0 && ours > 0 && ours - empty <= 12) }' <<<"$output"
}
