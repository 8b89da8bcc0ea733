# The programs of scripts/examples: what they print, and what they say of bad input.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() {
	EXAMPLES=$ROOT/scripts/examples
	cd "$BATS_TEST_TMPDIR"
}

example() { # NAME ARG...
	local name=$1
	shift
	run --separate-stderr "$MOONBEAR" "$EXAMPLES/$name.lua" "$@"
}

prints() { # EXPECTED, from standard input
	diff <(cat) <(printf '%s\n' "$output")
}

@test "every example has --help, and is refused with a message when its options are wrong" {
	for file in "$EXAMPLES"/*.lua; do
		name=$(basename "$file" .lua)
		[ "$name" != tour ] || continue
		example "$name" --help
		[ "$status" = 0 ] && [[ "$output" == "Usage: $name.lua "* ]] || { echo "$name: $output"; return 1; }
		example "$name" --frobnicate
		[ "$status" = 1 ] && [[ "$stderr" == *"unknown option '--frobnicate'"* ]] || { echo "$name: $stderr"; return 1; }
		[ -z "$output" ]
	done
}

@test "every example ends with an error when its output is lost" {
	printf 'a = 1\n' > s.ini
	printf 'h - - [t] "GET / HTTP/1.0" 200 5\n' > log
	for call in "wc log" "tree ." "ini s.ini" "pipeline log" "du ."; do
		run --separate-stderr sh -c '"$0" "$1" "$2" > /dev/full' "$MOONBEAR" "$EXAMPLES/${call% *}.lua" "${call#* }"
		[ "$status" != 0 ] && [[ "$stderr" == *"No space left on device"* ]] || { echo "$call: $status $stderr"; return 1; }
	done
}

# ---- wc

@test "wc counts as wc(1) does, also across its blocks" {
	"$MOONBEAR" -e 'local seed = 7
		for i = 1, 60000 do
			seed = seed * 16807 % 2147483647
			io.write(("x"):rep(seed % 11), ({ " ", "\n", "\t", "  ", "", "\r\n" })[seed % 6 + 1])
		end' > text
	[ "$(wc -c < text)" -gt 300000 ]
	printf 'no newline at the end' > last
	: > empty
	for file in text last empty; do
		example wc $file
		[ "$(echo $output)" = "$(LC_ALL=C wc $file | tr -s ' ' | sed 's/^ //')" ] || { echo "$file: $output"; return 1; }
	done
	example wc text last
	[ "$(echo ${lines[2]})" = "$(echo $(LC_ALL=C wc text last | tail -n 1))" ]
	run "$MOONBEAR" "$EXAMPLES/wc.lua" < last
	[ "$(echo $output)" = "0 5 21 -" ]
}

@test "wc names the most frequent words, those of one block and those across two" {
	"$MOONBEAR" -e 'io.write((" "):rep(65530), "elephant", (" "):rep(65520), "elephant ")
		io.write("Größe größe, the THE the")' > text
	example wc --top 3 text
	prints <<-'END'
	        0         7      131095 text
	        3 the
	        2 elephant
	        2 größe
	END
}

@test "wc goes on after a file that cannot be read, and fails in the end" {
	printf 'a b\n' > good
	example wc missing good .
	[ "$status" = 1 ]
	[[ "$stderr" == *"wc.lua: missing: No such file or directory"*"wc.lua: .: Is a directory"* ]]
	[[ "${lines[0]}" == *" 1 "*" 2 "*" 4 good" ]]
	example wc --top=-1 good
	[ "$status" = 1 ]
	[[ "$stderr" == *"--top wants a whole number, not '-1'"* ]]
}

# ---- tree

@test "tree reports a folder as JSON, sorted, links not followed" {
	mkdir -p t/sub/empty t/sub2
	printf 12345 > t/b.txt
	printf 'x' > 't/sub/quo"te'
	ln -s ../b.txt t/sub/link
	touch -d '1970-01-02T03:04:05Z' t/b.txt
	example tree t
	[ "$status" = 0 ]
	prints <<-'END'
	{"name": "t", "kind": "directory", "entries": [
	  {"name": "b.txt", "kind": "file", "size": 5},
	  {"name": "sub", "kind": "directory", "entries": [
	    {"name": "empty", "kind": "directory", "entries": []},
	    {"name": "link", "kind": "link", "target": "..\/b.txt"},
	    {"name": "quo\"te", "kind": "file", "size": 1}
	  ]},
	  {"name": "sub2", "kind": "directory", "entries": []}
	]}
	END
	[ "$stderr" = "4 folders, 2 files, 6 bytes" ]
	"$MOONBEAR" -e 'local report = require("cjson").decode(io.read("*a"))
		assert(report.entries[2].entries[3].name == "quo\"te")' <<< "$output"
	example tree --times --depth 1 t
	[[ "$output" == *'"b.txt", "kind": "file", "modified": "1970-01-02T03:04:05Z", "size": 5'* ]]
	[[ "$output" != *quo* ]]
}

@test "tree says what it could not read, and what is no folder" {
	printf x > file
	example tree file
	[ "$status" = 1 ]
	[ "$stderr" = "tree.lua: file: not a folder" ]
	example tree missing
	[ "$status" = 1 ]
	[[ "$stderr" == "tree.lua: "*"missing"*"No such file or directory" ]]
	[ "$(id -u)" != 0 ] || command -v setpriv >/dev/null || skip "needs setpriv"
	mkdir -p closed/in && chmod 755 . closed && chmod 0 closed/in
	as_other() { [ "$(id -u)" != 0 ] || set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; "$@"; }
	as_other test -x "$MOONBEAR" && as_other test -r "$EXAMPLES/tree.lua" || skip "somebody else cannot reach the build"
	run --separate-stderr as_other "$MOONBEAR" "$EXAMPLES/tree.lua" closed
	[ "$status" = 1 ]
	[[ "$output" == *'{"name": "in", "kind": "directory", "error": "Permission denied"}'* ]]
	[[ "$stderr" == *"1 entries could not be read"* ]]
}

# ---- ini

@test "ini prints all values, one, or JSON" {
	cat > s.ini <<-'END'
	; a comment
	top = 1

	[server]
	name = moon bear   ; after the value
	path: "a\tb;c\\\"d"
	empty =
	[other.section]
	x-y_z = größe
	END
	printf 'last = no newline' >> s.ini
	example ini s.ini
	[ "$status" = 0 ]
	prints <<-END
	top = 1
	server.name = moon bear
	server.path = a	b;c\\"d
	server.empty = 
	other.section.x-y_z = größe
	other.section.last = no newline
	END
	example ini s.ini server.name
	[ "$output" = "moon bear" ]
	example ini s.ini server.none
	[ "$status" = 1 ]
	[ "$stderr" = "ini.lua: there is no server.none" ]
	example ini --json s.ini
	"$MOONBEAR" -e 'local t = require("cjson").decode(io.read("*a"))
		assert(t[""].top == "1" and t.server.path == "a\tb;c\\\"d" and t["other.section"].last == "no newline")' <<< "$output"
}

@test "ini names the line, the column and what is missing" {
	refuses() { # TEXT MESSAGE
		printf "$1" > bad.ini
		example ini bad.ini
		[ "$status" = 1 ] && [ -z "$output" ] && [ "$stderr" = "ini.lua: bad.ini:$2" ] && return
		echo "$1: $status: $stderr"
		return 1
	}
	refuses 'a = 1\n[server main]\n' '2:9: expected a ]'
	refuses 'a = 1\n\n[]\n' "3:2: expected a section's name"
	refuses 'a = 1\nb\n' '2:2: expected = or : after the key'
	refuses 'a = "open\nb = 1\n' '1:10: expected a closing "'
	refuses 'a = "\\x"\n' '1:7: expected n, t, \ or " after a backslash'
	refuses 'a = "x" y\n' '1:9: expected the end of the line'
	refuses '= 1\n' '1:1: expected a [section], a key = value or a comment'
	refuses '[a]\nx = 1\n[b]\nx = 2\n[a]\nx = 3\n' '6: a.x is set again'
	example ini missing.ini
	[ "$stderr" = "ini.lua: missing.ini: No such file or directory" ]
	: > bad.ini
	example ini bad.ini
	[ "$status" = 0 ] && [ -z "$output" ]
}

# ---- pipeline

@test "pipeline counts a log by path, by status, and chosen entries" {
	cat > a.log <<-'END'
	10.0.0.1 - - [01/Jan/2024:00:00:01 +0000] "GET /index.html HTTP/1.1" 200 512
	10.0.0.2 - anna [01/Jan/2024:00:00:02 +0000] "GET /index.html?from=x HTTP/1.1" 200 512
	10.0.0.1 - - [01/Jan/2024:00:00:03 +0000] "POST /login HTTP/1.1" 302 -

	10.0.0.3 - - [01/Jan/2024:00:00:04 +0000] "GET /none HTTP/1.1" 404 100
	END
	example pipeline a.log
	[ "$status" = 0 ]
	prints <<-'END'
	       2         1024  /index.html
	       1            0  /login
	       1          100  /none
	END
	example pipeline --by status --top 1 a.log a.log
	[ "$output" = "       4         2048  200" ]
	example pipeline --status 4 --by host - < a.log
	[ "$output" = "       1          100  10.0.0.3" ]
}

@test "pipeline tells of lines that are no entries and files that are not there, and goes on" {
	printf 'h - - [t] "GET /x HTTP/1.0" 200 5\ngarbage\n' > b.log
	example pipeline missing.log b.log
	[ "$status" = 1 ]
	[ "$output" = "       1            5  /x" ]
	[ "${stderr_lines[0]}" = "pipeline.lua: missing.log: No such file or directory" ]
	[ "${stderr_lines[1]}" = "pipeline.lua: b.log:2: not an entry of a log: garbage" ]
	example pipeline .
	[ "$status" = 1 ]
	[[ "$stderr" == *"Is a directory"* ]]
}

# ---- du

@test "du adds up what folders hold, counts a file with two names once, and follows no link" {
	mkdir -p d/big/deep d/small
	head -c 100000 /dev/zero > d/big/deep/file
	head -c 50000 /dev/zero > d/big/other
	head -c 1000 /dev/zero > d/small/one
	ln d/big/other d/small/again
	ln -s ../big d/small/link
	example du --apparent --bytes --files -n 3 d
	[ "$status" = 0 ]
	[[ "${lines[0]}" == *" 100.0% ####################"*" d/" ]]
	[[ "${lines[1]}" == *" d/big/" ]]
	[[ "${lines[2]}" == *" d/big/deep/" ]]
	[ "$(echo "${lines[0]}" | awk '{ print $1 }')" = "$(du -sb d | cut -f 1)" ]
	example du --bytes d
	[ "$(echo "${lines[0]}" | awk '{ print $1 }')" = "$(du -s --block-size=1 d | cut -f 1)" ]
	example du --apparent --files d
	[[ "$output" == *" 97.7K "*" d/big/deep/file"* ]]
	[ "$(grep -c other <<< "$output")" = 1 ]
}

@test "du does not recurse: a tree of a thousand levels" {
	"$MOONBEAR" -e 'local lfs = require "lfs" for i = 1, 1000 do assert(lfs.mkdir "d") assert(lfs.chdir "d") end'
	example du --apparent -n 1
	[ "$status" = 0 ]
	[[ "$output" == *"100.0%"*" ./" ]]
	"$MOONBEAR" -e 'local lfs = require "lfs" for i = 1, 1000 do assert(lfs.chdir "d") end
		for i = 1, 1000 do assert(lfs.chdir "..") assert(lfs.rmdir "d") end'
}

@test "du says what is no folder" {
	printf x > file
	example du file
	[ "$status" = 1 ]
	[ "$stderr" = "du.lua: file: not a folder" ]
	example du missing
	[ "$status" = 1 ]
	[[ "$stderr" == *"missing"* ]]
}

# ---- tour

@test "the tour fits a screen, has no colours in a pipe, and works from any folder" {
	cd /
	run "$MOONBEAR" "$EXAMPLES/tour.lua"
	[ "$status" = 0 ]
	[ "${#lines[@]}" -ge 15 ]
	[ "$(wc -l <<< "$output")" -le 22 ]
	[[ "$output" != *$'\033'* ]]
	while IFS= read -r line; do [ "${#line}" -le 80 ] || { echo "too wide: $line"; return 1; }; done <<< "$output"
	version=$("$MOONBEAR" --version | awk 'NR == 1 { print $2 }')
	[[ "${lines[0]}" == *"moonbear $version"*"Lua 5.1"* ]]
	[[ "$output" =~ ends\ in\ [0-9]+\.[0-9][0-9]\ ms ]]
	[[ "$output" =~ Works\ +([0-9]+)\ words\ in\ ([0-9]+)\ sources ]]
	[ "${BASH_REMATCH[1]}" -gt 20000 ]
	[ "$(grep -c '###' <<< "$output")" = 10 ]
}

@test "the tour counts the words that are there" {
	mkdir -p p/scripts/examples p/runtime
	cp "$EXAMPLES/tour.lua" p/scripts/examples/
	sed -i 's/"scripts", //' p/scripts/examples/tour.lua
	echo 'moon moon moon bear bear a a a a tardigrade' > p/runtime/x.c
	run "$MOONBEAR" p/scripts/examples/tour.lua
	[[ "$output" == *"10 words in 1 sources"*"3 different ones"* ]]
	[[ "$output" == *" moon      3 ####"*" bear      2 ###"*" tardigrade      1 ##"* ]]
}

@test "the tour has colours on a terminal unless NO_COLOR is set" {
	command -v script >/dev/null || skip "needs script(1)"
	script -qec "env -u NO_COLOR TERM=xterm '$MOONBEAR' '$EXAMPLES/tour.lua'" /dev/null < /dev/null > coloured
	grep -q $'\033\[1;33m moonbear' coloured
	script -qec "env NO_COLOR=1 TERM=xterm '$MOONBEAR' '$EXAMPLES/tour.lua'" /dev/null < /dev/null > plain
	grep -q ' moonbear' plain
	if grep -q $'\033' plain; then return 1; fi
}

@test "the tour does without a shell" {
	need_root "chroot"
	plain_build_only
	mkdir -p jail/scripts/examples
	cp "$MOONBEAR" jail/moonbear
	cp "$EXAMPLES/tour.lua" jail/scripts/examples/
	run chroot jail /moonbear /scripts/examples/tour.lua
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	[[ "$output" == *"cannot be measured here"*"shell: no"*"/proc: no"*"words in 1 sources"* ]]
}
