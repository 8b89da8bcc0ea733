# The session without a terminal: what a transcript looks like, as stock Lua's and as moonbear's own.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	export HOME=$BATS_TEST_TMPDIR
	unset XDG_STATE_HOME LUA_INIT LUA_PATH LUA_CPATH
	ln -sf "$MOONBEAR" "$BATS_TEST_TMPDIR/lua5.1"
}

# as_stock INPUT: the same transcript from lua5.1 and from moonbear under that name.
as_stock() {
	command -v lua5.1 > /dev/null || skip "lua5.1 is not installed"
	local stock ours
	stock=$(printf "$1" | TERM=dumb lua5.1 -i 2>&1; echo "status $?")
	ours=$(printf "$1" | "$BATS_TEST_TMPDIR/lua5.1" -i 2>&1; echo "status $?")
	diff <(echo "$stock") <(echo "$ours")
}

# says INPUT EXPECTED: what a session writes to standard output, less its prompts and the echo of its input.
says() {
	local got
	got=$(printf "$1\n" | "$MOONBEAR" -i 2> "$BATS_TEST_TMPDIR/err" | sed '/^>/d')
	diff <(printf "$2\n") <(echo "$got")
}

@test "as stock: results, prompts, errors, chunks of several lines" {
	as_stock 'x = 1\n=x\n=1,nil,"a"\n= nil\n=\nreturn 5\nlocal y = 2 =y\n'
	as_stock '1\nx y\nerror("e")\nerror({})\nerror()\nerror(nil)\nerror("m", 0)\n'
	as_stock 'for i = 1, 2 do\nprint(i)\nend\nx =\n\n5\n=x\n=#{1,\n2}\n'
	as_stock 'function f() error("in f") end\nf()\n=f()\nlocal function g() f() end g()\n'
	as_stock 'coroutine.wrap(function() error("in co") end)()\nstring.rep()\n=("x"):bad()\n'
}

@test "as stock: prompts of the user's, print of the user's, the end of the input" {
	as_stock '_PROMPT = "p "\n_PROMPT2 = 7\nif true\nthen end\n_PROMPT = {}\n=1\n'
	as_stock 'print = nil\n=1\nprint = function() error("mine") end\n=1\nprint = error\n=2\n=1'
	as_stock 'if true then\n'
	as_stock '[[long\nstring'
	as_stock ''
	as_stock '\n\n'
	as_stock 'help()\nhelp\n=help\n'
	as_stock 'os.exit(3)\n=1\n'
	as_stock 'io.stdout:write("no newline")\n=io.write("x")\n=tostring(io.stdout):sub(1, 4)\n'
}

@test "as stock: nothing more in package.loaded than there is" {
	as_stock '=next(package.preload), package.loaded["moonbear.repl"]\nlocal n = 0 for k in pairs(package.loaded) do n = n + 1 end print(n)\n'
}

@test "results are shown without =, and with it as print has them" {
	says '1 + 1\n"a"\n= "a"\nnil\nprint "x"\nx\n1, nil, {1}' '2\n"a"\na\nnil\nx\nnil\n1\tnil\t{1}'
	says 'return 1, 2\nlocal x = 3\nx = 4; y = 5\nx, y' '1\t2\n4\t5'
}

@test "tables are shown to a readable depth, cycles and wide ones too" {
	says 't = {1, {2, {3, {4}}}} t.t = t\nt' '{1, {2, {3, {...}}}, t = <cycle>}'
	says 'w = {} for i = 1, 1e5 do w[i] = 0 end\n#w\nw' \
		'100000\n{\n  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n  ... 99960 more\n}'
}

@test "errors in what shows a value end nothing" {
	says 'setmetatable({}, {__tostring = function() error("oh") end})\n= 1' '<table: error in __tostring: stdin:1: oh>\n1'
	says 'print = nil\n= 1\n2' '2'
	grep -qx "error calling 'print' (attempt to call a nil value)" "$BATS_TEST_TMPDIR/err"
}

@test "an error has the message and traceback of stock Lua, at an expression too" {
	says 'function f() error("in f") end\nf()' ''
	[ "$(tail -n +2 "$BATS_TEST_TMPDIR/err")" = "$(printf "stdin:1: in f\nstack traceback:\n\t[C]: in function 'error'\n\tstdin:1: in function 'f'\n\tstdin:1: in main chunk\n\t[C]: ?")" ]
}

@test "a session that loses every library goes on" {
	says 'for k, v in pairs(_G) do if type(v) == "table" and v ~= _G then for n in pairs(v) do v[n] = nil end end end\n_G._G = nil\nfor k in next, {string=1, table=1, io=1, os=1, math=1, debug=1, coroutine=1, package=1, require=1, tostring=1, type=1, pcall=1, select=1, error=1, setmetatable=1, getmetatable=1, rawget=1, loadstring=1, getfenv=1, unpack=1} do getfenv(0)[k] = nil end\n1 + 1\n{1, x = {2}}\n"a"' \
		'2\n{1, x = {2}}\n"a"'
}

@test "a script before the session can take nothing away from it" {
	echo 'require, string, table, io, loadstring, package.preload = nil' > "$BATS_TEST_TMPDIR/spoil.lua"
	got=$(printf '{1, 2}\n' | "$MOONBEAR" -i "$BATS_TEST_TMPDIR/spoil.lua" 2>&1 | tail -n 2 | head -n 1)
	[ "$got" = '{1, 2}' ]
	got=$(printf '{1, 2}\n' | LUA_INIT="require = nil; string = nil" "$MOONBEAR" repl 2>&1 | tail -n 2 | head -n 1)
	[ "$got" = '{1, 2}' ]
}

@test "globals and package.loaded are those of a script" {
	count='local n = 0 for k in pairs(_G) do n = n + 1 end for k in pairs(package.loaded) do n = n + 1 end print(n)'
	says "$count" "$("$MOONBEAR" -e "$count")"
}

@test "help is there in a session, nowhere else, and the user's own comes first" {
	says 'help == nil\n_G.help' 'true\nnil'
	says 'help = "mine"\nhelp' '"mine"'
	printf 'help()\n' | "$MOONBEAR" -i > "$BATS_TEST_TMPDIR/out" 2>&1
	[ "$(sed '1,2d;$d' "$BATS_TEST_TMPDIR/out")" = "$("$MOONBEAR" help)" ]
	printf 'help "repl"\n' | "$MOONBEAR" -i > "$BATS_TEST_TMPDIR/out" 2>&1
	[ "$(sed '1,2d;$d' "$BATS_TEST_TMPDIR/out")" = "$("$MOONBEAR" help repl)" ]
	run "$MOONBEAR" -e 'print(help)'
	[ "$output" = nil ]
	says 'help(5)' ''
	grep -q 'a topic is a string' "$BATS_TEST_TMPDIR/err"
}

@test "moonbear repl is a session; it takes no arguments" {
	[ "$(printf '6 * 7\n' | "$MOONBEAR" repl 2>&1 | sed -n 2p)" = 42 ]
	[ "$(printf 'x\n' | LUA_INIT='x = 5' "$MOONBEAR" repl 2>&1 | sed -n 2p)" = 5 ]
	run "$MOONBEAR" repl more
	[ "$status" = 2 ]
	[[ "$output" = *'repl takes no arguments'* ]]
}

@test "io.read takes the lines that follow" {
	says 'x = io.read()\nfrom the input\nx' '"from the input"'
}

@test "a chunk that the input leaves unfinished is told" {
	says 'if x then' ''
	grep -q "'end' expected near '<eof>'" "$BATS_TEST_TMPDIR/err"
}

@test "standard input that cannot be read, standard output that cannot be written" {
	run "$MOONBEAR" -i < /
	[ "$status" = 1 ]
	[[ "$output" = *'cannot read standard input: Is a directory'* ]]
	run sh -c "printf '1\n2\n' | '$MOONBEAR' -i > /dev/full"
	[ "$status" = 1 ]
	[[ "$output" = *'standard output lost data: No space left on device'* ]]
	run sh -c "printf '1\n2\n' | '$MOONBEAR' -i >&-"
	[ "$status" = 1 ]
	[[ "$output" = *'standard output lost data: Bad file descriptor'* ]]
	run sh -c "'$MOONBEAR' -i <&-"
	[ "$status" = 0 ] || [[ "$output" = *'cannot read standard input'* ]]
}

@test "a session needs no home, no /proc and no file" {
	need_root "changing the root folder"
	mkdir "$BATS_TEST_TMPDIR/empty"
	cp "$MOONBEAR" "$BATS_TEST_TMPDIR/empty/moonbear"
	plain_build_only
	run sh -c "printf '{6 * 7}\nhelp()\n' | env -i $(command -v chroot) '$BATS_TEST_TMPDIR/empty' /moonbear -i"
	[ "$status" = 0 ]
	[[ "$output" = *'{42}'* ]]
	[ "$(ls -A "$BATS_TEST_TMPDIR/empty")" = moonbear ]
}

@test "zeros, long lines and other bytes in the input" {
	says '#"\\0\\0"' 2
	head -c 3000000 /dev/zero | tr '\0' x | { printf '= #"'; cat; printf '"\n'; } > "$BATS_TEST_TMPDIR/long"
	[ "$("$MOONBEAR" -i < "$BATS_TEST_TMPDIR/long" 2>&1 | grep -cx 3000000)" = 1 ]
	printf 'x = "a\0b"\n= #x\n' > "$BATS_TEST_TMPDIR/zero"
	"$MOONBEAR" -i < "$BATS_TEST_TMPDIR/zero" 2>&1 | grep -qx 3
}
