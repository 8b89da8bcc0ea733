# moonbear: build, run, test. `make help` lists the goals; recipes of third-party sources are in scripts/build.
VERSION := 0.1.0
ARCH    ?= $(shell uname -m)
CROSS   ?=
PIE     ?= 1
SAN     ?=
HOSTILE ?=
THOROUGH ?=
HOST    ?=
V       ?=

# Every variant has a folder of its own: build/x86_64, build/x86_64-address-undefined, build/x86_64-hostile, ...
comma   := ,
empty   :=
VARIANT := $(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if $(HOSTILE),-hostile)$(if $(filter 0,$(PIE)),-nopie)$(if $(HOST),-lib-$(HOST))
BUILD   := build/$(ARCH)$(VARIANT)
SYSROOT := build/$(ARCH)/sysroot
SOURCES := build/sources
THIRD   := build/third
BINARY  := $(BUILD)/moonbear
export VERSION ARCH BUILD

# All processors, unless told otherwise; but what is cleaned is not built at the same time.
MAKEFLAGS += $(if $(filter clean,$(MAKECMDGOALS))$(filter-out 0,$(MAKELEVEL)),,-j$(shell nproc))

# What is made is named; how it is made is shown with V=1.
ifeq ($(V),)
.SILENT:
endif
SAY   = $(if $(V),,@echo '  $@')
BEGIN = @mkdir -p $(@D)$(if $(V),, && echo '  $@')

# What a killed tool has left half written is not taken for made.
.DELETE_ON_ERROR:
.PHONY: all run lib install test test-image bench fetch dist reproduce clean help
all: $(BINARY)

include scripts/build/rules.mk
include scripts/build/third.mk
include scripts/build/lib.mk
include tests/tests.mk

PARTS := $(PLATFORM_OBJ) $(RUNTIME_OBJ) $(THIRD_OBJ) $(OBJ)/embed.o
# What scripts/build/startup lays out, and the entry that counts on it.
ORDER := $(if $(SAN),,-Wl,-T,$(BUILD)/startup.ld $(if $(wildcard $(START_SRC)),-Wl$(comma)-e$(comma)start_ahead))
$(BINARY): $(MAIN_OBJ) $(PARTS) Makefile $(addprefix scripts/build/,link symbols startup)
	$(SAY)
	scripts/build/startup > $(BUILD)/startup.ld
	scripts/build/link $@.debug $(CROSS)nm $(CC) $(CFLAGS) $(LTO) $(LDFLAGS) $(ORDER) $(MAIN_OBJ) $(PARTS) $(LIBS)
	$(if $(SAN),cp,$(CROSS)objcopy --strip-all) $@.debug $@

-include $(wildcard $(OBJ)/*/*.d $(OBJ)/*/*/*.d $(OBJ)/*/*/*/*.d)

run: $(BINARY)                ## build what is missing and take the guided tour
	$(BINARY) scripts/examples/tour.lua

lib: archives                 ## build the C library, for host programs on glibc and on musl

install: archives             ## install the C library and its headers: PREFIX=/usr/local DESTDIR=

test: check                   ## build and run the tests; SAN=address,undefined or HOSTILE=1 for a variant, THOROUGH=1 for every size

test-image:                   ## build the image of the Dockerfile with buildah, and test it (root)
	$(MAKE) check TESTS=tests/fresh/image.bats

bench: measure                ## measure beside lua5.1 and other peers; BENCH="startup programs" chooses

fetch: $(SOURCES)/.fetched    ## only fetch the pinned sources; the folder then builds offline elsewhere

dist: $(BINARY)               ## make the release archive, its sha256 and the list of parts
	scripts/build/dist $(BINARY) dist

reproduce:                    ## build this commit twice in different folders and compare
	scripts/build/reproduce

clean:                        ## remove what was built; fetched sources stay in build/sources
	rm -rf dist $(filter-out $(SOURCES),$(wildcard build/*))

help:                         ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile tests/tests.mk
	@echo "variables: ARCH=$(ARCH) CROSS= PIE=1 SAN= HOSTILE= THOROUGH= V= MOONBEAR_SOURCES="
