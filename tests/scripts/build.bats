# The build's own goals and tools: help, clean, what is missing, and the shell scripts themselves.
# SPDX-License-Identifier: MIT
load ../support/common

# A tree with the build's files and none of its results.
tree() {
	mkdir "$BATS_TEST_TMPDIR/tree"
	cp -R Makefile scripts platform runtime tests "$BATS_TEST_TMPDIR/tree"
}

# The search path of the tests would hide what is missing: a folder with only these programs takes its place.
only() { # PROGRAM...
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	for one; do ln -sf "$(type -P "$one")" "$BATS_TEST_TMPDIR/bin/$one"; done
}

@test "make help names every goal, and the variables" {
	run env -u MAKEFLAGS -u MAKELEVEL make help
	[ "$status" = 0 ]
	for goal in run test test-image bench fetch dist reproduce clean help; do [[ "$output" == *"make $goal "* ]]; done
	[[ "$output" == *"ARCH=$(uname -m)"* ]]
}

@test "make clean removes what was built, and keeps the fetched sources" {
	tree
	mkdir -p "$BATS_TEST_TMPDIR"/tree/{dist,build/sources,build/x86_64/obj,build/third/lua}
	touch "$BATS_TEST_TMPDIR/tree/build/sources/lua.tar.gz"
	run env -u MAKEFLAGS -u MAKELEVEL make -C "$BATS_TEST_TMPDIR/tree" clean
	[ "$status" = 0 ]
	[ "$(ls "$BATS_TEST_TMPDIR/tree/build")" = sources ]
	[ -f "$BATS_TEST_TMPDIR/tree/build/sources/lua.tar.gz" ]
	[ ! -e "$BATS_TEST_TMPDIR/tree/dist" ]
}

@test "make fetch fills the folder from MOONBEAR_SOURCES and says when a source is missing" {
	tree
	mkdir "$BATS_TEST_TMPDIR/given"
	cp build/sources/lua* "$BATS_TEST_TMPDIR/given"
	sed -i '/^lua /!d' "$BATS_TEST_TMPDIR/tree/scripts/build/sources.lock"
	export MOONBEAR_SOURCES=$BATS_TEST_TMPDIR/given
	run env -u MAKEFLAGS -u MAKELEVEL make -C "$BATS_TEST_TMPDIR/tree" fetch
	[ "$status" = 0 ]
	[ -f "$BATS_TEST_TMPDIR/tree/build/sources/lua5.1_5.1.5.orig.tar.gz" ]
	[ "$(ls "$BATS_TEST_TMPDIR/tree/build")" = sources ]
}

@test "install is silent when nothing is missing" {
	run scripts/build/install fetch build test
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "install without root prints the one line to type, and its status is 2" {
	local open as=()
	if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid 65534 --regid 65534 --clear-groups); fi
	only sh id sort tr env apt-get
	# Neither this folder nor the project's need be open to another user.
	open=$(mktemp -d)
	chmod 755 "$open"
	cp -a "$BATS_TEST_TMPDIR/bin" scripts/build/install "$open"
	run "${as[@]}" env PATH="$open/bin" sh "$open/install" build sanitize
	rm -rf "$open"
	[ "$status" = 2 ]
	[[ "$output" == *"Type this as root"* ]]
	[[ "$output" =~ apt-get\ update\ \&\&\ apt-get\ install\ -y\ --no-install-recommends\ .*clang\ .*gcc\ .*patch ]]
}

# Stands for the real ones: says what it was asked, and by which user.
stub() { # NAME SHELL-TEXT
	printf '#!/bin/sh\n%s\n' "$2" > "$BATS_TEST_TMPDIR/bin/$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/$1"
}

@test "install asks apt where it may: as root, and with a sudo that wants no password" {
	local open as=()
	only sh id sort tr env mktemp rm tail
	stub true :
	stub apt-get 'echo "apt-get $*" >> "${0%/*}/asked"'
	stub sudo 'echo "sudo $*" >> "${0%/*}/asked"; [ "$1" = -n ] && shift && exec "$@"'
	open=$(mktemp -d)
	cp -a "$BATS_TEST_TMPDIR/bin" scripts/build/install "$open"
	chmod -R a+rwX "$open"
	if [ "$(id -u)" = 0 ]; then
		run env PATH="$open/bin" sh "$open/install" build
		[ "$status" = 0 ]
		[[ "$output" == "installing: "*"gcc "* ]]
		grep -qE '^apt-get .*install -y --no-install-recommends .*gcc .*patch' "$open/bin/asked"
		! grep -q sudo "$open/bin/asked"
		rm "$open/bin/asked"
		as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	fi
	run "${as[@]}" env PATH="$open/bin" TMPDIR="$open" sh "$open/install" build
	[ "$status" = 0 ]
	grep -qE '^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get .*update' "$open/bin/asked"
	grep -qE '^apt-get .*install -y .*gcc' "$open/bin/asked"
	stub sudo 'exit 1'
	cp "$BATS_TEST_TMPDIR/bin/sudo" "$open/bin/sudo"
	rm "$open/bin/asked"
	run "${as[@]}" env PATH="$open/bin" TMPDIR="$open" sh "$open/install" build
	[ "$status" = 2 ]
	[[ "$output" == *"Type this as root"* ]]
	[ ! -e "$open/bin/asked" ]
	rm -rf "$open"
}

@test "install where there is no apt names the packages, and its status is 2" {
	only sh id sort tr env
	run env PATH="$BATS_TEST_TMPDIR/bin" sh scripts/build/install build
	[ "$status" = 2 ]
	[[ "$output" == *"lacks: "*"gcc"* ]]
	[[ "$output" == *"Debian's names"* ]]
}

@test "install does not take an unknown goal for an empty one" {
	run scripts/build/install nonsense
	[ "$status" = 2 ]
	[[ "$output" == *"unknown goal nonsense"* ]]
}

@test "every shell script is clean under shellcheck" {
	local files
	mapfile -t files < <(grep -rlE '^#!/bin/(ba)?sh' .ci scripts tests --include='*' | sort)
	[ "${#files[@]}" -gt 10 ]
	run shellcheck "${files[@]}"
	echo "$output"
	[ "$status" = 0 ]
}

@test "the commands of the README are found, as a reader would type them" {
	printf '%s\n' '# x' '```lua' 'make = 1' '```' '```sh' '$ make run   # the tour' 'make test' '```' '```sh' 'make later' '```' \
		> "$BATS_TEST_TMPDIR/README.md"
	run tests/fresh/readme "$BATS_TEST_TMPDIR/README.md"
	[ "$status" = 0 ]
	[ "$output" = "$(printf 'make run\nmake test')" ]
	echo nothing > "$BATS_TEST_TMPDIR/README.md"
	run tests/fresh/readme "$BATS_TEST_TMPDIR/README.md"
	[ "$status" = 1 ]
}
