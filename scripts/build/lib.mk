# The C library: the runtime for a host program's libc (HOST=musl, HOST=glibc), without LTO, so that any linker takes it,
# as one object that shows only what moonbear.h and the headers of Lua declare.

PREFIX  ?= /usr/local
DESTDIR ?=
LIBC    := glibc musl
ARCHIVE  = build/$(ARCH)-lib-$(1)/libmoonbear.a

# After the binary: what both need (tools, the sysroot, unpacked sources) is then made once, and not by two makes at a time.
.PHONY: archives archive
archives: $(if $(HOST),,| build-tools $(BINARY))
	+$(foreach libc,$(LIBC),$(MAKE) --no-print-directory HOST=$(libc) archive &&) :

archive: $(call ARCHIVE,$(HOST))

# The command line, the crash report and the unwinder are a program's own, not a library's.
LIB_OBJ := $(filter-out $(OBJ)/platform/crash.o $(OBJ)/platform/crash_test.o $(OBJ)/platform/frames.o,$(PLATFORM_OBJ)) \
           $(filter-out $(OBJ)/runtime/cli/%,$(RUNTIME_OBJ)) $(filter-out $(OBJ)/linenoise/%,$(THIRD_OBJ)) $(OBJ)/embed.o $(OBJ)/no_symbols.o
SHOWN   := mb_* lua_* luaL_* luaopen_*

ifneq ($(HOST),)
$(call ARCHIVE,$(HOST)): $(LIB_OBJ)
	$(SAY)
	$(CROSS)ld -r $(LIB_OBJ) -o $(OBJ)/moonbear.o
	$(CROSS)objcopy --wildcard $(SHOWN:%=--keep-global-symbol='%') $(OBJ)/moonbear.o
	rm -f $@ && $(CROSS)ar rcsD $@ $(OBJ)/moonbear.o
endif

install: archives
	scripts/build/install-lib '$(DESTDIR)' '$(PREFIX)' $(VERSION) $(THIRD)/lua/include $(foreach libc,$(LIBC),$(libc)=$(call ARCHIVE,$(libc)))
