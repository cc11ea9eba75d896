# `make help` lists the targets; README.md says what they are for.
#
# Each build has its own object tree, build/NAME: release, checked (assertions, and every invariant
# after every phase), asan (address and undefined-behaviour sanitizers), coverage, shared (the library).
# Objects are rebuilt when a header or the flags change.

VERSION := $(shell sed -n 's/^.define LUDD_VERSION "\(.*\)"/\1/p' include/ludd/base.h)
SONAME := libludd.so.$(firstword $(subst ., ,$(VERSION)))

CC ?= cc
CXX ?= g++
PYTHON ?= /usr/bin/python3
PREFIX ?= /usr/local
OPENMP ?= auto
DEPS ?= yes
BUILD ?= release
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
export CC CXX DEPS JOBS PYTHON

# V=1 shows the commands.
Q = $(if $(V),,@)
SAY = @$(if $(V),:,echo) '  '

CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow
# No contraction into fused multiply-add and no fast-math: the same bits on every machine.
EXACT = -ffp-contract=off -fno-trapping-math
FLAGS_release = $(CFLAGS) -DNDEBUG
FLAGS_checked = $(CFLAGS) -DLUDD_CHECKED
FLAGS_asan = -O1 -g -DLUDD_CHECKED -fsanitize=address,undefined,float-cast-overflow \
	-fno-sanitize-recover=all
FLAGS_coverage = -O0 -g --coverage
FLAGS_shared = $(CFLAGS) -DNDEBUG -fPIC

HAS_OPENMP = $(shell echo 'int main(void) { return 0; }' | \
	$(CC) -fopenmp -x c - -o /dev/null 2>/dev/null && echo yes)
ifeq ($(OPENMP),auto)
override OPENMP := $(HAS_OPENMP)
endif
ifeq ($(BUILD),coverage)
override OPENMP := no
endif

# gcc vectorises few loops at -O2 unless it may weigh their cost; clang does so by itself.
VECTORISE := $(shell echo 'int x;' | $(CC) -Werror -fvect-cost-model=dynamic -x c -c - -o /dev/null \
	2>/dev/null && echo -ftree-vectorize -fvect-cost-model=dynamic)

# Where a function happens to lie else moves the time of a phase by a twentieth.
ALIGN := $(shell echo 'int x;' | $(CC) -Werror -falign-functions=64 -falign-loops=32 -x c -c - \
	-o /dev/null 2>/dev/null && echo -falign-functions=64 -falign-loops=32)

MODE = $(EXACT) $(VECTORISE) $(ALIGN) $(FLAGS_$(BUILD)) $(if $(filter yes,$(OPENMP)),-fopenmp)
PACKAGES := $(shell pkg-config --cflags libcjson libxxhash 2>/dev/null) \
	$(filter-out -I/usr/include,-I$(shell pkg-config --variable=includedir libcjson 2>/dev/null))
COMPILE = $(CC) -std=c11 $(MODE) $(WARNINGS) -Iinclude $(PACKAGES) $(CPPFLAGS)
LIBS = $(shell pkg-config --libs libcjson 2>/dev/null || echo -lcjson) -lm
CMOCKA = $(shell pkg-config --libs cmocka 2>/dev/null || echo -lcmocka)

O = build/$(BUILD)
SOURCES := $(sort $(wildcard sim/*.c))
OBJECTS = $(SOURCES:sim/%.c=$(O)/%.o)
INNER = $(filter-out $(O)/main.o,$(OBJECTS))
LIBRARY = $(filter-out $(O)/cmd_%.o,$(INNER))
# Only these files know the git hash and the flags, so that a commit rebuilds no more than them.
TELLERS = $(patsubst sim/%.c,$(O)/%.o,$(shell grep -lE 'LUDD_(GIT|FLAGS)' $(SOURCES)))

UNITS = $(patsubst tests/%.c,$(O)/tests/%,$(sort $(wildcard tests/test_*.c)))
BENCHES = $(patsubst bench/%.c,$(O)/bench/%,$(sort $(wildcard bench/*.c)))
TOOLS = $(patsubst tests/%.c,$(O)/tests/%,$(filter-out tests/test_%,$(sort $(wildcard tests/*.c))))
ORACLES = $(patsubst tests/%.cpp,$(O)/tests/%,$(sort $(wildcard tests/oracle_*.cpp)))
LONG = $(sort $(wildcard tests/long_*.sh) $(wildcard tests/check_battery.sh tests/check_clean_root.sh))
QUICK = $(filter-out $(LONG),$(sort $(wildcard tests/check_*.sh tests/oracle_*.sh)))
INNER_MAKE = $(MAKE) --no-print-directory -j$(JOBS)

SHIPPED = share_gains_vs_cut_jobs

.PHONY: all run test test-long test-slurm check-san plots install uninstall clean help bench fmt \
	coverage deps-build deps-test deps-plots tests FORCE
.SECONDARY:

## all: the release build of ./ludd (the default)
all: deps-build
	@$(INNER_MAKE) ludd

## run: builds, runs the shipped experiment and prints its result
run: all
	./ludd run configs/$(SHIPPED).json --force

## test: the quick suite (under 5 minutes); ends with N passed, N failed, N skipped
test: deps-build deps-test
	@$(INNER_MAKE) BUILD=release ludd tools-built
	@$(INNER_MAKE) BUILD=checked tests
	@tests/run_tests.sh build/checked $(patsubst $(O)/%,build/checked/%,$(UNITS) $(ORACLES)) $(QUICK)

## test-long: what takes longer: batteries of randomness, whole machines, long runs
test-long: deps-build deps-test
	@$(INNER_MAKE) BUILD=release ludd tools-built
	@tests/run_tests.sh build/long $(LONG)

## test-slurm: a sweep on a Slurm of this machine alone, where one is installed
test-slurm: deps-build
	@$(INNER_MAKE) BUILD=release ludd
	@tests/run_tests.sh build/slurm tests/long_slurm.sh tests/long_cluster_guide.sh

## check-san: the unit tests under the address and undefined-behaviour sanitizers
check-san: deps-build deps-test
	@$(INNER_MAKE) BUILD=asan tests
	@tests/run_tests.sh build/asan $(patsubst $(O)/%,build/asan/%,$(UNITS))

## coverage: lines of sim/ that the tests reach
coverage: deps-build deps-test
	@rm -f build/coverage/*.gcda
	@$(INNER_MAKE) BUILD=coverage tests build/coverage/ludd
	@LUDD=build/coverage/ludd tests/run_tests.sh build/coverage \
		$(patsubst $(O)/%,build/coverage/%,$(UNITS)) \
		tests/check_run.sh tests/check_bad_input.sh tests/check_schema.sh; \
	failed=$$?; tools/coverage.sh build/coverage; exit $$failed

## bench: speed here by phase and size, and against NumPy and Python (bench/README.md: the long form)
bench: all
	@$(INNER_MAKE) bench-built
	./ludd bench
	@echo
	@THIN=$(O)/bench/thin_tick ROUNDS=3 SIZES='1000 10000 100000' bench/compare.sh
	@echo
	@ROUNDS=3 WORK=1000000 SIZES='1000 10000 100000' PEOPLE=100000 RUNS=40 \
		bench/scaling.sh >build/scaling.csv && echo 'The same as CSV: build/scaling.csv'

## plots: PNGs of the shipped experiment's result, in outputs/share_gains_vs_cut_jobs/plots
plots: deps-plots all
	@test -f outputs/$(SHIPPED)/compare.csv || $(MAKE) --no-print-directory run
	@tools/plots.sh outputs/$(SHIPPED)

## fmt: formats the C files in place (clang-format)
fmt:
	clang-format -i $(SOURCES) $(wildcard include/ludd/*.h tests/*.c bench/*.c)

## install: into DESTDIR and PREFIX (/usr/local)
install: all
	@$(INNER_MAKE) $(O)/libludd.a
	@$(INNER_MAKE) BUILD=shared build/shared/$(SONAME)
	@VERSION=$(VERSION) SONAME=$(SONAME) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) tools/install.sh install

## uninstall: removes what install put there
uninstall:
	@VERSION=$(VERSION) SONAME=$(SONAME) PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) tools/install.sh uninstall

## clean: removes what was built; outputs/ is left alone
clean:
	rm -rf build ludd

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'
	@echo '  DEPS=no never installs a package; CC=clang and OPENMP=no choose a compiler; V=1 shows commands'

deps-build deps-test deps-plots: deps-%:
	@tools/deps.sh $*

# What follows builds files and installs nothing.

ludd: build/release/ludd
	@ln -f $< $@

tests: $(UNITS) $(ORACLES) tools-built
tools-built: $(TOOLS) bench-built
bench-built: $(BENCHES)
.PHONY: tools-built bench-built

$(O)/flags: FORCE
	@mkdir -p $(O)/tests $(O)/bench
	@echo '$(COMPILE)' | cmp -s - $@ || echo '$(COMPILE)' > $@

$(O)/git: FORCE
	@mkdir -p $(O)
	@git=$$(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown); \
	echo $$git | cmp -s - $@ || echo $$git > $@

$(O)/%.o: sim/%.c $(O)/flags
	$(SAY)CC $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(TELLERS): $(O)/git
$(TELLERS): COMPILE += -DLUDD_GIT='"$(shell cat $(O)/git)"' -DLUDD_FLAGS='"$(strip $(MODE))"'

$(O)/ludd: $(OBJECTS)
	$(SAY)LD $@
	$(Q)$(CC) $(MODE) $(LDFLAGS) -o $@ $^ $(LIBS)

$(O)/inner.a: $(INNER)
$(O)/libludd.a: $(LIBRARY)
$(O)/inner.a $(O)/libludd.a:
	$(SAY)AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(O)/$(SONAME): $(LIBRARY)
	$(SAY)LD $@
	$(Q)$(CC) $(MODE) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(LIBS)

$(O)/tests/%.o: tests/%.c $(O)/flags
	$(SAY)CC $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(O)/bench/%.o: bench/%.c $(O)/flags
	$(SAY)CC $<
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

$(O)/tests/%.o: tests/%.cpp $(O)/flags
	$(SAY)CXX $<
	$(Q)$(CXX) -std=c++17 $(MODE) -Wall -Wextra -Iinclude -MMD -MP -c -o $@ $<

$(O)/tests/test_%: $(O)/tests/test_%.o $(O)/inner.a
	$(SAY)LD $@
	$(Q)$(CC) $(MODE) $(LDFLAGS) -o $@ $^ $(LIBS) $(CMOCKA)

# A packaged implementation to compare with may be missing: then the comparison counts as skipped.
$(O)/tests/oracle_%: tests/oracle_%.cpp $(O)/inner.a
	@if ! grep '^#include <pcg' $< | $(CXX) -fsyntax-only -x c++ - 2>/dev/null; then \
		printf '#!/bin/sh\necho "libpcg-cpp-dev or a C++ compiler is missing"\nexit 77\n' > $@; \
		chmod +x $@; \
	else \
		$(MAKE) --no-print-directory $(O)/tests/oracle_$*.o && \
		$(CXX) $(MODE) $(LDFLAGS) -o $@ $(O)/tests/oracle_$*.o $(O)/inner.a $(LIBS); \
	fi

$(TOOLS) $(BENCHES): %: %.o $(O)/inner.a
	$(SAY)LD $@
	$(Q)$(CC) $(MODE) $(LDFLAGS) -o $@ $^ $(LIBS)

FORCE:

-include $(wildcard $(O)/*.d $(O)/tests/*.d $(O)/bench/*.d)
