# Overflow is a Lua error: every recursion of the engine and of the built-in modules, on stacks of four sizes, both on
# a mapping of moonbear's own and on the stack that the host gave.
# SPDX-License-Identifier: MIT
load ../support/common

# Every case must say that it is ok; the last line comes only when no signal ended the process. What a case leaves behind is the
# same on each stack: on those of 64 and 128 KiB each goes its way down twice, on longer ways once. Where every access is watched,
# the way of 8 MiB takes a minute.
into_the_ground() { # TIMES COMMAND...
	local times=$1
	shift
	run "$@" tests/support/overflow.lua "$times"
	[ "$status" = 0 ] || { echo "status $status after: ${lines[-1]}"; return 1; }
	[ "$(grep -vc ': ok$' <<<"$output")" = 1 ] || { grep -v ': ok$' <<<"$output" | cut -c 1-300; return 1; }
	[[ ${lines[-1]} =~ ^[1-9][0-9]*\ done$ ]]
}

own_stack() { # TIMES SIZE
	into_the_ground "$1" "$MOONBEAR" "--stack-size=$2"
}

given_stack() { # TIMES BYTES
	into_the_ground "$1" prlimit "--stack=$2:" "$MOONBEAR" --stack-size=0
}

@test "own stack of 64 KiB" { own_stack 2 64K; }
@test "own stack of 128 KiB" { thorough_only; own_stack 2 128K; }
@test "own stack of 1 MiB" { thorough_only; own_stack 1 1M; }
@test "own stack of 8 MiB" { plain_build_only; own_stack 1 8M; }
@test "given stack of 64 KiB" { plain_build_only; given_stack 2 65536; }
@test "given stack of 128 KiB" { thorough_only; given_stack 2 131072; }
@test "given stack of 1 MiB" { given_stack 1 1048576; }
@test "given stack of 8 MiB" { plain_build_only; thorough_only; given_stack 1 8388608; }

@test "bytecode that nests deeper than any parser makes it, loaded and dumped" {
	plain_build_only
	local size
	for size in 64K 128K 1M 8M; do
		run "$MOONBEAR" --allow-bytecode "--stack-size=$size" tests/support/overflow.lua 2 "undump deep" "string.dump deep"
		[ "$output" = $'undump deep: ok\nstring.dump deep: ok\n2 done' ] || { echo "$size: $output"; return 1; }
	done
}

@test "a finalizer that makes its like and collects does not keep a state open, on any stack" {
	local size
	for size in 64K 1M 8M; do
		run timeout 60 "$MOONBEAR" "--stack-size=$size" -e 'local function again()
				local object = newproxy(true)
				getmetatable(object).__gc = again
				object = nil
				collectgarbage()
			end
			pcall(again)
			print "ok"'
		[ "$status" = 0 ] && [ "$output" = ok ] || { echo "$size: status $status, ${output:0:300}"; return 1; }
	done
}

@test "finalizers that fail when the state is closed are all called" {
	run "$MOONBEAR" -e 'local kept = {}
		for i = 1, 50 do
			kept[i] = newproxy(true)
			getmetatable(kept[i]).__gc = function() print(i) error "fails" end
		end'
	[ "$status" = 0 ]
	[ "$output" = "$(seq 50 -1 1)" ]
}

@test "an uncaught overflow is a message with a traceback and status 1" {
	plain_build_only
	run "$MOONBEAR" --stack-size=64K -e 'local function f() return (("a"):gsub("a", f)) end f()'
	[ "$status" = 1 ]
	[[ ${lines[0]} == *"stack overflow"* ]]
	[[ $output == *"stack traceback:"* ]]
}

@test "a bad --stack-size is a usage error that names it" {
	for size in '' x 12 63K -1 8MM 8m 0x10 1.5M 99999999999999999999 99999999999999G; do
		run "$MOONBEAR" "--stack-size=$size" -e 'print(1)'
		[ "$status" = 2 ]
		[[ ${lines[0]} == *"--stack-size=$size: "* ]]
		[[ $output != *$'\n1' ]]
	done
}

@test "a --stack-size that the host cannot give still runs the script" {
	run "$MOONBEAR" --stack-size=16777215G -e 'print(1)'
	[ "$status" = 0 ]
	[ "$output" = 1 ]
}

@test "a stack that does not fit is halved until it does" {
	plain_build_only
	run prlimit --as=50000000 "$MOONBEAR" --stack-size=1G -e 'local s = require "moonbear.host".stack()
		print(s.method, s.size / 2 ^ 20, pcall(string.rep, "x", 10))'
	[ "$status" = 0 ]
	[ "$output" = $'own mapping\t32\ttrue\txxxxxxxxxx' ]
}

@test "Lua runs on the given stack when no mapping is allowed" {
	plain_build_only
	# The heap of a small script fits into what the binary brings; a stack does not.
	run "$BUILD/tests/support/seccomp" mmap:ENOMEM -- "$MOONBEAR" --stack-size=1G \
		-e 'print(pcall(string.rep, "x", 10)) print(require("moonbear.host").stack().method ~= "own mapping")'
	[ "$status" = 0 ]
	[ "$output" = $'true\txxxxxxxxxx\ntrue' ]
}
