# --time-limit and moonbear.limits.call: what takes too long ends with an error, wherever it is.
# Each of these scripts runs for ever, or nearly, without the limit.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

# ends CODE: the script is over with the error of the limit; the patience of `timeout` is no figure of ours.
ends() {
	run timeout 120 "$MOONBEAR" --time-limit=0.2 -e "$1"
	[ "$status" = 1 ] || { echo "status $status: $output"; return 1; }
	[[ "$output" == *"time limit exceeded (0.2 s of CPU time)"* ]] || { echo "$output"; return 1; }
}

@test "a loop, with position and traceback" {
	ends 'local function spin() while true do end end spin()'
	[[ "$output" == *"(command line):1: time limit exceeded"*"in function 'spin'"* ]]
}

@test "a script that does not reach its limit knows nothing of it" {
	[ "$("$MOONBEAR" --time-limit=1000 -e 'local n = 0 for i = 1, 1e5 do n = n + i end print(n)')" = 5000050000 ]
}

@test "pcall, xpcall and coroutines cannot swallow it for ever" {
	ends 'while true do pcall(function() while true do end end) end'
	ends 'local function f() while true do xpcall(f, function() while true do end end) end end f()'
	ends 'while true do coroutine.resume(coroutine.create(function() while true do end end)) end'
	ends 'while true do local co = coroutine.wrap(function() while true do pcall(coroutine.yield) end end) co() co() end'
	ends 'local s = ("x"):rep(1e6) while true do s:gsub("x", pcall) end'
}

@test "who catches the error has time to say so" {
	run --separate-stderr "$MOONBEAR" --time-limit=0.2 -e '
		print(pcall(function() while true do end end))
		print(pcall(string.find, ("a"):rep(40), ("a-"):rep(30) .. "b"))'
	[[ "${lines[0]}" == "false"*"time limit exceeded"* ]]
}

@test "one rep of gigabytes stops on its way, and gives its memory back" {
	plain_build_only
	run timeout 120 "$MOONBEAR" -e '
		local limits = require "moonbear.limits"
		local before, began = collectgarbage "count", os.clock()
		local ok, message = limits.call(0.01, string.rep, "abc", 5e8)
		print(ok, message, collectgarbage "count" - before < 1000)'
	[[ "$output" == *"time limit exceeded (0.01 s of CPU time)"*true ]] || { echo "$output"; return 1; }
}

@test "upper, lower, reverse and .. of gigabytes stop on their way, and give their memory back" {
	plain_build_only
	run timeout 120 "$MOONBEAR" -e '
		local limits = require "moonbear.limits"
		local s, n = ("a"):rep(2^28), 0
		for name, f in pairs {
			upper = function() return s:upper() end, lower = function() return s:lower() end,
			reverse = function() return s:reverse() end, concat = function() return s .. "b" .. s end,
			items = function() return table.concat({ s, s, s, s }) end,
		} do
			local before = collectgarbage "count"
			local ok, message = limits.call(0.005, f)
			assert(not ok and message:find "time limit exceeded", name)
			assert(collectgarbage "count" - before < 1000, name)
			n = n + 1
		end
		print(n)'
	[ "$output" = 5 ] || { echo "$output"; return 1; }
}

@test "hooks taken away, finalizers and the end of the state" {
	ends 'while true do pcall(function() debug.sethook() while true do debug.sethook() end end) end'
	ends 'local u = newproxy(true) getmetatable(u).__gc = function() while true do end end u = nil collectgarbage()'
	ends 'for i = 1, 3 do local u = newproxy(true) getmetatable(u).__gc = function() while true do end end end
		while true do end'
}

@test "a hook of the script's own works on after a limit that was not reached" {
	run "$MOONBEAR" -e '
		local limits, lines = require "moonbear.limits", 0
		debug.sethook(function() lines = lines + 1 end, "l")
		assert(not limits.call(0.05, function() while true do end end))
		local before = lines
		local x = 1
		assert(lines == before + 2 and select(2, debug.gethook()) == "l")
		debug.sethook()
		local f, mask = debug.gethook()
		print(f, mask == "", x)'
	[ "$output" = "nil	true	1" ]
}

@test "pattern" {
	ends 'string.find(("a"):rep(60), ("a-"):rep(50) .. "b")'
	ends 'string.gsub(("a"):rep(60), ("a*"):rep(50) .. "b", "")'
	ends 'for x in string.gmatch(("a"):rep(60), ("a-"):rep(50) .. "b") do end'
}

@test "reading what never ends: a line, all of a file, as much as there may be" {
	[ -r /dev/zero ] || skip "this host has no /dev/zero"
	ends 'for line in io.lines "/dev/zero" do end'
	ends 'io.open("/dev/zero"):read "*l"'
	ends 'local f = io.open "/dev/zero" while true do f:seek("set", 0) f:read(2 ^ 27) end'
	run timeout 120 "$MOONBEAR" --time-limit=0.05 -e 'io.open("/dev/zero"):read "*a"'
	[ "$status" = 1 ]
	[[ "$output" == *"time limit exceeded"* || "$output" == *"not enough memory"* ]]
}

@test "reading a number that never begins or ends" {
	ends 'io.read "*n"' < <(exec yes '')
	ends 'while true do io.read "*n" end' < <(yes 0 | tr -d '\n')
}

@test "tables: sort, concat, insert, remove" {
	ends 'local t = {} for i = 1, 3e5 do t[i] = i % 7 end while true do table.sort(t, function(a, b) return a < b end) end'
	ends 'table.insert({}, -2 ^ 31 + 1, 1)'
	ends 'local t = setmetatable({}, {}) for i = 1, 1e6 do t[i] = "" end while true do table.concat(t) end'
	ends 'local t = {} for i = 1, 1e6 do t[i] = i end while true do table.remove(t, 1) t[#t + 1] = 1 end'
}

@test "string.rep in a loop" {
	ends 'while true do local s = ("x"):rep(1e6) end'
}

@test "parser" {
	ends 'assert(load(function() return "x = 1 " end))'
	ends 'local n = 0 assert(load(function() n = n + 1 return n == 1 and "x = 1" or " + 1" end))'
	ends 'local n = 0 assert(load(function() n = n + 1 return n == 1 and "x = {1" or ", 1" end))'
}

@test "lpeg" {
	ends 'local lpeg = require "lpeg"
		local p = lpeg.P "b" for i = 1, 30 do p = lpeg.P "a" * p + lpeg.P "a" * p end
		local g = lpeg.P { lpeg.P "a" * lpeg.V(1) * "c" + lpeg.P "a" * lpeg.V(1) * "d" + "b" }
		g:match(("a"):rep(60) .. "b")'
}

@test "cjson" {
	ends 'local t = {} for i = 1, 40 do t = { t, t } end require "cjson".encode(t)'
	ends 'local text = "[" .. ("1,"):rep(1e6) .. "1]" while true do require "cjson".decode(text) end'
}

@test "moonbear.data and moonbear.bytes" {
	ends 'require "moonbear.data".load(function() return "[1]\n" end, { format = "ndjson", each = function() end })'
	ends 'require "moonbear.data".load(function() return " " end, { format = "json" })'
	ends 'require "moonbear.data".load(function() return "x = 1 " end, { format = "lua" })'
	ends 'local t = {} for i = 1, 40 do t = { t, t } end require "moonbear.data".encode(t, "json")'
	ends 'local b = require "moonbear.bytes".from(("a"):rep(1e6)) while true do b:find(("a"):rep(1000) .. "b") end'
	ends 'local s = require "moonbear.store".new() for i = 1, 1e5 do s:put(i) end while true do for id in s:each() do end end'
}

@test "a finalizer that is a loop in C" {
	ends 'local u = newproxy(true)
		getmetatable(u).__gc = function() string.find(("a"):rep(60), ("a-"):rep(50) .. "b") end
		u = nil
		collectgarbage()
		while true do end'
}

@test "limits.call: results, errors, nesting" {
	run "$MOONBEAR" -e '
		local limits = require "moonbear.limits"
		print(limits.call(10, function(...) return select("#", ...), ... end, nil, 2, nil))
		print(limits.call(10, error, "mine"))
		print(limits.call(0.05, function() while true do end end))
		print(limits.call(10, function() return limits.call(0.05, function() while true do end end) end))
		print(limits.call(0.05, function() return limits.call(1000, function() while true do end end) end))
		print(limits.call(10, coroutine.wrap(function() while true do coroutine.yield(1) end end)))
		print(select(2, pcall(limits.call, 0, print)))
		print(select(2, pcall(limits.call, 1)))'
	[ "$status" = 0 ]
	[ "${lines[0]}" = "true	3	nil	2	nil" ]
	[ "${lines[1]}" = "false	mine" ]
	[[ "${lines[2]}" == "false	"*"time limit exceeded (0.05 s of CPU time)" ]]
	[[ "${lines[3]}" == "true	false	"*"time limit exceeded (0.05 s"* ]]
	[[ "${lines[4]}" == *"time limit exceeded (0.05 s of CPU time)" ]]
	[ "${lines[5]}" = "true	1" ]
	[[ "${lines[6]}" == *"seconds must be more than 0"* ]]
	[[ "${lines[7]}" == *"value expected"* ]]
}

@test "the limit of the process binds limits.call, too" {
	ends 'local limits = require "moonbear.limits" while true do limits.call(1000, function() while true do end end) end'
}

@test "a value that is no time is refused" {
	for value in '' x 1x -1 0 nan; do
		run "$MOONBEAR" --time-limit="$value" -e ''
		[ "$status" = 2 ]
		[[ "$output" == *"--time-limit=$value: needs a number of seconds"* ]]
	done
}
