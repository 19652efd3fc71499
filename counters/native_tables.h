/* SPDX-License-Identifier: MIT */
/* The tables of native_events.c by name, for the rows of native_cpus.c. */
#ifndef HV_COUNTERS_NATIVE_TABLES_H
#define HV_COUNTERS_NATIVE_TABLES_H

#include "counters/native.h"

extern const struct hv_native_table hv_native_haswell, hv_native_skylake,
    hv_native_sunny_cove, hv_native_golden_cove, hv_native_redwood_cove,
    hv_native_gracemont, hv_native_crestmont;
extern const struct hv_native_table hv_native_zen1, hv_native_zen2, hv_native_zen3,
    hv_native_zen5;
extern const struct hv_native_table hv_native_neoverse_n1, hv_native_neoverse_n2,
    hv_native_neoverse_n3, hv_native_cortex_a53, hv_native_cortex_a55,
    hv_native_cortex_a57, hv_native_cortex_a75, hv_native_cortex_a76;

#endif
