# Third-party sources: fetched, unpacked and patched into build/third once, compiled per variant.

LUA_C   := lapi lcode ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate lstring ltable ltm lundump \
           lvm lzio lauxlib lbaselib ldblib liolib lmathlib loslib ltablib lstrlib loadlib linit
LPEG_C  := lpcap lpcode lpprint lptree lpvm
CJSON_C := lua_cjson strbuf fpconv
SODIUM_C := crypto_hash/sha256/cp/hash_sha256_cp crypto_hash/sha512/cp/hash_sha512_cp \
            crypto_generichash/blake2b/ref/blake2b-ref crypto_generichash/blake2b/ref/blake2b-compress-ref \
            crypto_generichash/blake2b/ref/generichash_blake2b
THIRD_OBJ := $(LUA_C:%=$(OBJ)/lua/%.o) $(LPEG_C:%=$(OBJ)/lpeg/%.o) $(CJSON_C:%=$(OBJ)/cjson/%.o) \
             $(SODIUM_C:%=$(OBJ)/libsodium/%.o) $(OBJ)/zlib/crc32.o \
             $(OBJ)/lfs/lfs.o $(OBJ)/linenoise/linenoise.o $(OBJ)/linenoise/utf8.o

# Asked for at every build: a build folder may have come from another machine. `make fetch` alone needs less.
.PHONY: build-tools
build-tools:
	@scripts/build/install build $(if $(SAN),sanitize) $(filter test bench,$(MAKECMDGOALS:check=test))

$(SOURCES)/.fetched: scripts/build/sources.lock | $(if $(filter fetch,$(MAKECMDGOALS)),,build-tools)
	@scripts/build/install fetch
	scripts/build/fetch $(SOURCES)
	@touch $@

# A source is unpacked anew when its pin or one of our patches changes.
LUA_PATCHES := $(sort $(wildcard runtime/engine/patches/*.patch))
$(THIRD)/lua/.unpacked: $(LUA_PATCHES)
PUBLIC_H := lua.h luaconf.h lauxlib.h lualib.h
.SECONDEXPANSION:
$(THIRD)/%/.unpacked: $(SOURCES)/.fetched scripts/build/unpack $$(wildcard scripts/build/patches/$$*/*.patch) | build-tools
	$(SAY)
	@mkdir -p $(THIRD)
	scripts/build/unpack $* $(SOURCES) $(THIRD)/$* $(if $(filter lua,$*),$(LUA_PATCHES),$(sort $(wildcard scripts/build/patches/$*/*.patch)))
	$(if $(filter lua,$*),mkdir $(THIRD)/lua/include && cp $(PUBLIC_H:%=$(THIRD)/lua/src/%) $(THIRD)/lua/include)
	$(if $(filter linenoise,$*),scripts/build/linenoise $(THIRD)/$* gcc)
	$(if $(filter cmocka,$*),scripts/build/cmocka $(THIRD)/$*)

$(SYSROOT)/.musl: $(THIRD)/musl/.unpacked scripts/build/musl scripts/build/cc.in
	$(SAY)
	scripts/build/musl $(THIRD)/musl $(SYSROOT) $(ARCH) $(CROSS)gcc
	@touch $@

$(SYSROOT)/.libunwind: $(THIRD)/libunwind/.unpacked scripts/build/libunwind $(SYSROOT)/.musl
	$(SAY)
	scripts/build/libunwind $(THIRD)/libunwind $(SYSROOT) $(ARCH) $(abspath $(SYSROOT)/bin/cc)
	@touch $@

$(BUILD)/kit/.libunwind: $(THIRD)/libunwind/.unpacked scripts/build/libunwind | build-tools
	$(SAY)
	scripts/build/libunwind $(THIRD)/libunwind $(BUILD)/kit $(ARCH) clang
	@touch $@

# Their warnings are theirs. Lua 5.1 tests for integers by converting numbers that no int can hold, and indexes
# arrays with key - 1 for every int key: so overflow wraps, in every variant.
QUIET := -w -fwrapv $(if $(SAN),-fno-sanitize=float-cast-overflow)

# The public headers with our settings, for all that speaks to Lua; the engine's own sources see more.
LUA_API := -I$(THIRD)/lua/include -I$(OBJ)/gen -include runtime/engine/config.h
ENGINE  := -Iplatform -Iruntime -I$(THIRD)/lua/src -DENGINE_QUICK=$(if $(SAN)$(HOSTILE),0,1) $(LUA_API) -include runtime/engine/redirect.h

# Debian's patch of luaconf.h asks for this header; it names the folder of C modules in package.cpath.
$(OBJ)/gen/lua5.1-deb-multiarch.h:
	$(BEGIN)
	echo '#define DEB_HOST_MULTIARCH "$(ARCH)-linux-gnu"' > $@

# What was measured to be best for each half of Lua: the core and its libraries, which make the API's commonest calls without
# a call. Only a function with an array of bytes keeps the stack protector; a trace goes by the unwind tables. Two fields
# that are stored as one vector, as gcc 12 does from -O2 on, are late for whoever loads one of them next: at every return.
TUNE     := -fno-stack-protector -fstack-protector -fomit-frame-pointer -fno-math-errno -fno-tree-slp-vectorize
LUA_LIBS := lbaselib liolib lmathlib loslib ltablib lstrlib
$(patsubst %,$(OBJ)/lua/%.o,$(filter-out $(LUA_LIBS),$(LUA_C))): TUNE += -O2 $(if $(SAN),,-fno-gcse -fno-crossjumping)
$(LUA_LIBS:%=$(OBJ)/lua/%.o): TUNE += -O3 -include runtime/engine/quick.h

$(filter $(OBJ)/lua/%,$(THIRD_OBJ)): $(OBJ)/lua/%.o: $(THIRD)/lua/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) $(ENGINE) $(TUNE) -MMD -MP -c $(THIRD)/lua/src/$*.c -o $@

$(filter $(OBJ)/lpeg/%,$(THIRD_OBJ)): $(OBJ)/lpeg/%.o: $(THIRD)/lpeg/.unpacked $(THIRD)/lua/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) -Iplatform -Iruntime $(LUA_API) -DNDEBUG -MMD -MP -c $(THIRD)/lpeg/$*.c -o $@

$(filter $(OBJ)/cjson/%,$(THIRD_OBJ)): $(OBJ)/cjson/%.o: $(THIRD)/cjson/.unpacked $(THIRD)/lua/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) -Iplatform -Iruntime $(LUA_API) -DNDEBUG -MMD -MP -c $(THIRD)/cjson/$*.c -o $@

# Of libsodium only what hashes. Two functions of its others are asked for, which the C library has.
SODIUM_H := -I$(THIRD)/libsodium/src/libsodium/include
$(filter $(OBJ)/libsodium/%,$(THIRD_OBJ)): $(OBJ)/libsodium/%.o: $(THIRD)/libsodium/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) $(SODIUM_H) $(SODIUM_H)/sodium -DSODIUM_STATIC -DNATIVE_LITTLE_ENDIAN \
		-Dsodium_memzero=explicit_bzero -Dsodium_misuse=abort -MMD -MP -c $(THIRD)/libsodium/src/libsodium/$*.c -o $@

$(OBJ)/zlib/crc32.o: $(OBJ)/zlib/%.o: $(THIRD)/zlib/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) -MMD -MP -c $(THIRD)/zlib/$*.c -o $@

$(OBJ)/runtime/bytes/hash.o: OURS += $(SODIUM_H) -DSODIUM_STATIC -I$(THIRD)/zlib
$(OBJ)/runtime/bytes/hash.o: $(THIRD)/libsodium/.unpacked $(THIRD)/zlib/.unpacked

$(OBJ)/lfs/lfs.o: $(OBJ)/lfs/%.o: $(THIRD)/lfs/.unpacked $(THIRD)/lua/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) $(LUA_API) -MMD -MP -c $(THIRD)/lfs/src/$*.c -o $@

$(filter $(OBJ)/linenoise/%,$(THIRD_OBJ)): $(OBJ)/linenoise/%.o: $(THIRD)/linenoise/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(SEED) $(QUIET) -DUSE_UTF8 -Iruntime -include runtime/cli/line_redirect.h -I$(THIRD)/linenoise -MMD -MP -c $(THIRD)/linenoise/$*.c -o $@

$(filter-out $(OBJ)/linenoise/%,$(THIRD_OBJ)) $(RUNTIME_OBJ) $(MAIN_OBJ): | $(OBJ)/gen/lua5.1-deb-multiarch.h

# The one file of ours that knows the engine's structures.
$(OBJ)/runtime/engine/traceback.o: OURS += -I$(THIRD)/lua/src
