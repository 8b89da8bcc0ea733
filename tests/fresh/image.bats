# The image: built from the Dockerfile by buildah, on a Debian 12 made by debootstrap; no container engine is needed.
# Slow, so it has a goal of its own: make test-image.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

setup_file() {
	[ -z "$(lacking)" ] || return 0
	export STORE=$BATS_FILE_TMPDIR/store
	local base=$PWD/build/debian12.tar
	[ -f "$base" ] || tests/fresh/base "$base"
	local container
	container=$(buildah_here from scratch)
	buildah_here add --quiet "$container" "$base" /
	buildah_here commit --quiet "$container" debian:12
	buildah_here rm "$container"
	mkdir "$BATS_FILE_TMPDIR/context"
	cp -a Dockerfile .dockerignore Makefile LICENSE platform runtime scripts tests "$BATS_FILE_TMPDIR/context"
	mkdir -p "$BATS_FILE_TMPDIR/context/build"
	cp -a build/sources "$BATS_FILE_TMPDIR/context/build/"
	touch "$BATS_FILE_TMPDIR/context/build/refuse"
	buildah_here build --pull-never --network host --tag moonbear "$BATS_FILE_TMPDIR/context" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ tail -n 30 "$BATS_FILE_TMPDIR/log" >&2; return 1; }
	CONTAINER=$(buildah_here from --pull-never moonbear)
	export CONTAINER
}

teardown_file() {
	[ -z "${STORE:-}" ] || buildah_here rm --all >/dev/null 2>&1 || true
}

setup() {
	local why
	why=$(lacking)
	[ -z "$why" ] || skip "$why"
}

# lacking: prints why this machine cannot tell; nothing when it can.
lacking() {
	if [ "$(id -u)" != 0 ]; then echo "needs root: buildah without root needs a range of user ids"
	elif ! command -v buildah >/dev/null; then echo "buildah is not installed"
	elif [ ! -f build/debian12.tar ] && ! command -v debootstrap >/dev/null; then echo "debootstrap is not installed"; fi
}

# Everything buildah keeps lies in the test's folder: chroots for isolation and plain copies for layers ask for nothing.
buildah_here() {
	BUILDAH_ISOLATION=chroot buildah --root "$STORE/root" --runroot "$STORE/run" --storage-driver vfs "$@"
}

image() { # ARGUMENT...: what `docker run -v $PWD:/w image ARGUMENT...` does
	local entry
	entry=$(buildah_here inspect --type image --format '{{range .OCIv1.Config.Entrypoint}}{{.}}{{end}}' moonbear)
	buildah_here run --volume "$BATS_TEST_TMPDIR:/w" "$CONTAINER" -- "$entry" "$@"
}

@test "the image holds one file, of less than 2 MB" {
	local files root
	root=$(buildah_here mount "$CONTAINER")
	files=$(cd "$root" && find . ! -type d)
	[ "$files" = ./moonbear ]
	[ "$(stat -c %s "$root/moonbear")" -lt 2000000 ]
	[ "$(stat -c %a "$root/moonbear")" = 755 ]
}

@test "its entry point is moonbear" {
	[ "$(buildah_here inspect --type image --format '{{.OCIv1.Config.Entrypoint}}' moonbear)" = '[/moonbear]' ]
}

@test "it runs a script of a mounted folder, with its arguments and its status" {
	echo 'print(_VERSION, arg[0], ...) os.exit(7)' > "$BATS_TEST_TMPDIR/script.lua"
	run --separate-stderr image /w/script.lua one two
	[ "$status" = 7 ]
	[ "$output" = "$(printf 'Lua 5.1\t/w/script.lua\tone\ttwo')" ]
}

@test "a script in it finds the built-in modules and no host" {
	echo 'assert(require "lpeg"); assert(require "lfs"); assert(not io.open("/etc/passwd") and not io.open("/bin/sh"))
		print(os.execute("true"))' > "$BATS_TEST_TMPDIR/script.lua"
	run --separate-stderr image /w/script.lua
	[ "$status" = 0 ]
	[[ "$output" == nil* ]]
}

@test "the build is sent the pinned sources, and nothing else that was built" {
	local context=$BATS_FILE_TMPDIR/context root
	mkdir -p "$context/.git" "$context/dist"
	touch "$context/.git/config" "$context/dist/old.tar.gz"
	printf 'FROM scratch\nCOPY . /\n' > "$BATS_TEST_TMPDIR/all"
	buildah_here build --quiet --file "$BATS_TEST_TMPDIR/all" --tag context "$context"
	root=$(buildah_here mount "$(buildah_here from --pull-never context)")
	[ "$(ls "$root/build")" = sources ]
	[ -f "$root/runtime/main.c" ] && [ -f "$root/scripts/build/fetch" ]
	[ ! -e "$root/.git" ] && [ ! -e "$root/dist" ]
}
