# --memory-limit: a script gets what it needs while there is garbage, and an ordinary error when there is none.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

# under LIMIT CODE: the output of the code.
under() {
	run timeout 300 "$MOONBEAR" --memory-limit="$1" -e "$2"
}

# From 200 KB on there is always enough, and up to 2 MB no cap is an exception.
@test "every cap from 64 KB to 2 MB in steps of 1 KB: print works, or fails cleanly" {
	plain_build_only
	"$BUILD/tests/support/caps" 64 2048 1 "$MOONBEAR" -e 'print("ok")' > "$BATS_TEST_TMPDIR/caps"
	run -0 awk '$2 == 0 && $3 == "ok" && NF == 3 { next } $1 < 200 && $2 == 1 && /not enough memory/ { next } { print }
		END { print NR " caps" }' "$BATS_TEST_TMPDIR/caps"
	[ "$output" = "1985 caps" ] || { echo "$output"; return 1; }
}

@test "every cap from 64 to 400 KB: a script that needs more than there is ends with status 1 and a message" {
	plain_build_only
	cat > "$BATS_TEST_TMPDIR/hungry.lua" <<-'LUA'
		local lpeg, names, kept = require "lpeg", {}, {}
		for i = 1, 1e9 do
			kept[i] = { tostring(i), function() return i end, coroutine.create(function() end) }
			if i % 100 == 0 then pcall(string.rep, "x", i) end
		end
	LUA
	"$BUILD/tests/support/caps" 64 400 3 "$MOONBEAR" "$BATS_TEST_TMPDIR/hungry.lua" > "$BATS_TEST_TMPDIR/caps"
	run -0 awk '!($2 == 1 && /not enough memory/) { print } END { print NR " caps" }' "$BATS_TEST_TMPDIR/caps"
	[ "$output" = "113 caps" ] || { echo "$output"; return 1; }
}

@test "garbage of every size never fails" {
	under 2M '
		local t, s
		for i = 1, 400000 do t = { i, tostring(i) } end
		for i = 1, 2000 do s = ("x"):rep(200000 + i) end
		for i = 1, 200 do t = {} for j = 1, 9000 do t[j] = j end end
		for i = 1, 200 do t = {} for j = 1, 4000 do t["k" .. j] = j end end
		for i = 1, 20000 do t = coroutine.wrap(function() coroutine.yield(i) end) t() end
		for i = 1, 300 do t = loadstring("return " .. ("{"):rep(50) .. ("}"):rep(50) .. " --" .. ("x"):rep(5000)) end
		s = "" for i = 1, 6000 do s = s .. "0123456789" end
		for i = 1, 60 do s = table.concat({ s:sub(1, 40000), s:sub(1, 40000) }) end
		print("ok")'
	[ "$output" = ok ]
}

@test "garbage while most of the cap is in use never fails" {
	under 4M '
		local kept = {}
		while collectgarbage("count") < 3200 do kept[#kept + 1] = ("x"):rep(1000) .. #kept end
		for i = 1, 300000 do local t = { i } end
		for i = 1, 3000 do local s = ("y"):rep(50000 + i) end
		print("ok", #kept > 2000)'
	[ "$output" = "ok	true" ]
}

@test "a stopped collector works all the same when memory is short, and stays stopped otherwise" {
	under 2M 'collectgarbage("stop") for i = 1, 300000 do local t = { i } end
		local before = collectgarbage("count") for i = 1, 1000 do local t = { i } end
		print("ok", collectgarbage("count") > before + 50)'
	[ "$output" = "ok	true" ]
}

@test "large: one allocation that fits only after a collection" {
	under 8M '
		for i = 1, 20 do
			local garbage = {}
			for j = 1, 1000 do garbage[j] = ("x"):rep(1000) .. j end
			garbage = nil
			local t = {}
			for j = 1, 100000 do t[j] = j end
		end
		print(#("x"):rep(4e6))'
	[ "$output" = 4000000 ]
}

@test "large: one result that is more than half the cap" {
	under 8M 'print(#("x"):rep(5e6)) local s = ("ab"):rep(1e6)
		print(#table.concat({ s, s }), pcall(string.rep, "x", 9e6))'
	[ "${lines[0]}" = 5000000 ]
	[[ "$output" == *"4000000	false	not enough memory" ]]
}

@test "a real shortage is an ordinary error with a traceback" {
	run --separate-stderr "$MOONBEAR" --memory-limit=2M -e 'local function grow() local t = {} for i = 1, 1e9 do t[i] = {} end end grow()'
	[ "$status" = 1 ]
	[[ "$stderr" == *"not enough memory"*"stack traceback"*"in function 'grow'"* ]]
	[ -z "$output" ]
}

@test "bombs are refused before the host is asked" {
	under 64M '
		print(pcall(string.rep, "x", 2 ^ 31 - 1))
		local ok, message = pcall(function() local s = ("x"):rep(2 ^ 20) while true do s = s .. s end end) print(ok, message)
		ok, message = pcall(function() local t = {} for i = 1, 100 do t[i] = ("x"):rep(2 ^ 20) end return table.concat(t) end) print(ok, message)
		print(require("moonbear.limits").memory().peak <= 64 * 2 ^ 20)'
	[ "${lines[0]}" = "false	not enough memory" ]
	[ "${lines[1]}" = "false	not enough memory" ]
	[ "${lines[2]}" = "false	not enough memory" ]
	[ "${lines[3]}" = true ]
}

@test "afterwards the state works on: in a protected call, a coroutine, a finalizer, a handler" {
	under 2M '
		local function bomb() local t = {} for i = 1, 1e9 do t[i] = { i } end end
		local function work() local t = {} for i = 1, 5000 do t[i] = { i } end return #t end
		for round = 1, 20 do
			assert(select(2, pcall(bomb)) == "not enough memory" and work() == 5000)
			local co = coroutine.create(bomb)
			local ok, message = coroutine.resume(co)
			assert(not ok and message == "not enough memory" and work() == 5000)
			assert(debug.traceback(co):find("traceback"))
			local u = newproxy(true)
			getmetatable(u).__gc = bomb
			u = nil
			assert(select(2, pcall(collectgarbage)):find("not enough memory") and work() == 5000)
			if round % 5 == 0 then -- such a handler is called again for each of its own errors
				assert(not xpcall(bomb, function(m) bomb() return "handled " .. m end) and work() == 5000)
			end
			ok, message = xpcall(bomb, function(m) return "handled " .. m end)
			assert(message == "handled not enough memory" and work() == 5000, message)
			assert(select(2, xpcall(bomb, debug.traceback)):find("stack traceback"))
			local wrapped = coroutine.wrap(function() return pcall(coroutine.wrap(bomb)) end)
			assert(select(2, wrapped()) == "not enough memory" and work() == 5000)
		end
		print("ok")'
	[ "$output" = ok ]
}

# A handler that errs is called again, some 200 levels deep: a bomb for each.
@test "a handler that catches a shortage of its own leaves nothing behind" {
	local cap
	for cap in 500K 600K 1M; do
		under $cap '
			local function bomb() local t = {} for i = 1, 1e9 do t[i] = { i } end end
			local function catches() pcall(bomb) end
			for round = 1, 5 do
				xpcall(bomb, catches)
				local t = {}
				for i = 1, 1500 do t[i] = { i } end
				if round == 1 then xpcall(bomb, function() xpcall(bomb, catches) error "and errs" end) end
				for i = 1, 1500 do t[i] = { i } end
			end
			print "ok"'
		[ "$output" = ok ] || { echo "$cap: $output"; return 1; }
	done
}

@test "arguments for a coroutine that do not fit on its stack are an error of the caller" {
	under 3M '
		local list = {}
		for i = 1, 30000 do list[i] = i end
		local ok, message = pcall(function()
			local kept = {}
			for i = 1, 1e6 do
				local co = coroutine.create(function(...) coroutine.yield(...) end)
				coroutine.resume(co, unpack(list))
				kept[i] = co
			end
		end)
		print(ok, message)'
	[ "$output" = "false	not enough memory" ]
}

@test "finalizers run under the cap and give back" {
	under 3M '
		local count = 0
		for i = 1, 50000 do
			local u = newproxy(true)
			getmetatable(u).__gc = function() count = count + 1 end
		end
		collectgarbage()
		print(count > 49000)'
	[ "$output" = true ]
}

@test "limits.memory agrees with collectgarbage and with the option" {
	under 5M '
		local limits = require "moonbear.limits"
		local t = {} for i = 1, 10000 do t[i] = {} end
		t = nil
		collectgarbage()
		local m, count = limits.memory(), collectgarbage("count") * 1024
		print(math.abs(m.heap - count) < 1024, m.native == 0, m.limit == 5 * 2 ^ 20, m.peak > m.heap + 400000)'
	[ "$output" = "true	true	true	true" ]
	run "$MOONBEAR" -e 'print(require("moonbear.limits").memory().limit)'
	[ "$output" = nil ] || [ "$output" -gt 0 ]
}

@test "native memory drives the collector: 100,000 buffers of 1 MB, dropped without release, in 64 MB" {
	local count=100000
	[ -z "${VARIANT:-}" ] || count=1000 # where every byte of them is marked
	under 64M 'local bytes, memory = require "moonbear.bytes", require "moonbear.limits".memory
		for i = 1, '$count' do local b = bytes.buffer(2 ^ 20) end
		local m = memory()
		print(m.peak <= m.limit, m.peak > 2 ^ 20, m.native <= m.peak)'
	[ "$output" = "true	true	true" ]
}

@test "moonbear.host.limits shows the cap, collectgarbage and moonbear.limits the same heap" {
	under 7M 'local host, limits = require "moonbear.host", require "moonbear.limits"
		local bytes = require "moonbear.bytes"
		local kept = { bytes.buffer(2 ^ 20) }
		for i = 1, 1e4 do kept[i + 1] = { i } end
		collectgarbage()
		local m, count = host.limits().script, collectgarbage "count" * 1024
		print(math.abs(m.heap - count) < 65536, m.native >= 2 ^ 20, m.limit == 7 * 2 ^ 20, m.heap + m.native <= m.peak)
		kept[1]:release()
		print(limits.memory().native < 2 ^ 20)'
	[ "$output" = "true	true	true	true
true" ]
}

@test "cjson: the encoder's buffer counts, what fails can be done again, and finalizers may encode" {
	under 16M '
		local cjson = require "cjson"
		local endless, list = {}, {}
		for i = 1, 40 do endless = { endless, endless } end
		for i = 1, 20000 do list[i] = "some text " .. i end
		local whole = cjson.encode(list)
		print(pcall(cjson.encode, endless))
		print(cjson.encode(list) == whole, #cjson.encode(("x"):rep(3e6)), require "moonbear.limits".memory().native < 2 ^ 17)
		collectgarbage("setpause", 0) collectgarbage("setstepmul", 1e8)
		for _, keep in ipairs { true, false } do
			cjson.encode_keep_buffer(keep)
			for i = 1, 50 do
				local u = newproxy(true)
				getmetatable(u).__gc = function() cjson.encode { ("y"):rep(1e5), i } cjson.encode_keep_buffer(keep) end
				u = nil
				assert(cjson.encode(list) == whole)
			end
		end
		print "ok"'
	[ "$output" = "false	not enough memory
true	3000002	true
ok" ]
}

@test "in a cgroup with a limit the cap is nine tenths of it" {
	plain_build_only
	local group=/sys/fs/cgroup/memory/moonbear-test-$$ file=memory.limit_in_bytes
	[ -d /sys/fs/cgroup/memory ] || { group=/sys/fs/cgroup/moonbear-test-$$ file=memory.max; }
	mkdir "$group" 2>/dev/null || skip "this user can make no cgroup here"
	if ! echo 134217728 2>/dev/null > "$group/$file"; then rmdir "$group"; skip "memory cannot be limited here"; fi
	run bash -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' "$group" "$MOONBEAR" -e '
		local memory, kept = require "moonbear.limits".memory, {}
		for i = 1, 1e5 do kept[i] = { i } end
		print(math.abs(memory().limit - 2 ^ 27 * 0.9) < 16, pcall(string.rep, "x", 2 ^ 27))'
	rmdir "$group"
	[ "$output" = "true	false	not enough memory" ]
}

# What Lua sees of its own process, in KiB.
RESIDENT='function resident()
	for line in io.lines "/proc/self/status" do if line:find "^VmRSS" then return tonumber(line:match "%d+") end end
end'

@test "arenas without anything in them go back to the host" {
	plain_build_only
	[ -r /proc/self/status ] || skip "needs /proc"
	run "$MOONBEAR" -e "$RESIDENT" -e '
		local before, t = resident(), {}
		for i = 1, 5e5 do t[i] = { i } end
		local full = resident()
		t = nil
		collectgarbage()
		collectgarbage()
		print(full - before > 30000, resident() - before < 6000)'
	[ "$output" = "true	true" ]
}

@test "opening and closing a file asks the host for no memory" {
	plain_build_only
	command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null || skip "needs strace"
	echo line > "$BATS_TEST_TMPDIR/file"
	strace -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=mmap,munmap,brk "$MOONBEAR" - "$BATS_TEST_TMPDIR/file" <<-'LUA'
		for i = 1, 300 do
			local file = io.open(...)
			assert(file:read() == "line")
			file:close()
		end
	LUA
	[ "$(wc -l < "$BATS_TEST_TMPDIR/calls")" -lt 30 ] || { wc -l "$BATS_TEST_TMPDIR/calls"; false; }
}

# Those that a cycle drops are kept for the next of their size, but only until the cycle ends.
@test "large blocks are used again within a cycle" {
	plain_build_only
	command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null || skip "needs strace"
	strace -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=munmap "$MOONBEAR" -e '
		collectgarbage "stop"
		for round = 1, 20 do
			local grows = {}
			for i = 1, 20000 do grows[-i] = i end
		end'
	[ "$(wc -l < "$BATS_TEST_TMPDIR/calls")" -lt 20 ] || { wc -l "$BATS_TEST_TMPDIR/calls"; false; }
}

# Lua that knows how many KiB of the process are where huge pages were asked for.
HUGE='function huge()
	local size, sum = 0, 0
	for line in io.lines "/proc/self/smaps" do
		size = tonumber(line:match "^Size: *(%d+)") or size
		if line:find "^VmFlags:.* hg" then sum = sum + size end
	end
	return sum
end'

@test "what is large may lie in huge pages: arenas, blocks, buffers; what is small does not" {
	plain_build_only
	[ -r /proc/self/smaps ] && [ -e /sys/kernel/mm/transparent_hugepage ] || skip "this host does not tell"
	run "$MOONBEAR" -e "$HUGE" -e '
		local t, empty = {}, huge()
		for i = 1, 2e4 do t[i] = { i } end
		local small = huge()
		for i = 1, 4e5 do t[i] = { i } end
		print(empty, small, huge() > 20000)
		t = nil
		collectgarbage()
		collectgarbage()
		local before = huge()
		local text = ("x"):rep(2^24)
		local block = huge() - before
		local buffer = require("moonbear.bytes").buffer(2^23)
		local taken = huge() - before - block
		print(block >= 2^14, taken >= 2^13, #text)
		for i = 1, 3 do buffer:put(text) end
		print(huge() - before - block >= 3 * 2^14)'
	[ "$output" = $'0\t0\ttrue\ntrue\ttrue\t16777216\ntrue' ]
}

@test "large blocks go back to the host with the cycle" {
	plain_build_only
	[ -r /proc/self/status ] || skip "needs /proc"
	run "$MOONBEAR" -e "$RESIDENT" -e '
		collectgarbage()
		local before, t = resident(), {}
		for i = 1, 4 do t[i] = ("x"):rep(3900000 + i) end
		t = nil
		collectgarbage()
		print(resident() - before < 3000)'
	[ "$output" = true ]
}

@test "large blocks grow where they are, or are moved by the kernel" {
	plain_build_only
	command -v strace >/dev/null || skip "needs strace"
	run strace -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=mremap "$MOONBEAR" -e 'local t = {} for i = 1, 1e6 do t[i] = i end print(#t)'
	[[ "$output" == *1000000 ]] || skip "strace cannot trace here: $output"
	[ "$(grep -c "^mremap" "$BATS_TEST_TMPDIR/calls")" -ge 3 ]
}

@test "a value that is no size is refused" {
	for value in '' x 1x 1T -1; do
		run "$MOONBEAR" --memory-limit="$value" -e ''
		[ "$status" = 2 ]
		[[ "$output" == *"--memory-limit=$value: needs a size"* ]]
	done
	run "$MOONBEAR" --memory-limit=10K -e ''
	[ "$status" = 2 ]
	[[ "$output" == *"at least 64K"* ]]
	[ "$("$MOONBEAR" --memory-limit=0 -e 'print(require("moonbear.limits").memory().limit)')" = nil ]
}

@test "a host that refuses memory: the limit of the address space is an ordinary error, too" {
	plain_build_only
	run bash -c 'ulimit -v 40000; exec "$0" -e "
		local ok, message = pcall(function() local t = {} for i = 1, 1e9 do t[i] = { i } end end)
		print(ok, message)
		for i = 1, 300000 do local t = { i } end
		for i = 1, 200 do local s = (\"x\"):rep(1000000 + i) end
		print(pcall(string.rep, \"x\", 1e9))
		print \"ok\""' "$MOONBEAR"
	[ "${lines[0]}" = "false	not enough memory" ]
	[ "${lines[1]}" = "false	not enough memory" ]
	[ "${lines[2]}" = ok ]
}
