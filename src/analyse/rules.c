/* SPDX-License-Identifier: MIT */
/* The table of the checklist's rules. */
#include "src/analyse/rules.h"

#include <stdarg.h>
#include <stdio.h>

#include "src/base/error.h"

/* A cause is worth a line of anybody's time from here: builds of the same source differ
 * by as much on their own. */
#define WORTH_NAMING 0.05

static const struct hv_rule rules[] = {
    {
     .id = "memcpy_dominates",
     .item = "memcpy dominates the time at {size}",
     .judge = hv_judge_dominates,
     .part = HV_PART_COPY,
     .supports = 0.5,
     .refutes = 0.5,
     .measure = "share of baseline's time that goes when its copies are left out",
     .needs = HV_MEASURED,
     .reason = "what dominates holds more than half",
     .settle = "experiment copy_away: the arm with its copies left out",
     .overall = HV_MOST,
     },
    {
     .id = "copies_not_elided",
     .item = "the compiler does not elide these copies",
     .judge = hv_judge_elision,
     .supports = 0.9,
     .refutes = 0.1,
     .measure = "copied bytes over the bytes that the source asks to copy",
     .needs = HV_SCALED,
     .reason =
            "the traced bytes are exact; a tenth is left for copies that the source "
            "makes and the declaration leaves out",                                                                                                                          .settle = "a trace of the arm, which follows every copied byte",
     .overall = HV_MOST,
     },
    {
     .id = "bandwidth_bound",
     .item = "memory bandwidth is the bottleneck",
     .judge = hv_judge_bandwidth,
     .part = HV_PART_MISSES,
     .supports = 1.0 / 3,
     .refutes = WORTH_NAMING,
     .measure = "share of an arm's time that goes when its data lie in L1",
     .needs = HV_MODELLED,
     .reason =
            "a bottleneck holds at least a third of the time, and memory is what lies "
            "beyond the core's own caches",                                                    .settle = "the same arm walking over a footprint that fits into L1",
     .overall = HV_ANY,
     },
    {
     .id = "allocation_cache_effects",
     .item = "allocation has cache effects",
     .judge = hv_judge_allocation,
     .part = HV_PART_ALLOC,
     .supports = WORTH_NAMING,
     .refutes = WORTH_NAMING,
     .measure = "share of an arm's time that goes with its allocations",
     .needs = HV_MODELLED,
     .reason =
            "builds of one source differ by 5 % on their own; that it is the cache, "
            "and not the calls, shows in the misses that go along",                                          .settle = "experiment alloc_hoisted: memory from a pool made beforehand",
     .overall = HV_ANY,
     },
    {
     .id = "compiler_elided",
     .item = "the compiler optimises the copies away",
     .judge = hv_judge_elision,
     .below = true,
     .supports = 0.1,
     .refutes = 0.9,
     .measure = "copied bytes over the bytes that the source asks to copy",
     .needs = HV_SCALED,
     .reason = "the reverse of copies_not_elided",
     .settle = "a trace of the arm, which follows every copied byte",
     .overall = HV_MOST,
     },
    {
     .id = "copies_in_l1",
     .item = "the copies are done in L1, in less than 5 ns",
     .judge = hv_judge_in_l1,
     .part = HV_PART_COPY,
     .below = true,
     .supports = 5,
     .refutes = 5,
     .measure = "ns that one copy of {size} costs, by leaving all of them out",
     .needs = HV_MODELLED,
     .reason =
            "5 ns is the hypothesis' own limit; in L1 means less than one modelled "
            "miss for two copies", .settle = "experiment copy_away, and where the copied lines were",
     .overall = HV_MOST,
     },
    {
     .id = "simd_slower_than_thought",
     .item = "SIMD is slower than thought",
     .judge = hv_judge_simd,
     .supports = 1,
     .refutes = 1,
     .measure = "candidate's time over the time that the hypothesis predicts for it",
     .needs = HV_MEASURED,
     .reason =
            "thought is what the hypothesis predicts for the arm without the copies",                                                                                                                    .settle = "a quiet time of the candidate, and a prediction of it",
     .overall = HV_MOST,
     },
    {
     .id = "methodology_flawed",
     .item = "the methodology of the measurement is flawed",
     .judge = hv_judge_method,
     .needs = HV_TRACED,
     .reason = "each check of the audit has its own limit: docs/methodology.md",
     .settle = "a run on a quiet core, traced to the end",
     .overall = HV_ANY,
     },
    {
     .id = "store_forward_blocked",
     .item = "store-to-load forwarding is blocked after the copy",
     .judge = hv_judge_part,
     .part = HV_PART_FORWARD,
     .supports = WORTH_NAMING,
     .refutes = WORTH_NAMING,
     .measure =
            "share of an arm's time that goes when copies are stored as wide as they "
            "are read",                                                                                                                                 .needs = HV_MODELLED,
     .reason = "builds of one source differ by 5 % on their own",
     .settle = "experiment copy_wide: stores as wide as the loads that follow",
     .overall = HV_ANY,
     },
    {
     .id = "aliasing_4k",
     .item = "source and destination alias at 4 KiB",
     .judge = hv_judge_part,
     .part = HV_PART_ALIAS,
     .supports = WORTH_NAMING,
     .refutes = WORTH_NAMING,
     .measure =
            "share of an arm's time that goes when its temporaries move by 64 bytes",.needs = HV_MODELLED,
     .reason = "builds of one source differ by 5 % on their own",
     .settle = "experiment temp_64: temporaries 64 bytes further on",
     .overall = HV_ANY,
     },
    {
     .id = "page_faults",
     .item = "page faults of fresh memory carry the time",
     .judge = hv_judge_part,
     .part = HV_PART_FAULTS,
     .supports = WORTH_NAMING,
     .refutes = WORTH_NAMING,
     .measure =
            "share of an arm's time that goes when its memory was touched before",                                                                                                                           .needs = HV_MODELLED,
     .reason =
            "builds of one source differ by 5 % on their own; faults are the kernel's "
            "own count",                                                                               .settle = "experiment alloc_touched: memory touched beforehand",
     .overall = HV_ANY,
     },
    {
     .id = "placement",
     .item = "code placement carries the difference",
     .judge = hv_judge_placement,
     .supports = 1,
     .refutes = 0.5,
     .measure = "width of the placement band over the effect, both as logarithms",
     .needs = HV_MEASURED,
     .reason = "a band wider than the effect can turn it round; half as wide cannot",
     .settle = "more layouts, so that the band is known better",
     .overall = HV_ANY,
     },
};

const struct hv_rule *hv_rules(size_t *count)
{
    *count = HV_LEN(rules);
    return rules;
}

static void set(struct hv_judging *j, enum hv_verdict verdict, const char *text)
{
    j->check->verdict = verdict;
    j->check->because = text;
}

#define FORMATTED(text)                                                                \
    char text[1024];                                                                   \
    va_list arguments;                                                                 \
    va_start(arguments, format);                                                       \
    vsnprintf(text, sizeof text, format, arguments);                                   \
    va_end(arguments)

void hv_support(struct hv_judging *j, const char *format, ...)
{
    FORMATTED(text);
    set(j, HV_SUPPORTED, hv_arena_text(j->arena, text));
}

void hv_refute(struct hv_judging *j, const char *format, ...)
{
    FORMATTED(text);
    set(j, HV_REFUTED, hv_arena_text(j->arena, text));
}

void hv_leave_open(struct hv_judging *j, const char *format, ...)
{
    FORMATTED(text);
    set(j, HV_VERDICT_UNDECIDED,
        hv_arena_printf(j->arena, "%s What would settle it: %s.", text,
                        j->rule->settle));
}

bool hv_decided(const struct hv_rule *rule, double low, double high,
                enum hv_verdict *verdict)
{
    const bool supported = rule->below ? high <= rule->supports : low >= rule->supports,
               refuted = rule->below ? low > rule->refutes : high < rule->refutes;
    *verdict = supported ? HV_SUPPORTED : HV_REFUTED;
    return supported || refuted;
}

void hv_add_evidence(struct hv_judging *j, const char *name,
                     const struct hv_evidence *evidence)
{
    struct hv_check *check = j->check;
    if (evidence->provenance == HV_ABSENT)
        return;
    struct hv_evidence *grown =
        hv_arena_array(j->arena, check->n_evidence + 1, sizeof *grown);
    for (size_t i = 0; i < check->n_evidence; i++)
        grown[i] = check->evidence[i];
    grown[check->n_evidence] = *evidence;
    grown[check->n_evidence].source = hv_arena_printf(
        j->arena, "%s: %s", name, evidence->source ? evidence->source : "");
    grown[check->n_evidence].witnesses = NULL; /* they stand with the figure itself */
    grown[check->n_evidence].n_witnesses = 0;
    check->evidence = grown;
    check->n_evidence++;
}

const struct hv_evidence *hv_strong_figure(struct hv_judging *j, enum hv_arm_id arm,
                                           const char *name)
{
    const struct hv_evidence *figure = hv_arm_figure(&j->pair->arm[arm], name);
    /* An estimate is an event's that nobody qualified. */
    if (!figure || figure->provenance < j->rule->needs ||
        figure->provenance == HV_ABSENT || figure->provenance == HV_ESTIMATED)
        return NULL;
    hv_add_evidence(
        j, hv_arena_printf(j->arena, "%s, %s", j->pair->arm[arm].name, name), figure);
    return figure;
}
