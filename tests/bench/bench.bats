# The benchmarks' own tools: they measure what they say, refuse what they cannot compare, and never judge a time.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() {
	INTERLEAVE=$BUILD/bench/interleave
	[ -x "$INTERLEAVE" ] || skip "interleave is not built"
}

bench() {
	run --separate-stderr "$MOONBEAR" tests/bench/bench.lua --build "$BUILD" "$@"
}

# small PROGRAM: sets `size` to one with which it takes a moment.
small() {
	case $1 in
		fft|sudoku) size=2 ;; paths|life) size=12 ;; bank|machine|calculator) size=300 ;; edits|wrap) size=40 ;;
		fib) size=15 ;; trees) size=7 ;; queens) size=6 ;; patterns) size=8 ;; json|matrix|mandelbrot|heap|spectrum|planets) size=24 ;;
		*) size=2000 ;;
	esac
}

@test "every benchmark program prints the same as under lua5.1, and something at all" {
	command -v lua5.1 >/dev/null || skip "needs lua5.1"
	for file in tests/bench/programs/*.lua tests/bench/heldout/*.lua; do
		name=${file##*/} name=${name%.lua}
		small "$name"
		expected=$(lua5.1 "$file" "$size")
		[ -n "$expected" ]
		[ "$("$MOONBEAR" "$file" "$size")" = "$expected" ] || { echo "$name $size"; return 1; }
	done
}

@test "every benchmark program is in a group of the suite" {
	local kind suite file name
	for kind in programs heldout; do
		suite=$(< "tests/bench/suites/$kind.lua")
		for file in "tests/bench/$kind"/*.lua; do
			name=${file##*/}
			[[ $suite == *"\"${name%.lua}\""* ]] || { echo "$file is never run"; return 1; }
		done
	done
}

@test "interleave runs each command the same number of times, in turn" {
	log=$BATS_TEST_TMPDIR/log
	run "$INTERLEAVE" -n 3 -t ::: a sh -c "echo a >> '$log'; echo out" ::: b sh -c "echo b >> '$log'; echo out"
	[ "$status" = 0 ]
	[ "$(tr -d '\n' < "$log")" = ababab ]
	[ "$(cut -f 1,2 <<< "$output" | tr '\t\n' '  ')" = "a 3 b 3 " ]
	[ "$(cut -f 9 <<< "$output" | sort -u | wc -l)" = 1 ]
	[ "$(cut -f 9 <<< "$output" | head -n 1)" != 0000000000000000 ]
}

@test "interleave tells a command's own time and memory from another's" {
	plain_build_only
	run "$INTERLEAVE" -n 2 -t ::: sleep sleep 0.2 ::: work "$MOONBEAR" -e 'local s = ("x"):rep(5e7) for i = 1, 1e6 do end'
	[ "$status" = 0 ]
	awk -F '\t' '$1 == "sleep" { slept = $3; idle = $5; small = $7 } $1 == "work" { busy = $5; big = $7 }
		END { exit !(slept >= 200000 && idle < slept && busy > 0 && big > 40000 && small < big) }' <<< "$output" || { echo "$output"; return 1; }
}

@test "interleave refuses commands that fail, die, are not there, or print other bytes each time" {
	refused() { # MESSAGE ARG...
		local message=$1
		shift
		run --separate-stderr "$INTERLEAVE" -n 2 ::: "$@"
		[ "$status" = 1 ] && [ -z "$output" ] && [[ "$stderr" == "interleave: $message"* ]] || { echo "$stderr"; return 1; }
	}
	refused "a: ended with an error" a false
	refused "a: Killed" a sh -c 'kill -9 $$'
	refused "no-such-program: not found in PATH" a no-such-program
	refused "./no-such-program: could not be run" a ./no-such-program
	echo 0 > "$BATS_TEST_TMPDIR/n"
	refused "a: prints other bytes" a sh -c 'cd "$0"; echo x >> n; cat n' "$BATS_TEST_TMPDIR"
	for wrong in "" ":::" "::: a" "::: a true :::" "a ::: b true" "-n 0 ::: a true"; do
		run "$INTERLEAVE" $wrong
		[ "$status" = 2 ] && [[ "$output" == "usage: "* ]] || { echo "$wrong: $output"; return 1; }
	done
}

@test "the suite of programs prints a table with means, JSON, and a chart" {
	plain_build_only
	bench --rounds 1 --only '^fib$' --size 12 --svg "$BATS_TEST_TMPDIR/chart.svg" programs
	[ "$status" = 0 ]
	[[ "$output" == *"moonbear"*$'\n'"fib "*"mean, core"*"mean, all"* ]]
	head -c 4 "$BATS_TEST_TMPDIR/chart.svg" | grep -q '<svg'
	tail -n 1 "$BATS_TEST_TMPDIR/chart.svg" | grep -q '</svg>'
	"$MOONBEAR" -e 'local text, depth = io.read("*a"), 0
		for close, name, own in text:gmatch("<(/?)(%w+)[^>]-(/?)>") do
			depth = depth + (close ~= "" and -1 or own ~= "" and 0 or 1)
			assert(depth >= 0)
		end
		assert(depth == 0 and not text:find("nan") and not text:find("inf"))' < "$BATS_TEST_TMPDIR/chart.svg"
	bench --rounds 1 --only '^fib$' --size 12 --json programs
	"$MOONBEAR" -e 'local r = require("cjson").decode(io.read("*a")).programs
		assert(r.runs.fib[1].wall > 0 and r.runs.fib[1].runs == 1 and r.columns[2]:find("ms"))' <<< "$output"
}

@test "the suite of sizes of data prints rates, ratios and memory, JSON, and a chart" {
	plain_build_only
	bench --rounds 1 --size 0.001 --only '^JSON of 1 MB' --svg "$BATS_TEST_TMPDIR/chart.svg" data_sizes
	[ "$status" = 0 ]
	[[ "$output" == *"MB/s"*"ratio"*"peak"*"JSON of 1 MB "*"cjson"*"data.decode"*"each"* ]]
	grep -q '<title>[0-9.]*</title>' "$BATS_TEST_TMPDIR/chart.svg"
	bench --rounds 1 --size 0.001 --only '^JSON of 1 MB' --json data_sizes
	"$MOONBEAR" -e 'local r = require("cjson").decode(io.read("*a")).data_sizes
		assert(r.runs["JSON of 1 MB"][2].name == "data.decode" and r.runs["JSON of 1 MB"][2].peak > 0)' <<< "$output"
}

# An interleave that measures nothing: "no PIE" takes 100 microseconds, all others as many as it is told.
measured_as() { # MICROSECONDS BENCH_ARG...
	local fake=$BATS_TEST_TMPDIR/fake
	mkdir -p "$fake/bench"
	printf '%s\n' '#!/bin/sh' 'for word; do' \
		'	case $last in :::) cpu='"$1"'; [ "$word" != "no PIE" ] || cpu=100; printf "%s\t1\t9\t9\t$cpu\t$cpu\t9\t9\t9\n" "$word" ;; esac' \
		'	last=$word' 'done' > "$fake/bench/interleave"
	chmod +x "$fake/bench/interleave"
	shift
	BUILD=$fake bench --only '^fib$' "$@" programs
}

@test "what static-PIE costs is told, and when that is too much" {
	measured_as 102 --without-pie "$MOONBEAR"
	[[ "$output" == *"Being static-PIE costs 2.0 % of CPU time on the core programs."* ]]
	measured_as 90 --without-pie "$MOONBEAR"
	[[ "$output" == *"Being static-PIE costs -10.0 % of CPU time on the core programs."* ]]
	measured_as 104 --without-pie "$MOONBEAR"
	[[ "$output" == *"Being static-PIE costs 4.0 % of CPU time on the core programs: more than the 3 % that were allowed."* ]]
	measured_as 104
	[[ "$output" != *PIE* ]]
	plain_build_only
	bench --rounds 1 --only '^fib$' --size 15 --without-pie "$MOONBEAR" programs
	[[ "$output" =~ "Being static-PIE costs "-?[0-9]+\.[0-9]" % of CPU time on the core programs" ]]
}

@test "programs that print different results are not compared" {
	plain_build_only
	printf '#!/bin/sh\necho 7\n' > "$BATS_TEST_TMPDIR/liar"
	chmod +x "$BATS_TEST_TMPDIR/liar"
	bench --rounds 1 --only '^fib$' --size 12 --lua "liar=$BATS_TEST_TMPDIR/liar" programs
	[ "$status" = 1 ]
	[ -z "$output" ]
	[[ "$stderr" == *"bench: fib: liar and "*" print different results" ]]
}

@test "the suite of start-up puts an empty C program first" {
	plain_build_only
	bench --rounds 1 --seconds 0.1 startup
	[ "$status" = 0 ]
	[[ "$output" == *$'\n'"empty static C "*$'\n'"moonbear "*$'\n'"moonbear, a script "* ]]
}

@test "unknown suites, options and patterns are refused" {
	bench nonsense
	[ "$status" = 1 ]
	[[ "$stderr" == *"there is no suite nonsense"* ]]
	bench --only nonsense programs
	[ "$status" = 1 ]
	[[ "$stderr" == "bench: no benchmark program is named like nonsense" ]]
	bench --frobnicate
	[ "$status" = 1 ]
	bench --svg /nowhere/x.svg --rounds 1 --only '^fib$' --size 12 programs
	[ "$status" = 1 ]
	[[ "$stderr" == *"/nowhere/x.svg: No such file or directory"* ]]
}
