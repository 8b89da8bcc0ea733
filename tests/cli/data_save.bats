# data.save keeps the old file whole until the new one is: killed at any moment, on a full disk, on hosts without /proc.
# SPDX-License-Identifier: MIT
load ../support/common

setup() { cd "$BATS_TEST_TMPDIR"; }

# A program that saves generation after generation, from one on; each is a whole file of its own length and content, and
# takes many calls to write.
writer='
	local data = require "moonbear.data"
	local function in_place(path, rows)
		local file = assert(io.open(path, "w"))
		file:write "["
		for i, value in ipairs(rows) do file:write(i > 1 and "," or "", value) end
		file:write "]"
		return file:close()
	end
	local save = arg[3] and in_place or data.save
	for generation = tonumber(arg[2]), 1e6 do
		local rows = {}
		for i = 1, 20000 + generation % 50 * 400 do rows[i] = generation end
		rows[#rows + 1] = #rows
		assert(save(arg[1], rows, "json"))
	end'

# Says the generation of a file that is whole.
reader='
	local rows = assert(require("moonbear.data").load(arg[1]))
	local count = table.remove(rows)
	assert(count == #rows, "cut short")
	for i, generation in ipairs(rows) do assert(generation == rows[1], "mixed") end
	assert(count == 20000 + rows[1] % 50 * 400, "of another generation")
	print(rows[1])'

# killed ROUNDS [in_place]: kills a writer at random moments after its first file, which takes from nothing to some files, and
# says how many rounds there were, how many left what is no whole file, and how many left something new.
killed() {
	local round broken=0 fresh=0 generation=100000 last
	for ((round = 1; round <= $1; round++)); do
		: > folder/begun
		"$MOONBEAR" writer.lua folder/begun 1 & local first=$!
		"$MOONBEAR" writer.lua folder/data.json $((generation + 1)) $2 & local pid=$!
		until [ -s folder/begun ]; do pause 0.01; done
		kill -9 $first
		pause "0.0$((RANDOM % 10))$((RANDOM % 10))"
		kill -9 $pid
		wait $pid $first 2>/dev/null || true
		[ -e folder/data.json ] || continue
		last=$("$MOONBEAR" reader.lua folder/data.json 2>> said) || { broken=$((broken + 1)); continue; }
		[ "$last" -le "$generation" ] || fresh=$((fresh + 1))
		generation=$((last > generation ? last : generation))
	done
	echo "$1 $broken $fresh"
}

@test "killed at random moments, data.save always leaves a whole file" {
	echo "$writer" > writer.lua; echo "$reader" > reader.lua
	mkdir folder
	local moments=20 rounds broken fresh left
	[ -z "${THOROUGH:-}" ] || moments=60
	read -r rounds broken fresh < <(killed $moments)
	echo "$rounds rounds, $broken broken files, $fresh new ones"; cat said
	[ "$rounds $broken" = "$moments 0" ]
	[ "$fresh" -ge 5 ]
	# Between the link and the rename of a file without a name lie some microseconds.
	left=$(find folder -name '.moonbear-*' | wc -l)
	echo "$left files left over"
	[ "$left" -le 10 ]
}

@test "the same finds a writer that is not atomic" {
	echo "$writer" > writer.lua; echo "$reader" > reader.lua
	mkdir folder
	local rounds broken fresh total=0
	for _ in 1 2 3 4 5; do
		read -r rounds broken fresh < <(killed 20 in_place)
		total=$((total + broken))
		[ "$total" -eq 0 ] || break
	done
	[ "$total" -gt 0 ]
}

@test "a reader beside the writer never sees half a file" {
	echo "$writer" > writer.lua; echo "$reader" > reader.lua
	"$MOONBEAR" writer.lua data.json 1 &
	local pid=$!
	until [ -e data.json ]; do pause 0.01; done
	echo 'local program = assert(loadfile "reader.lua") for round = 1, 40 do program() end' > readers.lua
	run "$MOONBEAR" readers.lua data.json
	[ "$status" = 0 ] || { kill -9 $pid; echo "$output"; return 1; }
	kill -9 $pid
	wait $pid 2>/dev/null || true
}

@test "a full disk leaves the old file, and nothing beside it" {
	need_root "to mount a file system of 64 KB"
	mkdir full
	mount -t tmpfs -o size=64k none full || skip "this host lets nobody mount"
	"$MOONBEAR" -e 'assert(require("moonbear.data").save("full/data.json", { "old" }))'
	run "$MOONBEAR" -e '
		local data, big = require "moonbear.data", {}
		for i = 1, 50000 do big[i] = i end
		for _, format in ipairs { "json", "lua", "csv", "msgpack", "ndjson" } do
			local rows = format == "csv" and { big } or big
			print(data.save("full/data.json", rows, format))
		end
		print(data.save("full/other.json", { 1 }))'
	local left; left=$(ls -A full); local old; old=$(<full/data.json)
	umount full
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -c '^nil	full/data.json: No space left on device	28$' <<< "$output")" = 5 ]
	[[ "$output" == *"true" ]]
	[ "$old" = '["old"]' ]
	[ "$left" = "$(printf 'data.json\nother.json')" ]
}

# Without /proc a file without a name cannot be given one: it has a hidden name from the beginning.
@test "in an empty chroot without /proc files are replaced too" {
	need_root "to change the root"
	mkdir -p root
	cp "$MOONBEAR" root/moonbear
	ldd root/moonbear 2>/dev/null | grep -q '=>' && skip "this variant is not static"
	echo '["old"]' > root/data.json
	chmod 640 root/data.json
	chroot root /moonbear -e 'print(require("moonbear.data").save("/data.json", { "new" }))'
	[ "$(<root/data.json)" = '["new"]' ]
	[ "$(stat -c %a root/data.json)" = 640 ]
	[ "$(ls -A root)" = "$(printf 'data.json\nmoonbear')" ]
	run chroot root /moonbear -e 'print(pcall(require("moonbear.data").save, "/data.json", { ("x"):rep(1e6), print }))'
	[[ "$output" == *"a value that is a function"* ]]
	[ "$(<root/data.json)" = '["new"]' ]
	[ "$(ls -A root)" = "$(printf 'data.json\nmoonbear')" ]
}

@test "data.save writes to what standard output is, by /dev/stdout" {
	[ -e /dev/stdout ] || skip "this host has no /dev/stdout"
	[ "$("$MOONBEAR" -e 'require("moonbear.data").save("/dev/stdout", { 1, 2 }, "json")' | cat)" = "[1,2]" ]
}

@test "on a stack of 64 KiB the deepest data is encoded" {
	run bash -c 'ulimit -s 64; exec "$0" --stack-size=0 -e "$1"' "$MOONBEAR" '
		local data, t = require "moonbear.data", {}
		for i = 1, 100000 do t = { t } end
		for _, format in ipairs { "json", "lua", "msgpack" } do print(#data.encode(t, format, { depth = 2e5 })) end'
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "$(printf '200002\n200010\n100001')" ]
}
