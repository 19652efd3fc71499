/* SPDX-License-Identifier: MIT */
/* Which CPU is which microarchitecture. Sources: the model lists of libpfm4 and of
 * Intel's mapfile.csv (github.com/intel/perfmon), AMD's PPRs, Arm's MIDR part numbers.
 */
#include <string.h>

#include "counters/native_tables.h"

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"
#define HYGON "HygonGenuine"
#define ARM   "ARM"

/* Of a hybrid CPU both kinds of core have one model: their PMU tells them apart. */
#define P_CORE "cpu_core"
#define E_CORE "cpu_atom"

/* One row a line, comments name the CPUs. */
/* clang-format off */
static const struct hv_native_cpus rows[] = {
    {INTEL, 6,    0x3c,  0x3c,  NULL,   "hsw",               &hv_native_haswell     }, /* Haswell */
    {INTEL, 6,    0x45,  0x46,  NULL,   "hsw",               &hv_native_haswell     },
    {INTEL, 6,    0x3f,  0x3f,  NULL,   "hsw_ep",            &hv_native_haswell     },
    {INTEL, 6,    0x3d,  0x3d,  NULL,   "bdw",               &hv_native_haswell     }, /* Broadwell */
    {INTEL, 6,    0x47,  0x47,  NULL,   "bdw",               &hv_native_haswell     },
    {INTEL, 6,    0x4f,  0x4f,  NULL,   "bdw_ep",            &hv_native_haswell     },
    {INTEL, 6,    0x56,  0x56,  NULL,   "bdw_ep",            &hv_native_haswell     },
    {INTEL, 6,    0x4e,  0x4e,  NULL,   "skl",               &hv_native_skylake     }, /* Skylake */
    {INTEL, 6,    0x5e,  0x5e,  NULL,   "skl",               &hv_native_skylake     },
    {INTEL, 6,    0x55,  0x55,  NULL,   "skx",
     &hv_native_skylake                                                             }, /* and its Lakes */
    {INTEL, 6,    0x8e,  0x8e,  NULL,   "skl",               &hv_native_skylake     }, /* Kaby, Coffee Lake */
    {INTEL, 6,    0x9e,  0x9e,  NULL,   "skl",               &hv_native_skylake     },
    {INTEL, 6,    0xa5,  0xa6,  NULL,   "skl",               &hv_native_skylake     }, /* Comet Lake */
    {INTEL, 6,    0x7d,  0x7e,  NULL,   "icl",               &hv_native_sunny_cove  }, /* Ice Lake */
    {INTEL, 6,    0x6a,  0x6a,  NULL,   "icx",               &hv_native_sunny_cove  },
    {INTEL, 6,    0x6c,  0x6c,  NULL,   "icx",               &hv_native_sunny_cove  },
    {INTEL, 6,    0x8c,  0x8d,  NULL,   "icl",               &hv_native_sunny_cove  }, /* Tiger Lake */
    {INTEL, 6,    0xa7,  0xa7,  NULL,   "icl",               &hv_native_sunny_cove  }, /* Rocket Lake */
    {INTEL, 6,    0x8f,  0x8f,  NULL,   "spr",               &hv_native_golden_cove }, /* Sapphire Rapids */
    {INTEL, 6,    0xcf,  0xcf,  NULL,   "emr",               &hv_native_golden_cove }, /* Emerald Rapids */
    {INTEL, 6,    0xad,  0xae,  NULL,   "gnr",               &hv_native_redwood_cove}, /* Granite Rapids */
    {INTEL, 6,    0x97,  0x97,  P_CORE, "adl_glc",           &hv_native_golden_cove }, /* Alder Lake */
    {INTEL, 6,    0x9a,  0x9a,  P_CORE, "adl_glc",           &hv_native_golden_cove },
    {INTEL, 6,    0xb7,  0xb7,  P_CORE, "adl_glc",           &hv_native_golden_cove }, /* Raptor Lake */
    {INTEL, 6,    0xba,  0xba,  P_CORE, "adl_glc",           &hv_native_golden_cove },
    {INTEL, 6,    0xbf,  0xbf,  P_CORE, "adl_glc",           &hv_native_golden_cove },
    {INTEL, 6,    0xaa,  0xaa,  P_CORE, NULL,
     &hv_native_redwood_cove                                                        }, /* Meteor Lake */
    {INTEL, 6,    0xac,  0xac,  P_CORE, NULL,                &hv_native_redwood_cove},
    {INTEL, 6,    0xb5,  0xb5,  P_CORE, NULL,                &hv_native_redwood_cove},
    {INTEL, 6,    0x97,  0x97,  E_CORE, "adl_grt",           &hv_native_gracemont   },
    {INTEL, 6,    0x9a,  0x9a,  E_CORE, "adl_grt",           &hv_native_gracemont   },
    {INTEL, 6,    0xb7,  0xb7,  E_CORE, "adl_grt",           &hv_native_gracemont   },
    {INTEL, 6,    0xba,  0xba,  E_CORE, "adl_grt",           &hv_native_gracemont   },
    {INTEL, 6,    0xbf,  0xbf,  E_CORE, "adl_grt",           &hv_native_gracemont   },
    {INTEL, 6,    0xaa,  0xaa,  E_CORE, NULL,                &hv_native_crestmont   },
    {INTEL, 6,    0xac,  0xac,  E_CORE, NULL,                &hv_native_crestmont   },
    {INTEL, 6,    0xb5,  0xb5,  E_CORE, NULL,                &hv_native_crestmont   },
    {INTEL, 6,    0xbe,  0xbe,  NULL,   NULL,
     &hv_native_gracemont                                                           }, /* Alder Lake N */
    {INTEL, 6,    0xaf,  0xaf,  NULL,   NULL,                &hv_native_crestmont   }, /* Sierra Forest */
    {AMD,   0x17, 0x00,  0x2f,  NULL,   "amd64_fam17h_zen1", &hv_native_zen1        },
    {HYGON, 0x18, 0x00,  0x0f,  NULL,   NULL,                &hv_native_zen1        },
    {AMD,   0x17, 0x30,  0xff,  NULL,   "amd64_fam17h_zen2", &hv_native_zen2        },
    {AMD,   0x19, 0x00,  0x0f,  NULL,   "amd64_fam19h_zen3", &hv_native_zen3        },
    {AMD,   0x19, 0x20,  0x5f,  NULL,   "amd64_fam19h_zen3", &hv_native_zen3        },
    {AMD,   0x19, 0x10,  0x1f,  NULL,   "amd64_fam19h_zen4", &hv_native_zen3        },
    {AMD,   0x19, 0x60,  0xaf,  NULL,   "amd64_fam19h_zen4", &hv_native_zen3        },
    {AMD,   0x1a, 0x00,  0x4f,  NULL,   "amd64_fam1ah_zen5", &hv_native_zen5        },
    {AMD,   0x1a, 0x60,  0x7f,  NULL,   "amd64_fam1ah_zen5", &hv_native_zen5        },
    {ARM,   0x41, 0xd0c, 0xd0c, NULL,   "arm_n1",            &hv_native_neoverse_n1 },
    {ARM,   0x41, 0xd40, 0xd40, NULL,   "arm_v1",            &hv_native_neoverse_n1 },
    {ARM,   0x41, 0xd49, 0xd49, NULL,   "arm_n2",            &hv_native_neoverse_n2 },
    {ARM,   0x41, 0xd4f, 0xd4f, NULL,   "arm_v2",            &hv_native_neoverse_n2 },
    {ARM,   0x41, 0xd8e, 0xd8e, NULL,   "arm_n3",            &hv_native_neoverse_n3 },
    {ARM,   0x41, 0xd84, 0xd84, NULL,   "arm_v3",            &hv_native_neoverse_n3 },
    {ARM,   0x41, 0xd03, 0xd03, NULL,   "arm_ac53",          &hv_native_cortex_a53  },
    {ARM,   0x41, 0xd05, 0xd05, NULL,   "arm_ac55",          &hv_native_cortex_a55  },
    {ARM,   0x41, 0xd07, 0xd07, NULL,   "arm_ac57",          &hv_native_cortex_a57  },
    {ARM,   0x41, 0xd08, 0xd08, NULL,   "arm_ac72",          &hv_native_cortex_a57  },
    {ARM,   0x41, 0xd0a, 0xd0a, NULL,   NULL,                &hv_native_cortex_a75  },
    {ARM,   0x41, 0xd0b, 0xd0b, NULL,   "arm_ac76",          &hv_native_cortex_a76  },
    {ARM,   0x41, 0xd0d, 0xd0d, NULL,   NULL,                &hv_native_cortex_a76  }, /* A77 */
    {ARM,   0x41, 0xd41, 0xd41, NULL,   NULL,                &hv_native_cortex_a76  }, /* A78 */
    {ARM,   0x41, 0xd44, 0xd44, NULL,   NULL,                &hv_native_cortex_a76  }, /* X1 */
};
/* clang-format on */

const struct hv_native_cpus *hv_native_cpus(size_t *n)
{
    *n = HV_LEN(rows);
    return rows;
}

const struct hv_native_cpus *hv_native_cpus_of(const struct hv_cpu_id *id,
                                               const struct hv_pmu *pmu)
{
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_native_cpus *row = &rows[i];
        if (!strcmp(row->vendor, id->vendor) && row->family == id->family &&
            id->model >= row->first_model && id->model <= row->last_model &&
            (!row->pmu || !strcmp(row->pmu, pmu->name)))
            return row;
    }
    return NULL;
}
