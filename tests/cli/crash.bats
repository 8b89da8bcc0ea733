# The crash report of the whole binary, as it is shipped: stripped, anywhere.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	ulimit -S -c 0
	cd "$BATS_TEST_TMPDIR"
}

@test "a null pointer: cause, Lua frames and named native frames, and death by the signal" {
	run "$MOONBEAR" doctor --crash-test null
	[ "$status" = 139 ]
	[[ "$output" == *"was ended by SIGSEGV"*"address  0x10"*"a null pointer was used"* ]]
	[[ "$output" == *"Lua frames"*"in function crash"*"[moonbear.doctor]:"*"native frames"* ]]
	[[ "$output" == *"luaV_execute+0x"*"lua_pcall+0x"*"main+0x"*"_start"* ]]
}

@test "an overflow of the Lua stack is told from other faults" {
	run "$MOONBEAR" doctor --crash-test overflow
	[ "$status" = 139 ]
	[[ "$output" == *"guard page of the Lua stack: it overflowed"*"descend+0x"*"frames more"*"main+0x"* ]]
}

@test "abort, through the C library's own frames" {
	run "$MOONBEAR" doctor --crash-test abort
	[ "$status" = 134 ]
	[[ "$output" == *"was ended by SIGABRT"*"raise+0x"*"abort+0x"*"luaV_execute+0x"* ]]
}

@test "a mapped file that was cut short" {
	run "$MOONBEAR" doctor --crash-test bus
	[ "$status" = 135 ]
	[[ "$output" == *"was ended by SIGBUS"*"cut short while it was in use"* ]]
}

@test "MOONBEAR_CRASH=off leaves the signals alone" {
	MOONBEAR_CRASH=off run "$MOONBEAR" doctor --crash-test null
	[ "$status" = 139 ]
	[[ "$output" != *"was ended by"* ]]
	if command -v strace >/dev/null && strace -o probe true 2>/dev/null; then
		MOONBEAR_CRASH=off strace -o off "$MOONBEAR" -e ''
		run grep -E 'rt_sigaction\(SIG(SEGV|BUS|FPE|ILL|ABRT)|sigaltstack' off
		[ "$status" = 1 ]
		strace -o on "$MOONBEAR" -e ''
		[ "$(grep -cE 'rt_sigaction\(SIG(SEGV|BUS|FPE|ILL|ABRT)' on)" = 5 ]
	fi
}

@test "without /proc and without any other file the report is as good" {
	need_root "chroot"
	mkdir jail
	cp "$MOONBEAR" jail/moonbear
	chmod 0111 jail/moonbear
	run chroot jail /moonbear doctor --crash-test null
	[ "$status" = 139 ]
	[[ "$output" == *"a null pointer was used"*"luaV_execute+0x"*"main+0x"*"_start"* ]]
}

@test "starting opens no descriptor" {
	command -v strace >/dev/null && strace -o probe true 2>/dev/null || skip "this host does not let strace trace"
	strace -o calls "$MOONBEAR" -e ''
	run grep -E '^(open|openat|pipe|pipe2|memfd_create|socket|eventfd2?)\(' calls
	[ "$status" = 1 ]
}

@test "the Lua frames of coroutines come first, down to the main chunk" {
	cat > co.lua <<-'LUA'
		local function inner() os.execute("kill -SEGV $PPID; sleep 1") end
		local middle = coroutine.wrap(function()
			print(coroutine.resume(coroutine.create(function() inner() end)))
		end)
		middle()
	LUA
	run "$MOONBEAR" co.lua
	[ "$status" = 139 ]
	[[ "$output" == *"sent by process"*"os_execute"*"co.lua:1: in the function of line 1"*"resumed from"* ]]
	[[ "$output" == *"luaB_coresume"*"co.lua:3: "*"resumed from"*"luaB_auxwrap"*"co.lua:5: in main chunk"* ]]
}

@test "standard error that is a full pipe does not keep the process alive" {
	mkfifo pipe
	exec 9<>pipe
	dd if=/dev/zero of=pipe bs=4096 oflag=nonblock 2>/dev/null || :
	status=0
	"$MOONBEAR" doctor --crash-test null 2>&9 || status=$?
	exec 9>&-
	[ "$status" = 139 ]
}

@test "a core shows the place of the fault, not of the report" {
	command -v gdb >/dev/null || skip "needs gdb"
	[ -e "$MOONBEAR.debug" ] || skip "needs the unstripped binary"
	ulimit -S -c unlimited 2>/dev/null || skip "no cores are allowed here"
	[ "$(cat /proc/sys/kernel/core_pattern)" = core ] || skip "cores go to $(cat /proc/sys/kernel/core_pattern)"
	"$MOONBEAR" doctor --crash-test null 2>/dev/null || :
	core=$(ls core* 2>/dev/null | head -n 1)
	[ -n "$core" ] || skip "the host wrote no core"
	gdb -batch -ex bt "$MOONBEAR.debug" "$core" > trace 2>/dev/null
	grep -E '^#0 .*(by_null|plat_crash_test|crash) ' trace
	run grep on_fatal trace
	[ "$status" = 1 ]
}

# Addresses, sizes, lines and the build id differ from build to build; the native frames differ with every inlining.
shape() {
	sed -e '/^  native frames/,$d' -e 's/^  build .*/  build/' -e 's/0x[0-9a-f]*/N/g; s/[0-9][0-9]*/N/g' -e '/^$/d'
}

@test "the example in the help is what is printed" {
	run "$MOONBEAR" doctor --crash-test null
	shape <<<"$output" > real
	sed -n '/^moonbear .* was ended/,/^```/p' "$ROOT/runtime/cli/help/crash.md" | shape > shown
	diff real shown
	grep -qF "$(sed -n '/^This is a defect/p' "$ROOT/runtime/cli/help/crash.md")" <<<"$output"
}
