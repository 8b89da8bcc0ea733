# Benchmarks: they measure and print; no figure passes or fails anything. BENCH names the suites of tests/bench/suites,
# BENCH_FLAGS goes to tests/bench/bench.lua: --json, --svg FILE, --rounds N, --only PATTERN, --lua NAME=COMMAND.

BENCH       ?= startup programs stack store
BENCH_FLAGS ?=
WITHOUT_PIE := build/$(ARCH)-nopie/moonbear

# What measures is nothing of what is measured: in the hostile build its own memory is never refused.
$(BUILD)/bench/%: tests/bench/%.c $(KIT)
	$(BEGIN)
	$(CC) $(CFLAGS) $(WARN) $(filter-out $(WRAPPED),$(LDFLAGS)) $< -o $@

$(BUILD)/bench/stack: tests/bench/stack.c $(BUILD)/libplatform.a
	$(BEGIN)
	$(CC) $(CFLAGS) $(LTO) $(WARN) -Iplatform $(LDFLAGS) $^ $(LIBS) -o $@

$(BUILD)/bench/store: tests/bench/store.c $(BUILD)/libruntime.a $(BUILD)/libplatform.a
	$(BEGIN)
	$(CC) $(OURS) $(LDFLAGS) $^ $(LIBS) -o $@

.PHONY: measure
measure: build-tools $(BINARY) $(BUILD)/bench/interleave $(BUILD)/bench/empty $(BUILD)/bench/stack $(BUILD)/bench/store
	$(MAKE) PIE=0 $(WITHOUT_PIE)
	$(BINARY) tests/bench/bench.lua --build $(BUILD) --without-pie $(WITHOUT_PIE) $(BENCH_FLAGS) $(BENCH)

# Their own tests need them too.
check: $(BUILD)/bench/interleave $(BUILD)/bench/empty
