/* SPDX-License-Identifier: MIT */
/* Which control checks which event: a row for each kind of event, whatever the CPU
 * calls it, and raw codes for those who spell it as one. */
#include <linux/perf_event.h>
#include <string.h>

#include "counters/control.h"
#include "counters/probe.h"

/* clang-format off: a name a line or two, the reason last */
static const struct hv_event_kind kinds[] = {
    {"instructions",
     "instructions,INSTRUCTION_RETIRED,INST_RETIRED,INST_RETIRED:ANY_P,RETIRED_"
     "INSTRUCTIONS",                                                                          HV_CONTROL_LOOP,   HV_LOOP_INSTRUCTIONS, 0.001,
     "retired instructions are exact; an interrupt adds a few to the user's count"                                                                                                      },
    {"cycles",
     "cycles,cpu-cycles,CPU_CYCLES,CPU_CLK_UNHALTED:THREAD,CYCLES_NOT_IN_HALT",               HV_CONTROL_CHAIN,  HV_CHAIN_BLOCK,       0.02,
     "each add waits for the one before; the loop around them runs beside"                                                                                                              },
    {"loads",
     "L1-dcache-loads,L1-DCACHE-LOADS,MEM_INST_RETIRED:ALL_LOADS,MEM_UOPS_RETIRED:ALL_"
     "LOADS,"
     "LS_DISPATCH:LD_DISPATCH,L1D_CACHE,L1D_CACHE_RD,LD_SPEC,LD_RETIRED,INST_SPEC_EXEC_"
     "LOAD,MEM_ACCESS_RD",                                                                    HV_CONTROL_LOADS,  8,                    0.05,
     "some count dispatched loads: a few of a path not taken are among them"                                                                                                            },
    {"stores",
     "L1-dcache-stores,L1-DCACHE-STORES,MEM_INST_RETIRED:ALL_STORES,MEM_UOPS_RETIRED:"
     "ALL_STORES,"
     "LS_DISPATCH:STORE_DISPATCH,L1D_CACHE_WR,ST_SPEC,ST_RETIRED,INST_SPEC_EXEC_STORE,"
     "MEM_ACCESS_WR",                                                                         HV_CONTROL_STORES, 8,                    0.05,  "as for loads"                            },
    {"L1D refills",
     "l1d_misses,L1-dcache-load-misses,L1-DCACHE-LOAD-MISSES,MEM_LOAD_RETIRED:L1_MISS,"
     "MEM_LOAD_UOPS_RETIRED:L1_MISS,L1D:REPLACEMENT,MAB_ALLOCATION_BY_PIPE:DATA_PIPE,"
     "MAB_ALLOCATION_BY_TYPE:LS,L1D_CACHE_REFILL,L1D_CACHE_REFILL_RD",                        HV_CONTROL_REFILL, 4,                    0.2,
     "a prefetch may take a miss away, a replacement that is not LRU may keep a line"                                                                                                   },
    {"loads of a line on its way",
     "MEM_LOAD_RETIRED:FB_HIT,MEM_LOAD_UOPS_RETIRED:HIT_LFB",                                 HV_CONTROL_REFILL, 4,                    0.5,
     "the second load of a line, where the first has not brought it yet"                                                                                                                },
    {"branches",
     "branches,branch-instructions,BR_INST_RETIRED:ALL_BRANCHES,BR_INST_RETIRED:NEAR_"
     "TAKEN,"
     "RETIRED_BRANCH_INSTRUCTIONS,RETIRED_TAKEN_BRANCH_INSTRUCTIONS,BR_RETIRED,BR_PRED,"
     "PC_WRITE_RETIRED",                                                                      HV_CONTROL_TAKEN,  4,                    0.02,
     "retired branches are exact, predicted ones nearly so where all are taken"                                                                                                         },
    {"mispredicted branches",
     "branch-misses,BR_MISP_RETIRED:ALL_BRANCHES,RETIRED_BRANCH_INSTRUCTIONS_"
     "MISPREDICTED,"
     "BR_MIS_PRED,BR_MIS_PRED_RETIRED,BRANCH_MISPRED",                                        HV_CONTROL_RANDOM, 0.5,                  0.2,   "half of them are guessed right by chance"},
    {"split loads",
     "MEM_INST_RETIRED:SPLIT_LOADS,MEM_UOPS_RETIRED:SPLIT_LOADS,MISALIGNED_LOADS,"
     "MISALIGNED_LOADS:MA64,UNALIGNED_LD_SPEC,LD_ALIGN_LAT",                                  HV_CONTROL_SPLITS, 4,                    0.05,  "every load crosses one line's end"       },
    {"4 KiB aliases",              "LD_BLOCKS_PARTIAL:ADDRESS_ALIAS,LD_BLOCKS:ADDRESS_ALIAS",
     HV_CONTROL_ALIASES,                                                                                         4,                    0.5,
     "a load that finds its store gone already is not held back"                                                                                                                        },
    {"blocked forwards",           "LD_BLOCKS:STORE_FORWARD,BAD_STATUS_2:STLI_OTHER",
     HV_CONTROL_NARROW,                                                                                          1,                    0.5,
     "a blocked load may be tried, and counted, more than once"                                                                                                                         },
    {"page walks",
     "dTLB-load-misses,DTLB-LOAD-MISSES,DTLB_LOAD_MISSES:WALK_COMPLETED,"
     "DTLB_LOAD_MISSES:MISS_CAUSES_A_WALK,MEM_INST_RETIRED:STLB_MISS_LOADS,"
     "L1_DTLB_MISS:TLB_RELOAD_4K_L2_MISS,L1_DTLB_MISS:TLB_RELOAD_4K_L2_MISS:TLB_"
     "RELOAD_COALESCED_PAGE_MISS:TLB_RELOAD_2M_L2_MISS,L1D_TLB_REFILL,L2D_TLB_REFILL,"
     "DTLB_WALK",                                                                             HV_CONTROL_PAGES,  1,                    0.2,
     "a TLB that is not LRU may keep a page for another round"                                                                                                                          },
};

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"
#define ARM   "ARM"

/* Codes that mean the same on all CPUs of a vendor that have them; the name picks the
 * kind. Sources: libpfm4's encodings, the Arm architecture's common events. */
static const struct code {
    const char *vendor;
    uint64_t config;
    const char *name;
} codes[] = {
    {INTEL, 0x00c0, "instructions"                },
    {INTEL, 0x003c, "cycles"                      },
    {INTEL, 0x00c4, "branches"                    },
    {INTEL, 0x00c5, "branch-misses"               },
    {INTEL, 0x81d0, "L1-dcache-loads"             },
    {INTEL, 0x82d0, "L1-dcache-stores"            },
    {INTEL, 0x08d1, "l1d_misses"                  },
    {INTEL, 0x0151, "l1d_misses"                  },
    {INTEL, 0x40d1, "MEM_LOAD_RETIRED:FB_HIT"     },
    {INTEL, 0x41d0, "MEM_INST_RETIRED:SPLIT_LOADS"},
    {INTEL, 0x0107, "LD_BLOCKS:ADDRESS_ALIAS"     },
    {INTEL, 0x0403, "LD_BLOCKS:ADDRESS_ALIAS"     },
    {INTEL, 0x0203, "LD_BLOCKS:STORE_FORWARD"     },
    {INTEL, 0x8203, "LD_BLOCKS:STORE_FORWARD"     },
    {INTEL, 0x0e08, "dTLB-load-misses"            },
    {INTEL, 0x0e12, "dTLB-load-misses"            },
    {INTEL, 0x11d0, "dTLB-load-misses"            },
    {AMD,   0x00c0, "instructions"                },
    {AMD,   0x0076, "cycles"                      },
    {AMD,   0x00c2, "branches"                    },
    {AMD,   0x00c3, "branch-misses"               },
    {AMD,   0x0129, "L1-dcache-loads"             },
    {AMD,   0x0229, "L1-dcache-stores"            },
    {AMD,   0x0141, "l1d_misses"                  },
    {AMD,   0x3f41, "l1d_misses"                  },
    {AMD,   0x0741, "l1d_misses"                  },
    {AMD,   0x0147, "MISALIGNED_LOADS:MA64"       },
    {AMD,   0x0224, "BAD_STATUS_2:STLI_OTHER"     },
    {AMD,   0xf045, "dTLB-load-misses"            },
    {AMD,   0x7045, "dTLB-load-misses"            },
    {AMD,   0x0047, "MISALIGNED_LOADS"            },
    {ARM,   0x08,   "instructions"                },
    {ARM,   0x11,   "cycles"                      },
    {ARM,   0x03,   "l1d_misses"                  },
    {ARM,   0x42,   "l1d_misses"                  },
    {ARM,   0x04,   "L1D_CACHE"                   },
    {ARM,   0x40,   "L1D_CACHE_RD"                },
    {ARM,   0x41,   "L1D_CACHE_WR"                },
    {ARM,   0x66,   "MEM_ACCESS_RD"               },
    {ARM,   0x67,   "MEM_ACCESS_WR"               },
    {ARM,   0x06,   "LD_RETIRED"                  },
    {ARM,   0x07,   "ST_RETIRED"                  },
    {ARM,   0x70,   "LD_SPEC"                     },
    {ARM,   0x71,   "ST_SPEC"                     },
    {ARM,   0x0c,   "PC_WRITE_RETIRED"            },
    {ARM,   0x12,   "BR_PRED"                     },
    {ARM,   0x21,   "BR_RETIRED"                  },
    {ARM,   0x10,   "BR_MIS_PRED"                 },
    {ARM,   0x22,   "BR_MIS_PRED_RETIRED"         },
    {ARM,   0x05,   "L1D_TLB_REFILL"              },
    {ARM,   0x2d,   "L2D_TLB_REFILL"              },
    {ARM,   0x34,   "DTLB_WALK"                   },
    {ARM,   0x68,   "UNALIGNED_LD_SPEC"           },
    {ARM,   0x4021, "LD_ALIGN_LAT"                },
};
/* clang-format on */

const struct hv_event_kind *hv_event_kinds(size_t *n)
{
    *n = HV_LEN(kinds);
    return kinds;
}

static bool lists(const char *names, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = names; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (length && !strncmp(at, name, length) && (at[length] == ',' || !at[length]))
            return true;
    }
    return false;
}

/* libpfm4 takes names with their PMU before them: skl::EVENT. A modifier says who is
 * counted, not what: :uk. */
static const char *bare(const char *name, char *copy, size_t size)
{
    const char *colons = strstr(name, "::");
    name = colons ? colons + 2 : name;
    const char *modifier = strrchr(name, ':');
    size_t length = strlen(name);
    if (modifier && lists(":u,:uk,:ku", modifier))
        length = (size_t)(modifier - name);
    length = length < size ? length : size - 1;
    memcpy(copy, name, length);
    copy[length] = '\0';
    return copy;
}

static const struct hv_event_kind *by_name(const char *name)
{
    char copy[sizeof((struct hv_event *)0)->name];
    name = bare(name, copy, sizeof copy);
    for (size_t i = 0; i < HV_LEN(kinds); i++)
        if (lists(kinds[i].names, name))
            return &kinds[i];
    return NULL;
}

static bool is_core_code(const struct hv_event *event)
{
    return event->type == PERF_TYPE_RAW || event->type >= PERF_TYPE_MAX;
}

const struct hv_event_kind *hv_event_kind_of(const struct hv_event *event,
                                             const char *vendor)
{
    const struct hv_event_kind *kind = by_name(event->figure);
    if (!kind)
        kind = by_name(event->name);
    if (kind || !vendor || !is_core_code(event))
        return kind;
    for (size_t i = 0; i < HV_LEN(codes); i++)
        if (!strcmp(codes[i].vendor, vendor) && codes[i].config == event->config)
            return by_name(codes[i].name);
    return NULL;
}
