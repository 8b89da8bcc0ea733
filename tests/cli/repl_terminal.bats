# The session on a terminal: editing, history, completion, results, and how it leaves the terminal.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/terminal

teardown() {
	close_terminal
}

session() {
	open_terminal "${1:-$MOONBEAR}"
	prompts
}

history_lines() {
	[ "$(cat "$HOME/.local/state/moonbear/history" 2>&1)" = "$1" ]
}

@test "greets, shows what an expression is, and ends with Ctrl-D" {
	session
	shows "Lua 5.1.5  Copyright (C) 1994-2012 Lua.org, PUC-Rio"
	line '6 * 7'
	shows 42
	line '"a" .. "b", nil, {1, x = {true}}'
	shows '"ab"    nil     {1, x = {true}}'
	keys C-d
	ends 0
}

@test "edits a line: cursor, insert, delete, kill, yank" {
	session
	text '= 6 7'
	keys Left Left
	text ' *'
	keys Enter
	shows 42
	text '2 + nonsense'
	keys C-w
	text '40'
	keys C-a
	text '= '
	keys C-e Enter
	prompts
	[ "$(screen | grep -cx 42)" = 2 ]
}

@test "edits UTF-8: one step is one character, and wide ones take two columns" {
	session
	text '#"grün日本"'
	keys Left Left BSpace BSpace BSpace Enter
	prompts
	shows '> #"gr本"'
	shows 5
}

@test "Alt and a key it does not know submit nothing" {
	session
	text '= 40 +'
	keys M-b F9 C-Right F1
	text ' 2'
	keys Enter
	shows 42
}

@test "recalls lines, and keeps them for the next session in a file only the user may read" {
	session
	line 'x = 40'
	prompts
	keys Up
	text ' + 2'
	keys Enter
	prompts
	line 'x'
	shows 42
	[ "$(stat -c %a "$HOME/.local/state/moonbear/history")" = 600 ]
	history_lines $'x = 40\nx = 40 + 2\nx'
	keys C-d
	ends 0
	close_terminal
	session
	keys Up Up
	prompts '> x = 40 + 2'
}

@test "searches the lines before with Ctrl-R" {
	session
	line 'needle = 41'
	line 'other = 5'
	keys C-r
	text 'need'
	waits_for last_is "(reverse-i-search)'need': needle = 41"
	keys End
	text ' + 1'
	keys Enter
	line 'needle'
	shows 42
}

@test "a chunk of several lines is recalled whole" {
	session
	line 'for i = 42, 42 do'
	prompts '>>'
	line 'print(i) -- one'
	line 'end'
	shows 42
	prompts
	history_lines 'for i = 42, 42 do\nprint(i) -- one\nend'
	terminal clear-history
	keys C-l Up Enter
	shows 42
}

@test "two sessions at once both keep their lines" {
	session "$MOONBEAR; $MOONBEAR"
	terminal split-window -d "exec $MOONBEAR"
	other() { terminal send-keys -t '{bottom}' "$@"; }
	other_shows() { terminal capture-pane -p -t '{bottom}' | grep -qx "$1"; }
	line 'mine = 1'
	prompts
	other 'theirs = 1' Enter '= 50 + theirs' Enter
	waits_for other_shows 51
	line 'mine = 2'
	prompts
	history_lines $'mine = 1\ntheirs = 1\n= 50 + theirs\nmine = 2'
}

@test "a history with bytes that are no text is used where it can be" {
	mkdir -p "$BATS_TEST_TMPDIR/home/.local/state/moonbear"
	printf 'good = 1\nbad = "\360"\n\377\nlast = 42' > "$BATS_TEST_TMPDIR/home/.local/state/moonbear/history"
	session
	keys Up Up Up Up
	prompts '> good = 1'
	keys C-u
	line 'new = 1'
	prompts
	keys C-d
	ends 0
	[ "$(tail -n 2 "$HOME/.local/state/moonbear/history")" = $'last = 42\nnew = 1' ]
}

@test "no history without a home, in XDG_STATE_HOME when that is set" {
	session "env -u HOME $MOONBEAR; echo next; XDG_STATE_HOME=$BATS_TEST_TMPDIR/state $MOONBEAR"
	line '6 * 7'
	shows 42
	keys C-d
	shows next
	prompts
	line '43'
	shows 43
	[ "$(cat "$BATS_TEST_TMPDIR/state/moonbear/history")" = 43 ]
	[ ! -e "$BATS_TEST_TMPDIR/home/.local" ]
}

@test "a home that takes nothing is not worth a word: no folder, no pipe, no room" {
	mkdir -p "$BATS_TEST_TMPDIR/pipe/moonbear"
	mkfifo "$BATS_TEST_TMPDIR/pipe/moonbear/history"
	session "HOME=/dev/null/none $MOONBEAR; echo end 1; XDG_STATE_HOME=$BATS_TEST_TMPDIR/pipe $MOONBEAR; echo end 2; ulimit -f 0; $MOONBEAR"
	for i in 1 2 3; do
		line "'session $i'"
		shows "\"session $i\""
		keys C-d
		[ "$i" = 3 ] || { shows "end $i"; prompts; }
	done
	ends 0
	[ ! -s "$HOME/.local/state/moonbear/history" ]
	[ "$(screen | grep -ciE 'history|signal|space')" = 0 ]
}

@test "Tab completes globals, keywords, fields, methods and modules" {
	session
	text '= tostr'
	keys Tab
	prompts '> = tostring'
	keys C-u
	text 'print(string.rev'
	keys Tab
	prompts '> print(string.reverse'
	keys C-u
	line 's = "abc"'
	prompts
	text '= s:up'
	keys Tab
	prompts '> = s:upper'
	text '()'
	keys Enter
	shows ABC
	text 'require("lf'
	keys Tab
	prompts '> require("lfs")'
}

@test "Tab walks through what is possible, and back" {
	session
	line 'walk = {aa = 1, ab = 2}'
	prompts
	text 'walk.'
	keys Tab
	prompts '> walk.a'
	keys Tab
	prompts '> walk.aa'
	keys Tab
	prompts '> walk.ab'
	keys Tab
	prompts '> walk.a'
}

@test "a Tab in pasted text is a Tab" {
	session
	printf 'if true then\n\tlocal\ttext = "pas" .. "ted"\n\tprint(\n\t\ttext)\nend\n' > "$BATS_TEST_TMPDIR/paste"
	terminal load-buffer "$BATS_TEST_TMPDIR/paste"
	terminal paste-buffer
	shows pasted
}

@test "asks for more with the second prompt; both can be set" {
	session
	line '_PROMPT = "ask: "; _PROMPT2 = "more: "'
	prompts 'ask:'
	line 'return {'
	prompts 'more:'
	line '42}'
	shows '{42}'
	line '_PROMPT, _PROMPT2 = {}, print'
	prompts
	line 'do'
	prompts '>>'
}

@test "what was written without a newline stays to be seen" {
	session
	line 'io.write("kept"); io.stdout:flush()'
	shows 'kept%'
	line 'io.write("again")'
	shows 'again%'
	shows true
}

@test "a long line wraps and is edited; a narrow terminal is enough" {
	TERMINAL_COLUMNS=20
	session
	text ' "0123456789" .. "0123456789" .. "0123456789"'
	keys Home
	text '= #('
	keys End
	text ')'
	keys Enter
	shows 30
	line '{100000, 200000, 300000}'
	shows '  100000, 200000,'
	shows '  300000'
}

@test "inserting in front of more than a buffer of characters" {
	session
	text "= #\"$(printf '%0300d' 0)\""
	keys Home
	text '-- '
	keys Home Delete Delete Delete Enter
	shows 300
}

@test "goes on in a window that changes its size" {
	session
	text '= "0123456789" .. "0123456789" .. "012345'
	terminal resize-window -x 30 -y 10
	text '6789"'
	keys Enter
	shows 012345678901234567890123456789
	terminal resize-window -x 100 -y 30
	line '6 * 7'
	shows 42
}

@test "a dumb terminal gets no editor, and Ctrl-C clears the line there too" {
	TERMINAL_TERM=dumb
	session
	line '6 * 7'
	shows 42
	text 'half a li'
	keys C-c
	text '= 43'
	keys Enter
	shows 43
	keys C-d
	ends 0
}

@test "standard input that can only be read is edited on, and output that is elsewhere stays clean" {
	session "$MOONBEAR < /dev/tty; echo next; $MOONBEAR > $BATS_TEST_TMPDIR/out"
	text '6 * 7'
	prompts '> 6 * 7'
	keys Enter
	shows 42
	keys C-d
	shows next
	prompts
	line '43'
	keys C-d
	ends 0
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = 43 ]
}

@test "os.exit in a session flushes and gives its status" {
	session
	line 'io.write("flushed"); os.exit(7)'
	shows 'flushedended 7 icanon echo'
}

@test "signals that end the session leave the terminal usable" {
	for signal in TERM HUP QUIT ABRT INT SEGV; do
		open_terminal "sh -c 'echo pid \$\$; ulimit -c 0; exec env MOONBEAR_CRASH=off $MOONBEAR'"
		prompts
		text 'half'
		prompts '> half'
		pid=$(screen | sed -n 's/^pid //p')
		kill -s $signal "$pid"
		if [ $signal = INT ]; then # a session keeps on
			keys C-u
			line '6 * 7'
			shows 42
		else
			waits_for eval "screen | grep -qE 'ended [0-9]+ icanon echo'"
		fi
		close_terminal
	done
}

@test "a terminal that goes away runs nothing half-typed" {
	session "trap '' HUP; $MOONBEAR; echo \$? > $BATS_TEST_TMPDIR/status"
	text "io.open('$BATS_TEST_TMPDIR/ran', 'w'):close()"
	waits_for eval "screen | grep -q 'ran.*close'"
	close_terminal
	waits_for [ -s "$BATS_TEST_TMPDIR/status" ]
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "a closed standard output ends the session with the reason" {
	session "$MOONBEAR >&-"
	line '6 * 7'
	waits_for eval "screen | tr -d ' \n' | grep -q 'standardoutputlostdata:Badfiledescriptor'" # on one line or two
	ends 1
}

@test "called as lua: = is needed, nothing is completed or kept, Ctrl-C ends it" {
	ln -s "$MOONBEAR" "$BATS_TEST_TMPDIR/lua"
	session "$BATS_TEST_TMPDIR/lua"
	line '= 6 * 7'
	shows 42
	line '42'
	shows "stdin:1: unexpected symbol near '42'"
	line 'help()'
	shows "stdin:1: attempt to call global 'help' (a nil value)"
	keys C-c
	ends 130
	[ ! -e "$HOME/.local" ]
}
