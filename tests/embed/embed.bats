# Host programs in C: built from an installed copy of the library, with gcc and clang, for glibc and musl; and with the variant's
# own library, so that sanitizers see them too.
# SPDX-License-Identifier: MIT
load ../support/common

bats_require_minimum_version 1.5.0

# The install is staged, as a package's is: nothing may depend on where it lies while it is built.
setup_file() {
	[ -z "${VARIANT:-}" ] || return 0
	export STAGE=$BATS_FILE_TMPDIR/stage
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s install PREFIX=/usr DESTDIR="$STAGE" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log"; return 1; }
}

setup() { cd "$BATS_TEST_TMPDIR"; }

flags() { # LIBC; the compiler's and the linker's, as pkg-config tells them
	local folder=/usr/lib
	[ "$1" = glibc ] || folder=$folder/$1
	PKG_CONFIG_SYSROOT_DIR=$STAGE PKG_CONFIG_LIBDIR=$STAGE$folder/pkgconfig pkg-config --cflags --libs moonbear
}

# build COMPILER LIBC SOURCE: the program becomes ./host. The musl is that of our build: clang compiles for it, its gcc links. What a
# debugger wants of the library is most of the linker's work, and left out.
build() {
	local compiler=$1 libc=$2 source=$ROOT/tests/embed/$3.c sysroot words
	local common=(-O1 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wl,-S -DSCRIPT="\"$ROOT/tests/embed/installer.lua\"")
	sysroot=$BUILD/sysroot
	read -ra words <<<"$(flags "$libc")"
	case $compiler-$libc in
	*-glibc) "$compiler" "${common[@]}" "$source" "${words[@]}" -o host ;;
	gcc-musl) "$sysroot/bin/cc" "${common[@]}" "$source" "${words[@]}" -o host ;;
	clang-musl)
		clang --target="$(uname -m)-linux-musl" -fPIE -nostdinc -isystem "$sysroot/include" \
			-isystem "$(clang -print-resource-dir)/include" "${common[@]}" -Wno-unused-command-line-argument "${words[@]}" -c "$source" -o host.o
		"$sysroot/bin/cc" host.o "${words[@]}" -Wl,-S -o host
		;;
	esac
}

# runs PROGRAM TEXT [ARGUMENT...]: with one compiler and one libc, the others at the next program, or with the variant's library; TEXT
# is in what it prints. everywhere does so with each of them once, and with every pair when thorough.
runs() {
	local pairs=(gcc-glibc clang-musl)
	if [ -n "${THOROUGH:-}" ]; then everywhere "$@"; else runs_with "${pairs[BATS_TEST_NUMBER % 2]}" "$@"; fi
}
everywhere() { runs_with "gcc-glibc clang-musl${THOROUGH:+ gcc-musl clang-glibc}" "$@"; }
runs_with() {
	local pairs=$1 program=$2 text=$3 pair
	shift 3
	if [ -n "${VARIANT:-}" ]; then
		run -0 "$BUILD/tests/embed/$program" "$@"
		[[ "$output" == *"$text"* ]]
		return
	fi
	for pair in $pairs; do
		command -v "${pair%-*}" >/dev/null || continue
		build "${pair%-*}" "${pair#*-}" "$program"
		run -0 ./host "$@"
		[[ "$output" == *"$text"* ]] || { echo "$pair: $output"; return 1; }
	done
}

@test "1.7 million entries go to Lua and come back, where the C stack and a coroutine's stack end" {
	runs entries "a store: 1700000 there and back"
	[[ "$output" == *"stack overflow (too many entries) after 1000000"*"out of auxiliary stack space"* ]]
}

@test "native memory that waits for finalizers ends a program, and ours does not" {
	plain_build_only # a sanitizer maps more than any cap
	runs native "limited: "
	[[ "$output" == *"stock: loop:1: no memory for an object"*"told: 3000 made"*"a second release: "*"is stale"* ]]
}

@test "the whole interface, one call after the other" { runs refused "nothing was refused"; }

@test "eight threads, each with its runtime" { runs threads "8 threads"; }

@test "two hundred runtimes at once" { runs many "200 runtimes"; }

@test "a thread of 64 KiB" {
	[[ "${VARIANT:-}" != *address* && "${VARIANT:-}" != thread ]] || skip "a sanitizer's own frames need more"
	runs small_stack "64 KiB are enough"
}

@test "a coroutine that another thread resumes is limited by that thread's stack" {
	[[ "${VARIANT:-}" != *address* && "${VARIANT:-}" != thread ]] || skip "a sanitizer's own frames need more"
	runs resumed "levels on 64 KiB"
}

@test "the host's signals, locale, buffers and descriptors stay as they are" {
	runs manners "everything is as it was"
}

@test "and in a host that has chosen another locale" {
	plain_build_only
	command -v localedef >/dev/null && [ -e /usr/share/i18n/locales/de_DE ] || skip "needs the sources of glibc's locales"
	# Numbers as in German, all else as in C: whole tables of letters would take longer than all the rest.
	local part
	for part in CTYPE COLLATE MONETARY TIME MESSAGES PAPER NAME ADDRESS TELEPHONE MEASUREMENT IDENTIFICATION; do
		printf '%s\n' "LC_$part" 'copy "POSIX"' "END LC_$part"
	done > german
	printf '%s\n' 'LC_NUMERIC' 'copy "de_DE"' 'END LC_NUMERIC' >> german
	zcat /usr/share/i18n/charmaps/ANSI_X3.4-1968.gz | sed '/<code_set_name>/s/ .*/ UTF-8/' > letters
	localedef -c -i ./german -f ./letters "$PWD/de_DE.UTF-8" || true # warnings make its status 1
	[ -d de_DE.UTF-8 ] || skip "localedef makes no locale here"
	build gcc glibc manners
	LOCPATH=$PWD run -0 ./host
	[[ "$output" == *"in German too"* ]]
}

@test "memory that the host lends is not copied, and comes back once" { everywhere lend "22 lent, 22 given back"; }

@test "an installer runs the script that it carries, and shows how far it is" {
	everywhere installer "[####################] 100% share/tool/bytes" "$PWD/there"
	[ "$(sh there/bin/tool)" = tool ]
	[ "$(wc -c < there/share/tool/half)" = 500000 ]
	[ "$(find there -type f | wc -l)" = 5 ]
	[[ "$output" == *"[##########          ]  50% share/tool/half"* ]]
}

@test "an installer that is cancelled or fails leaves what was there" {
	local host=$BUILD/tests/embed/installer # everywhere has shown that they all do the same
	mkdir -p there/bin
	echo mine > there/bin/tool
	run -1 "$host" "$PWD/there" 60
	[[ "$output" == *"cancelled at 75%; nothing was changed"* ]]
	[ "$(find there)" = "$(printf 'there\nthere/bin\nthere/bin/tool')" ]
	[ "$(cat there/bin/tool)" = mine ]
	run -0 "$host" "$PWD/there"
	[ "$(sh there/bin/tool)" = tool ]
	[ "$(find there -name '*.old' -o -name '*.new')" = "" ]
	touch file
	run -1 "$host" "$PWD/file"
	[[ "$output" == *"$PWD/file: File exists; nothing was changed"* ]]
}

@test "a static program on glibc" {
	plain_build_only
	local words
	read -ra words <<<"$(flags glibc)"
	gcc -static -O2 -std=gnu11 -D_GNU_SOURCE "$ROOT/tests/embed/many.c" "${words[@]}" -o host
	run -0 ./host
	[[ "$output" == *"200 runtimes"* ]]
}

@test "the library shows no name but those of its headers" {
	plain_build_only
	local libc
	for libc in lib lib/musl; do
		run -0 nm --defined-only --extern-only --format=just-symbols "$STAGE/usr/$libc/libmoonbear.a"
		[ "$(grep -cE '^mb_' <<<"$output")" -gt 50 ]
		! grep -vE '^(mb_|lua_|luaL_|luaopen_|.*:$|$)' <<<"$output"
	done
}

@test "the headers stand alone, in C99, C11 and C++" {
	plain_build_only
	local words standard
	read -ra words <<<"$(flags glibc)"
	echo '#include <moonbear.h>' > c.c
	for standard in c99 c11 gnu17; do gcc -std=$standard -pedantic -Wall -Wextra -Werror -fsyntax-only "${words[0]}" c.c; done
	command -v g++ >/dev/null || command -v clang++ >/dev/null || skip "needs a C++ compiler for the rest"
	"$(command -v g++ || command -v clang++)" -x c++ -std=c++11 -Wall -Wextra -Werror -fsyntax-only "${words[0]}" c.c
}

# Each C program of the topic, with the lines behind //> as what it prints.
@test "the programs of the help topic run as it says" {
	plain_build_only
	local number=0 words file
	read -ra words <<<"$(flags glibc)"
	awk '/^```c$/ { file = ++n ".c"; next } /^```/ { file = "" } file { print > file }' "$ROOT/runtime/cli/help/embedding.md"
	for file in *.c; do
		gcc -std=c99 -Wall -Wextra -Werror "$file" "${words[@]}" -o host
		run -0 ./host
		diff -u <(sed -n 's|^//> ||p' "$file") - <<<"$output"
		number=$((number + 1))
	done
	[ "$number" -ge 5 ]
}
