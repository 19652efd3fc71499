/* SPDX-License-Identifier: MIT */
/* Copied bytes, allocations and page faults of one iteration of an arm. */
#include "src/analyse/copies.h"

#include "src/analyse/traced.h"
#include "src/base/error.h"

static const char *why_not_run(const struct hv_run *run, const char *why)
{
    if (why)
        return why;
    return run->settings.counters ? "the pass that counts it did not run"
                                  : "the run was made without --counters";
}

/* A total of the meter, per iteration. */
static struct hv_evidence metered(const struct hv_run *run,
                                  const struct hv_meter_run *meter, enum hv_arm_id arm,
                                  uint64_t total, const char *unit, const char *what,
                                  struct hv_arena *arena)
{
    if (!meter->present)
        return hv_absent(unit, why_not_run(run, meter->why));
    if (meter->iterations[arm] == 0)
        return hv_absent(unit, "the meter's pass ran no iteration of this arm");
    return hv_value(HV_MEASURED, (double)total / (double)meter->iterations[arm], unit,
                    hv_arena_printf(arena, "%s: %s", what,
                                    meter->source ? meter->source
                                                  : "through the GOT of the kernels"));
}

static struct hv_evidence declared_bytes(const struct hv_arm_run *arm)
{
    if (!arm->declares_copies)
        return hv_absent("bytes", "the pair does not declare what it copies");
    return hv_value(HV_DECLARED, (double)arm->declared_copy_bytes, "bytes",
                    "what the source of the arm asks to copy");
}

/* Traced; else declared, with the calls that were counted as its witness. */
static struct hv_evidence total_bytes(const struct hv_run *run,
                                      const struct hv_trace_run *trace,
                                      const struct hv_evidence *declared,
                                      const struct hv_evidence *called,
                                      struct hv_arena *arena)
{
    const struct hv_trace_sum copied = {
        {HV_T_COPIED_CALLED, HV_T_COPIED_INLINED},
        2
    };
    struct hv_evidence traced = hv_traced_sum(run, trace, &copied, "bytes", arena);
    if (traced.provenance != HV_ABSENT)
        return traced;
    struct hv_evidence total =
        declared->provenance != HV_ABSENT
            ? *declared
            : hv_absent("bytes", hv_arena_printf(arena,
                                                 "the pair does not declare what it "
                                                 "copies, and it was not traced: %s",
                                                 traced.why));
    hv_add_witness(arena, &total, *called);
    return total;
}

/* What was copied by calls, less what the arm itself asked calls to copy: copies that
 * the C library makes on its own. */
static struct hv_evidence library_bytes(const struct hv_run *run,
                                        const struct hv_trace_run *trace,
                                        struct hv_arena *arena)
{
    const struct hv_evidence all =
        hv_traced(run, trace, HV_T_COPIED_CALLED, "bytes", arena);
    const struct hv_evidence direct =
        hv_traced(run, trace, HV_T_DIRECT_COPY_BYTES, "bytes", arena);
    if (all.provenance == HV_ABSENT || direct.provenance == HV_ABSENT)
        return all;
    if (direct.value > all.value)
        return hv_absent("bytes", hv_arena_printf(arena,
                                                  "the arm's calls ask for %.9g bytes, "
                                                  "and only %.9g were copied by calls",
                                                  direct.value, all.value));
    return hv_value(HV_TRACED, all.value - direct.value, "bytes",
                    hv_arena_printf(arena,
                                    "copied by calls, less what the arm's own "
                                    "calls ask for; %s",
                                    all.source));
}

static struct hv_evidence page_faults(const struct hv_run *run,
                                      const struct hv_usage_run *usage,
                                      enum hv_arm_id arm)
{
    if (!usage->present || usage->iterations[arm] == 0)
        return hv_absent("faults", why_not_run(run, NULL));
    const double faults =
        (double)usage->minor_faults[arm] + (double)usage->major_faults[arm];
    return hv_value(HV_MEASURED, faults / (double)usage->iterations[arm], "faults",
                    "getrusage(RUSAGE_THREAD), minor and major; any state of the core");
}

/* Through the GOT and by the trace. */
static void add_calls(const struct hv_run *run, const struct hv_pair_run *pair,
                      enum hv_arm_id arm, struct hv_figure_list *list)
{
    const struct {
        const char *name, *unit, *what;
        uint64_t total;
        enum hv_trace_value traced;
    } rows[] = {
        {"memcpy_bytes_called", "bytes", "bytes of memcpy-family calls",
         pair->meter.arm[arm].bytes[HV_CALL_COPY],  HV_T_DIRECT_COPY_BYTES },
        {"memcpy_calls",        "calls", "memcpy-family calls",
         pair->meter.arm[arm].calls[HV_CALL_COPY],  HV_T_DIRECT_COPY_CALLS },
        {"allocations",         "calls", "malloc-family calls",
         pair->meter.arm[arm].calls[HV_CALL_ALLOC], HV_T_DIRECT_ALLOC_CALLS},
        {"allocated_bytes",     "bytes", "bytes asked of malloc-family calls",
         pair->meter.arm[arm].bytes[HV_CALL_ALLOC], HV_T_DIRECT_ALLOC_BYTES},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_evidence counted =
            metered(run, &pair->meter, arm, rows[i].total, rows[i].unit, rows[i].what,
                    list->arena);
        const struct hv_evidence traced = hv_traced(
            run, &pair->arm[arm].trace, rows[i].traced, rows[i].unit, list->arena);
        hv_add_figure(list, rows[i].name,
                      hv_prefer(list->arena, counted, "traced", traced));
    }
}

/* What the dataflow alone can tell. */
static void add_followed(const struct hv_run *run, const struct hv_trace_run *trace,
                         struct hv_figure_list *list)
{
    static const struct {
        const char *name;
        struct hv_trace_sum sum;
    } rows[] = {
        {"memcpy_bytes_inlined", {{HV_T_COPIED_INLINED}, 1}      },
        {"memcpy_bytes_small",   {{HV_T_COPIED_SMALL}, 1}        },
        {"memcpy_bytes_stored",
         {{HV_T_COPY_STORED_CALLED, HV_T_COPY_STORED_INLINED}, 2}},
    };
    hv_add_figure(list, "memcpy_bytes_library", library_bytes(run, trace, list->arena));
    for (size_t i = 0; i < HV_LEN(rows); i++)
        hv_add_figure(list, rows[i].name,
                      hv_traced_sum(run, trace, &rows[i].sum, "bytes", list->arena));
}

void hv_add_copies(const struct hv_run *run, const struct hv_pair_run *pair,
                   enum hv_arm_id arm, struct hv_figure_list *list)
{
    const struct hv_trace_run *trace = &pair->arm[arm].trace;
    const struct hv_evidence declared = declared_bytes(&pair->arm[arm]);
    const struct hv_evidence called =
        metered(run, &pair->meter, arm, pair->meter.arm[arm].bytes[HV_CALL_COPY],
                "bytes", "bytes of memcpy-family calls", list->arena);
    hv_add_figure(list, "memcpy_bytes",
                  total_bytes(run, trace, &declared, &called, list->arena));
    hv_add_figure(list, "memcpy_bytes_declared", declared);
    add_followed(run, trace, list);
    add_calls(run, pair, arm, list);
    hv_add_figure(list, "page_faults", page_faults(run, &pair->usage, arm));
}
