# The release archive: what is in it, that it is the same each time, and that it runs where nothing else is.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	export VERSION ARCH
	VERSION=$(sed -n 's/^VERSION := //p' Makefile) ARCH=$(uname -m)
	NAME=moonbear-$VERSION-$ARCH-linux
	OUT=$BATS_TEST_TMPDIR/dist
}

make_archive() { # [FOLDER]
	scripts/build/dist "$MOONBEAR" "${1:-$OUT}" >/dev/null
}

unpacked() {
	make_archive
	mkdir "$BATS_TEST_TMPDIR/empty"
	tar -xzf "$OUT/$NAME.tar.gz" -C "$BATS_TEST_TMPDIR/empty"
	cd "$BATS_TEST_TMPDIR/empty/$NAME"
}

@test "unpacked into an empty folder it runs, with an empty environment" {
	unpacked
	cmp moonbear "$MOONBEAR"
	run env -i ./moonbear -e 'print(_VERSION, require("lpeg").version and "lpeg")'
	[ "$status" = 0 ]
	[ "$output" = "Lua 5.1	lpeg" ]
}

@test "the archive, its sha256 and its contents are all that is left in the folder" {
	make_archive
	[ "$(ls -A "$OUT")" = "$(printf '%s\n' "$NAME.contents.txt" "$NAME.tar.gz" "$NAME.tar.gz.sha256")" ]
	cd "$OUT"
	sha256sum --check --status "$NAME.tar.gz.sha256"
}

@test "it is the same whoever makes it, wherever and when" {
	make_archive
	umask 077
	LC_ALL=C.UTF-8 TZ=Asia/Kathmandu HOME=/nonexistent make_archive "$BATS_TEST_TMPDIR/a/much/longer/name"
	cmp "$OUT/$NAME.tar.gz" "$BATS_TEST_TMPDIR/a/much/longer/name/$NAME.tar.gz"
}

@test "names are sorted, nobody owns them, and their time is zero or SOURCE_DATE_EPOCH" {
	make_archive
	local listing=$BATS_TEST_TMPDIR/listing
	TZ=UTC tar --numeric-owner --full-time -tvzf "$OUT/$NAME.tar.gz" > "$listing"
	[ -z "$(grep -v ' 0/0 .* 1970-01-01 00:00:00 ' "$listing")" ]
	awk '{ print $6 }' "$listing" | sed 's|/$||' > "$listing.names"
	LC_ALL=C sort -c "$listing.names"
	[ -z "$(grep -vE '^(d|-)rwxr-xr-x |^-rw-r--r-- ' "$listing")" ]
	SOURCE_DATE_EPOCH=86400 make_archive
	TZ=UTC tar --full-time -tvzf "$OUT/$NAME.tar.gz" | grep -q ' 1970-01-02 00:00:00 '
}

@test "every pinned part of the binary has its licence and its version in it" {
	unpacked
	local part version
	while read -r part version; do
		[ -s "licences/$part.txt" ]
		grep -q "^$part *$version " CONTENTS.txt
	done < <(sed '/^# For the tests only/,$d' "$ROOT/scripts/build/sources.lock" | awk '!/^#/ && NF { print $1, $2 }')
	for part in lua lpeg lfs cjson argparse inspect libunwind musl; do
		tr -s ' \n' '  ' < "licences/$part.txt" | grep -q 'Permission is hereby granted'
	done
	grep -q 'Redistribution and use' licences/linenoise.txt
	[ -z "$(grep '<[a-z]*>' licences/lpeg.txt)" ]
}

@test "help, README and changes are in it, and the contents name every file and the build id" {
	unpacked
	local one id
	for one in README.md LICENSE CHANGELOG.md moonbear.1 help/cli.md; do [ -s "$one" ]; done
	cmp CONTENTS.txt "$OUT/$NAME.contents.txt"
	id=$(readelf -n moonbear | sed -n 's/^ *Build ID: //p')
	grep -q "^build id $id$" CONTENTS.txt
	sed '1,/^Files:/d' CONTENTS.txt | grep . > "$BATS_TEST_TMPDIR/named"
	find . -type f | sed 's|^\./||' | LC_ALL=C sort | cmp - "$BATS_TEST_TMPDIR/named"
}

@test "a binary that does not run is not shipped" {
	printf '#!/bin/sh\nexit 3\n' > "$BATS_TEST_TMPDIR/broken"
	chmod +x "$BATS_TEST_TMPDIR/broken"
	run scripts/build/dist "$BATS_TEST_TMPDIR/broken" "$OUT"
	[ "$status" != 0 ]
	[[ "$output" == *dist:* ]]
	[ -z "$(ls -A "$OUT")" ]
	run scripts/build/dist "$BATS_TEST_TMPDIR/none" "$OUT"
	[[ "$output" == *"is no program"* ]]
}

@test "a part whose licence cannot be found is not shipped" {
	local tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/build"
	cp -R scripts runtime README.md LICENSE CHANGELOG.md Makefile "$tree"
	cp -Rs "$PWD/build/third" "$tree/build"
	rm "$tree/build/third/lfs/LICENSE"
	run "$tree/scripts/build/dist" "$MOONBEAR" "$OUT"
	[ "$status" != 0 ]
	[[ "$output" == *"no licence found for lfs"* ]]
	[ -z "$(ls -A "$OUT")" ]
}
