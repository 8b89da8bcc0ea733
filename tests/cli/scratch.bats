# An empty chroot, as a container FROM scratch: no /proc, /dev, /etc, /tmp, shell, libc or time zones.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup() {
	plain_build_only
	need_root "chroot"
	jail=$BATS_TEST_TMPDIR/jail
	mkdir "$jail"
	cp "$MOONBEAR" "$jail/moonbear"
	chroot "$jail" /moonbear -e '' || skip "this host does not let root chroot"
}

# jailed ARG...: run moonbear with nothing around it, not even an environment.
jailed() { env -i "$(command -v chroot)" "$jail" /moonbear "$@"; }

@test "it runs, with nothing but itself in the root" {
	echo 'print(arg[0], ...)' > "$jail/s.lua"
	run jailed /s.lua a b
	[ "$status" = 0 ]
	[ "$output" = "/s.lua	a	b" ]
	run jailed - < <(echo 'print("from stdin")')
	[ "$output" = "from stdin" ]
	rm "$jail/s.lua"
	run jailed -e 'for name in require("lfs").dir("/") do print(name) end'
	[ "$(printf '%s\n' "${lines[@]}" | sort | tr '\n' ' ')" = ". .. moonbear " ]
}

@test "an error there has its traceback" {
	run jailed -e 'local function f() error("lost") end f()'
	[ "$status" = 1 ]
	[ "${lines[0]}" = "/moonbear: (command line):1: lost" ]
	[ "${lines[1]}" = "stack traceback:" ]
}

@test "every built-in module loads there" {
	run jailed -e 'for _, name in ipairs { "lpeg", "re", "lfs", "cjson", "cjson.safe", "argparse", "inspect", "bit" } do require(name) end print "ok"'
	[ "$output" = ok ]
}

@test "os.getenv sees what there is" {
	run jailed -e 'print(os.getenv("PATH"), os.getenv("HOME"))'
	[ "$output" = "nil	nil" ]
	run env -i A=b "$(command -v chroot)" "$jail" /moonbear -e 'print(os.getenv "A")'
	[ "$output" = b ]
}

@test "os.tmpname without /tmp answers nil, the reason, errno" {
	run jailed -e 'print(os.tmpname())'
	[ "$status" = 0 ]
	[ "$output" = "nil	/tmp: No such file or directory	2" ]
	mkdir "$jail/tmp"
	run jailed -e 'local n = assert(os.tmpname()) print(n:match "^/tmp/lua_%w%w%w%w%w%w$" ~= nil, io.open(n) ~= nil)'
	[ "$output" = "true	true" ]
}

@test "io.popen and os.execute without a shell answer nil, the reason, errno" {
	run jailed -e 'print(io.popen("ls")) print(io.popen("ls", "w")) print(os.execute("ls")) print(os.execute())'
	[ "$status" = 0 ]
	[ "${lines[0]}" = "nil	ls: no shell on this host (/bin/sh: No such file or directory)	2" ]
	[ "${lines[1]}" = "${lines[0]}" ]
	[ "${lines[2]}" = "${lines[0]}" ]
	[ "${lines[3]}" = 0 ]
	mkdir "$jail/bin" && : > "$jail/bin/sh"
	run jailed -e 'print(os.execute("ls"))'
	[ "$output" = "nil	ls: no shell on this host (/bin/sh: Permission denied)	13" ]
}

@test "where there is a shell, io.popen and os.execute use it" {
	run "$MOONBEAR" -e 'print(os.execute("exit 3") / 256, os.execute(), io.popen("echo out"):read())'
	[ "$output" = "3	1	out" ]
}

@test "os.date knows UTC without a time zone, and TZ in POSIX form" {
	run jailed -e 'print(os.date("!%Y-%m-%d %H:%M:%S", 86400)) print(os.date("%Y-%m-%d %H:%M:%S %Z", 86400))'
	[ "${lines[0]}" = "1970-01-02 00:00:00" ]
	[ "${lines[1]}" = "1970-01-02 00:00:00 UTC" ]
	run env -i TZ=XYZ-3 "$(command -v chroot)" "$jail" /moonbear -e 'print(os.date("%H %Z", 0), os.time { year = 1970, month = 1, day = 1, hour = 3 })'
	[ "$output" = "03 XYZ	0" ]
	run env -i TZ=Europe/Berlin "$(command -v chroot)" "$jail" /moonbear -e 'print(os.date("%H", 0))'
	[ "$output" = 00 ]
	run jailed -e 'print(os.date("%c", 0))'
	[ "$output" = "Thu Jan  1 00:00:00 1970" ]
}

@test "os.clock, os.time, os.rename, os.remove and io work" {
	run jailed -e 'assert(os.clock() >= 0 and os.time() > 1e9 and os.difftime(5, 3) == 2)
		local f = assert(io.open("/new", "w")) assert(f:write("text\n")) f:close()
		assert(os.rename("/new", "/newer")) assert(io.open("/newer"):read() == "text") assert(os.remove("/newer"))
		print(io.open("/new")) print(os.remove("/new")) print(os.rename("/new", "/x"))'
	[ "$status" = 0 ]
	[ "${lines[0]}" = "nil	/new: No such file or directory	2" ]
	[ "${lines[1]}" = "${lines[0]}" ]
	[ "${lines[2]}" = "${lines[0]}" ]
}

@test "io.tmpfile without /tmp answers nil, the reason, errno" {
	run jailed -e 'print(io.tmpfile())'
	[ "$status" = 0 ]
	[ "$output" = "nil	No such file or directory	2" ]
}

@test "it is content to be PID 1" {
	unshare -pf true || skip "this host lets root make no PID namespace"
	run env -i "$(command -v unshare)" -pf "$(command -v chroot)" "$jail" /moonbear -e 'print "first" os.exit(5)'
	[ "$status" = 5 ]
	[ "$output" = first ]
	run env -i "$(command -v unshare)" -pf "$(command -v chroot)" "$jail" /moonbear -e 'error "x"'
	[ "$status" = 1 ]
	mkdir "$jail/proc"
	run unshare -mpf sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" /moonbear -e "print(io.open(\"/proc/self/stat\"):read(\"*n\"))"' sh "$jail"
	[ "$output" = 1 ]
}

@test "nothing is written to its folder" {
	jailed -e 'print(1)' && jailed -v -e '' 2>/dev/null
	[ "$(ls "$jail")" = moonbear ]
}
