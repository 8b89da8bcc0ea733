# `moonbear data`: convert, freeze, check, show and get, on files and pipes, and what is left when they fail.
# SPDX-License-Identifier: MIT
load ../support/common
load ../support/terminal

setup() {
	cd "$BATS_TEST_TMPDIR"
	echo '{"items":[{"name":"moon","size":1737.4},{"name":"sun","x":null}],"ok":true,"a key":[[1,2],[3]]}' > a.json
}

teardown() {
	close_terminal
}

data() { "$MOONBEAR" data "$@"; }

# big SIZE: about SIZE bytes of JSON.
big() {
	"$MOONBEAR" - "$1" <<-'END'
		local size, at, n = tonumber(arg[1]), 0, 0
		io.write '{"items":['
		while at < size do
		    n = n + 1
		    local s = ('%s{"id":%d,"name":"name %d","price":%.2f,"tags":["a","b%d"]}\n'):format(n > 1 and "," or "", n, n, n / 7, n % 50)
		    at = at + #s
		    io.write(s)
		end
		io.write('],"count":', n, "}\n")
	END
}

# Only these files are here, and no temporary one.
only() { [ "$(ls -A | sort | xargs)" = "$*" ] || { ls -A; return 1; }; }

@test "what was frozen is the same in every format" {
	data freeze a.json a.frozen
	[ "$(data convert a.frozen --to=json)" = "$(cat a.json)" ]
	[ "$(data convert a.frozen --to=lua | data convert - --from=lua --to=json)" = "$(cat a.json)" ]
	for format in json msgpack; do
		data convert a.json "b.$format"
		data freeze "b.$format" b.frozen
		[ "$(data convert b.frozen - --to=json)" = "$(cat a.json)" ]
	done
	data freeze a.frozen again.frozen
	cmp a.frozen again.frozen
}

@test "rows become an array and an array rows" {
	printf 'a,b\n1,x\n2,y\n' > r.csv
	[ "$(data convert r.csv --to=ndjson)" = $'{"a":"1","b":"x"}\n{"a":"2","b":"y"}' ]
	[ "$(data convert r.csv --to=json)" = '[{"a":"1","b":"x"},{"a":"2","b":"y"}]' ]
	data freeze r.csv r.frozen
	[ "$(data convert r.frozen --to=ndjson | data convert - --from=ndjson --to=json)" = '[{"a":"1","b":"x"},{"a":"2","b":"y"}]' ]
	[ "$(data convert r.frozen --to=csv | tr -d '\r')" = "$(cat r.csv)" ]
	[ "$(echo '[{"a":1},{"a":2}]' | data convert - --to=csv | tr -d '\r')" = $'a\n1\n2' ]
	[ "$(printf '' | data convert - --from=ndjson --to=json)" = '[]' ]
	printf 'a;b\n1;x\n' | data convert - t.tsv --from=csv --separator=';'
	[ "$(tr -d '\r' < t.tsv)" = $'a\tb\n1\tx' ]
}

@test "entries of Lua files become arrays, and names stay" {
	printf 'Version = 3\nItem{ "a", price = 1 }\nOther{ x = 1 }\nItem{ "b" }\n' > w.lua
	data freeze w.lua w.frozen
	[[ "$(data check w.frozen)" == "w.frozen: sound, frozen, "* ]]
	[ "$(data get w.frozen 'Item[2][1]')" = b ]
	[ "$(data get w.frozen 'Item[1].price') $(data get w.frozen Version)" = "1 3" ]
	printf 'Item{ tags = { { 1 } } }' > deep.lua
	data freeze deep.lua deep.frozen
	[[ "$(data check deep.frozen)" == "deep.frozen: sound, frozen, "* ]]
	[ "$(data get deep.frozen 'Item[1].tags[1][1]')" = 1 ]
	printf 'A = 1 A{2}' > clash.lua
	run data freeze clash.lua clash.frozen
	[ "$status" = 1 ]
	[[ "$output" == *"a name is that of a value and the word of entries"* ]]
	[ ! -e clash.frozen ]
}

@test "get prints a value of any format" {
	data freeze a.json a.frozen
	data convert a.json a.lua
	for file in a.json a.frozen a.lua; do
		[ "$(data get $file 'items[1].name')" = moon ]
		[ "$(data get $file 'items[1].size')" = 1737.4 ]
		[ "$(data get $file 'items[1]' --indent=0)" = '{"name":"moon","size":1737.4}' ]
		[ "$(data get $file '["a key"][1]' --indent=0)" = '[1,2]' ]
		[ "$(data get $file '["a key"][2][1]' --to=lua)" = 'return 3' ]
		[ "$(data get $file ok)" = true ]
		[ "$(data get $file '' --indent=0 | wc -l)" = 1 ]
		for path in none 'items[3]' 'items[0]' 'items.name' 'ok[1]' 'items[1].name.x'; do
			run data get $file "$path"
			[ "$status" = 1 ]
			[ "$output" = "$MOONBEAR data: $file: there is nothing at $path" ] || { echo "$output"; return 1; }
		done
	done
	[ "$(data get a.frozen 'items[2].x')" = null ]
	[ "$(printf '{"a":1}\n{"a":[5,6]}\n' | data get - '[2].a[2]' --from=ndjson)" = 6 ]
	[ "$(printf 'A = {1,2}\nB = {x={y=3}}\n' | data get - B.x.y --from=lua)" = 3 ]
	for path in 'items[' 'items..name' '[1' '["a]' 'a b' '[x]'; do
		run data get a.json "$path"
		[ "$status" = 2 ]
		[[ "$output" == *"is no path"* ]]
	done
}

@test "show tells the shape, for people and for machines" {
	run data show a.json
	[ "$status" = 0 ]
	[ "${lines[0]}" = "a.json: json, $(wc -c < a.json) bytes" ]
	[ "${lines[1]}" = "15 values, 7 keys, 1 at the top, depth 3, 2 strings of 7 bytes" ]
	[[ "$output" == *"items[].name                                        2  string of 3 to 4 bytes"* ]]
	data freeze a.json a.frozen
	[ "$(data show a.frozen | tail -n +2)" = "$(data show a.json | tail -n +2)" ]
	[ "$(data show --json a.json | data get - 'places[4].path' --from=json)" = 'items[].name' ]
	[ "$(data show --json a.json | data get - 'places[4].strings.most' --from=json)" = 4 ]
	"$MOONBEAR" -e 'io.write "{" for i = 1, 500 do io.write(("%s\"k%d\":%d"):format(i > 1 and "," or "", i, i)) end io.write "}"' > keys.json
	run data show keys.json
	[[ "$output" == *"[other key]"*" 436  integer 65 to 500"* ]]
}

@test "errors tell the place, and leave the old file" {
	echo old > out.frozen
	printf '{"a":\n [1, 2, tru]}' > bad.json
	run data freeze bad.json out.frozen
	[ "$status" = 1 ]
	[[ "$output" == *"data: bad.json:2:9: "*"a[3]"* ]] || { echo "$output"; return 1; }
	[ "$(cat out.frozen)" = old ]
	run data convert a.json /none/x.lua
	[ "$status" = 1 ]
	[[ "$output" == *"/none/x.lua: No such file or directory" ]]
	run data check none.json
	[ "$status" = 1 ]
	[[ "$output" == *"none.json: No such file or directory" ]]
	run data check .
	[[ "$output" == *"Is a directory" ]]
	run data freeze a.json -
	[[ "$output" == *"cannot go to a pipe or a device"* ]]
	run data freeze a.json /dev/full
	[[ "$output" == *"cannot go to a pipe or a device"* ]]
	data freeze a.json a.frozen
	run bash -c "cat a.frozen | '$MOONBEAR' data get - ok"
	[[ "$output" == *"give the file's name"* ]]
	run data convert a.json --to=csv
	[ "$status" = 1 ]
	only a.frozen a.json bad.json out.frozen
}

@test "check finds damage" {
	data freeze a.json a.frozen
	[ "$(data check a.frozen)" = "a.frozen: sound, frozen, $(stat -c %s a.frozen) bytes, 15 values" ]
	[ "$(data check a.json)" = "a.json: sound, json, $(wc -c < a.json) bytes, 15 values" ]
	size=$(stat -c %s a.frozen)
	for at in 9 20 40 70 100 150 $((size - 9)); do
		cp a.frozen b.frozen
		printf '\x55' | dd of=b.frozen bs=1 seek=$at conv=notrunc status=none
		run data check b.frozen
		[ "$status" = 1 ] || { echo "byte $at was not missed"; return 1; }
		[[ "$output" == *"b.frozen: "* ]]
	done
	head -c $((size - 8)) a.frozen > b.frozen
	run data check b.frozen
	[[ "$output" == *"b.frozen: the file is cut off" ]]
}

@test "wrong calls are told, with status 2" {
	for call in "" "none" "convert" "freeze a.json" "get a.json" "check a b" "show a.json --none" "convert a.json b" "convert a.json --to=xml" \
		"check a.json --indent=x" "check a.json --depth=-1" "check a.json --limit=x" "convert a.json --to=csv --separator=ab" "show -x a.json"; do
		run data $call
		[ "$status" = 2 ] || { echo "$call: $status $output"; return 1; }
		[[ "$output" == *"usage: moonbear data convert"* ]]
	done
	[[ "$(data --help)" == "usage: moonbear data"* ]]
}

@test "depth and limit are kept" {
	printf '[[[[1]]]]' > deep.json
	run data check deep.json --depth=3
	[ "$status" = 1 ]
	data check deep.json --depth=4
	run data check deep.json --limit=4
	[ "$status" = 1 ]
	head -c 300000 /dev/zero | tr '\0' '[' > deeper.json
	head -c 300000 /dev/zero | tr '\0' ']' >> deeper.json
	(ulimit -s 64 && data freeze deeper.json d.frozen --depth=300000)
	data convert d.frozen d.json --depth=300000
	[ "$(tr -d '\n' < d.json | cksum)" = "$(cksum < deeper.json)" ]
}

@test "30 MB are frozen, shown and checked in some megabytes, and several processes read them" {
	plain_build_only
	big 30000000 > big.json
	(ulimit -v 24000 && data freeze big.json big.frozen && data show big.json > shown)
	grep -q 'items\[\].name' shown
	count=$(data get big.frozen count)
	[ "$(data get big.frozen "items[$count].name")" = "name $count" ]
	data check big.frozen
	for i in 1 2 3 4; do data get big.frozen "items[$((count / i))].id" > "got$i" & done
	wait
	[ "$(cat got1 got2 got3 got4 | xargs)" = "$count $((count / 2)) $((count / 3)) $((count / 4))" ]
	data convert big.frozen back.json
	[ "$(tr -d '\n' < back.json | wc -c)" -gt 25000000 ]
	[ "$(data get back.json 'items[777]' --indent=0)" = "$(data get big.frozen 'items[777]' --indent=0)" ]
}

# The pages of the map are the page cache's, so each process has next to none of its own; and of those it sees few before it asks.
@test "opening makes less than a megabyte resident, and a reader has few pages of its own" {
	plain_build_only
	big 10000000 > big.json
	data freeze big.json big.frozen
	run "$MOONBEAR" - big.frozen <<-'END'
		local data = require "moonbear.data"
		local function resident()
		    local file = assert(io.open "/proc/self/statm")
		    local pages = file:read "*a":match "%d+ (%d+)"
		    file:close()
		    return pages * 4
		end
		local before = resident()
		local f = assert(data.open(arg[1]))
		local count = #f.items
		print(count > 10000, resident() - before < 1024)
		local sum = 0
		for i = 1, #f.items do sum = sum + f.items[i].id end
		local shared, private
		for line in io.lines("/proc/self/smaps") do
		    if line:find("big.frozen", 1, true) then shared, private = 0, 0 end
		    if shared then
		        private = private + (tonumber(line:match("^Private_Dirty:%s+(%d+)")) or 0)
		        if line:match("^VmFlags") then break end
		    end
		end
		print(private, sum == #f.items * (#f.items + 1) / 2)
	END
	[ "$output" = $'true\ttrue\n0\ttrue' ] || { echo "$output"; return 1; }
}

@test "a closed or full standard output is told" {
	run bash -c "'$MOONBEAR' data convert a.json --to=lua >&-"
	[ "$status" = 1 ]
	[ -e /dev/full ] || skip "no /dev/full"
	run bash -c "'$MOONBEAR' data convert a.json --to=lua > /dev/full"
	[ "$status" = 1 ]
	[[ "$output" == *"No space left"* ]] || { echo "$output"; return 1; }
	run bash -c "'$MOONBEAR' data show a.json > /dev/full"
	[ "$status" = 1 ]
	big 1000000 > big.json
	run bash -c "set -o pipefail; '$MOONBEAR' data convert big.json --to=lua | head -c 10"
	[ "$status" -gt 0 ]
}

@test "a full disk leaves the old file and nothing else" {
	plain_build_only
	need_root "to mount a small file system"
	mkdir small
	mount -t tmpfs -o size=3m none small 2>/dev/null || skip "no tmpfs may be mounted"
	big 10000000 > big.json
	echo old > small/out.frozen
	run data freeze big.json small/out.frozen
	left=$(ls -A small) old=$(cat small/out.frozen)
	umount small
	[ "$status" = 1 ]
	[[ "$output" == *"small/out.frozen: No space left on device" ]] || { echo "$output"; return 1; }
	[ "$left $old" = "out.frozen old" ]
}

# Signals are at their defaults, as a shell on a terminal has it; one that is ignored, as after nohup, stays ignored.
@test "Ctrl-C and kill leave no temporary file" {
	env --default-signal=INT true 2> /dev/null || skip "needs env --default-signal"
	big 3000000 > big.json
	for signal in INT TERM HUP; do
		mkfifo pipe
		env --default-signal="$signal" "$MOONBEAR" data freeze pipe out.frozen --from=json < /dev/null 2> err & pid=$!
		exec 7> pipe
		head -c 2500000 big.json >&7
		kill -$signal $pid
		status=0
		wait $pid || status=$?
		exec 7>&-
		[ "$status" = $((128 + $(kill -l $signal))) ] || { echo "$signal: $status"; return 1; }
		rm pipe err
		only a.json big.json
	done
}

@test "a progress line on a terminal, and none elsewhere" {
	mkfifo pipe
	big 5000000 > big.json
	open_terminal "'$MOONBEAR' data freeze pipe out.frozen --from=json"
	exec 7> pipe
	head -c 4000000 big.json >&7
	sleep 0.3
	tail -c +4000001 big.json | head -c 900000 >&7
	matches() { screen | grep -qE "$1"; }
	waits_for matches '^pipe  [0-9.]+ MB  [0-9.]+ [kM]?B/s$'
	tail -c +4900001 big.json >&7
	exec 7>&-
	ends 0
	! screen | grep -q 'MB/s'
	data freeze big.json out.frozen 2> err
	[ ! -s err ]
}

@test "the share and the time left are shown where the size is known" {
	big 60000000 > big.json
	open_terminal "'$MOONBEAR' data check big.json; '$MOONBEAR' data check big.json > log 2>&1; wc -l < log"
	seen() { screen | grep -qE '^big.json \[[= ]{20}\] +[0-9]+%  [0-9]+:[0-9]{2} left  [0-9.]+ MB  [0-9.]+ MB/s$' || screen | grep -q '^ended'; }
	waits_for seen
	ends 0
	shows 1
}

# A block that is mapped anew, and faulted in, for each small load costs two hundred times what the load does.
@test "small loads from a function do not ask the host for memory each time" {
	plain_build_only
	command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null || skip "needs strace"
	for count in 10 1010; do
		strace -qq -e trace=memory -o "$count" "$MOONBEAR" -e '
			local data = require "moonbear.data"
			for i = 1, '$count' do
				local text = "[1]"
				assert(data.load(function() local t = text text = nil return t end, { format = "json" }))
				text = "[x]"
				assert(not data.load(function() local t = text text = nil return t end, { format = "json" }))
			end'
	done
	[ "$(wc -l < 10)" -gt 5 ]
	[ $(($(wc -l < 1010) - $(wc -l < 10))) -lt 100 ]
}
