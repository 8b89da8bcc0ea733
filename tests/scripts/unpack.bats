# Unpacking a pinned source: every hunk of every patch, or nothing.
# SPDX-License-Identifier: MIT
load ../support/common

# A project of one tiny source of one file with nine lines.
setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir build sources thing-1
	cp "$ROOT/scripts/build/unpack" build
	echo "thing 1 - thing-1.tar src:thing=1-1 -" > build/sources.lock
	seq 9 > thing-1/file
	tar -cf sources/thing-1.tar thing-1
}

# hunks COUNT: a patch of two hunks, the first of which says that it begins with COUNT lines.
hunks() {
	printf '%s\n' 'Why.' '' '--- a/file' '+++ b/file' "@@ -1,$1 +1,3 @@" ' 1' '-2' '+two' ' 3' '@@ -7,3 +7,3 @@' ' 7' '-8' '+eight' ' 9' > p.patch
}

@test "what is unpacked has all hunks of its patches" {
	hunks 3
	build/unpack thing sources got p.patch
	[ "$(xargs < got/file)" = "1 two 3 4 5 6 7 eight 9" ]
	[ -e got/.unpacked ]
}

@test "a patch whose counts are wrong is refused, though patch(1) takes it" {
	hunks 3
	sed -i 's/^@@ -1,3 +1,3 @@/@@ -1,2 +1,2 @@/' p.patch
	run build/unpack thing sources got p.patch
	echo "$output"
	[ "$status" = 1 ]
	[[ "${lines[-1]}" == *"not every one of the 2 hunks of p.patch was applied to thing"* ]]
	[ ! -e got ]
}

@test "a patch that does not fit is refused with what patch(1) says, and the old folder stays" {
	hunks 3
	build/unpack thing sources got p.patch
	sed -i 's/^-8/-88/' p.patch
	run build/unpack thing sources got p.patch
	[ "$status" = 1 ]
	[[ "$output" == *"Hunk #2 FAILED"* && "${lines[-1]}" == "unpack: p.patch does not apply to thing" ]]
	[ "$(xargs < got/file)" = "1 two 3 4 5 6 7 eight 9" ]
}
