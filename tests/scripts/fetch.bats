# Fetching pinned sources: what is taken from where, and what stops it. No test here has a network.
# SPDX-License-Identifier: MIT
load ../support/common

# A project of one tiny pinned source. The machine's apt must not be asked: it has no apt here.
setup() {
	export MOONBEAR_SOURCES=$BATS_TEST_TMPDIR/given
	mkdir -p "$BATS_TEST_TMPDIR/build" "$MOONBEAR_SOURCES" "$BATS_TEST_TMPDIR/bin"
	cp scripts/build/fetch scripts/build/deb-src "$BATS_TEST_TMPDIR/build"
	FETCH=$BATS_TEST_TMPDIR/build/fetch
	TARGET=$BATS_TEST_TMPDIR/got
	echo content > "$MOONBEAR_SOURCES/thing-1.tar"
	right=$(sha256sum "$MOONBEAR_SOURCES/thing-1.tar" | cut -d' ' -f1)
	pin "$right"
	for tool in curl wget apt-get; do
		printf '#!/bin/sh\necho "%s $*" >> "%s/called"; exit 1\n' "$tool" "$BATS_TEST_TMPDIR" > "$BATS_TEST_TMPDIR/bin/$tool"
		chmod +x "$BATS_TEST_TMPDIR/bin/$tool"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

pin() { # SHA256
	{ echo '# a comment'; echo; echo "thing 1 $1 thing-1.tar src:thing=1-1 https://upstream.invalid/thing-1.tar"; } \
		> "$BATS_TEST_TMPDIR/build/sources.lock"
}

@test "a source is taken from MOONBEAR_SOURCES, and neither apt nor the network is asked" {
	run "$FETCH" "$TARGET"
	[ "$status" = 0 ]
	cmp "$TARGET/thing-1.tar" "$MOONBEAR_SOURCES/thing-1.tar"
	[ ! -e "$BATS_TEST_TMPDIR/called" ]
}

@test "it works where there is no network at all" {
	need_root "makes a network namespace"
	run unshare --net "$FETCH" "$TARGET"
	[ "$status" = 0 ]
	[ -f "$TARGET/thing-1.tar" ]
}

@test "what is there already is not asked for again" {
	mkdir "$TARGET"
	mv "$MOONBEAR_SOURCES/thing-1.tar" "$TARGET"
	run "$FETCH" "$TARGET"
	[ "$status" = 0 ]
	[ ! -e "$BATS_TEST_TMPDIR/called" ]
}

@test "a wrong hash stops the build, with both hashes and the file's origin" {
	local wrong=0000000000000000000000000000000000000000000000000000000000000000
	pin "$wrong"
	run "$FETCH" "$TARGET"
	[ "$status" = 1 ]
	[[ "$output" == *"thing-1.tar from $MOONBEAR_SOURCES is not the pinned file"* ]]
	[[ "$output" == *"wanted sha256 $wrong"* ]]
	[[ "$output" == *"has    sha256 $right"* ]]
	[ ! -e "$TARGET/thing-1.tar" ]
}

@test "a file that rotted in the folder of sources stops it too" {
	mkdir "$TARGET"
	echo rotten > "$TARGET/thing-1.tar"
	run "$FETCH" "$TARGET"
	[ "$status" = 1 ]
	[[ "$output" == *"wanted sha256 $right"* ]]
}

@test "a source that nobody has is named, with every place that was asked and what to do" {
	rm "$MOONBEAR_SOURCES/thing-1.tar"
	run "$FETCH" "$TARGET"
	[ "$status" = 1 ]
	[[ "$output" == *"cannot get thing-1.tar"* ]]
	[[ "$output" == *"$MOONBEAR_SOURCES"*"src:thing=1-1"*"https://upstream.invalid/thing-1.tar"* ]]
	[[ "$output" == *"set MOONBEAR_SOURCES"*"$right"* ]]
	grep -q '^apt-get .*source .*thing=1-1' "$BATS_TEST_TMPDIR/called"
	grep -q '^curl .*https://upstream.invalid/thing-1.tar' "$BATS_TEST_TMPDIR/called"
}

@test "only the sources named are fetched" {
	echo "other 1 $right other.tar src:other=1 -" >> "$BATS_TEST_TMPDIR/build/sources.lock"
	run "$FETCH" "$TARGET" thing
	[ "$status" = 0 ]
	[ "$(ls "$TARGET")" = thing-1.tar ]
}

@test "what opens each kind of archive is among the things that are installed" {
	local suffix tool
	for suffix in $(awk '!/^#/ && NF { sub(/.*\./, "", $4); print $4 }' scripts/build/sources.lock | sort -u); do
		case $suffix in gz) tool=gzip ;; xz) tool=xz ;; bz2) tool=bzip2 ;; deb) tool=dpkg-deb ;; *) tool="nothing for $suffix" ;; esac
		grep -qF " $tool:" <(tr "'\n\t" '   ' < scripts/build/install) || { echo "not installed: $tool"; return 1; }
	done
}

@test "every pin is whole: name, version, sha256, file, where from, upstream" {
	run awk '!/^#/ && NF && (NF != 6 || $3 !~ /^[0-9a-f]+$/ || length($3) != 64 || $5 !~ /^(src|deb):[^=]+=/ ||
		$6 !~ /^(-|https:\/\/)/ || seen[$1]++) { print FILENAME ":" FNR ": " $0 }' scripts/build/sources.lock
	[ "$status" = 0 ]
	[ -z "$output" ]
}
