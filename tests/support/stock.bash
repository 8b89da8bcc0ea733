# stock.bash: moonbear called as lua5.1, beside Debian's lua5.1; for tests that compare the two.
# The caller's setup calls stock_setup.
# SPDX-License-Identifier: MIT

stock_setup() {
	hash lua5.1 2>/dev/null || skip "needs Debian's lua5.1"
	STOCK=${BASH_CMDS[lua5.1]%/*} OWN=$BATS_FILE_TMPDIR/bin
	[ -e "$OWN/lua5.1" ] || { mkdir -p "$OWN" && ln -s "$MOONBEAR" "$OWN/lua5.1"; }
	unset LUA_INIT LUA_PATH LUA_CPATH
}

# Both are called by the same name, so that messages need no editing.
theirs() { PATH=$STOCK:$PATH lua5.1 "$@"; }
ours() { PATH=$OWN:$PATH lua5.1 "$@"; }

# equal FILE OTHER: the same bytes in both. The shell itself looks, since a process is dear; a line more shows what each ends with.
equal() {
	local one other
	printf '\n.\n' >> "$1"
	printf '\n.\n' >> "$2"
	mapfile -d '' one < "$1"
	mapfile -d '' other < "$2"
	[ "${one[*]@Q}" = "${other[*]@Q}" ]
}

# same ARG...: both write the same to both streams and end with the same status; INPUT names the standard input.
# The one line that our usage has more, for -E, is left out.
same() {
	local d=$BATS_TEST_TMPDIR stock=0 own=0
	theirs "$@" <"${INPUT:-/dev/null}" >"$d/stock.out" 2>"$d/stock.err" || stock=$?
	ours "$@" <"${INPUT:-/dev/null}" >"$d/own.out" 2>"$d/own.err" || own=$?
	equal "$d/stock.out" "$d/own.out" && equal "$d/stock.err" "$d/own.err" && [ $stock = $own ] && return
	diff -u "$d/stock.out" "$d/own.out" || return 1
	diff -u "$d/stock.err" <(grep -av '^  -E  ' "$d/own.err") || return 1
	[ $stock = $own ] || { echo "status $stock in stock Lua, $own here: lua5.1 $*"; return 1; }
}
