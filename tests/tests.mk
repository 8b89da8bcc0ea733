# Tests: C (cmocka), Lua (luaunit) and command line (bats), all TAP, run in parallel under prove.
# A test lies where its subject lies: tests/platform/stack_test.c tests platform/stack.c.

JOBS      ?= $(shell nproc)
# tests/fresh proves whole machines: it has goals of its own.
# TESTS="tests/cli/run.bats ..." runs only those; a C test is named by its source.
TESTS     ?= $(filter-out tests/fresh/%,$(sort \
             $(wildcard tests/*/*_test.c tests/*/*/*_test.c tests/*/*_test.lua tests/*/*/*_test.lua tests/*/*.bats)))
C_TESTS   := $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter %_test.c,$(TESTS)))
CHECK_KIT := $(THIRD)/cmocka/.unpacked $(THIRD)/luaunit/.unpacked

$(BUILD)/libplatform.a: $(PLATFORM_OBJ) $(OBJ)/no_symbols.o
	rm -f $@ && $(AR_LTO) rcsD $@ $^

$(BUILD)/libruntime.a: $(RUNTIME_OBJ) $(THIRD_OBJ) $(OBJ)/embed.o
	rm -f $@ && $(AR_LTO) rcsD $@ $^

$(OBJ)/cmocka.o: $(THIRD)/cmocka/.unpacked $(KIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -w -DHAVE_CONFIG_H -I$(THIRD)/cmocka -I$(THIRD)/cmocka/include -c $(THIRD)/cmocka/src/cmocka.c -o $@

# -iquote tests/support: what several C tests share. A test of platform/ is linked with nothing else of ours.
$(BUILD)/tests/%: tests/%.c $(OBJ)/cmocka.o $(BUILD)/libplatform.a $(BUILD)/libruntime.a
	@mkdir -p $(@D)
	$(CC) $(OURS) -iquote tests/support -I$(THIRD)/cmocka/include -MMD -MP $(LDFLAGS) $< $(OBJ)/cmocka.o \
		$(if $(filter platform/%,$*),,$(BUILD)/libruntime.a) $(BUILD)/libplatform.a $(LIBS) -o $@

-include $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/tests/*/*/*.d)

# Programs that the tests start (a seccomp launcher, ...): tests/support/NAME.c becomes $(BUILD)/tests/support/NAME.
HELPERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/support/*.c))

.PHONY: check
check: build-tools $(BINARY) $(CHECK_KIT) $(C_TESTS) $(HELPERS)
	MOONBEAR=$(abspath $(BINARY)) VARIANT='$(SAN)$(if $(HOSTILE),hostile)' BUILD=$(abspath $(BUILD)) THIRD=$(abspath $(THIRD)) \
		PERL5LIB=tests/support prove --formatter Tally -j$(JOBS) --merge --exec tests/run $(filter-out %_test.c,$(TESTS)) $(C_TESTS)

include tests/bench/bench.mk

.PHONY: matrix
matrix: build-tools $(BINARY) $(HELPERS) ## the table of restricted hosts: what measured the stack there, and the result
	MOONBEAR=$(abspath $(BINARY)) BUILD=$(abspath $(BUILD)) tests/restricted/matrix
