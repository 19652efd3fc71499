# SPDX-License-Identifier: MIT
# Compiles what is measured: each pair once for each ISA and placement, and a twin of each
# under another name. Uses BUILD CC CC_VERSION ARCH WARN Q of the Makefile; sets KERNEL_OBJS.
#
# A new pair is a file in kernels/pairs/ and a line in kernels/builtin.c; a name that
# starts with control_ makes it a control, which exists at one ISA only. step_ and insight_
# exist at two placements and have no twins; those in KERNEL_EXTRAS_ANY at one ISA only.

OBJCOPY ?= objcopy

KERNEL_PLACES := 0 16 32 48
KERNEL_ISAS   := portable
ifeq ($(ARCH),x86_64)
KERNEL_ISAS += avx2 avx512 avx512vp
ISA_avx2     := -march=x86-64-v3
ISA_avx512   := -march=x86-64-v4
ISA_avx512vp := -march=x86-64-v4 -mavx512vpopcntdq
endif
# An AArch64 compiler's default is NEON; what that brings shows beside code without. gcc
# then uses no register of 128 bits, clang still copies through them.
ifeq ($(ARCH),aarch64)
KERNEL_ISAS += neon
ISA_portable := -march=armv8-a+nosimd
ISA_neon     := -march=armv8-a
endif

# Fixed, whatever CFLAGS says: a report names them, and on another machine they must be the
# same. What distributions switch on for everybody (canaries, CET, probes of the stack,
# checked copies) is switched off. Calls to the C library go straight through the GOT, as
# Rust's do: no stub at an address of its own, and a slot that a meter can patch. Functions
# have sections of their own, or a jump between two would be shorter at some placements.
KERNEL_CFLAGS := -std=c11 -O3 -g -fPIE -fno-plt -fvisibility=hidden -ffunction-sections \
    -fomit-frame-pointer -fno-stack-protector -fno-stack-clash-protection -U_FORTIFY_SOURCE \
    $(if $(filter x86_64,$(ARCH)),-fcf-protection=none) \
    $(if $(findstring clang,$(CC_VERSION)),-fno-addrsig,-fno-reorder-blocks-and-partition)

# The flag counts bytes on x86, and instructions of four bytes on other machines.
ifeq ($(ARCH),x86_64)
placed = -fpatchable-function-entry=$(1),$(1)
else
placed = -fpatchable-function-entry=$(shell expr $(1) / 4),$(shell expr $(1) / 4)
endif

# ---- names: kernels/pairs/bind.avx2.16.o holds hv_bind_avx2_16 --------------------------
KERNEL_CONTROLS := $(sort $(wildcard kernels/pairs/control_*.c))
KERNEL_EXTRAS   := $(sort $(wildcard kernels/pairs/step_*.c kernels/pairs/insight_*.c))
KERNEL_EXTRAS_ANY := $(filter %/step_arena.c %/insight_malloc.c %/insight_mmap.c,$(KERNEL_EXTRAS))
KERNEL_PAIRS    := $(filter-out $(KERNEL_CONTROLS) $(KERNEL_EXTRAS),\
    $(sort $(wildcard kernels/pairs/*.c)))
KERNEL_PLAIN    := $(filter-out kernels/hv16_ops.c,$(sort $(wildcard kernels/*.c)))

at_places = $(foreach place,$(or $(3),$(KERNEL_PLACES)),$(1:%.c=$(BUILD)/%.$(2).$(place).o))
KERNEL_PLACED := $(foreach isa,$(KERNEL_ISAS),$(call at_places,$(KERNEL_PAIRS),$(isa))) \
    $(call at_places,$(KERNEL_CONTROLS),any)
KERNEL_TWO    := $(foreach isa,$(KERNEL_ISAS),\
    $(call at_places,$(filter-out $(KERNEL_EXTRAS_ANY),$(KERNEL_EXTRAS)),$(isa),0 32)) \
    $(call at_places,$(KERNEL_EXTRAS_ANY),any,0 32)
KERNEL_OPS    := $(KERNEL_ISAS:%=$(BUILD)/kernels/hv16_ops.%.0.o)
KERNEL_OBJS   := $(KERNEL_PLAIN:%.c=$(BUILD)/%.o) $(KERNEL_OPS) $(KERNEL_PLACED) \
    $(KERNEL_PLACED:.o=.twin.o) $(KERNEL_TWO)

# ---- rules -----------------------------------------------------------------------------
$(BUILD)/kernels/flags: export TEXT = $(CC) $(CC_VERSION) $(KERNEL_CFLAGS) $(WARN) \
    $(foreach isa,$(KERNEL_ISAS),$(isa): $(ISA_$(isa)))
$(BUILD)/kernels/flags: FORCE
	$(stamp)

define kernel_rule
$(BUILD)/kernels/%.$(1).$(2).o: kernels/%.c $(BUILD)/kernels/flags
	@mkdir -p $$(@D)
	@echo '  CC   $$@'
	$$(Q)$$(CC) -I. $$(KERNEL_CFLAGS) $$(WARN) $$(ISA_$(1)) $$(call placed,$(2)) \
	    -DHV_ISA=$(1) -DHV_PLACE=$(2) -MMD -MP -c -o $$@ $$<
endef
$(foreach isa,$(KERNEL_ISAS) any,$(foreach place,$(KERNEL_PLACES),\
    $(eval $(call kernel_rule,$(isa),$(place)))))

# The same bytes under another name, so that the linker gives them another address.
$(BUILD)/kernels/pairs/%.twin.o: $(BUILD)/kernels/pairs/%.o
	@echo '  TWIN $@'
	$(Q)$(OBJCOPY) --redefine-sym hv_$(subst .,_,$*)=hv_$(subst .,_,$*)_twin $< $@

# The other files are the tool's own: the Makefile compiles them, with its flags.
$(KERNEL_PLAIN:%.c=$(BUILD)/%.o): $(BUILD)/kernels/flags
$(BUILD)/kernels/isa.o $(BUILD)/kernels/builtin.o: EXTRA_CPPFLAGS = \
    -DHV_KERNEL_BUILD='$(call quoted,$(CC_VERSION): $(KERNEL_CFLAGS))' \
    $(foreach isa,$(KERNEL_ISAS),-DHV_FLAGS_$(isa)='"$(ISA_$(isa))"')

-include $(KERNEL_PLAIN:%.c=$(BUILD)/%.d) $(KERNEL_OPS:.o=.d) $(KERNEL_PLACED:.o=.d) $(KERNEL_TWO:.o=.d)
