# How our own sources become objects and the binary.

OBJ := $(BUILD)/obj
SEED = -frandom-seed=$(@:$(BUILD)/%=%)

# A sanitizer variant is a glibc build with clang; the C library for glibc hosts is one with gcc (HOST=glibc: see lib.mk);
# every other variant is gcc against the musl of the sysroot.
ifneq ($(HOST),)
CC       := $(if $(filter musl,$(HOST)),$(SYSROOT)/bin/cc,$(CROSS)gcc)
KIT      := $(if $(filter musl,$(HOST)),$(SYSROOT)/.musl) scripts/build/lib.mk
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fPIC
LTO      :=
AR_LTO   := $(CROSS)ar
LDFLAGS  :=
LIBS     :=
else ifeq ($(SAN),)
CC       := $(SYSROOT)/bin/cc
KIT      := $(SYSROOT)/.musl $(SYSROOT)/.libunwind
HARDEN   := -fstack-protector-strong -fstack-clash-protection $(if $(filter 0,$(PIE)),-fno-pie,-fPIE)
# Fat objects: the binary is made by LTO, the tests by an ordinary link that takes a tenth of the time.
LTO      := -flto=auto -ffat-lto-objects
AR_LTO   := $(CROSS)gcc-ar
LDFLAGS  := $(if $(filter 0,$(PIE)),-no-pie) -Wl,-z,relro,-z,now,-z,noexecstack,-z,stack-size=8388608 \
            $(if $(filter x86_64,$(ARCH)),-Wl$(comma)-z$(comma)pack-relative-relocs) -Wl,--eh-frame-hdr,--build-id=sha1,--gc-sections
UNWIND_H := $(SYSROOT)/include/libunwind.h
LIBS     := $(SYSROOT)/lib/libunwind.a -lm
else
CC       := clang
KIT      := $(BUILD)/kit/.libunwind
HARDEN   := -fsanitize=$(SAN) -fno-sanitize-recover=all -I$(BUILD)/kit/include
LTO      :=
AR_LTO   := ar
LDFLAGS  := -fsanitize=$(SAN) -Wl,--build-id=sha1
LIBS     := $(BUILD)/kit/lib/libunwind.a -lm -lpthread
endif

# Changed flags make everything anew.
KIT += scripts/build/rules.mk scripts/build/third.mk

WARN   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wwrite-strings
CFLAGS := -O2 -g -std=gnu11 -D_GNU_SOURCE -fno-omit-frame-pointer -fasynchronous-unwind-tables -ffunction-sections -fdata-sections \
          -ffile-prefix-map=$(CURDIR)=. $(HARDEN)
MUSL_VERSION := $(shell awk '$$1 == "musl" { print $$2 }' scripts/build/sources.lock)
DEFS   := -DMOONBEAR_VERSION='"$(VERSION)"' -DPLAT_LIBC='"musl $(MUSL_VERSION)"'
OURS    = $(CFLAGS) $(LTO) $(WARN) $(DEFS) -Iplatform -Iruntime -I$(THIRD)/linenoise $(LUA_API)

START_SRC    := platform/arch/$(ARCH)/start.S
PLATFORM_SRC := $(filter-out $(START_SRC),$(wildcard platform/*.c platform/arch/$(ARCH)/*.S))
RUNTIME_SRC  := $(filter-out runtime/main.c,$(wildcard runtime/*.c runtime/*/*.c))
object        = $(patsubst %,$(OBJ)/%.o,$(basename $(1)))
PLATFORM_OBJ := $(call object,$(PLATFORM_SRC))
RUNTIME_OBJ  := $(call object,$(RUNTIME_SRC))
# The entry belongs to the runner as it is laid out by scripts/build/startup, not to libraries or sanitizers' builds.
MAIN_OBJ     := $(call object,runtime/main.c $(if $(SAN),,$(wildcard $(START_SRC))))

# Sanitizers want their own malloc in the place of the engine's arenas. What looks for leaks wants all memory back.
ifneq ($(SAN)$(HOSTILE),)
RUNTIME_OBJ  := $(filter-out $(OBJ)/runtime/engine/leave.o,$(RUNTIME_OBJ)) $(call object,tests/sanitize/leave.c)
endif
ifneq ($(SAN),)
RUNTIME_OBJ  := $(filter-out $(OBJ)/runtime/engine/alloc.o,$(RUNTIME_OBJ)) $(call object,tests/sanitize/alloc.c)
endif

# The hostile build refuses the n-th allocation: every request passes tests/hostile/alloc.c. Without LTO, which would
# settle a call before the linker could wrap it.
ifneq ($(HOSTILE),)
PLATFORM_OBJ += $(call object,tests/hostile/alloc.c)
LTO          :=
WRAPPED      := $(foreach f,engine_alloc malloc calloc realloc free mmap,-Wl,--wrap=$(f)) -Wl,--undefined=engine_alloc
LDFLAGS      += $(WRAPPED)
endif

# platform/ knows no Lua: it is compiled where no Lua header can be found.
$(OBJ)/platform/%.o: platform/%.c $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(WARN) $(DEFS) $(SEED) -Iplatform -MMD -MP -c $< -o $@

$(OBJ)/platform/%.o: platform/%.S $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

# The engine's own folder is the only one that sees inside Lua.
$(OBJ)/runtime/engine/%.o: OURS += -I$(THIRD)/lua/src -DENGINE_QUICK=$(if $(SAN)$(HOSTILE),0,1)

$(OBJ)/%.o: %.c $(KIT) $(THIRD)/lua/.unpacked $(THIRD)/linenoise/.unpacked
	$(BEGIN)
	$(CC) $(OURS) $(SEED) -MMD -MP -c $< -o $@

# The empty table of names, for what is linked without scripts/build/link.
$(OBJ)/no_symbols.o: scripts/build/symbols $(KIT)
	$(BEGIN)
	scripts/build/symbols nm > $(OBJ)/no_symbols.S && $(CC) -c $(OBJ)/no_symbols.S -o $@

# What the binary carries as files: name in the binary = file. See runtime/embed.h.
LIB_LUA  := $(shell find scripts/lib -name '*.lua')
HELP_MD  := $(wildcard runtime/cli/help/*.md)
EMBEDDED := $(foreach f,$(LIB_LUA),$(f:scripts/lib/%=lua/%)=$(f)) $(foreach f,$(HELP_MD),help/$(notdir $(f))=$(f)) \
            lua/re.lua=$(THIRD)/lpeg/re.lua lua/argparse.lua=$(THIRD)/argparse/src/argparse.lua \
            lua/inspect.lua=$(THIRD)/inspect/inspect.lua

$(OBJ)/embed.S: $(LIB_LUA) $(HELP_MD) scripts/build/embed $(THIRD)/lpeg/.unpacked $(THIRD)/argparse/.unpacked $(THIRD)/inspect/.unpacked
	$(BEGIN)
	scripts/build/embed $(EMBEDDED) > $@.new && mv $@.new $@

$(OBJ)/embed.o: $(OBJ)/embed.S $(KIT)
	$(CC) -c $< -o $@
