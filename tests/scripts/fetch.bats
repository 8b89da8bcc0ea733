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

# An archive of Debian's form with the one source package, and a machine whose apt knows of nothing else: copies of /etc and of apt's
# folders under /var lie over the real ones while COMMAND runs. What becomes of them can be seen in the copies.
on_a_machine_of_its_own() { # COMMAND...
	unshare -m sh -c 'cd "$0" && mount --bind etc /etc && mount --bind lib /var/lib/apt && mount --bind cache /var/cache/apt && exec "$@"' \
		"$BATS_TEST_TMPDIR" "$@"
}

archive() {
	local root=$BATS_TEST_TMPDIR/archive suite file
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
	mkdir -p "$root/pool" "$root/dists/$suite/main/source" "$BATS_TEST_TMPDIR"/{etc,lib,cache}
	mv "$MOONBEAR_SOURCES/thing-1.tar" "$root/pool"
	printf 'Format: 1.0\nSource: thing\nVersion: 1-1\n' > "$root/pool/thing_1-1.dsc"
	{
		printf 'Package: thing\nBinary: thing\nVersion: 1-1\nArchitecture: any\nFormat: 1.0\nDirectory: pool\nChecksums-Sha256:\n'
		for file in thing_1-1.dsc thing-1.tar; do
			printf ' %s %s %s\n' "$(sha256sum "$root/pool/$file" | cut -d' ' -f1)" "$(stat -c %s "$root/pool/$file")" "$file"
		done
	} > "$root/dists/$suite/main/source/Sources"
	cd "$root/dists/$suite"
	printf 'Suite: %s\nCodename: %s\nComponents: main\nSHA256:\n %s %s main/source/Sources\n' "$suite" "$suite" \
		"$(sha256sum main/source/Sources | cut -d' ' -f1)" "$(stat -c %s main/source/Sources)" > Release
	cp -a /etc/. "$BATS_TEST_TMPDIR/etc"
	rm -rf "$BATS_TEST_TMPDIR"/etc/apt/sources.list.d/*
	mkdir -p "$BATS_TEST_TMPDIR/lib/lists/partial" "$BATS_TEST_TMPDIR/cache/archives/partial"
	echo "deb [trusted=yes] copy://$root $suite main" > "$BATS_TEST_TMPDIR/etc/apt/sources.list"
}

# Every name with its kind, rights, size and the times of its last changes.
machine() { find "$BATS_TEST_TMPDIR"/{etc,lib,cache} -printf '%p %y %m %U %s %T@ %C@\n' | sort; }

@test "apt brings a source, and nothing under /etc and /var is touched" {
	need_root "lays copies over /etc and /var"
	rm "$BATS_TEST_TMPDIR/bin/apt-get"
	command -v apt-get >/dev/null || skip "needs apt-get"
	unshare -m true 2>/dev/null || skip "this host lets nobody mount"
	archive
	before=$(machine)
	run on_a_machine_of_its_own "$FETCH" "$TARGET"
	[ "$status" = 0 ] || { echo "$output"; cat "$TARGET/.apt/log"; return 1; }
	[ "$output" = "fetched thing-1.tar" ]
	cmp "$TARGET/thing-1.tar" "$BATS_TEST_TMPDIR/archive/pool/thing-1.tar"
	diff <(echo "$before") <(machine)
	[ ! -e "$BATS_TEST_TMPDIR/called" ]
}
