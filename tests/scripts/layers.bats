# The layers, proven over what was built: who may use whom is in platform/platform.h and runtime/engine/engine.h, and here is
# what each object really asks the linker and the preprocessor for. A new file is covered by the folder it lies in.
# SPDX-License-Identifier: MIT
load ../support/common

setup() {
	plain_build_only
	obj=$BUILD/obj
}

objects() { # SOURCE...; those of them that are built on this CPU
	local source
	for source; do [ ! -e "$obj/${source%.*}.o" ] || echo "$obj/${source%.*}.o"; done
}

wanted() { nm -u "$@" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u; }
given() { nm --defined-only -g "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u; }

uses_lua() {
	[ -e "$BATS_TEST_TMPDIR/lua" ] || given "$obj"/lua/*.o > "$BATS_TEST_TMPDIR/lua"
	comm -12 <(wanted "$1") "$BATS_TEST_TMPDIR/lua" | grep -q .
}

# Sources that know no Lua: the files of bytes, data and bundle, but for the bindings, which are named lua_*.c (as is what
# reads Lua's literals: it uses nothing of Lua), and those of the other folders that say so in their first lines.
cores() {
	local file
	for file in runtime/{bytes,data,bundle}/*.c; do
		[ -e "$file" ] || continue
		case $file in */lua_*) uses_lua "$obj/${file%.c}.o" || echo "$file" ;; *) echo "$file" ;; esac
	done
	ls runtime/store/{slots,leaks,queue}.c runtime/cli/line*.c runtime/cli/options.c runtime/embed.c \
		runtime/engine/{hash,heap,number,siphash}.c
}

# What the objects of $1 ask for that $2 have; each a list of objects in a variable's words.
# shellcheck disable=SC2086  # lists are meant
shared() { comm -12 <(wanted $1) <(given $2); }

nothing() { [ "$1" = "" ] || { echo "$1"; return 1; }; }

above_platform() { objects runtime/*.c runtime/*/*.c; ls "$obj"/{lua,lpeg,cjson,lfs,linenoise}/*.o; }
with_lua() { above_platform | grep -v /linenoise/ | grep -vxF "$1"; }

@test "platform knows nothing that is built on it" {
	local own
	own=$(objects platform/*.c)
	[ "$(wc -w <<<"$own")" -ge 25 ]
	nothing "$(shared "$own" "$(above_platform)")"
	nothing "$(wanted $own | grep -E '^(lua|mb_|engine_)')"
}

@test "cores know no Lua: they use platform, themselves and C libraries" {
	local own
	# shellcheck disable=SC2046  # one word per source
	own=$(objects $(cores))
	[ "$(wc -w <<<"$own")" -ge 15 ]
	nothing "$(shared "$own" "$(with_lua "$own")")"
}

@test "only the engine sees inside Lua" {
	local others
	# shellcheck disable=SC2046  # one word per source
	others=$(objects $(ls runtime/*.c runtime/*/*.c | grep -v ^runtime/engine/))
	[ "$(wc -w <<<"$others")" -ge 60 ]
	nothing "$(nm -A -u $others | grep -E ' lua[A-KM-Z]_')"
	nothing "$(grep -oE '[^ ]*third/lua/src/[^ ]*' ${others//.o/.d})"
	grep -q 'third/lua/src/lstate.h' "$obj"/runtime/engine/*.d
}

@test "platform.h is the only header of its folder that others include" {
	local own
	own=$(objects runtime/*.c runtime/*/*.c)
	[ "$(wc -w <<<"$own")" -ge 60 ]
	nothing "$(grep -oE '(^| )platform/[^ ]+' ${own//.o/.d} | grep -v 'platform/platform\.h:*$')"
	nothing "$(cat "$obj"/platform/*.d | tr ' ' '\n' | grep -E '^runtime/|third/lua')"
}

@test "conditional compilation is platform's" {
	nothing "$(grep -nE '^ *# *(if|ifdef|elif)' -r runtime --include='*.c')"
}

@test "these checks can fail" {
	cd "$BATS_TEST_TMPDIR"
	echo 'void lua_pushnil(void *); void core(void *L) { lua_pushnil(L); }' > core.c
	gcc -c core.c
	[ "$(shared core.o "$(ls "$obj"/lua/*.o)")" = lua_pushnil ]
	run nothing lua_pushnil
	[ "$status" = 1 ]
	uses_lua core.o
	given "$obj"/runtime/engine/heap.o | grep -qx heap_open
	wanted "$obj"/runtime/engine/state.o | grep -qx lua_newstate
	nm -A -u "$obj"/runtime/engine/*.o | grep -qE ' lua[A-KM-Z]_'
	grep -qoE '(^| )platform/[^ ]+' "$obj"/runtime/main.d
}
