/* SPDX-License-Identifier: MIT */
/* The names of what a trace counts, as the dump and the reports use them. */
#include "src/run_trace.h"

#include <stddef.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static const char *const values[] = {
    [HV_T_INSTRUCTIONS] = "instructions",
    [HV_T_REP_ITERATIONS] = "rep_iterations",
    [HV_T_LOADS] = "loads",
    [HV_T_STORES] = "stores",
    [HV_T_LOAD_BYTES] = "load_bytes",
    [HV_T_STORE_BYTES] = "store_bytes",
    [HV_T_CALLS] = "calls",
    [HV_T_BRANCHES] = "branches",
    [HV_T_SYSCALLS] = "syscalls",
    [HV_T_UNSUPPORTED] = "unsupported",
    [HV_T_VECTOR_128] = "vector_128",
    [HV_T_VECTOR_256] = "vector_256",
    [HV_T_VECTOR_512] = "vector_512",
    [HV_T_COPY_STORED_CALLED] = "copy_stored_called",
    [HV_T_COPY_STORED_INLINED] = "copy_stored_inlined",
    [HV_T_COPIED_CALLED] = "copied_called",
    [HV_T_COPIED_INLINED] = "copied_inlined",
    [HV_T_COPIED_SMALL] = "copied_small",
    [HV_T_CONFIRMED] = "confirmed",
    [HV_T_CONTRADICTED] = "contradicted",
    [HV_T_COPY_CALLS] = "copy_calls",
    [HV_T_COPY_CALL_BYTES] = "copy_call_bytes",
    [HV_T_SET_CALLS] = "set_calls",
    [HV_T_SET_CALL_BYTES] = "set_call_bytes",
    [HV_T_ALLOC_CALLS] = "alloc_calls",
    [HV_T_ALLOC_CALL_BYTES] = "alloc_call_bytes",
    [HV_T_FREE_CALLS] = "free_calls",
    [HV_T_DIRECT_COPY_CALLS] = "direct_copy_calls",
    [HV_T_DIRECT_COPY_BYTES] = "direct_copy_bytes",
    [HV_T_DIRECT_SET_CALLS] = "direct_set_calls",
    [HV_T_DIRECT_SET_BYTES] = "direct_set_bytes",
    [HV_T_DIRECT_ALLOC_CALLS] = "direct_alloc_calls",
    [HV_T_DIRECT_ALLOC_BYTES] = "direct_alloc_bytes",
    [HV_T_DIRECT_FREE_CALLS] = "direct_free_calls",
    [HV_T_L1_READ_MISSES] = "l1_read_misses",
    [HV_T_L1_WRITE_MISSES] = "l1_write_misses",
    [HV_T_LINES] = "lines",
    [HV_T_FORWARD_SPANS] = "forward_spans",
    [HV_T_FORWARD_WIDER] = "forward_wider",
    [HV_T_ALIAS_4K] = "alias_4k",
    [HV_T_LINE_SPLITS] = "line_splits",
    [HV_T_PAGE_SPLITS] = "page_splits",
    [HV_T_OVERFLOW] = "overflow",
};
_Static_assert(LEN(values) == HV_TRACE_VALUES, "every value has a name");

static const char *const groups[] = {
    [HV_GROUP_COPY] = "copy",           [HV_GROUP_ALLOC] = "alloc",
    [HV_GROUP_GENERATOR] = "generator", [HV_GROUP_OPERATION] = "operation",
    [HV_GROUP_REST] = "rest",
};
_Static_assert(LEN(groups) == HV_TRACE_GROUPS, "every group has a name");

const char *hv_trace_value_name(enum hv_trace_value value)
{
    return (size_t)value < LEN(values) ? values[value] : "?";
}

const char *hv_trace_group_name(enum hv_trace_group group)
{
    return (size_t)group < LEN(groups) ? groups[group] : "?";
}
