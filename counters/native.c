/* SPDX-License-Identifier: MIT */
/* The native L1 data cache miss event of each CPU: libpfm4 first, raw codes behind it.
 */
#include "counters/native.h"

#include <linux/perf_event.h>
#include <string.h>

#include "counters/names.h"
#include "counters/pmu.h"
#include "counters/tree.h"

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"
#define HYGON "HygonGenuine"
#define ARM   "ARM"

#define L1_MISS    "MEM_LOAD_RETIRED:L1_MISS", 0x08d1
#define FB_HIT     "MEM_LOAD_RETIRED:FB_HIT", 0x40d1
#define OLD_MISS   "MEM_LOAD_UOPS_RETIRED:L1_MISS", 0x08d1
#define OLD_LFB    "MEM_LOAD_UOPS_RETIRED:HIT_LFB", 0x40d1
#define ZEN1_LOADS "MAB_ALLOCATION_BY_PIPE:DATA_PIPE", 0x0141
#define ZEN3_LS    "MAB_ALLOCATION_BY_TYPE:LS", 0x3f41
#define ZEN5_LS    "MAB_ALLOCATION_BY_TYPE:LS", 0x0741
#define REFILL     "L1D_CACHE_REFILL", 0x03

/* Retired-miss events leave out loads that hit a line already on its way (a fill
 * buffer), so Intel's rows come in two. */
#define INTEL_ROWS(first, last, pmu, pfm)                                              \
    {INTEL, 6, first, last, pmu, pfm, L1_MISS},                                        \
    {                                                                                  \
        INTEL, 6, first, last, pmu, pfm, FB_HIT                                        \
    }
#define INTEL_OLD_ROWS(model, pfm)                                                     \
    {INTEL, 6, model, model, NULL, pfm, OLD_MISS},                                     \
    {                                                                                  \
        INTEL, 6, model, model, NULL, pfm, OLD_LFB                                     \
    }

/* clang-format off: one row a line, comments name the CPUs */
static const struct hv_native_row rows[] = {
    INTEL_OLD_ROWS(0x3c, "hsw"), /* Haswell */
    INTEL_OLD_ROWS(0x3f, "hsw_ep"),
    INTEL_OLD_ROWS(0x45, "hsw"),
    INTEL_OLD_ROWS(0x46, "hsw"),
    INTEL_OLD_ROWS(0x3d, "bdw"), /* Broadwell */
    INTEL_OLD_ROWS(0x47, "bdw"),
    INTEL_OLD_ROWS(0x4f, "bdw_ep"),
    INTEL_OLD_ROWS(0x56, "bdw_ep"),
    INTEL_ROWS(0x4e, 0x4e, NULL, "skl"), /* Skylake */
    INTEL_ROWS(0x5e, 0x5e, NULL, "skl"),
    INTEL_ROWS(0x55, 0x55, NULL, "skx"), /* Skylake-X, Cascade and Cooper Lake */
    INTEL_ROWS(0x8e, 0x8e, NULL, "skl"), /* Kaby and Coffee Lake */
    INTEL_ROWS(0x9e, 0x9e, NULL, "skl"),
    INTEL_ROWS(0xa5, 0xa6, NULL, "skl"), /* Comet Lake */
    INTEL_ROWS(0x7d, 0x7e, NULL, "icl"), /* Ice Lake */
    INTEL_ROWS(0x6a, 0x6a, NULL, "icx"),
    INTEL_ROWS(0x6c, 0x6c, NULL, "icx"),
    INTEL_ROWS(0x8c, 0x8d, NULL, "icl"), /* Tiger Lake */
    INTEL_ROWS(0xa7, 0xa7, NULL, "icl"), /* Rocket Lake */
    INTEL_ROWS(0x8f, 0x8f, NULL, "spr"), /* Sapphire Rapids */
    INTEL_ROWS(0xcf, 0xcf, NULL, NULL), /* Emerald Rapids */
    INTEL_ROWS(0xad, 0xae, NULL, NULL), /* Granite Rapids */
    INTEL_ROWS(0x97, 0x97, "cpu_core", NULL), /* P cores: Alder Lake */
    INTEL_ROWS(0x9a, 0x9a, "cpu_core", NULL),
    INTEL_ROWS(0xb7, 0xb7, "cpu_core", NULL), /* Raptor Lake */
    INTEL_ROWS(0xba, 0xba, "cpu_core", NULL),
    INTEL_ROWS(0xbf, 0xbf, "cpu_core", NULL),
    INTEL_ROWS(0xaa, 0xaa, "cpu_core", NULL), /* Meteor Lake */
    INTEL_ROWS(0xac, 0xac, "cpu_core", NULL),
    {AMD,   0x17, 0x00,  0x2f,  NULL, "amd64_fam17h_zen1", ZEN1_LOADS},
    {HYGON, 0x18, 0x00,  0x0f,  NULL, NULL,                ZEN1_LOADS},
    {AMD,   0x17, 0x30,  0xff,  NULL, "amd64_fam17h_zen2", ZEN1_LOADS},
    {AMD,   0x19, 0x00,  0x0f,  NULL, "amd64_fam19h_zen3", ZEN3_LS   },
    {AMD,   0x19, 0x20,  0x5f,  NULL, "amd64_fam19h_zen3", ZEN3_LS   },
    {AMD,   0x19, 0x10,  0x1f,  NULL, "amd64_fam19h_zen4", ZEN3_LS   },
    {AMD,   0x19, 0x60,  0xaf,  NULL, "amd64_fam19h_zen4", ZEN3_LS   },
    {AMD,   0x1a, 0x00,  0x4f,  NULL, NULL,                ZEN5_LS   },
    {AMD,   0x1a, 0x60,  0x7f,  NULL, NULL,                ZEN5_LS   },
    {ARM,   0x41, 0xd0c, 0xd0c, NULL, "arm_n1",            REFILL    },
    {ARM,   0x41, 0xd40, 0xd40, NULL, "arm_v1",            REFILL    },
    {ARM,   0x41, 0xd49, 0xd49, NULL, "arm_n2",            REFILL    },
    {ARM,   0x41, 0xd4f, 0xd4f, NULL, "arm_v2",            REFILL    },
    {ARM,   0x41, 0xd84, 0xd84, NULL, NULL,                REFILL    }, /* Neoverse V3 */
    {ARM,   0x41, 0xd8e, 0xd8e, NULL, NULL,                REFILL    }, /* Neoverse N3 */
    {ARM,   0x41, 0xd03, 0xd03, NULL, "arm_ac53",          REFILL    },
    {ARM,   0x41, 0xd07, 0xd07, NULL, "arm_ac57",          REFILL    },
    {ARM,   0x41, 0xd08, 0xd08, NULL, "arm_ac72",          REFILL    },
    {ARM,   0x41, 0xd0b, 0xd0b, NULL, "arm_ac76",          REFILL    },
    {ARM,   0x41, 0xd05, 0xd05, NULL, NULL,                REFILL    }, /* A55, A75 to X1: the */
    {ARM,   0x41, 0xd0a, 0xd0a, NULL, NULL,                REFILL    }, /* architecture fixes  */
    {ARM,   0x41, 0xd0d, 0xd0d, NULL, NULL,                REFILL    }, /* the code            */
    {ARM,   0x41, 0xd41, 0xd41, NULL, NULL,                REFILL    },
    {ARM,   0x41, 0xd44, 0xd44, NULL, NULL,                REFILL    },
};
/* clang-format on */

const struct hv_native_row *hv_native_rows(size_t *n)
{
    *n = HV_LEN(rows);
    return rows;
}

static bool matches(const struct hv_native_row *row, const struct hv_cpu_id *id,
                    const struct hv_pmu *pmu)
{
    return !strcmp(row->vendor, id->vendor) && row->family == id->family &&
           id->model >= row->first_model && id->model <= row->last_model &&
           (!row->pmu || !strcmp(row->pmu, pmu->name));
}

static void encode(const struct hv_native_row *row, const struct hv_pmu *pmu,
                   struct hv_event *out)
{
    char spelling[sizeof out->name];
    memset(out, 0, sizeof *out);
    hv_put(spelling, sizeof spelling, "%s::%s", row->pfm ? row->pfm : "", row->event);
    if (!row->pfm || hv_names_pfm(spelling, out, NULL)) {
        out->type = PERF_TYPE_RAW;
        out->config = row->config;
    }
    hv_names_pin(pmu, out);
    hv_put(out->name, sizeof out->name, "%s", row->event);
    hv_put(out->figure, sizeof out->figure, "%s", row->event);
}

/* What "a miss" means here differs from CPU to CPU (fills with prefetches, demand
 * reads, stores or not), so the name says what it is. */
static void generic(const struct hv_pmu *pmu, struct hv_event *out)
{
    hv_names_perf("L1-dcache-load-misses", out);
    hv_names_pin(pmu, out);
    hv_put(out->name, sizeof out->name,
           "L1-dcache-load-misses (generic: its meaning differs from CPU to CPU)");
}

unsigned hv_native_l1d(const struct hv_cpu_id *id, struct hv_event *out, unsigned max)
{
    struct hv_pmu pmu = {.name = "cpu", .type = PERF_TYPE_RAW};
    (void)hv_pmu_core("", id->cpu, &pmu); /* none here: the encoding is the same */
    unsigned n = 0;
    for (size_t i = 0; i < HV_LEN(rows) && n < max; i++)
        if (matches(&rows[i], id, &pmu))
            encode(&rows[i], &pmu, &out[n++]);
    if (!n)
        generic(&pmu, &out[n++]);
    hv_put(out[0].figure, sizeof out[0].figure, "l1d_misses");
    return n;
}
