# terminal.bash: a real terminal (tmux) for tests of what people see; load it after common.bash.
# SPDX-License-Identifier: MIT
# Every wait is for a text and bounded; no test depends on how long something takes.

TERMINAL_COLUMNS=80 TERMINAL_ROWS=24

# One server a terminal: an old one that is still on its way out never answers for a new one.
terminal() {
	tmux -S "$BATS_TEST_TMPDIR/tmux.$terminals" "$@"
}
terminals=0

# open_terminal COMMAND: a shell command in a terminal of its own. When it has ended, the screen shows "ended STATUS"
# and whether the terminal is cooked ("icanon echo") or was left raw ("raw").
open_terminal() {
	command -v tmux > /dev/null || skip "tmux is not installed"
	export HOME=$BATS_TEST_TMPDIR/home
	unset XDG_STATE_HOME TMUX
	mkdir -p "$HOME"
	terminals=$((terminals + 1)) seen=
	printf '%s\n' 'trap : INT' "$1" "status=\$?" 'case " $(stty -a | tr "\n;" "  ")" in *" icanon "*" echo "*) echo "ended $status icanon echo" ;; *) echo "ended $status raw"; esac' \
		'cat > /dev/null' > "$BATS_TEST_TMPDIR/command"
	terminal -f /dev/null start-server \; set-option -g history-limit 5000 \; new-session -d -x "$TERMINAL_COLUMNS" -y "$TERMINAL_ROWS" \
		"TERM=${TERMINAL_TERM-screen} exec sh '$BATS_TEST_TMPDIR/command'"
}

close_terminal() {
	terminal kill-server 2> /dev/null || true
}

# Types text as it is; keys by tmux's names (Enter, Tab, C-c, Up, ...). What the screen showed before is remembered.
text() { type_keys -l -- "$1"; }
keys() { type_keys "$@"; }
line() { type_keys -l -- "$1" \; send-keys Enter; }

# One client for both: where processes are dear a test is made of tmux's own.
type_keys() { seen=$(terminal capture-pane -p -S - \; send-keys "$@"); }

screen() { terminal capture-pane -p -S - 2> /dev/null; }

# waits_for CONDITION...: until it holds; after half a minute fails and shows the screen.
waits_for() {
	local tries
	for ((tries = 0; tries < 400; tries++)); do
		if "$@"; then return 0; fi
		pause 0.05
	done
	echo "waited in vain for: $*" >&2
	screen >&2
	return 1
}

# shows TEXT: a line of the screen is TEXT; tmux leaves out the blanks at the end of a line. Of what is asked again and again the
# shell itself does what it can: a process is dear.
has_line() { [[ $'\n'$(screen)$'\n' == *$'\n'"$1"$'\n'* ]]; }
has_text() { [[ $(screen) == *"$1"* ]]; }
shows() { waits_for has_line "$1"; }

# last_is TEXT: the last line of the screen that is not empty is TEXT, and the screen has changed since somebody typed: a
# prompt that was there before tells nothing.
last_is() {
	local now
	now=$(screen)
	[ "$now" != "$seen" ] && [[ ${now##*$'\n'} == "$1" ]]
}
prompts() { waits_for last_is "${1->}"; }

# ends STATUS: the command has ended so, and left the terminal as a shell wants it.
ends() { shows "ended $1 icanon echo"; }
