# Ctrl-C: stops what runs, and a session goes on.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/terminal

teardown() {
	close_terminal
}

# running CHUNK: typed into a session, and known to run by the file that it makes first.
running() {
	line "io.open('$BATS_TEST_TMPDIR/runs', 'w'):close() $1"
	waits_for [ -e "$BATS_TEST_TMPDIR/runs" ]
	rm "$BATS_TEST_TMPDIR/runs"
}

# still_there: it asks again and computes.
still_there() {
	prompts
	line "'still' .. 'there'"
	shows '"stillthere"'
	keys C-l
	terminal clear-history
}

interrupted() {
	waits_for has_text 'interrupted!'
}

session() {
	open_terminal "${1:-$MOONBEAR}"
	prompts
}

@test "Ctrl-C on a half-typed line clears it, and ends an unfinished chunk" {
	session
	text 'os.exit(3)'
	keys C-c
	prompts
	line 'for i = 1, 3 do'
	prompts '>>'
	keys C-c
	still_there
}

@test "Ctrl-C stops a loop" {
	session
	running 'while true do end'
	keys C-c
	interrupted
	still_there
}

@test "Ctrl-C stops a loop inside a coroutine, and one around it" {
	session
	running 'coroutine.wrap(function() while true do end end)()'
	keys C-c
	interrupted
	still_there
	running 'while true do coroutine.resume(coroutine.create(function() for i = 1, 1e6 do end end)) end'
	keys C-c
	interrupted
	still_there
}

@test "Ctrl-C stops C functions that call Lua" {
	session
	running 'string.gsub(("x"):rep(1e8), ".", function() end)'
	keys C-c
	interrupted
	still_there
	running 'local t = {} for i = 1, 1e5 do t[i] = -i end table.sort(t, function(a, b) for i = 1, 1e6 do end return a < b end)'
	keys C-c
	interrupted
	still_there
}

@test "Ctrl-C stops a function that waits for input" {
	session
	running 'return io.read()'
	keys C-c
	interrupted
	still_there
}

@test "Ctrl-C stops a flood of output, and what was lost then is no error of the session" {
	session
	running 'while true do print("flood") end'
	keys C-c
	interrupted
	still_there
	keys C-d
	ends 0
}

@test "Ctrl-C stops a write that waits, and that is no error of the session either" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	session "exec 3<> $BATS_TEST_TMPDIR/fifo; $MOONBEAR > $BATS_TEST_TMPDIR/fifo"
	line 'id = io.open("/proc/self/stat"):read("*n"); io.stderr:write("id ", id, "\n")'
	waits_for eval "screen | grep -q '^id '"
	id=$(screen | sed -n 's/^id //p')
	running 'while true do print("flood") end'
	waits_for grep -q "^$id ([^)]*) S" "/proc/$id/stat" # the pipe is full
	keys C-c
	interrupted
	cat "$BATS_TEST_TMPDIR/fifo" > "$BATS_TEST_TMPDIR/out" 3>&- &
	reader=$!
	line '"still" .. "there"'
	waits_for grep -qx '"stillthere"' "$BATS_TEST_TMPDIR/out"
	keys C-d
	ends 0
	kill $reader
}

@test "Ctrl-C stops the showing of a result" {
	session
	running 'return setmetatable({}, {__tostring = function() while true do end end})'
	keys C-c
	interrupted
	still_there
	running 'slow = setmetatable({}, {__tostring = function() while true do end end}) return {slow, slow}'
	keys C-c
	interrupted
	still_there
}

@test "a chunk may catch the first Ctrl-C, not the second" {
	session
	again=$BATS_TEST_TMPDIR/again
	line "while true do pcall(function() io.open('$again', 'w'):close() while true do end end) end"
	waits_for [ -e "$again" ]
	rm "$again"
	keys C-c
	waits_for [ -e "$again" ]
	keys C-c
	interrupted
	still_there
}

# over: within two seconds of the last press.
over() {
	local tries
	for ((tries = 0; tries < 40; tries++)); do
		[[ ! $(screen) =~ 'ended 130 icanon echo'|'interrupted!' ]] || return 0
		pause 0.05
	done
	return 1
}

@test "where no hook reaches, the third Ctrl-C ends the session" {
	session
	running 'string.find(("a"):rep(60), ("a*"):rep(30) .. "b")'
	# On a busy machine two presses may arrive as one signal: then there is one more.
	for press in 1 2 3 4 5 6 7 8 9; do
		keys C-c
		[ "$press" -lt 3 ] || ! over || return 0
	done
	return 1
}

@test "Ctrl-C ends a script with a message, inside a coroutine too" {
	open_terminal "$MOONBEAR -e 'io.open(\"$BATS_TEST_TMPDIR/runs\", \"w\"):close() coroutine.wrap(function() while true do end end)()'"
	waits_for [ -e "$BATS_TEST_TMPDIR/runs" ]
	keys C-c
	interrupted
	ends 1
}

@test "a program that the session started gets the Ctrl-C, the session goes on" {
	session
	line "os.execute('touch $BATS_TEST_TMPDIR/started; exec sleep 100')"
	waits_for [ -e "$BATS_TEST_TMPDIR/started" ]
	keys C-c
	still_there
}

# A script that catches the first interrupt, or is where nothing looks at it, ends with the second.
@test "a second Ctrl-C kills a script" {
	cat > "$BATS_TEST_TMPDIR/deaf.lua" <<-'LUA'
		local name = ...
		local function touch(what) io.open(name .. what, "w"):close() end
		touch "runs"
		local first, message = pcall(function() while true do end end)
		if not first and message:find "interrupted!" then touch "caught" end
		while true do pcall(function() while true do end end) end
	LUA
	env --default-signal=INT "$MOONBEAR" --time-limit=20 "$BATS_TEST_TMPDIR/deaf.lua" "$BATS_TEST_TMPDIR/" 3>&- &
	local pid=$! number=0
	waits_for [ -e "$BATS_TEST_TMPDIR/runs" ]
	kill -INT $pid
	waits_for [ -e "$BATS_TEST_TMPDIR/caught" ]
	kill -INT $pid
	wait $pid || number=$?
	[ $number = 130 ]
}
