# What programs have failed of, each by the means of stock Lua, which fail still, and by those of moonbear; the C side of the first
# and the third is in tests/embed.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() { cd "$BATS_TEST_TMPDIR"; }

stock() {
	command -v lua5.1 >/dev/null || skip "needs Debian's lua5.1"
	env -u LUA_INIT lua5.1 "$@"
}

# ---- 1: the auxiliary stack ----

@test "1.7 million entries on stock Lua's stack are too many" {
	run -1 stock -e 'local t = {} for i = 1, 1.7e6 do t[i] = i end print(select("#", unpack(t)))'
	[[ "$output" == *"too many results to unpack"* ]]
}

@test "1.7 million entries in a store come back one by one, and the stack does not grow" {
	cat > story.lua <<-'X'
		local s, host, ids = require("moonbear.store").new(), require "moonbear.host", {}
		local before = host.stack().remaining
		for i = 1, 1.7e6 do ids[i] = s:put { i } end
		for i = 1, 1.7e6 do assert(s:get(ids[i])[1] == i) end
		assert(host.stack().remaining == before)
		for i = 1, 1.7e6 do assert(s:release(ids[i])) end
		print(s:stats().live, s:stats().peak)
	X
	run -0 "$MOONBEAR" story.lua
	[ "$output" = "$(printf '0\t1700000')" ]
}

# Five million entries, as a file of Lua says them.
literal() {
	"$MOONBEAR" -e 'io.write "return {\n"
		for at = 1, 5e6, 1000 do
			local lines = {}
			for i = at, at + 999 do lines[#lines + 1] = i .. ".5,\n" end
			io.write(table.concat(lines))
		end
		io.write "}\n"' > entries.lua
}

@test "a literal of five million entries is too much for stock Lua, and loads as data, into a store and a callback too" {
	plain_build_only # minutes, where every access is watched
	literal
	run -1 stock -e 'assert(loadfile "entries.lua")'
	[[ "$output" == *"constant table overflow"* ]]
	cat > story.lua <<-'X'
		local data, host = require "moonbear.data", require "moonbear.host"
		local before, lowest, sum = host.stack().remaining, math.huge, 0
		local count = data.load("entries.lua", { each = function(entry)
			sum = sum + entry
			if entry % 100000 == 0.5 then lowest = math.min(lowest, host.stack().remaining) end
		end })
		assert(sum == count * (count + 2) / 2 and before - lowest < 4096)
		print(count)
		local t = assert(data.load "entries.lua")
		for i = 1, #t, 101 do assert(t[i] == i + 0.5) end
		print(#t)
	X
	run -0 "$MOONBEAR" story.lua
	[ "$output" = "$(printf '5000000\n5000000')" ]
	cat > story.lua <<-'X'
		local data, s = require "moonbear.data", require("moonbear.store").new()
		local ids, count = data.load("entries.lua", { into = s })
		for i = 1, count, 101 do assert(s:get(ids[i]) == i + 0.5) end
		print(count, s:stats().live)
	X
	run -0 "$MOONBEAR" story.lua
	[ "$output" = "$(printf '5000000\t5000000')" ]
}

# ---- 2: results per coroutine ----

# A map keyed by the coroutine's address: how many coroutines find a result that is not theirs.
by_address() {
	cat > lies.lua <<-'X'
		local results, wrong = {}, 0
		for i = 1, 20000 do
			local co = coroutine.create(function() end)
			local address = tostring(co)
			if results[address] then wrong = wrong + 1 end
			results[address] = i
			if i % 100 == 0 then collectgarbage() end
		end
		print(wrong)
	X
}

@test "results by address are attributed to the wrong coroutine in stock Lua" {
	by_address
	run -0 stock lies.lua
	[ "$output" -gt 0 ]
}

@test "results by address would be wrong here too, and those of store.results are not" {
	plain_build_only # a sanitizer's allocator avoids using an address again
	by_address
	run -0 "$MOONBEAR" lies.lua
	[ "$output" -gt 0 ]
	cat > story.lua <<-'X'
		local results, seen, again, wrong = require("moonbear.store").results(), {}, 0, 0
		for i = 1, 20000 do
			local co = coroutine.create(function() end)
			if seen[tostring(co)] then again = again + 1 end
			seen[tostring(co)] = true
			if select("#", results:get(co)) > 0 then wrong = wrong + 1 end
			results:set(co, i)
			if results:get(co) ~= i then wrong = wrong + 1 end
			if i % 100 == 0 then collectgarbage() end
		end
		print(again > 0, wrong)
	X
	run -0 "$MOONBEAR" story.lua
	[ "$output" = "$(printf 'true\t0')" ]
}

# ---- 4: what is only freed when a lazy collector feels like it ----

# Descriptors stand for what the collector cannot see: to it a file is 50 bytes.
@test "files that wait for their finalizers use up what the process may have, in stock Lua" {
	cat > lazy.lua <<-'X'
		for i = 1, 1000 do
			local file, message = io.open "/dev/null"
			if not file then print(i, message) os.exit(3) end
		end
	X
	run -3 bash -c 'ulimit -n 64; exec env -u LUA_INIT lua5.1 lazy.lua'
	[[ "$output" == *"Too many open files"* ]]
}

@test "handles that nobody releases are released by the collector, and by release at once, in bounded memory" {
	cat > story.lua <<-'X'
		local s = require("moonbear.store").new { limit = "8M" }
		for i = 1, 2e5 do s:ref(("x"):rep(1000)) end            -- 200 MB, were they kept
		for i = 1, 2e5 do
			local r = s:ref(("x"):rep(1000))
			assert(r:release() and not r:release())
		end
		local r = s:ref(1)
		r:release()
		print(pcall(r.get, r))
		print(collectgarbage "count" < 32 * 1024)
	X
	run -0 "$MOONBEAR" --memory-limit=32M story.lua
	[ "${lines[0]}" = "$(printf 'false\tthis handle was released')" ]
	[ "${lines[1]}" = true ]
}

# ---- 5: joining byte views ----

view() { # 8 MB that no two parts of are the same, cut by turns into pieces and joined again, 64 times over: half a gigabyte
	"$MOONBEAR" -e 'local file = assert(io.open("view", "w")) for i = 1, 2^20 do file:write(("%07d\n"):format(i)) end file:close()'
}

@test "joining half a gigabyte of text copies it, in stock Lua" {
	command -v lua5.1 >/dev/null || skip "needs Debian's lua5.1"
	view
	run -1 bash -c 'ulimit -v 300000; exec env -u LUA_INIT lua5.1 -e "
		local text, list = io.open(\"view\"):read \"*a\", {}
		for i = 1, 64 do list[i] = text end
		print(#table.concat(list))"'
	[[ "$output" == *"not enough memory"* ]]
}

@test "joining half a gigabyte of byte views copies nothing of it, and writes it whole" {
	view
	cat > story.lua <<-'X'
		local bytes = require "moonbear.bytes"
		local text, list = assert(bytes.map "view"), {}
		for i = 1, 64 do
			for at = 1, #text, 65536 do list[#list + 1] = text:sub(at, at + 65535) end
		end
		local joined = bytes.chain(list)
		local again = joined .. joined:sub(5) .. joined
		assert(#joined == 64 * #text and #again == 3 * #joined - 4)
		assert(tostring(joined:sub(-16)) == "1048575\n1048576\n" and joined:find("1048576\n0000001", 4e8))
		assert(joined:sub(3 * #text + 1, 4 * #text) == text)
		assert(joined:write(io.stdout))
		for _, one in ipairs { again, joined, text } do assert(one:release() and not one:release()) end
		assert(not pcall(function() return #joined end))
	X
	"$MOONBEAR" --memory-limit=4M story.lua | cmp - <(for i in {1..64}; do cat view; done)
	[ "${PIPESTATUS[*]}" = "0 0" ]
}
