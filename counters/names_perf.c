/* SPDX-License-Identifier: MIT */
/* The names perf itself has for events: generic hardware, cache and software ones. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "counters/names.h"
#include "counters/tree.h"

static const struct {
    const char *name, *alias; /* alias NULL: it has none */
    uint32_t type;
    uint64_t config;
} named[] = {
    {"cycles",                  "cpu-cycles",           PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES      },
    {"instructions",            NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS    },
    {"cache-references",        NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES},
    {"cache-misses",            NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES    },
    {"branches",                "branch-instructions",  PERF_TYPE_HARDWARE,
     PERF_COUNT_HW_BRANCH_INSTRUCTIONS                                                                    },
    {"branch-misses",           NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES   },
    {"bus-cycles",              NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_BUS_CYCLES      },
    {"stalled-cycles-frontend", "idle-cycles-frontend", PERF_TYPE_HARDWARE,
     PERF_COUNT_HW_STALLED_CYCLES_FRONTEND                                                                },
    {"stalled-cycles-backend",  "idle-cycles-backend",  PERF_TYPE_HARDWARE,
     PERF_COUNT_HW_STALLED_CYCLES_BACKEND                                                                 },
    {"ref-cycles",              NULL,                   PERF_TYPE_HARDWARE, PERF_COUNT_HW_REF_CPU_CYCLES  },
    {"task-clock",              NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK      },
    {"cpu-clock",               NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK       },
    {"page-faults",             "faults",               PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS     },
    {"minor-faults",            NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MIN },
    {"major-faults",            NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MAJ },
    {"context-switches",        "cs",                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES},
    {"cpu-migrations",          "migrations",           PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS  },
    {"alignment-faults",        NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_ALIGNMENT_FAULTS},
    {"emulation-faults",        NULL,                   PERF_TYPE_SOFTWARE, PERF_COUNT_SW_EMULATION_FAULTS},
};

static const struct {
    const char *name;
    uint64_t cache;
} caches[] = {
    {"L1-dcache", PERF_COUNT_HW_CACHE_L1D },
    {"L1-icache", PERF_COUNT_HW_CACHE_L1I },
    {"LLC",       PERF_COUNT_HW_CACHE_LL  },
    {"dTLB",      PERF_COUNT_HW_CACHE_DTLB},
    {"iTLB",      PERF_COUNT_HW_CACHE_ITLB},
    {"branch",    PERF_COUNT_HW_CACHE_BPU },
    {"node",      PERF_COUNT_HW_CACHE_NODE},
};

#define OP(op, result)                                                                 \
    (PERF_COUNT_HW_CACHE_OP_##op << 8 | PERF_COUNT_HW_CACHE_RESULT_##result << 16)
static const struct {
    const char *suffix;
    uint64_t config;
} operations[] = {
    {"-loads",           OP(READ,     ACCESS)},
    {"-load-misses",     OP(READ,     MISS)  },
    {"-stores",          OP(WRITE,    ACCESS)},
    {"-store-misses",    OP(WRITE,    MISS)  },
    {"-prefetches",      OP(PREFETCH, ACCESS)},
    {"-prefetch-misses", OP(PREFETCH, MISS)  },
};

static void fill(struct hv_event *out, const char *name, uint32_t type, uint64_t config)
{
    memset(out, 0, sizeof *out);
    hv_put(out->name, sizeof out->name, "%s", name);
    hv_put(out->pmu, sizeof out->pmu, type == PERF_TYPE_SOFTWARE ? "software" : "cpu");
    out->type = type;
    out->config = config;
}

static int find_cache(const char *spelling, struct hv_event *out)
{
    for (size_t i = 0; i < HV_LEN(caches); i++) {
        const size_t len = strlen(caches[i].name);
        if (strncasecmp(spelling, caches[i].name, len))
            continue;
        for (size_t j = 0; j < HV_LEN(operations); j++) {
            if (strcasecmp(spelling + len, operations[j].suffix))
                continue;
            fill(out, spelling, PERF_TYPE_HW_CACHE,
                 caches[i].cache | operations[j].config);
            return 0;
        }
    }
    return -ENOENT;
}

int hv_names_perf(const char *spelling, struct hv_event *out)
{
    for (size_t i = 0; i < HV_LEN(named); i++) {
        if (strcmp(spelling, named[i].name) &&
            (!named[i].alias || strcmp(spelling, named[i].alias)))
            continue;
        fill(out, named[i].name, named[i].type, named[i].config);
        return 0;
    }
    return find_cache(spelling, out);
}

int hv_names_raw(const char *spelling, struct hv_event *out)
{
    const size_t digits = strlen(spelling) - (spelling[0] == 'r');
    if (spelling[0] != 'r' || !digits || digits > 16 ||
        strspn(spelling + 1, "0123456789abcdefABCDEF") != digits)
        return -ENOENT;
    fill(out, spelling, PERF_TYPE_RAW, strtoull(spelling + 1, NULL, 16));
    return 0;
}

void hv_names_pin(const struct hv_pmu *pmu, struct hv_event *out)
{
    if (out->type == PERF_TYPE_SOFTWARE)
        return;
    hv_put(out->pmu, sizeof out->pmu, "%s", pmu->name);
    if (!pmu->hybrid)
        return;
    if (out->type == PERF_TYPE_RAW)
        out->type = pmu->type;
    else if (out->type == PERF_TYPE_HARDWARE || out->type == PERF_TYPE_HW_CACHE)
        out->config |= (uint64_t)pmu->type << 32;
}

void hv_event_names(hv_event_name_fn *tell, void *user)
{
    for (size_t i = 0; i < HV_LEN(named); i++)
        tell(named[i].name, named[i].type == PERF_TYPE_SOFTWARE, user);
    for (size_t i = 0; i < HV_LEN(caches); i++) {
        for (size_t j = 0; j < HV_LEN(operations); j++) {
            char name[64];
            hv_put(name, sizeof name, "%s%s", caches[i].name, operations[j].suffix);
            tell(name, false, user);
        }
    }
}
