/* SPDX-License-Identifier: MIT */
/* The possible root causes, one row each. */
#include "src/analyse/checklist.h"

#include <string.h>

#include "src/analyse/controls.h"
#include "src/analyse/digits.h"
#include "src/analyse/prediction.h"
#include "src/base/error.h"

enum { ROW_FIGURES = 3 };

/* A figure of both arms of the row's pair; "speedup" is the pair's own. {size}: that of
 * a vector in this run. */
static const struct {
    const char *id, *item, *pair, *figures[ROW_FIGURES], *settle;
} rows[] = {
    {
     .id = "memcpy_dominates",
     .item = "memcpy dominates the time at {size}",
     .pair = "bind",
     .figures = {"speedup", "memcpy_bytes", "time"},
     .settle = "timing the arm with its copy removed, and with a copy added",
     },
    {
     .id = "copies_not_elided",
     .item = "the compiler does not elide these copies",
     .pair = "bind",
     .figures = {"memcpy_bytes_declared", "memcpy_bytes_called",
                    "memcpy_bytes_inlined"},
     .settle =
            "the declared bytes beside those copied in an iteration, judged by a rule", },
    {
     .id = "bandwidth_bound",
     .item = "memory bandwidth is the bottleneck",
     .pair = "batch_1000",
     .figures = {"gb_per_s", "l1d_misses"},
     .settle = "the bandwidth this machine reaches at the arm's working set",
     },
    {
     .id = "allocation_cache_effects",
     .item = "allocation has cache effects",
     .pair = "allocation",
     .figures = {"speedup", "allocations", "l1d_misses"},
     .settle = "the same arm with its allocation hoisted, and on fresh memory",
     },
    {
     .id = "compiler_elided",
     .item = "the compiler optimises the copies away",
     .pair = "bind",
     .figures = {"memcpy_bytes_declared", "memcpy_bytes_called",
                    "memcpy_bytes_inlined"},
     .settle = "declared bytes without copied bytes in a trace, judged by a rule",
     },
    {
     .id = "copies_in_l1",
     .item = "the copies are done in L1, in less than 5 ns",
     .pair = "bind",
     .figures = {"time", "l1d_misses", "memcpy_bytes"},
     .settle =
            "the time of one copy of {size} in this arm, and where its lines were", },
    {
     .id = "simd_slower_than_thought",
     .item = "SIMD is slower than thought",
     .pair = "bind",
     .figures = {"time", "cycles", "ipc"},
     .settle = "the time of the operation alone against what the prediction assumed",
     },
    {
     .id = "methodology_flawed",
     .item = "the methodology of the measurement is flawed",
     .settle = "an A/A run, the control pairs, and a second run of its own",
     },
    {
     .id = "store_forward_blocked",
     .item = "store-to-load forwarding is blocked after the copy",
     .pair = "bind",
     .figures = {"speedup", "cycles"},
     .settle = "the same copy in other widths, so that every load fits one store",
     },
    {
     .id = "aliasing_4k",
     .item = "source and destination alias at 4 KiB",
     .pair = "bind",
     .figures = {"speedup", "cycles"},
     .settle = "the same arm with one buffer moved through all offsets of a page",
     },
    {
     .id = "page_faults",
     .item = "page faults of fresh memory carry the time",
     .pair = "allocation",
     .figures = {"page_faults", "allocated_bytes"},
     .settle = "the same arm on memory touched beforehand",
     },
    {
     .id = "placement",
     .item = "code placement carries the difference",
     .pair = "bind",
     .figures = {"speedup"},
     .settle = "the placement band of the pair, on more than one build",
     },
};

/* Of several ISAs the last, as the decision does; never a plugin's of the same name. */
static const struct hv_pair_result *find_pair(const struct hv_result *result,
                                              const char *name)
{
    const struct hv_pair_result *found = NULL;
    for (size_t i = 0; name && i < result->n_pairs; i++)
        if (hv_of_hypothesis(&result->pairs[i]) && result->pairs[i].name &&
            strcmp(result->pairs[i].name, name) == 0)
            found = &result->pairs[i];
    return found;
}

static void add(struct hv_check *check, struct hv_evidence evidence)
{
    check->evidence[check->n_evidence++] = evidence;
}

static void add_speedup(struct hv_check *check, const struct hv_pair_result *pair,
                        struct hv_arena *arena)
{
    const struct hv_speedup *speedup = &pair->speedup;
    if (speedup->present)
        add(check,
            (struct hv_evidence){
                .provenance = HV_MEASURED,
                .value = speedup->value,
                .unit = "x",
                .source = hv_arena_printf(
                    arena, "%s: speedup; placement band %s", pair->name,
                    hv_span(speedup->placement_band[0], speedup->placement_band[1],
                            (struct hv_marks){{1},              1               },
                             arena)),
                .has_ci = true,
                .ci95 = {speedup->ci95[0], speedup->ci95[1]},
        });
}

static void add_figure(struct hv_check *check, const struct hv_pair_result *pair,
                       const char *name, struct hv_arena *arena)
{
    for (int arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *figure = hv_arm_figure(&pair->arm[arm], name);
        if (!figure || figure->provenance == HV_ABSENT)
            continue;
        struct hv_evidence copy = *figure;
        copy.source = hv_arena_printf(arena, "%s, %s: %s",
                                      pair->arm[arm].name ? pair->arm[arm].name : "arm",
                                      name, figure->source ? figure->source : "");
        add(check, copy);
    }
}

static void add_figures(struct hv_check *check, const struct hv_pair_result *pair,
                        const char *const *names, struct hv_arena *arena)
{
    for (size_t i = 0; pair && i < ROW_FIGURES && names[i]; i++) {
        if (strcmp(names[i], "speedup") == 0)
            add_speedup(check, pair, arena);
        else
            add_figure(check, pair, names[i], arena);
    }
}

/* A control that read wrong is evidence against the measurement. */
static void judge_controls(const struct hv_result *result, struct hv_check *check,
                           struct hv_arena *arena)
{
    size_t ran = 0;
    check->evidence =
        hv_arena_array(arena, result->n_controls, sizeof *check->evidence);
    for (size_t i = 0; i < result->n_controls; i++) {
        const struct hv_control *control = &result->controls[i];
        ran += control->ran;
        if (!hv_control_accuses(control, result->controls, result->n_controls))
            continue;
        add(check,
            (struct hv_evidence){
                .provenance = HV_MEASURED,
                .value = control->got,
                .unit = control->unit ? control->unit : "",
                .source = hv_arena_printf(arena, "control %s: expected %.5g",
                                          control->name ? control->name : "unnamed",
                                          control->expected),
            });
    }
    if (check->n_evidence) {
        check->verdict = HV_SUPPORTED;
        check->because = hv_arena_printf(
            arena, "%zu of %zu controls with a known answer read wrong.",
            check->n_evidence, ran);
    } else if (ran) {
        check->because =
            hv_arena_printf(arena,
                            "None of the %zu controls that ran speaks against it, but "
                            "that alone does not clear the "
                            "method; what would settle it: %s.",
                            ran, rows[check - result->checklist].settle);
    }
}

/* The text with its {size}, if it has one, filled in. */
static const char *sized(const char *text, const struct hv_settings *settings,
                         struct hv_arena *arena)
{
    static const char marker[] = "{size}";
    const char *at = strstr(text, marker);
    if (!at)
        return text;
    const char *size =
        settings->dim_bits
            ? hv_arena_printf(arena, "%u bytes", (unsigned)settings->dim_bits / 8)
            : "one vector";
    return hv_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, size,
                           at + sizeof marker - 1);
}

static const char *why_open(const char *name, const struct hv_pair_result *pair,
                            const char *settle, struct hv_arena *arena)
{
    const char *unmeasured = !pair                      ? "was not measured in this run"
                             : pair->state == HV_FAILED ? "gave no figure in this run"
                                                        : NULL;
    if (name && unmeasured)
        return hv_arena_printf(arena,
                               "No experiment has tested this cause yet, and %s %s; "
                               "what would settle it: %s.",
                               name, unmeasured, settle);
    return hv_arena_printf(
        arena, "No experiment has tested this cause yet; what would settle it: %s.",
        settle);
}

void hv_make_checklist(struct hv_result *result, struct hv_arena *arena)
{
    result->n_checklist = HV_LEN(rows);
    result->checklist = hv_arena_array(arena, HV_LEN(rows), sizeof *result->checklist);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_check *check = &result->checklist[i];
        const struct hv_pair_result *pair = find_pair(result, rows[i].pair);
        check->id = rows[i].id;
        check->item = sized(rows[i].item, &result->settings, arena);
        check->pair = rows[i].pair;
        check->because = why_open(
            rows[i].pair, pair, sized(rows[i].settle, &result->settings, arena), arena);
        if (!rows[i].pair) {
            judge_controls(result, check, arena);
            continue;
        }
        check->evidence = hv_arena_array(arena, (size_t)ROW_FIGURES * HV_ARMS,
                                         sizeof *check->evidence);
        add_figures(check, pair, rows[i].figures, arena);
    }
}
