# SPDX-License-Identifier: MIT
# hvperf: one plain Makefile, no configure. `make help` lists the targets.
#
# Overridable: CC CFLAGS CPPFLAGS LDFLAGS BUILD PREFIX DESTDIR WERROR V=1 T='names of tests'

BUILD      ?= build
CFLAGS     ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
INCLUDEDIR ?= $(PREFIX)/include
PCDIR      ?= $(PREFIX)/lib/pkgconfig
MANDIR     ?= $(PREFIX)/share/man
DOCDIR     ?= $(PREFIX)/share/doc/hvperf
PKG_CONFIG ?= pkg-config
WERROR     ?= $(if $(wildcard .git),1)# a checkout is a developer's; an archive is a user's
Q          := $(if $(V),,@)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all tests unit check check-sanitize check-clang golden lint lint-format \
        lint-shell lint-cppcheck lint-tidy format bench bench-planted install uninstall dist clean help FORCE
.SECONDARY:

# ---- what is asked once --------------------------------------------------------------
CC_MACHINE := $(shell $(CC) -dumpmachine)
CC_VERSION := $(shell $(CC) --version 2>&1 | head -n 1)
ARCH       := $(firstword $(subst -, ,$(CC_MACHINE)))
VERSION    := $(shell cat VERSION)
COMMIT     := $(if $(wildcard .git),$(shell GIT_OPTIONAL_LOCKS=0 git describe --always --dirty --exclude='*' 2>/dev/null))
PACKAGES   := jansson libelf nettle yaml-0.1
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
PKG_LIBS   := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
ifeq ($(PKG_LIBS),)
$(warning $(PKG_CONFIG) does not find all of: $(PACKAGES). scripts/run.sh installs them on Debian)
endif

# ---- flags ---------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wwrite-strings \
        -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
        -Wpointer-arith -Wcast-align -Wimplicit-fallthrough -Wdate-time \
        $(if $(filter-out 0 no,$(WERROR)),-Werror)
ALL_CPPFLAGS = -I. -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c11 -fPIE -fvisibility=hidden -fno-common $(WARN) $(CFLAGS) $(SAN)
ALL_LDFLAGS  = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack $(CFLAGS) $(SAN) $(LDFLAGS)
LIBS         = $(PKG_LIBS) -lpfm $(if $(filter x86_64,$(ARCH)),-lZydis) -lm -ldl

# ---- what is built -------------------------------------------------------------------
# name_x86_64.c is for that architecture only, as every .S is
foreign    = $(foreach arch,$(filter-out $(ARCH),x86_64 aarch64),%_$(arch).c)
# there is no stepper for the others, and nobody reads their code
stepper    = $(if $(filter x86_64 aarch64,$(ARCH)),,counters/trace/step/%.c counters/census_%.c)
SRC       := $(sort $(filter-out $(foreign) $(stepper),$(wildcard src/*.c src/*/*.c src/*/*/*.c counters/*.c counters/*/*.c counters/*/*/*.c)))
ASM       := $(sort $(wildcard counters/*_$(ARCH).S counters/*/*_$(ARCH).S counters/*/*/*_$(ARCH).S))
OBJS      := $(SRC:%.c=$(BUILD)/%.o) $(ASM:%.S=$(BUILD)/%.o)
UNIT      := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BINS := $(UNIT:tests/unit/%.c=$(BUILD)/tests/%)
HELPERS   := $(filter-out $(UNIT),$(sort $(wildcard tests/unit/*.c)))
TRACE     := $(wildcard tests/trace/driver.c)# what the trace tests run; the rest they compile
TRACE_BIN := $(TRACE:tests/trace/%.c=$(BUILD)/tests/trace_%)
TEST_OBJS := $(UNIT:%.c=$(BUILD)/%.o) $(HELPERS:%.c=$(BUILD)/%.o) $(TRACE:%.c=$(BUILD)/%.o) $(BUILD)/tests/guest/pmu.o
CLI       := $(sort $(wildcard tests/cli/*.sh))
HOUSE     := $(sort $(wildcard tests/house/*.sh))

all: $(BUILD)/hvperf $(BUILD)/libhvperf.a  ## the tool and libhvperf.a, in build/
tests: $(UNIT_BINS) $(TRACE_BIN)  ## the test programs, not run

# Sets KERNEL_OBJS and compiles everything under kernels/ with flags of its own: what is
# measured is never sanitised and does not depend on CFLAGS.
-include kernels/kernels.mk

$(BUILD)/hvperf: $(OBJS) $(KERNEL_OBJS)
	@echo '  LD   $@'
	$(Q)$(CC) $(ALL_LDFLAGS) $(TOOL_LDFLAGS) -o $@ $^ $(LIBS) $(TOOL_LIBS)

# q, not r: objects of the same base name in two folders are both kept.
$(BUILD)/libhvperf.a: $(filter-out $(BUILD)/src/cli/main.o,$(OBJS)) $(KERNEL_OBJS)
	@echo '  AR   $@'
	$(Q)rm -f $@ && $(AR) qcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  CC   $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(EXTRA_CPPFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.S $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  AS   $@'
	$(Q)$(CC) $(ALL_CPPFLAGS) -g -MMD -MP -c -o $@ $<

# The assembler takes the text in; -MMD does not see that.
$(BUILD)/src/hypothesis/builtin.o: docs/hypotheses/zero-copy.yaml

# Only the command line knows version and flags: HV_VERSION and HV_BUILD_INFO.
$(BUILD)/src/cli/%.o: EXTRA_CPPFLAGS = -include $(BUILD)/build_info.h
$(patsubst %.c,$(BUILD)/%.o,$(filter src/cli/%,$(SRC))): $(BUILD)/build_info.h

# Stamps are rewritten only when their text changes, so that changed flags rebuild.
stamp = @mkdir -p $(@D); printf '%s\n' "$$TEXT" | cmp -s - $@ || printf '%s\n' "$$TEXT" >$@
$(BUILD)/flags: export TEXT = $(CC) $(CC_VERSION) $(ALL_CPPFLAGS) $(ALL_CFLAGS)
$(BUILD)/flags: FORCE
	$(stamp)

quoted = "$(subst ",\",$(subst \,\\,$(strip $(1))))"
define BUILD_INFO
#define HV_VERSION $(call quoted,$(VERSION)$(COMMIT:%=+g%))
#define HV_BUILD_INFO $(call quoted,$(CC_VERSION): $(CFLAGS) $(SAN))
endef
$(BUILD)/build_info.h: export TEXT = $(BUILD_INFO)
$(BUILD)/build_info.h: FORCE
	$(stamp)

# ---- tests ---------------------------------------------------------------------------
CMOCKA := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)

$(BUILD)/tests/helpers.a: $(HELPERS:%.c=$(BUILD)/%.o)
	$(Q)rm -f $@ && mkdir -p $(@D) && $(AR) qcs $@ $^

$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(BUILD)/tests/helpers.a $(BUILD)/libhvperf.a
	@mkdir -p $(@D)
	@echo '  LD   $@'
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(CMOCKA)

$(BUILD)/tests/trace_%: $(BUILD)/tests/trace/%.o $(BUILD)/libhvperf.a
	@mkdir -p $(@D)
	@echo '  LD   $@'
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# For an emulated machine, which has nothing but it.
$(BUILD)/tests/guest_%: $(BUILD)/tests/guest/%.o $(BUILD)/libhvperf.a
	@mkdir -p $(@D)
	@echo '  LD   $@'
	$(Q)$(CC) $(ALL_LDFLAGS) $(TOOL_LDFLAGS) -o $@ $^ $(LIBS) $(TOOL_LIBS)

# T='dump report' keeps the tests whose path holds one of the words.
chosen = $(if $(T),$(foreach word,$(T),$(foreach test,$(1),$(if $(findstring $(word),$(test)),$(test)))),$(1))

run_tests = BUILD='$(BUILD)' CC='$(CC)' HVPERF='$(abspath $(BUILD)/hvperf)' tests/run.sh

FOREIGN := $(if $(filter x86_64,$(ARCH)),$(if $(T),,check-arm64))

check: all tests  ## every test: unit programs, command line, house rules, check-arm64
	+$(Q)ended=0; $(run_tests) $(call chosen,$(UNIT_BINS) $(CLI) $(HOUSE)) || ended=1; \
	    $(if $(FOREIGN),$(MAKE) --no-print-directory $(FOREIGN) || ended=1;) exit $$ended

unit: $(call chosen,$(UNIT_BINS))  ## builds and runs unit programs only; T='dump report' chooses
	$(Q)$(run_tests) $^

# House rules are about the sources, and AArch64 has a compiler of its own: one look at
# them is enough.
check-sanitize:  ## unit and command-line tests under ASan and UBSan, in build/san
	$(Q)$(MAKE) --no-print-directory check BUILD='$(BUILD)/san' HOUSE= FOREIGN= CFLAGS='-O1 -g' \
	    SAN='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

check-clang:  ## check and check-sanitize with clang, in build/clang
	$(Q)$(MAKE) --no-print-directory check CC=clang BUILD='$(BUILD)/clang' FOREIGN=
	$(Q)$(MAKE) --no-print-directory check-sanitize CC=clang BUILD='$(BUILD)/clang'

golden: $(BUILD)/hvperf $(UNIT_BINS)  ## rewrites the expected reports; review the diff
	$(Q)HV_GOLDEN=write $(run_tests) $(filter $(BUILD)/tests/test_report%,$(UNIT_BINS))

# Ratios within one run can be compared between machines; absolute times cannot.
bench-planted: $(BUILD)/hvperf  ## planted causes: is the right one named? 10 minutes
	HVPERF=$(abspath $(BUILD)/hvperf) tests/bench/planted.sh

bench: $(BUILD)/hvperf $(BUILD)/tests/trace_speed  ## known answers, spread, tracer's speed
	HVPERF=$(BUILD)/hvperf tests/bench/known_answers.sh 3
	HVPERF=$(BUILD)/hvperf tests/bench/repeatability.sh 5
	$(BUILD)/tests/trace_speed allocation batch_1000 consciousness_cycle

# ---- for people and editors ----------------------------------------------------------
FIND_C := find src counters kernels tests -name '*.[ch]'
SCRIPTS := $(wildcard .ci/run scripts/*.sh tests/*.sh tests/*/*.sh)

# Always as clang sees it: its users (clang-tidy, clangd) know no flags of gcc's own.
compile_commands.json: $(BUILD)/build_info.h FORCE  ## for clang-tidy and editors
	$(Q)$(MAKE) -nB --no-print-directory all tests WERROR= V=1 BUILD='$(BUILD)' \
	    CC=$(if $(shell command -v clang),clang,'$(CC)') | \
	    awk -v folder='$(CURDIR)' -f scripts/compile-commands.awk >$@

lint: lint-format lint-shell lint-cppcheck lint-tidy  ## four linters, which must all be silent

lint-format:
	$(FIND_C) | xargs clang-format --dry-run -Werror

lint-shell:
	shellcheck -x -P SCRIPTDIR -P . $(SCRIPTS)

lint-cppcheck:
	cppcheck -q -j2 --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppress=allocaCalled --suppress=CastIntegerToAddressAtReturn \
	    --error-exitcode=1 -I. -Ikernels -D__$(ARCH)__ '-DElfW(type)=Elf64_##type' \
	    src counters kernels

lint-tidy: compile_commands.json
	sed -n 's/.*"file": "\([^"]*\.c\)".*/\1/p' compile_commands.json | \
	    xargs -P2 -n4 clang-tidy -p . --quiet

format:  ## clang-format -i on every C file
	$(FIND_C) | xargs clang-format -i

# ---- AArch64 -------------------------------------------------------------------------
# Cross-built with Debian's packages unpacked in a folder of ours; the tool is static, so
# that an emulated machine with a PMU needs nothing else, its unit programs are not, and
# run under qemu-user.
ARM64       := build/arm64
ARM64_BUILD := build/aarch64
ARM64_LIB   := $(ARM64)/sysroot/usr/lib/aarch64-linux-gnu
ARM64_LIBS  := $(ARM64_LIB):$(ARM64)/sysroot/lib/aarch64-linux-gnu
ARM64_CROSS := aarch64-linux-gnu-
arm64_make   = PKG_CONFIG_SYSROOT_DIR=$(abspath $(ARM64)/sysroot) \
    PKG_CONFIG_LIBDIR=$(abspath $(ARM64_LIB)/pkgconfig) $(MAKE) --no-print-directory \
    BUILD=$(ARM64_BUILD) CC=$(ARM64_CROSS)gcc AR=$(ARM64_CROSS)ar OBJCOPY=$(ARM64_CROSS)objcopy \
    CFLAGS='-O2 -g' CPPFLAGS='-isystem $(ARM64)/sysroot/usr/include -isystem $(ARM64)/sysroot/usr/include/aarch64-linux-gnu' \
    LDFLAGS='-L$(ARM64_LIB) -Wl,-rpath-link,$(ARM64_LIBS)' TOOL_LDFLAGS=-static-pie TOOL_LIBS=-lz
arm64_units  = $(call chosen,$(UNIT:tests/unit/%.c=$(ARM64_BUILD)/tests/%))
empty       :=
arm64_under  = qemu-aarch64-static -L /usr/aarch64-linux-gnu \
    -E LD_LIBRARY_PATH=$(subst $(empty) $(empty),:,$(abspath $(subst :, ,$(ARM64_LIBS))))

ARM64_GUEST  = $(patsubst %,$(ARM64_BUILD)/tests/%,$(shell sed -n "s/^units='\(.*\)'/\1/p" tests/guest/check.sh))
# Skipped, and said so, where they cannot be: never passed.
on_arm64     = scripts/arm64.sh $(ARM64); case $$? in \
    0) $(1) ;; \
    3) echo 'SKIPPED: $@'; echo '0 passed, 0 failed, 1 skipped' ;; \
    *) exit 1 ;; esac

.PHONY: arm64 check-arm64 check-guest
arm64:  ## a static hvperf for AArch64, in build/aarch64
	$(Q)scripts/arm64.sh $(ARM64)
	+$(Q)$(arm64_make) $(ARM64_BUILD)/hvperf $(ARM64_BUILD)/tests/guest_pmu $(ARM64_GUEST)

check-arm64:  ## unit programs for AArch64, under qemu-user
	+$(Q)$(call on_arm64,$(arm64_make) $(arm64_units) && \
	    BUILD=$(ARM64_BUILD) CC=$(ARM64_CROSS)gcc HV_MUTATE=few HV_UNDER='$(arm64_under)' tests/run.sh $(arm64_units))

check-guest: all  ## hvperf in emulated machines with a PMU
	+$(Q)$(call on_arm64,$(MAKE) --no-print-directory arm64 && $(run_tests) tests/guest/check.sh)

# ---- install -------------------------------------------------------------------------
DOCS := $(wildcard README.md CHANGELOG.md LICENSE docs/methodology.md docs/planted-causes.md docs/*.schema.json)
HYPOTHESES := $(wildcard docs/hypotheses/*.yaml)

install: all  ## tool, header, hvperf.pc, man page, docs; PREFIX and DESTDIR as usual
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(INCLUDEDIR)' '$(DESTDIR)$(PCDIR)' \
	    '$(DESTDIR)$(MANDIR)/man1' '$(DESTDIR)$(DOCDIR)/hypotheses'
	install -m 755 $(BUILD)/hvperf '$(DESTDIR)$(BINDIR)/hvperf'
	install -m 644 kernels/hvperf.h kernels/hvperf_vary.h '$(DESTDIR)$(INCLUDEDIR)/'
	install -m 644 docs/hvperf.1 '$(DESTDIR)$(MANDIR)/man1/hvperf.1'
	install -m 644 $(DOCS) '$(DESTDIR)$(DOCDIR)'
	install -m 644 $(HYPOTHESES) '$(DESTDIR)$(DOCDIR)/hypotheses'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(VERSION)|' hvperf.pc.in >'$(DESTDIR)$(PCDIR)/hvperf.pc'
	chmod 644 '$(DESTDIR)$(PCDIR)/hvperf.pc'

uninstall:  ## removes what install put there
	rm -f '$(DESTDIR)$(BINDIR)/hvperf' '$(DESTDIR)$(INCLUDEDIR)/hvperf.h' \
	    '$(DESTDIR)$(INCLUDEDIR)/hvperf_vary.h' \
	    '$(DESTDIR)$(MANDIR)/man1/hvperf.1' '$(DESTDIR)$(PCDIR)/hvperf.pc'
	rm -rf '$(DESTDIR)$(DOCDIR)'

dist:  ## a source archive of the last commit, in build/
	@mkdir -p $(BUILD)
	git archive --prefix=hvperf-$(VERSION)/ HEAD | gzip -9n >$(BUILD)/hvperf-$(VERSION).tar.gz

clean:  ## removes build/
	rm -rf '$(BUILD)'

help:  ## this list
	@sed -n 's/^\([a-z_.-]*\):.*  ##/\1 /p' Makefile | awk '{ n = $$1; $$1 = ""; printf "  %-22s%s\n", n, $$0 }'

-include $(OBJS:.o=.d) $(TEST_OBJS:.o=.d)
