# Benchmarks: they measure and print; no figure passes or fails anything. BENCH names the suites of tests/bench/suites,
# BENCH_FLAGS goes to tests/bench/bench.lua: --json, --svg FILE, --rounds N, --only PATTERN, --lua NAME=COMMAND.

BENCH       ?= startup programs
BENCH_FLAGS ?=
WITHOUT_PIE := build/$(ARCH)-nopie/moonbear

$(BUILD)/bench/%: tests/bench/%.c $(KIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) $(LDFLAGS) $< -o $@

.PHONY: measure
measure: build-tools $(BINARY) $(BUILD)/bench/interleave $(BUILD)/bench/empty
	$(MAKE) PIE=0 $(WITHOUT_PIE)
	$(BINARY) tests/bench/bench.lua --build $(BUILD) --without-pie $(WITHOUT_PIE) $(BENCH_FLAGS) $(BENCH)

# Their own tests need them too.
check: $(BUILD)/bench/interleave $(BUILD)/bench/empty
