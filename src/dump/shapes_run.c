/* SPDX-License-Identifier: MIT */
/* How the structs of src/run.h look in JSON: a new member is a new row. */
#include "src/dump/doc.h"

static const char *const qualifications[] = {
    [HV_UNQUALIFIED] = "unqualified",
    [HV_QUALIFIED] = "qualified",
    [HV_DEAD] = "dead",
    [HV_OS_COUNTER] = "os",
    [HV_BIASED] = "biased",
    [HV_ERRATIC] = "erratic",
    [HV_SILENT] = "silent",
    [HV_UNOPENED] = "unopened",
};

static const char *qualification_name(unsigned value)
{
    return value < HV_LEN(qualifications) ? qualifications[value] : qualifications[0];
}

static const struct hv_words qualification_words = {qualification_name,
                                                    HV_LEN(qualifications)};

/* A count for each arm, as an object of two. */
#define PER_ARM(type, member)                                                          \
    HV_ROW_U64("baseline", type, member[HV_BASELINE], 0),                              \
        HV_ROW_U64("candidate", type, member[HV_CANDIDATE], 0)

static const struct hv_field empty_n_rows[] = {
    HV_ROW_U32("even", struct hv_clock, empty_n[0], 0),
    HV_ROW_U32("odd", struct hv_clock, empty_n[1], 0),
};
static const struct hv_shape empty_n_shape = HV_SHAPE(empty_n_rows, struct hv_clock);

static const struct hv_field clock_rows[] = {
    HV_ROW_REAL("ticks_per_ns", struct hv_clock, ticks_per_ns, HV_NULLABLE),
    HV_ROW_TEXT("source", struct hv_clock, source, HV_NULLABLE),
    HV_ROW_U32("granule", struct hv_clock, granule, 0),
    HV_ROW_U32("chain_adds", struct hv_clock, chain_adds, 0),
    HV_ROW_U32("probe_adds", struct hv_clock, probe_adds, 0),
    HV_ROW_SELF("empty_n", empty_n_shape, 0),
    HV_ROW_REAL("adders", struct hv_clock, adders, HV_NULLABLE),
    HV_ROW_BOOL("adders_verified", struct hv_clock, adders_verified, 0),
};
const struct hv_shape hv_clock_shape = HV_SHAPE(clock_rows, struct hv_clock);

static const struct hv_field caches_rows[] = {
    HV_ROW_U64("line", struct hv_caches, line, HV_NULLABLE),
    HV_ROW_U64("l1d", struct hv_caches, l1d, HV_NULLABLE),
    HV_ROW_U64("l2", struct hv_caches, l2, HV_NULLABLE),
    HV_ROW_U64("l3", struct hv_caches, l3, HV_NULLABLE),
    HV_ROW_TEXT("source", struct hv_caches, source, HV_NULLABLE),
};
const struct hv_shape hv_caches_shape = HV_SHAPE(caches_rows, struct hv_caches);

static const struct hv_field settings_rows[] = {
    HV_ROW_U64("seed", struct hv_settings, seed, 0),
    HV_ROW_U32("dim_bits", struct hv_settings, dim_bits, 0),
    HV_ROW_REAL("precision", struct hv_settings, precision, HV_NULLABLE),
    HV_ROW_REAL("budget_seconds", struct hv_settings, budget_seconds, HV_NULLABLE),
    HV_ROW_U32("layouts", struct hv_settings, layouts, HV_NULLABLE),
    HV_ROW_BOOL("counters", struct hv_settings, counters, 0),
    HV_ROW_BOOL("quick", struct hv_settings, quick, 0),
    HV_ROW_BOOL("aa", struct hv_settings, aa, 0),
    HV_ROW_BOOL("why", struct hv_settings, why, 0),
};
const struct hv_shape hv_settings_shape = HV_SHAPE(settings_rows, struct hv_settings);

static const struct hv_field fact_rows[] = {
    HV_ROW_TEXT("value", struct hv_fact, value, HV_NULLABLE),
    HV_ROW_TEXT("why", struct hv_fact, why, HV_NULLABLE),
};
const struct hv_shape hv_fact_shape = HV_SHAPE(fact_rows, struct hv_fact);

static const struct hv_field control_rows[] = {
    HV_ROW_TEXT("name", struct hv_control, name, 0),
    HV_ROW_TEXT("what", struct hv_control, what, HV_NULLABLE),
    HV_ROW_TEXT("unit", struct hv_control, unit, HV_NULLABLE),
    HV_ROW_REAL("expected", struct hv_control, expected, 0),
    HV_ROW_REAL("tolerance", struct hv_control, tolerance, 0),
    HV_ROW_REAL_IF("got", struct hv_control, got, ran, 0),
    HV_ROW_REAL_IF("got_doubled", struct hv_control, got_doubled, doubled, 0),
    HV_ROW_BOOL("passed", struct hv_control, passed, 0),
    HV_ROW_TEXT("why", struct hv_control, why, HV_NULLABLE),
};
const struct hv_shape hv_control_shape = HV_SHAPE(control_rows, struct hv_control);

static const struct hv_field series_rows[] = {
    HV_ROW_TICKS("ticks", struct hv_series, ticks, len, HV_NULLS_WITHIN),
    HV_ROW_TICKS("probe", struct hv_series, probe, len, HV_SAME),
};
const struct hv_shape hv_series_shape = HV_SHAPE(series_rows, struct hv_series);

static const struct hv_field layout_rows[] = {
    HV_ROW_PART("chain", struct hv_layout, chain, hv_series_shape, 0),
    HV_ROW_PART("empty", struct hv_layout, empty, hv_series_shape, 0),
    HV_ROW_U32("closing_probe", struct hv_layout, closing_probe, 0),
    HV_ROW_U32("stack_offset", struct hv_layout, stack_offset, 0),
    HV_ROW_U32("switched", struct hv_layout, switched, 0),
    HV_ROW_U32("migrated", struct hv_layout, migrated, 0),
    HV_ROW_REAL("seconds", struct hv_layout, seconds, 0),
};
const struct hv_shape hv_layout_shape = HV_SHAPE(layout_rows, struct hv_layout);

static const struct hv_field reads_rows[] = {
    HV_ROW_READINGS("baseline", struct hv_event_run, reads[HV_BASELINE], n_reads, 0),
    HV_ROW_READINGS("candidate", struct hv_event_run, reads[HV_CANDIDATE], n_reads,
                    HV_SAME),
    HV_ROW_READINGS("empty", struct hv_event_run, reads[HV_ARMS], n_reads, HV_SAME),
};
static const struct hv_shape reads_shape = HV_SHAPE(reads_rows, struct hv_event_run);

static const struct hv_field event_rows[] = {
    HV_ROW_TEXT("figure", struct hv_event_run, figure, 0),
    HV_ROW_TEXT("event", struct hv_event_run, event, HV_NULLABLE),
    HV_ROW_TEXT("source", struct hv_event_run, source, HV_NULLABLE),
    HV_ROW_STATUS("status", struct hv_event_run, status, 0),
    HV_ROW_TEXT("why", struct hv_event_run, why, HV_NULLABLE),
    HV_ROW_WORD("qualification", struct hv_event_run, qualification,
                enum hv_qualification, qualification_words, 0),
    HV_ROW_REAL("factor", struct hv_event_run, factor, HV_NULLABLE),
    HV_ROW_SELF("reads", reads_shape, 0),
};
static const struct hv_shape event_shape = HV_SHAPE(event_rows, struct hv_event_run);

static const struct hv_field group_iterations_rows[] = {
    PER_ARM(struct hv_group_run, iterations),
};
static const struct hv_shape group_iterations_shape =
    HV_SHAPE(group_iterations_rows, struct hv_group_run);

static const struct hv_field group_rows[] = {
    HV_ROW_TEXT("name", struct hv_group_run, name, 0),
    HV_ROW_SELF("iterations", group_iterations_shape, 0),
    HV_ROW_ROWS("events", struct hv_group_run, events, n_events, struct hv_event_run *,
                event_shape, 0),
};
const struct hv_shape hv_group_shape = HV_SHAPE(group_rows, struct hv_group_run);

static const struct hv_field calls_rows[] = {
    HV_ROW_U64("copy_calls", struct hv_calls, calls[HV_CALL_COPY], 0),
    HV_ROW_U64("copy_bytes", struct hv_calls, bytes[HV_CALL_COPY], 0),
    HV_ROW_U64("set_calls", struct hv_calls, calls[HV_CALL_SET], 0),
    HV_ROW_U64("set_bytes", struct hv_calls, bytes[HV_CALL_SET], 0),
    HV_ROW_U64("alloc_calls", struct hv_calls, calls[HV_CALL_ALLOC], 0),
    HV_ROW_U64("alloc_bytes", struct hv_calls, bytes[HV_CALL_ALLOC], 0),
    HV_ROW_U64("free_calls", struct hv_calls, calls[HV_CALL_FREE], 0),
    HV_ROW_U64("free_bytes", struct hv_calls, bytes[HV_CALL_FREE], 0),
};
static const struct hv_shape calls_shape = HV_SHAPE(calls_rows, struct hv_calls);

static const struct hv_field meter_iterations_rows[] = {
    PER_ARM(struct hv_meter_run, iterations),
};
static const struct hv_shape meter_iterations_shape =
    HV_SHAPE(meter_iterations_rows, struct hv_meter_run);

static const struct hv_field counted_rows[] = {
    HV_ROW_SELF("iterations", meter_iterations_shape, 0),
    HV_ROW_PART("baseline", struct hv_meter_run, arm[HV_BASELINE], calls_shape, 0),
    HV_ROW_PART("candidate", struct hv_meter_run, arm[HV_CANDIDATE], calls_shape, 0),
};
static const struct hv_shape counted_shape =
    HV_SHAPE(counted_rows, struct hv_meter_run);

static const struct hv_field meter_rows[] = {
    HV_ROW_TEXT("source", struct hv_meter_run, source, HV_NULLABLE),
    HV_ROW_TEXT("why", struct hv_meter_run, why, HV_NULLABLE),
    HV_ROW_SELF_IF("counted", struct hv_meter_run, present, counted_shape, 0),
};
const struct hv_shape hv_meter_shape = HV_SHAPE(meter_rows, struct hv_meter_run);

#define USAGE_PART(member)                                                             \
    static const struct hv_field member##_rows[] = {                                   \
        PER_ARM(struct hv_usage_run, member),                                          \
    };                                                                                 \
    static const struct hv_shape member##_shape =                                      \
        HV_SHAPE(member##_rows, struct hv_usage_run)

USAGE_PART(iterations);
USAGE_PART(minor_faults);
USAGE_PART(major_faults);
USAGE_PART(voluntary_switches);
USAGE_PART(involuntary_switches);

static const struct hv_field usage_rows[] = {
    HV_ROW_SELF("iterations", iterations_shape, 0),
    HV_ROW_SELF("minor_faults", minor_faults_shape, 0),
    HV_ROW_SELF("major_faults", major_faults_shape, 0),
    HV_ROW_SELF("voluntary_switches", voluntary_switches_shape, 0),
    HV_ROW_SELF("involuntary_switches", involuntary_switches_shape, 0),
};
const struct hv_shape hv_usage_shape = HV_SHAPE(usage_rows, struct hv_usage_run);
