# New system calls that a filter answers with EPERM, where ENOSYS was meant: the older ones take over.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	seccomp=$BUILD/tests/support/seccomp
	"$seccomp" mincore:EPERM -- /bin/true || skip "this host lets nobody set a filter"
}

works() { # DENIED
	run "$seccomp" "$1" -- "$BUILD/tests/support/newcalls"
	[ "$status" = 0 ]
	[[ "$output" != *fails* ]]
	[ "$(grep -c works <<<"$output")" = 6 ]
}

@test "the C library falls back after EPERM as after ENOSYS" {
	local error
	for error in EPERM ENOSYS; do
		works "faccessat2:$error"
		works "statx:$error"
		works "pipe2:$error"
		works "dup3:$error"
		works "prlimit64:$error"
		works "faccessat2:$error,statx:$error,pipe2:$error,dup3:$error,prlimit64:$error,clone3:$error,getrandom:$error"
	done
}

@test "the launcher refuses for real" {
	run "$seccomp" pipe2:EACCES -- "$BUILD/tests/support/newcalls"
	[[ "$output" == *"pipe2 fails"* ]]
	run "$seccomp" nonsense:EPERM -- /bin/true
	[ "$status" = 77 ]
}

@test "without getrandom, random bytes come from elsewhere, and the doctor says from where" {
	run "$seccomp" getrandom:EPERM -- "$MOONBEAR" -e 'print(require("moonbear.host").info().security.entropy)'
	[ "$output" = /dev/urandom ]
}

@test "a question that is refused is an answer: unknown, and why" {
	run "$seccomp" prlimit64:EPERM,getrlimit:EPERM,sched_getaffinity:EPERM,uname:EPERM,sysinfo:EPERM,statfs:EPERM,prctl:EPERM \
		-- "$MOONBEAR" doctor
	[ "$status" = 0 ] || [ "$status" = 1 ]
	[[ "$output" == *"release"*"unknown: EPERM"*"cpus"*"unknown: EPERM"*"stack"*"unknown: EPERM"*"total"*"unknown: EPERM"* ]]
	[[ "$output" == *"seccomp          filter"* ]]
	[[ "$output" == *"the host refuses"*"questions"* ]]
}

@test "ids that are refused are unknown, not numbers" {
	run "$seccomp" getuid:EPERM,geteuid:ENOSYS,getgid:EPERM,getpid:EPERM -- "$MOONBEAR" -e 'local u = require("moonbear.host").info().unknown
		print(u["process.uid"], u["process.euid"], u["process.gid"], u["process.pid"], u["process.pid1"])'
	[ "$output" = $'EPERM\tENOSYS\tEPERM\tEPERM\tEPERM' ]
}

@test "mmap refused: the binary brings memory for small scripts, and for others the end is a clean one" {
	run "$seccomp" mmap:ENOMEM -- "$MOONBEAR" -e 'print(1)'
	[ "$status" = 0 ]
	[ "$output" = 1 ]
	run "$seccomp" mmap:ENOMEM -- "$MOONBEAR" -e 'local t = {} for i = 1, 1e9 do t[i] = { i } end'
	[ "$status" = 1 ]
	[[ "$output" == *"not enough memory"* ]]
}

@test "each way to make a process, while the others are refused" {
	local spawn=$BUILD/tests/support/spawn denied
	for denied in vfork:EPERM fork:EPERM vfork:EPERM,fork:EPERM vfork:EPERM,fork:ENOSYS,pipe2:EPERM clone:EPERM; do
		run "$seccomp" "$denied" -- "$spawn" echo hello
		[ "$status" = 0 ] && [ "$output" = hello ] || { echo "$denied: $output"; return 1; }
		run "$seccomp" "$denied" -- "$spawn" /no/such/program
		[ "$status" = 125 ] && [ "$output" = "spawn: ENOENT" ] || { echo "$denied: $output"; return 1; }
	done
	run "$seccomp" vfork:EPERM,fork:EPERM,clone:EPERM -- "$spawn" echo hello
	[ "$status" = 125 ] && [ "$output" = "spawn: EPERM" ]
}

@test "--init with fork refused, and with everything refused" {
	run "$seccomp" fork:EPERM -- "$MOONBEAR" --init -e 'os.exit(5)'
	[ "$status" = 5 ]
	run "$seccomp" fork:EPERM,clone:EPERM,vfork:EPERM -- "$MOONBEAR" --init -e 'os.exit(5)'
	[ "$status" = 5 ]
	[[ "$output" == *"--init: this host allows no second process"* ]]
}

@test "the crash report with its calls refused, one by one" {
	local call
	ulimit -S -c 0
	for call in sigaltstack:EPERM rt_sigprocmask:EPERM mprotect:EPERM process_vm_readv:EPERM getrusage:EPERM alarm:EPERM \
		gettid:ENOSYS prlimit64:EPERM; do
		run "$seccomp" "$call" -- "$MOONBEAR" doctor --crash-test null
		[ "$status" = 139 ] || { echo "$call: status $status"; echo "$output"; return 1; }
		[[ "$output" == *"a null pointer was used"*"luaV_execute+0x"* ]] || { echo "$call: $output"; return 1; }
	done
}

# Inside a PID namespace of its own: whoever takes a refused getpid for a process would signal all there are.
@test "a signal that was sent kills, whatever is refused, and nobody else" {
	unshare -pf --kill-child --mount-proc true 2>/dev/null || skip "this host makes no PID namespace"
	local call
	ulimit -S -c 0
	for call in tgkill:EPERM gettid:ENOSYS getpid:EPERM getpid:EPERM,gettid:EPERM; do
		# shellcheck disable=SC2016  # for the inner shell to expand
		run unshare -pf --kill-child --mount-proc bash -c 'sleep 1000 & "$@" -e "os.execute(\"kill -SEGV \$PPID\")"; echo "status $?"; kill $! && echo spared' \
			- "$seccomp" "$call" -- "$MOONBEAR"
		[[ "$output" == *"was ended by SIGSEGV"*"status 139"*spared* ]] || { echo "$call: $output"; return 1; }
	done
}
