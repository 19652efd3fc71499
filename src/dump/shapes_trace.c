/* SPDX-License-Identifier: MIT */
/* How a trace looks in JSON, as it was seen (src/run_trace.h) and by who did what: a
 * new value is a new row. */
#include "src/dump/doc.h"

static const char *group_name(unsigned value)
{
    return hv_trace_group_name((enum hv_trace_group)value);
}
static const struct hv_words group_words = {group_name, HV_TRACE_GROUPS};

#define VALUE(name, index) HV_ROW_U64(name, struct hv_call_run, value[index], 0)
static const struct hv_field value_rows[] = {
    VALUE("instructions", HV_T_INSTRUCTIONS),
    VALUE("rep_iterations", HV_T_REP_ITERATIONS),
    VALUE("loads", HV_T_LOADS),
    VALUE("stores", HV_T_STORES),
    VALUE("load_bytes", HV_T_LOAD_BYTES),
    VALUE("store_bytes", HV_T_STORE_BYTES),
    VALUE("calls", HV_T_CALLS),
    VALUE("branches", HV_T_BRANCHES),
    VALUE("syscalls", HV_T_SYSCALLS),
    VALUE("unsupported", HV_T_UNSUPPORTED),
    VALUE("vector_128", HV_T_VECTOR_128),
    VALUE("vector_256", HV_T_VECTOR_256),
    VALUE("vector_512", HV_T_VECTOR_512),
    VALUE("copy_stored_called", HV_T_COPY_STORED_CALLED),
    VALUE("copy_stored_inlined", HV_T_COPY_STORED_INLINED),
    VALUE("copied_called", HV_T_COPIED_CALLED),
    VALUE("copied_inlined", HV_T_COPIED_INLINED),
    VALUE("copied_small", HV_T_COPIED_SMALL),
    VALUE("confirmed", HV_T_CONFIRMED),
    VALUE("contradicted", HV_T_CONTRADICTED),
    VALUE("copy_calls", HV_T_COPY_CALLS),
    VALUE("copy_call_bytes", HV_T_COPY_CALL_BYTES),
    VALUE("set_calls", HV_T_SET_CALLS),
    VALUE("set_call_bytes", HV_T_SET_CALL_BYTES),
    VALUE("alloc_calls", HV_T_ALLOC_CALLS),
    VALUE("alloc_call_bytes", HV_T_ALLOC_CALL_BYTES),
    VALUE("free_calls", HV_T_FREE_CALLS),
    VALUE("direct_copy_calls", HV_T_DIRECT_COPY_CALLS),
    VALUE("direct_copy_bytes", HV_T_DIRECT_COPY_BYTES),
    VALUE("direct_set_calls", HV_T_DIRECT_SET_CALLS),
    VALUE("direct_set_bytes", HV_T_DIRECT_SET_BYTES),
    VALUE("direct_alloc_calls", HV_T_DIRECT_ALLOC_CALLS),
    VALUE("direct_alloc_bytes", HV_T_DIRECT_ALLOC_BYTES),
    VALUE("direct_free_calls", HV_T_DIRECT_FREE_CALLS),
    VALUE("l1_read_misses", HV_T_L1_READ_MISSES),
    VALUE("l1_write_misses", HV_T_L1_WRITE_MISSES),
    VALUE("lines", HV_T_LINES),
    VALUE("forward_spans", HV_T_FORWARD_SPANS),
    VALUE("forward_wider", HV_T_FORWARD_WIDER),
    VALUE("alias_4k", HV_T_ALIAS_4K),
    VALUE("line_splits", HV_T_LINE_SPLITS),
    VALUE("page_splits", HV_T_PAGE_SPLITS),
    VALUE("overflow", HV_T_OVERFLOW),
};
_Static_assert(HV_LEN(value_rows) == HV_TRACE_VALUES, "every value has a row");
static const struct hv_shape values_shape = HV_SHAPE(value_rows, struct hv_call_run);

#define GROUP(name, index) HV_ROW_U64(name, struct hv_call_run, group[index], 0)
static const struct hv_field group_rows[] = {
    GROUP("copy", HV_GROUP_COPY),           GROUP("alloc", HV_GROUP_ALLOC),
    GROUP("generator", HV_GROUP_GENERATOR), GROUP("operation", HV_GROUP_OPERATION),
    GROUP("rest", HV_GROUP_REST),
};
_Static_assert(HV_LEN(group_rows) == HV_TRACE_GROUPS, "every group has a row");
static const struct hv_shape groups_shape = HV_SHAPE(group_rows, struct hv_call_run);

static const struct hv_field function_rows[] = {
    HV_ROW_TEXT("name", struct hv_function_run, name, 0),
    HV_ROW_WORD("group", struct hv_function_run, group, enum hv_trace_group,
                group_words, 0),
    HV_ROW_U64("calls", struct hv_function_run, calls, 0),
    HV_ROW_U64("instructions", struct hv_function_run, instructions, 0),
    HV_ROW_U64("load_bytes", struct hv_function_run, load_bytes, 0),
    HV_ROW_U64("store_bytes", struct hv_function_run, store_bytes, 0),
    HV_ROW_U64("copied", struct hv_function_run, copied, 0),
};
static const struct hv_shape function_shape =
    HV_SHAPE(function_rows, struct hv_function_run);

static const struct hv_field site_rows[] = {
    HV_ROW_TEXT("function", struct hv_site_run, function, 0),
    HV_ROW_U32("offset", struct hv_site_run, offset, 0),
    HV_ROW_BOOL("called", struct hv_site_run, called, 0),
    HV_ROW_U64("copies", struct hv_site_run, copies, 0),
    HV_ROW_U64("bytes", struct hv_site_run, bytes, 0),
    HV_ROW_U64("smallest", struct hv_site_run, smallest, 0),
    HV_ROW_U64("largest", struct hv_site_run, largest, 0),
};
static const struct hv_shape site_shape = HV_SHAPE(site_rows, struct hv_site_run);

static const struct hv_field call_rows[] = {
    HV_ROW_U64("iterations", struct hv_call_run, iterations, 0),
    HV_ROW_SELF("values", values_shape, 0),
    HV_ROW_SELF("groups", groups_shape, 0),
    HV_ROW_ROWS("functions", struct hv_call_run, functions, n_functions,
                struct hv_function_run *, function_shape, 0),
    HV_ROW_ROWS("sites", struct hv_call_run, sites, n_sites, struct hv_site_run *,
                site_shape, 0),
};
static const struct hv_shape call_shape = HV_SHAPE(call_rows, struct hv_call_run);

#define CENSUS(member) HV_ROW_U32(#member, struct hv_census_run, member, 0)
static const struct hv_field census_rows[] = {
    HV_ROW_TEXT("symbol", struct hv_census_run, symbol, 0),
    HV_ROW_TEXT("sha256", struct hv_census_run, sha256, 0),
    CENSUS(size),
    CENSUS(undecoded),
    CENSUS(instructions),
    CENSUS(loops),
    CENSUS(vector_bits),
    CENSUS(calls),
    CENSUS(copy_calls),
    CENSUS(set_calls),
    CENSUS(alloc_calls),
    CENSUS(free_calls),
    CENSUS(rep_movs),
    CENSUS(rep_stos),
    CENSUS(non_temporal),
    CENSUS(gathers),
    CENSUS(copy_pairs),
    CENSUS(copy_bytes),
    CENSUS(frame_bytes),
};
static const struct hv_shape census_shape = HV_SHAPE(census_rows, struct hv_census_run);

static const struct hv_field l1_rows[] = {
    HV_ROW_U32("line", struct hv_trace_run, l1.line, 0),
    HV_ROW_U32("sets", struct hv_trace_run, l1.sets, 0),
    HV_ROW_U32("ways", struct hv_trace_run, l1.ways, 0),
};
static const struct hv_shape l1_shape = HV_SHAPE(l1_rows, struct hv_trace_run);

static const struct hv_field trace_rows[] = {
    HV_ROW_TEXT("why", struct hv_trace_run, why, HV_NULLABLE),
    HV_ROW_TEXT("tracer", struct hv_trace_run, tracer, HV_NULLABLE),
    HV_ROW_TEXT("fallback", struct hv_trace_run, fallback, HV_NULLABLE),
    HV_ROW_SELF("l1", l1_shape, 0),
    HV_ROW_U64("compared", struct hv_trace_run, compared, 0),
    HV_ROW_BOOL("agreed", struct hv_trace_run, agreed, 0),
    HV_ROW_BOOL("differs", struct hv_trace_run, differs, 0),
    HV_ROW_TEXT("comparison", struct hv_trace_run, comparison, HV_NULLABLE),
    HV_ROW_ROWS("calls", struct hv_trace_run, calls, n_calls, struct hv_call_run *,
                call_shape, 0),
    HV_ROW_ROWS("census", struct hv_trace_run, census, n_census, struct hv_census_run *,
                census_shape, 0),
};
const struct hv_shape hv_trace_shape = HV_SHAPE(trace_rows, struct hv_trace_run);

/* ---- who did it (src/result.h) */

static const struct hv_field who_rows[] = {
    HV_ROW_TEXT("name", struct hv_who, name, 0),
    HV_ROW_TEXT("group", struct hv_who, group, 0),
    HV_ROW_REAL("calls", struct hv_who, calls, 0),
    HV_ROW_REAL("instructions", struct hv_who, instructions, 0),
    HV_ROW_REAL("share", struct hv_who, share, 0),
    HV_ROW_REAL("load_bytes", struct hv_who, load_bytes, 0),
    HV_ROW_REAL("store_bytes", struct hv_who, store_bytes, 0),
    HV_ROW_REAL("copied", struct hv_who, copied, 0),
    HV_ROW_PART("time", struct hv_who, time, hv_evidence_shape, 0),
};
static const struct hv_shape who_shape = HV_SHAPE(who_rows, struct hv_who);

static const struct hv_field copying_rows[] = {
    HV_ROW_TEXT("function", struct hv_copying, function, 0),
    HV_ROW_U32("offset", struct hv_copying, offset, 0),
    HV_ROW_BOOL("called", struct hv_copying, called, 0),
    HV_ROW_REAL("copies", struct hv_copying, copies, 0),
    HV_ROW_REAL("bytes", struct hv_copying, bytes, 0),
    HV_ROW_U64("smallest", struct hv_copying, smallest, 0),
    HV_ROW_U64("largest", struct hv_copying, largest, 0),
};
static const struct hv_shape copying_shape = HV_SHAPE(copying_rows, struct hv_copying);

#define GROUP_SUM(name, index) HV_ROW_REAL(name, struct hv_breakdown, group[index], 0)
static const struct hv_field group_sum_rows[] = {
    GROUP_SUM("copy", HV_GROUP_COPY),
    GROUP_SUM("alloc", HV_GROUP_ALLOC),
    GROUP_SUM("generator", HV_GROUP_GENERATOR),
    GROUP_SUM("operation", HV_GROUP_OPERATION),
    GROUP_SUM("rest", HV_GROUP_REST),
};
_Static_assert(HV_LEN(group_sum_rows) == HV_TRACE_GROUPS, "every group has a row");
static const struct hv_shape group_sums_shape =
    HV_SHAPE(group_sum_rows, struct hv_breakdown);

static const struct hv_field breakdown_rows[] = {
    HV_ROW_BOOL("traced", struct hv_breakdown, present, 0),
    HV_ROW_TEXT("why", struct hv_breakdown, why, HV_NULLABLE),
    HV_ROW_TEXT("source", struct hv_breakdown, source, HV_NULLABLE),
    HV_ROW_SELF("groups", group_sums_shape, 0),
    HV_ROW_ROWS("functions", struct hv_breakdown, who, n_who, struct hv_who *,
                who_shape, 0),
    HV_ROW_ROWS("copies", struct hv_breakdown, copying, n_copying, struct hv_copying *,
                copying_shape, 0),
};
const struct hv_shape hv_breakdown_shape =
    HV_SHAPE(breakdown_rows, struct hv_breakdown);
