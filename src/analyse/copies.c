/* SPDX-License-Identifier: MIT */
/* Copied bytes, allocations and page faults of one iteration of an arm. */
#include "src/analyse/copies.h"

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

static struct hv_evidence total_bytes(const struct hv_evidence *declared,
                                      const struct hv_evidence *called,
                                      struct hv_arena *arena)
{
    struct hv_evidence total =
        declared->provenance != HV_ABSENT
            ? *declared
            : hv_absent("bytes", "the pair does not declare what it copies, and no "
                                 "tracer has looked for inlined copies");
    hv_add_witness(arena, &total, *called);
    return total;
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

void hv_add_copies(const struct hv_run *run, const struct hv_pair_run *pair,
                   enum hv_arm_id arm, struct hv_figure_list *list)
{
    const struct hv_meter_run *meter = &pair->meter;
    const struct hv_calls *calls = &meter->arm[arm];
    const struct hv_evidence declared = declared_bytes(&pair->arm[arm]);
    const struct hv_evidence called =
        metered(run, meter, arm, calls->bytes[HV_CALL_COPY], "bytes",
                "bytes of memcpy-family calls", list->arena);
    hv_add_figure(list, "memcpy_bytes", total_bytes(&declared, &called, list->arena));
    hv_add_figure(list, "memcpy_bytes_declared", declared);
    hv_add_figure(list, "memcpy_bytes_called", called);
    hv_add_figure(list, "memcpy_bytes_inlined",
                  hv_absent("bytes", "not traced: no tracer has run"));
    hv_add_figure(list, "allocations",
                  metered(run, meter, arm, calls->calls[HV_CALL_ALLOC], "calls",
                          "malloc-family calls", list->arena));
    hv_add_figure(list, "allocated_bytes",
                  metered(run, meter, arm, calls->bytes[HV_CALL_ALLOC], "bytes",
                          "bytes asked of malloc-family calls", list->arena));
    hv_add_figure(list, "page_faults", page_faults(run, &pair->usage, arm));
}
