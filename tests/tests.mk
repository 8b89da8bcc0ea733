# Tests: C (cmocka), Lua (luaunit) and command line (bats), all TAP, run in parallel under prove.
# A test lies where its subject lies: tests/platform/stack_test.c tests platform/stack.c.

# One more than processors: a test of a terminal or of a signal waits more than it works.
JOBS      ?= $(shell expr $$(nproc) + 1)
# tests/fresh proves whole machines: it has goals of its own; tests/hostile needs the build that refuses memory.
# TESTS="tests/cli/run.bats ..." runs only those; a C test is named by its source.
TESTS     ?= $(filter-out tests/fresh/% $(if $(HOSTILE),,tests/hostile/%),$(sort \
             $(wildcard tests/*/*_test.c tests/*/*/*_test.c tests/*/*_test.lua tests/*/*/*_test.lua tests/*/*.bats)))
# The longest begin first, else one of them runs alone at the end.
LONG      := tests/restricted/matrix.bats tests/cli/overflow.bats tests/embed/embed.bats tests/cli/memory.bats tests/runtime/defects.bats \
             tests/cli/stories.bats tests/bench/bench.bats tests/cli/repl_terminal.bats tests/cli/data_save.bats tests/cli/bad_input.bats \
             tests/fuzz/fuzz.bats tests/hostile/libraries.bats tests/hostile/start.bats
SCRIPTED  := $(filter-out %_test.c,$(foreach test,$(LONG),$(filter $(test),$(TESTS))) $(filter-out $(LONG),$(TESTS)))
C_TESTS   := $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter %_test.c,$(TESTS)))
CHECK_KIT := $(patsubst %,$(THIRD)/%/.unpacked,cmocka luaunit luacheck penlight ldoc)

$(BUILD)/libplatform.a: $(PLATFORM_OBJ) $(OBJ)/no_symbols.o
	rm -f $@ && $(AR_LTO) rcsD $@ $^

$(BUILD)/libruntime.a: $(RUNTIME_OBJ) $(THIRD_OBJ) $(OBJ)/embed.o
	rm -f $@ && $(AR_LTO) rcsD $@ $^

$(OBJ)/cmocka.o: $(THIRD)/cmocka/.unpacked $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) -w -DHAVE_CONFIG_H -I$(THIRD)/cmocka -I$(THIRD)/cmocka/include -c $(THIRD)/cmocka/src/cmocka.c -o $@

# -iquote tests/support: what several C tests share. A test of platform/ is linked with nothing else of ours.
$(BUILD)/tests/%: tests/%.c $(OBJ)/cmocka.o $(BUILD)/libplatform.a $(BUILD)/libruntime.a
	$(BEGIN)
	$(CC) $(OURS) -fno-lto -iquote tests/support -I$(THIRD)/cmocka/include -MMD -MP $(LDFLAGS) $< $(OBJ)/cmocka.o \
		$(if $(filter platform/%,$*),,$(BUILD)/libruntime.a) $(BUILD)/libplatform.a $(LIBS) -o $@

-include $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/tests/*/*/*.d)

# Programs that the tests start (a seccomp launcher, ...): tests/support/NAME.c becomes $(BUILD)/tests/support/NAME.
HELPERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/support/*.c))

# Host programs of tests/embed with this variant's own library; embed.bats builds them with what `make install` has installed, too.
EMBEDDED_HOSTS := $(if $(filter tests/embed/% tests/hostile/embed.bats,$(TESTS)),$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/embed/*.c)))
$(BUILD)/tests/embed/%: tests/embed/%.c $(BUILD)/libplatform.a $(BUILD)/libruntime.a
	@mkdir -p $(@D)
	$(CC) $(OURS) -fno-lto -DSCRIPT='"tests/embed/installer.lua"' -MMD -MP $(LDFLAGS) $< $(BUILD)/libruntime.a $(BUILD)/libplatform.a $(LIBS) -o $@

# platform/ is written for both C libraries: the plain variant runs its tests against glibc too, linked both ways.
GLIBC       := build/$(ARCH)/glibc
GLIBC_CC    := gcc $(filter-out -ffile-prefix-map% -fPIE,$(CFLAGS)) -ffile-prefix-map=$(CURDIR)=. $(WARN) $(DEFS) \
               -Iplatform -I$(GLIBC)/kit/include
GLIBC_OBJ   := $(PLATFORM_SRC:%=$(GLIBC)/%.o) $(GLIBC)/no_symbols.o
GLIBC_TESTS := $(if $(VARIANT)$(CROSS),,$(foreach how,dynamic static,$(patsubst tests/platform/%.c,$(GLIBC)/$(how)/%,\
               $(filter tests/platform/%_test.c,$(TESTS)))))

$(GLIBC)/kit/.libunwind: $(THIRD)/libunwind/.unpacked scripts/build/libunwind
	$(SAY)
	scripts/build/libunwind $(THIRD)/libunwind $(GLIBC)/kit $(ARCH) gcc
	@touch $@

$(GLIBC)/platform/%.o: platform/% $(GLIBC)/kit/.libunwind
	$(BEGIN)
	$(GLIBC_CC) -MMD -MP -c $< -o $@

$(GLIBC)/no_symbols.o: $(OBJ)/no_symbols.o
	gcc -c $(<:.o=.S) -o $@

$(GLIBC)/cmocka.o: $(THIRD)/cmocka/.unpacked
	$(BEGIN)
	gcc -O2 -g -w -DHAVE_CONFIG_H -I$(THIRD)/cmocka -I$(THIRD)/cmocka/include -c $(THIRD)/cmocka/src/cmocka.c -o $@

define glibc_test
$(GLIBC)/$(1)/%: tests/platform/%.c $(GLIBC_OBJ) $(GLIBC)/cmocka.o
	@mkdir -p $$(@D)
	$(GLIBC_CC) $(2) -Wl,--eh-frame-hdr,--build-id=sha1 -iquote tests/support -I$(THIRD)/cmocka/include -MMD -MP $$< \
		$(GLIBC_OBJ) $(GLIBC)/cmocka.o $(GLIBC)/kit/lib/libunwind.a -lpthread -o $$@
endef
$(eval $(call glibc_test,dynamic,))
$(eval $(call glibc_test,static,-static))
.SECONDARY: $(GLIBC_OBJ)

-include $(wildcard $(GLIBC)/platform/*.d $(GLIBC)/*/*.d)

# Fuzz targets (libFuzzer): part of the sanitizer variant; `make fuzz` has one of its own, where all our code is watched.
SECONDS := 60
FUZZERS := $(if $(and $(findstring address,$(SAN)),$(filter tests/fuzz/%,$(TESTS))),$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/fuzz/*_fuzz.c)))
$(BUILD)/tests/fuzz/%_fuzz: tests/fuzz/%_fuzz.c $(BUILD)/libplatform.a $(BUILD)/libruntime.a
	$(BEGIN)
	$(CC) $(OURS) -fsanitize=fuzzer -iquote tests/fuzz -iquote tests/support -MMD -MP $(LDFLAGS) $< $(BUILD)/libruntime.a $(BUILD)/libplatform.a $(LIBS) -o $@

.PHONY: fuzz fuzzing
fuzz:                         ## run every fuzz target for SECONDS=60
	$(MAKE) SAN=fuzzer-no-link,address,undefined fuzzing

fuzzing: $(FUZZERS)
	tests/fuzz/run $(BUILD) $(SECONDS)

.PHONY: check
check: build-tools $(BINARY) $(CHECK_KIT) $(C_TESTS) $(GLIBC_TESTS) $(HELPERS) $(FUZZERS) $(EMBEDDED_HOSTS) $(if $(VARIANT)$(CROSS),,$(if $(EMBEDDED_HOSTS),archives))
	MOONBEAR=$(abspath $(BINARY)) VARIANT='$(SAN)$(if $(HOSTILE),hostile)' BUILD=$(abspath $(BUILD)) THIRD=$(abspath $(THIRD)) \
		THOROUGH=$(THOROUGH) PERL5LIB=tests/support prove --timer --formatter Tally -j$(JOBS) --merge --exec tests/run $(SCRIPTED) $(C_TESTS) $(GLIBC_TESTS)

include tests/bench/bench.mk

.PHONY: matrix
matrix: build-tools $(BINARY) $(HELPERS) ## the table of restricted hosts: what measured the stack there, and the result
	MOONBEAR=$(abspath $(BINARY)) BUILD=$(abspath $(BUILD)) tests/restricted/matrix
