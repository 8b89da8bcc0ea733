# --init: the runner as the first process of a container.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	cd "$BATS_TEST_TMPDIR"
	# The script says that it is up, and then waits; it has a child of its own that would outlive it.
	cat > wait.lua <<-'LUA'
		os.execute("sleep 1000 & :")
		io.open("up", "w"):close()
		while true do os.execute("sleep 0.05") end
	LUA
}

teardown() {
	[ -z "${runner:-}" ] || kill -KILL "$runner" 2>/dev/null || :
}

namespace_or_skip() {
	unshare -pf --mount-proc true 2>/dev/null || skip "this host makes no PID namespace"
}

await() { # FILE
	local tries
	for ((tries = 0; tries < 600; tries++)); do
		[ -e "$1" ] && return 0
		pause 0.05
	done
	echo "no $1"
	return 1
}

@test "the exit status is the script's" {
	run "$MOONBEAR" --init -e 'os.exit(7)'
	[ "$status" = 7 ]
	run "$MOONBEAR" --init -e 'print(select("#", ...))'
	[ "$status" = 0 ]
	run "$MOONBEAR" --init -e 'error("x")'
	[ "$status" = 1 ]
}

@test "a script that a signal ends gives 128 and the signal" {
	echo 'os.execute("kill -KILL $PPID")' > kill.lua
	run "$MOONBEAR" --init kill.lua
	[ "$status" = 137 ]
}

@test "standard input and output are the script's" {
	run sh -c 'echo hello | "$0" --init -e "print(io.read())"' "$MOONBEAR"
	[ "$output" = hello ]
}

@test "TERM, INT, HUP, QUIT, USR1 and USR2 reach the script and what it started" {
	local signal number
	for signal in TERM:15 INT:2 HUP:1 QUIT:3 USR1:10 USR2:12; do
		rm -f up got
		cat > trap.lua <<-LUA
			os.execute("trap 'echo \$0 > got; exit 0' ${signal%:*}; touch up; while :; do sleep 0.05; done")
		LUA
		ulimit -c 0
		# What a shell starts in the background ignores INT and QUIT, which a container's runtime does not do.
		env --default-signal=INT,QUIT "$MOONBEAR" --init trap.lua 3>&- &
		runner=$!
		await up
		kill -${signal%:*} $runner
		await got
		number=0
		wait $runner || number=$?
		# os.execute ignores INT and QUIT while it waits, as system(3) must: then the script ends by itself.
		[ "$number" = $((128 + ${signal#*:})) ] || [ "$number" = 0 ]
	done
}

# Sets `took`, in milliseconds.
stop_container() {
	rm -f up
	unshare -pf --kill-child --mount-proc "$MOONBEAR" --init wait.lua 3>&- &
	runner=$!
	await up
	init=$(cat /proc/$runner/task/$runner/children)
	before=$(date +%s%N)
	kill -TERM $init
	number=0
	wait $runner || number=$?
	took=$((($(date +%s%N) - before) / 1000000))
	[ "$number" = 143 ]
	[ ! -e /proc/${init% } ]
}

# The least of some tries: a busy machine may be late, but not each time.
@test "as PID 1 of a namespace it stops on SIGTERM in under 200 ms, with everything in it" {
	namespace_or_skip
	local tries least=999999
	for tries in 1 2 3 4 5 6 7 8 9 10; do
		stop_container
		[ "$took" -ge "$least" ] || least=$took
		[ "$least" -ge 200 ] || break
	done
	echo "# stopped in $least ms" >&3
	[ "$least" -lt 200 ]
}

@test "without --init PID 1 ignores SIGTERM: the kernel's rule that the option is for" {
	namespace_or_skip
	unshare -pf --kill-child --mount-proc "$MOONBEAR" wait.lua 3>&- &
	runner=$!
	await up
	init=$(cat /proc/$runner/task/$runner/children)
	kill -TERM $init
	sleep 0.2
	kill -0 $init || { echo "PID 1 obeyed"; return 1; }
	kill -KILL $init
	wait $runner || :
}

@test "processes that others leave behind are reaped" {
	namespace_or_skip
	cat > orphans.lua <<-'LUA'
		local lfs = require "lfs"
		local function zombies()
			local count = 0
			for entry in lfs.dir("/proc") do
				local file = entry:match("^%d+$") and io.open("/proc/" .. entry .. "/stat")
				if file then
					if (file:read("*a") or ""):match("%) Z") then count = count + 1 end
					file:close()
				end
			end
			return count
		end
		for _ = 1, 20 do os.execute("(true & true & exit 0)") end
		local left
		for _ = 1, 100 do
			left = zombies()
			if left == 0 then break end
			os.execute("sleep 0.02")
		end
		print("left " .. left)
	LUA
	run unshare -pf --mount-proc "$MOONBEAR" --init orphans.lua
	[ "$output" = "left 0" ]
	[ "$status" = 0 ]
}
