# help: the list, a topic, what is no topic, the man page, and that every option is documented.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

@test "help lists every topic with its description" {
	run "$MOONBEAR" help
	[ "$status" = 0 ]
	for file in runtime/cli/help/*.md; do
		name=$(basename "$file" .md)
		about=$(sed -n '1s/^# [^:]*: //p' "$file")
		[[ "$output" == *"  $name "*"$about"* ]] || { echo "missing: $name: $about"; return 1; }
	done
}

@test "help TOPIC prints it, several in their order, without terminal codes" {
	run "$MOONBEAR" help limits
	[ "$status" = 0 ]
	[[ "${lines[0]}" == "limits: "* ]]
	[[ "$output" != *$'\033'* ]]
	run "$MOONBEAR" help modules cli
	[[ "$output" == "modules: "*$'\n'"cli: "* ]]
}

@test "--help is the topic cli" {
	"$MOONBEAR" help cli > "$BATS_TEST_TMPDIR/cli"
	"$MOONBEAR" --help | cmp - "$BATS_TEST_TMPDIR/cli"
	"$MOONBEAR" -v --help 2>/dev/null | cmp - "$BATS_TEST_TMPDIR/cli"
	"$MOONBEAR" help --help | cmp - "$BATS_TEST_TMPDIR/cli"
}

@test "COMMAND --help tells how the command is called" {
	for command in repl doctor; do
		"$MOONBEAR" help $command > "$BATS_TEST_TMPDIR/topic"
		"$MOONBEAR" $command --help | cmp - "$BATS_TEST_TMPDIR/topic"
	done
	run "$MOONBEAR" data --help
	[ "$status" = 0 ]
	[[ "$output" == "usage: moonbear data "* ]]
	run --separate-stderr "$MOONBEAR" repl --helpx
	[ "$status" = 2 ]
}

@test "what is no topic is an error that names near ones" {
	run --separate-stderr "$MOONBEAR" help limts
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ "$stderr" == "moonbear help: there is no topic 'limts'; did you mean limits?"* ]]
	run --separate-stderr "$MOONBEAR" help cli zzzzzz
	[ "$status" = 2 ]
	[[ "$stderr" == "moonbear help: there is no topic 'zzzzzz'"*"topics are: cli, building,"* ]]
	run --separate-stderr "$MOONBEAR" help ../cli
	[ "$status" = 2 ]
}

@test "a full disk is told" {
	run --separate-stderr sh -c '"$1" help cli > /dev/full' sh "$MOONBEAR"
	[ "$status" = 1 ]
	[[ "$stderr" == *"No space left on device"* ]]
}

@test "headings are bold on a terminal, and NO line is wider than it" {
	command -v tmux >/dev/null || skip "needs tmux"
	"$MOONBEAR" -e 'require "moonbear.host"' 2>/dev/null || skip "this binary has no moonbear.host"
	socket=$BATS_TEST_TMPDIR/tmux
	TMUX= tmux -S "$socket" -f /dev/null new-session -d -x 60 -y 500 "'$MOONBEAR' help limits; echo END; sleep 30"
	for _ in $(seq 100); do
		tmux -S "$socket" capture-pane -p -e > "$BATS_TEST_TMPDIR/screen"
		grep -q END "$BATS_TEST_TMPDIR/screen" && break
		pause 0.1
	done
	tmux -S "$socket" kill-server
	grep -q $'\033\[1mThe C stack' "$BATS_TEST_TMPDIR/screen"
	grep -q 'Lua runs on a stack of its own of 8 MiB, or what' "$BATS_TEST_TMPDIR/screen"
}

@test "the man page holds every topic and is good roff" {
	"$MOONBEAR" help --man > "$BATS_TEST_TMPDIR/moonbear.1"
	version=$("$MOONBEAR" --version | awk 'NR == 1 { print $2 }')
	head -n 1 "$BATS_TEST_TMPDIR/moonbear.1" | grep -q "^.TH MOONBEAR 1 \"\" \"moonbear $version\""
	for file in runtime/cli/help/*.md; do
		name=$(basename "$file" .md)
		[ "$name" = cli ] || grep -qi "^.SH \"$name\"" "$BATS_TEST_TMPDIR/moonbear.1"
	done
	command -v groff >/dev/null || skip "needs groff to go on"
	TERM=dumb run groff -man -Kutf8 -Tutf8 -ww -rLL=78n -P-cbou "$BATS_TEST_TMPDIR/moonbear.1"
	[ "$status" = 0 ]
	[[ "$output" != *"warning"* ]] || { echo "$output" | grep warning; return 1; }
	[[ "$output" == *"LUA_INIT"*"LIMITS"* ]]
	command -v mandoc >/dev/null || skip "needs mandoc to go on"
	run mandoc -Tlint -Wwarning "$BATS_TEST_TMPDIR/moonbear.1"
	[[ "$output" == "" || "$output" == *"missing date"* && "${#lines[@]}" = 1 ]] || { echo "$output"; return 1; }
}

@test "every option and command that the program knows is in the topic cli" {
	options=$(grep -v '^/\*' runtime/cli/options.c | grep -o '"--[a-z][a-z-]*=\{0,1\}"' | tr -d '"' | sort -u)
	[ -n "$options" ]
	for option in $options; do
		grep -qF -e "| \`$option" runtime/cli/help/cli.md || { echo "not documented: $option"; return 1; }
	done
	for command in $(sed -n 's/^    { "\([a-z]*\)", CLI_.*/\1/p' runtime/cli/options.c); do
		grep -qE "^\| \`$command( |\`)" runtime/cli/help/cli.md || { echo "not documented: $command"; return 1; }
	done
}

# An option that wants a value is told so, or refuses the one here, but is not unknown.
@test "every option that the topic cli lists is known" {
	options=$(grep -oE '^\| `-[a-zA-Z-]+=?' runtime/cli/help/cli.md | sed 's/^| `//')
	[ "$(echo "$options" | wc -l)" -ge 8 ]
	for option in $options; do
		run --separate-stderr "$MOONBEAR" "$option" </dev/null
		[[ "$stderr" != *"unknown option"* ]] || { echo "$option: $stderr"; return 1; }
	done
}

@test "every built-in module is in a topic, with its version in sources.lock" {
	compiled=$(sed -n 's/^    { "\([a-z.]*\)", luaopen_.*/\1/p' runtime/libs.c)
	lua=$(cd scripts/lib && find . -name '*.lua' | sed 's|^\./||; s|\.lua$||; s|/|.|g')
	for name in $compiled $lua argparse inspect re; do
		grep -qF "\`$name\`" runtime/cli/help/*.md || { echo "not documented: $name"; return 1; }
	done
	for name in argparse cjson inspect lfs lpeg; do
		version=$(awk -v n=$name '$1 == n { print $2 }' scripts/build/sources.lock)
		grep -qE "^\| \`$name\`.* \| $version \|" runtime/cli/help/modules.md || { echo "$name is $version"; return 1; }
	done
}
