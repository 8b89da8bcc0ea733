# Where the program lies, however it was started: for messages and tools only, but never a wrong answer.
# SPDX-License-Identifier: MIT
load ../support/common

ask='io.write(require("moonbear.host").info().program.path or "unknown")'

setup() {
	plain_build_only
	cd "$BATS_TEST_TMPDIR"
	here=$(pwd -P)
	mkdir -p bin other
	cp "$MOONBEAR" bin/bear
}

@test "by an absolute path, by a relative one, and right after chdir" {
	run "$here/bin/bear" -e "$ask"
	[ "$output" = "$here/bin/bear" ]
	run ./bin/bear -e "$ask"
	[ "$output" = "$here/bin/bear" ]
	run bin/bear -e 'require("lfs").chdir("other")' -e "$ask"
	[ "$output" = "$here/bin/bear" ]
	run bin/bear -e 'require("lfs").chdir("/")' -e "$ask"
	[ "$output" = "$here/bin/bear" ]
}

@test "another file of the same relative name does not deceive it" {
	mkdir -p other/bin
	printf '#!/bin/sh\n' > other/bin/bear
	chmod +x other/bin/bear
	run bin/bear -e 'require("lfs").chdir("other")' -e "$ask"
	[ "$output" = "$here/bin/bear" ]
}

@test "through PATH, and by a name that is a lie" {
	PATH=$here/bin:$PATH run bear -e 'require("lfs").chdir("/")' -e "$ask"
	[ "$output" = "$here/bin/bear" ]
	run bash -c 'exec -a /bin/sh "$0" -e "$1"' "$here/bin/bear" "$ask"
	[ "$output" = "$here/bin/bear" ]
	cp "$MOONBEAR" other/bear
	PATH=$here/other:$PATH run bash -c 'exec -a bear "$0" -e "$1"' bin/bear "$ask"
	[ "$output" = "$here/bin/bear" ]
}

@test "as the interpreter of a script" {
	printf '#!%s/bin/bear\n%s\n' "$here" "$ask" > script.lua
	chmod +x script.lua
	[ "${#here}" -lt 200 ] || skip "the path is too long for a #! line"
	run ./script.lua
	[ "$output" = "$here/bin/bear" ]
}

@test "a file that may be run but not read, as nobody" {
	need_root "setpriv"
	chmod 0111 bin/bear
	copy=$(mktemp -d /tmp/bear-XXXXXX)
	cp bin/bear "$copy/bear" && chmod 755 "$copy" && chmod 0111 "$copy/bear"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$copy/bear" -e "$ask"
	rm -rf "$copy"
	[ "$output" = "$copy/bear" ]
}

@test "in an empty root, and when the file is gone" {
	need_root "chroot"
	run chroot bin /bear -e "$ask"
	[ "$output" = /bear ]
	cp bin/bear gone
	run ./gone -e 'os.remove("gone")' -e "$ask"
	[ "$output" = unknown ]
}
