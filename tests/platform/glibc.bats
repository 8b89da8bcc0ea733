# A static glibc program in a folder with nothing in it: the C library itself says ENOENT when it is asked for the main
# thread's stack, and a program that asserts that it does not is gone. Ours must have safe bounds there.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	need_root "chroot"
	[ -x "$BUILD/glibc/static/stack_test" ] || skip "the glibc tests were not built"
	jail="$BATS_TEST_TMPDIR/jail"
	mkdir -p "$jail"
}

@test "pthread_getattr_np of static glibc fails there" {
	cat > "$jail/ask.c" <<-'C'
		#define _GNU_SOURCE
		#include <pthread.h>
		int main(void) {
		    pthread_attr_t attr;
		    return pthread_getattr_np(pthread_self(), &attr);
		}
	C
	gcc -static -o "$jail/ask" "$jail/ask.c"
	run chroot "$jail" /ask
	[ "$status" = 2 ] # ENOENT
}

@test "our bounds are right there" {
	cp "$BUILD/glibc/static/stack_test" "$jail"
	CMOCKA_MESSAGE_OUTPUT=TAP run chroot "$jail" /stack_test
	[ "$status" = 0 ] || { printf '%s\n' "${lines[@]}"; return 1; }
	[[ "$output" =~ "ok "[0-9]+" - own_frames_lie_inside" ]]
}
