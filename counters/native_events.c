/* SPDX-License-Identifier: MIT */
/* The events of each microarchitecture, a cell for each need. A need that has no event
 * is told with the reason: a cell that is missing would be a mistake. */
#include "counters/native_tables.h"

/* Where names and codes are from; a test compares with the libpfm4 that is linked. */
#define PFM_INTEL  "libpfm4 4.13; Intel's event files (github.com/intel/perfmon)"
#define FILE_INTEL "Intel's event files (github.com/intel/perfmon); libpfm4 after 4.13"
#define PFM_AMD    "libpfm4 4.13; AMD PPR of the family"
#define NEW_AMD    "AMD PPR of family 1Ah; libpfm4 after 4.13"
#define PFM_ARM    "libpfm4 4.13; Arm TRM of the core"
#define NEW_ARM    "Arm TRM of the core; libpfm4 after 4.13"
#define LINUX_ARM  "Arm TRM of the core; Linux pmu-events"

/* One cell a line. */
/* clang-format off */
#define EVENT(need, name, code)       [HV_NEED_##need] = {name, code, NULL}
#define NOTED(need, name, code, text) [HV_NEED_##need] = {name, code, text}
#define NONE(need, text)              [HV_NEED_##need] = {NULL, 0, text}

/* ---- Intel. Events of loads, stores and caches run on counters 0 to 3 only (Counter in
 * the event files, intel_*_event_constraints in the kernel); without a second thread
 * Haswell to Skylake have eight. Retired-miss events leave out loads that hit a line
 * already on its way (a fill buffer). */
#define INTEL_OLD  {.general = 4, .memory = 4, .alone = 8, .cycles = true, .instructions = true}
#define INTEL_COVE {.general = 8, .memory = 4, .cycles = true, .instructions = true}
#define INTEL_MONT(n) {.general = n, .memory = n, .cycles = true, .instructions = true}

#define MISSES                                                                         \
    EVENT(L1D_MISSES,       "MEM_LOAD_RETIRED:L1_MISS", 0x08d1),                       \
    EVENT(L1D_PENDING_HITS, "MEM_LOAD_RETIRED:FB_HIT",  0x40d1)
#define RETIRED(unit)                                                                  \
    EVENT(LOADS,              "MEM_" unit "_RETIRED:ALL_LOADS",   0x81d0),             \
    EVENT(STORES,             "MEM_" unit "_RETIRED:ALL_STORES",  0x82d0),             \
    EVENT(SPLIT_LOADS,        "MEM_" unit "_RETIRED:SPLIT_LOADS", 0x41d0),             \
    EVENT(BRANCH_MISPREDICTS, "BR_MISP_RETIRED:ALL_BRANCHES",     0x00c5)
#define OLD_BLOCKS                                                                     \
    EVENT(STORE_FORWARD_BLOCKS, "LD_BLOCKS:STORE_FORWARD",         0x0203),            \
    EVENT(ALIASES_4K,           "LD_BLOCKS_PARTIAL:ADDRESS_ALIAS", 0x0107)
#define NEW_BLOCKS                                                                     \
    EVENT(STORE_FORWARD_BLOCKS, "LD_BLOCKS:STORE_FORWARD",         0x8203),            \
    EVENT(ALIASES_4K,           "LD_BLOCKS:ADDRESS_ALIAS",         0x0403)
#define WALKS(code) EVENT(DTLB_WALKS, "DTLB_LOAD_MISSES:WALK_COMPLETED", code)
#define NO_INTEL "none in Intel's event file of this core"

const struct hv_native_table hv_native_haswell = {
    "Haswell or Broadwell", PFM_INTEL, INTEL_OLD, {
        EVENT(L1D_MISSES,       "MEM_LOAD_UOPS_RETIRED:L1_MISS", 0x08d1),
        EVENT(L1D_PENDING_HITS, "MEM_LOAD_UOPS_RETIRED:HIT_LFB", 0x40d1),
        RETIRED("UOPS"), OLD_BLOCKS, WALKS(0x0e08)}};

const struct hv_native_table hv_native_skylake = {
    "Skylake to Comet Lake", PFM_INTEL, INTEL_OLD, {
        MISSES, RETIRED("INST"), OLD_BLOCKS, WALKS(0x0e08)}};

const struct hv_native_table hv_native_sunny_cove = {
    "Ice Lake to Rocket Lake", PFM_INTEL, INTEL_COVE, {
        MISSES, RETIRED("INST"), OLD_BLOCKS, WALKS(0x0e08)}};

const struct hv_native_table hv_native_golden_cove = {
    "Golden Cove", PFM_INTEL, INTEL_COVE, {
        MISSES, RETIRED("INST"), NEW_BLOCKS, WALKS(0x0e12)}};

const struct hv_native_table hv_native_redwood_cove = {
    "Redwood Cove", FILE_INTEL, INTEL_COVE, {
        MISSES, RETIRED("INST"), NEW_BLOCKS, WALKS(0x0e12)}};

const struct hv_native_table hv_native_gracemont = {
    "Gracemont", FILE_INTEL, INTEL_MONT(6), {
        EVENT(L1D_MISSES, "MEM_LOAD_UOPS_RETIRED:L1_MISS", 0x08d1),
        NONE(L1D_PENDING_HITS, NO_INTEL),
        NONE(STORE_FORWARD_BLOCKS, NO_INTEL "; LD_BLOCKS:DATA_UNKNOWN (r103) is of loads "
                                   "whose store has no data yet"),
        EVENT(ALIASES_4K, "LD_BLOCKS:ADDRESS_ALIAS", 0x0403),
        RETIRED("UOPS"), WALKS(0x0e08)}};

/* 0x40d1 was the hit of a fill buffer on every core before. */
const struct hv_native_table hv_native_crestmont = {
    "Crestmont", FILE_INTEL, INTEL_MONT(8), {
        EVENT(L1D_MISSES, "MEM_LOAD_UOPS_RETIRED:L1_MISS", 0x40d1),
        NONE(L1D_PENDING_HITS, NO_INTEL),
        EVENT(STORE_FORWARD_BLOCKS, "LD_BLOCKS:STORE_FORWARD", 0x0203),
        EVENT(ALIASES_4K, "LD_BLOCKS:ADDRESS_ALIAS", 0x0403),
        RETIRED("UOPS"), WALKS(0x0e08)}};

/* ---- AMD: six counters for everything. A walk is a reload that the L2 TLB missed too,
 * of 4 KiB, coalesced and 2 MiB pages (PMCx045). */
#define AMD_SIX {.general = 6, .memory = 6}
#define AMD_ALL                                                                        \
    NONE(L1D_PENDING_HITS, "none in AMD's PPRs"),                                      \
    NOTED(LOADS,  "LS_DISPATCH:LD_DISPATCH",    0x0129, "counted when dispatched"),    \
    NOTED(STORES, "LS_DISPATCH:STORE_DISPATCH", 0x0229, "counted when dispatched"),    \
    NONE(ALIASES_4K, "none in AMD's PPRs"),                                            \
    EVENT(DTLB_WALKS, "L1_DTLB_MISS:TLB_RELOAD_4K_L2_MISS:"                            \
                      "TLB_RELOAD_COALESCED_PAGE_MISS:TLB_RELOAD_2M_L2_MISS", 0x7045), \
    EVENT(BRANCH_MISPREDICTS, "RETIRED_BRANCH_INSTRUCTIONS_MISPREDICTED", 0x00c3)
#define STLI EVENT(STORE_FORWARD_BLOCKS, "BAD_STATUS_2:STLI_OTHER", 0x0224)
#define PIPE EVENT(L1D_MISSES, "MAB_ALLOCATION_BY_PIPE:DATA_PIPE", 0x0141)
#define MA64 EVENT(SPLIT_LOADS, "MISALIGNED_LOADS:MA64", 0x0147)
#define MISALIGNED                                                                     \
    NOTED(SPLIT_LOADS, "MISALIGNED_LOADS", 0x0047,                                     \
          "the PPR does not tell which boundary they cross")

const struct hv_native_table hv_native_zen1 = {
    "Zen", PFM_AMD, AMD_SIX, {
        PIPE, MISALIGNED, AMD_ALL,
        NONE(STORE_FORWARD_BLOCKS, "none in the PPR of family 17h models 00h to 2Fh")}};

const struct hv_native_table hv_native_zen2 = {
    "Zen 2", PFM_AMD, AMD_SIX, {PIPE, MISALIGNED, STLI, AMD_ALL}};

const struct hv_native_table hv_native_zen3 = {
    "Zen 3 or 4", PFM_AMD, AMD_SIX, {
        EVENT(L1D_MISSES, "MAB_ALLOCATION_BY_TYPE:LS", 0x3f41), MA64, STLI, AMD_ALL}};

const struct hv_native_table hv_native_zen5 = {
    "Zen 5", NEW_AMD, AMD_SIX, {
        EVENT(L1D_MISSES, "MAB_ALLOCATION_BY_TYPE:LS", 0x0741), /* bits have moved */
        MA64, STLI, AMD_ALL}};

/* ---- Arm: six counters and one for cycles (some can be built with more). The
 * architecture fixes the codes, each core says which it has. */
#define ARM_SIX {.general = 6, .memory = 6, .cycles = true}
#define ARM_ALL                                                                        \
    EVENT(L1D_MISSES, "L1D_CACHE_REFILL", 0x03),                                       \
    NONE(L1D_PENDING_HITS, "none in Arm's architecture"),                              \
    NONE(STORE_FORWARD_BLOCKS, "none in Arm's TRMs; nearest is STALL_BACKEND_MEM "     \
                               "(r4005, Neoverse V1 and later)"),                      \
    NONE(ALIASES_4K, "none in Arm's TRMs")
#define ISSUED "counted when issued: those of a path not taken are among them"
#define SPEC                                                                           \
    NOTED(LOADS,  "LD_SPEC", 0x70, ISSUED),                                            \
    NOTED(STORES, "ST_SPEC", 0x71, ISSUED)
#define OLD_SPEC                                                                       \
    NOTED(LOADS,  "INST_SPEC_EXEC_LOAD",  0x70, ISSUED),                               \
    NOTED(STORES, "INST_SPEC_EXEC_STORE", 0x71, ISSUED)
#define LITTLE EVENT(LOADS, "LD_RETIRED", 0x06), EVENT(STORES, "ST_RETIRED", 0x07)
#define LATE EVENT(SPLIT_LOADS, "LD_ALIGN_LAT", 0x4021)
#define ANY_UNALIGNED                                                                  \
    NONE(SPLIT_LOADS, "none in Arm's TRMs; UNALIGNED_LD_SPEC (r68) counts every "      \
                      "unaligned load, across two lines or not")
#define LITTLE_UNALIGNED                                                               \
    NONE(SPLIT_LOADS, "none in Arm's TRMs; UNALIGNED_LDST_RETIRED (rf) counts every "  \
                      "unaligned load and store")
#define WALK EVENT(DTLB_WALKS, "DTLB_WALK", 0x34)
#define NO_WALK                                                                        \
    NONE(DTLB_WALKS, "none in Arm's TRMs; L1D_TLB_REFILL (r5) counts refills from the "\
                     "L2 TLB as well")
#define MISPREDICTED(name, code) EVENT(BRANCH_MISPREDICTS, name, code)
#define MISP MISPREDICTED("BR_MIS_PRED_RETIRED", 0x22)

const struct hv_native_table hv_native_neoverse_n1 = {
    "Neoverse N1 or V1", PFM_ARM, ARM_SIX, {ARM_ALL, SPEC, ANY_UNALIGNED, WALK, MISP}};

const struct hv_native_table hv_native_neoverse_n2 = {
    "Neoverse N2 or V2", PFM_ARM, ARM_SIX, {ARM_ALL, SPEC, LATE, WALK, MISP}};

const struct hv_native_table hv_native_neoverse_n3 = {
    "Neoverse N3 or V3", NEW_ARM, ARM_SIX, {ARM_ALL, SPEC, LATE, WALK, MISP}};

const struct hv_native_table hv_native_cortex_a53 = {
    "Cortex-A53", PFM_ARM, ARM_SIX, {
        ARM_ALL, LITTLE, LITTLE_UNALIGNED, NO_WALK, MISPREDICTED("BRANCH_MISPRED", 0x10)}};

const struct hv_native_table hv_native_cortex_a55 = {
    "Cortex-A55", NEW_ARM, ARM_SIX, {ARM_ALL, LITTLE, LITTLE_UNALIGNED, WALK, MISP}};

const struct hv_native_table hv_native_cortex_a57 = {
    "Cortex-A57 or A72", PFM_ARM, ARM_SIX, {
        ARM_ALL, OLD_SPEC, ANY_UNALIGNED, NO_WALK, MISPREDICTED("BRANCH_MISPRED", 0x10)}};

const struct hv_native_table hv_native_cortex_a75 = {
    "Cortex-A75", LINUX_ARM, ARM_SIX, {
        ARM_ALL, SPEC, ANY_UNALIGNED, WALK, MISPREDICTED("BR_MIS_PRED", 0x10)}};

const struct hv_native_table hv_native_cortex_a76 = {
    "Cortex-A76 to A78 or X1", LINUX_ARM, ARM_SIX, {
        ARM_ALL, SPEC, ANY_UNALIGNED, WALK, MISP}};
/* clang-format on */
