/* SPDX-License-Identifier: MIT */
/* Every figure of one arm, each with its provenance. */
#include "src/analyse/figures.h"

#include <string.h>

#include "src/analyse/breakdown.h"
#include "src/analyse/copies.h"
#include "src/analyse/events.h"
#include "src/analyse/times.h"
#include "src/analyse/traced.h"
#include "src/base/error.h"

/* A PMU's cycles where they count all the time, else the chain clock; both are kept. */
static struct hv_evidence cycles_of(const struct hv_pair_view *view, enum hv_arm_id arm,
                                    struct hv_arena *arena, struct hv_arena *scratch)
{
    struct hv_evidence counted =
        hv_counted(view->run, view->pair, arm, "cycles", "cycles", arena, scratch);
    return hv_prefer(arena, counted, "estimated",
                     hv_chain_cycles(view, arm, arena, scratch));
}

/* A PMU's count where it counted all the time, else the trace's. */
static struct hv_evidence
counted_or_traced(const struct hv_pair_view *view, enum hv_arm_id arm,
                  const char *figure, const char *unit, const struct hv_trace_sum *sum,
                  struct hv_arena *arena, struct hv_arena *scratch)
{
    const struct hv_trace_run *trace = &view->pair->arm[arm].trace;
    return hv_prefer(
        arena, hv_counted(view->run, view->pair, arm, figure, unit, arena, scratch),
        "traced", hv_traced_sum(view->run, trace, sum, unit, arena));
}

/* The two may be of different states of the core: counters are not gated. */
static struct hv_evidence ipc_of(const struct hv_evidence *instructions,
                                 const struct hv_evidence *cycles,
                                 struct hv_arena *arena)
{
    static const char unit[] = "instructions/cycle";
    if (instructions->provenance == HV_ABSENT)
        return hv_absent(
            unit, hv_arena_printf(arena, "no instructions: %s", instructions->why));
    if (cycles->provenance == HV_ABSENT)
        return hv_absent(unit, hv_arena_printf(arena, "no cycles: %s", cycles->why));
    if (!(cycles->value > 0))
        return hv_absent(unit, "cycles read 0");
    return hv_value(hv_weakest(instructions->provenance, cycles->provenance),
                    instructions->value / cycles->value, unit,
                    hv_arena_printf(arena,
                                    "instructions / cycles; instructions in any state "
                                    "of the core, cycles: %s",
                                    cycles->source));
}

static void add_core_counters(const struct hv_pair_view *view, enum hv_arm_id arm,
                              struct hv_figure_list *list, struct hv_arena *scratch)
{
    struct hv_arena *arena = list->arena;
    const struct hv_evidence cycles = cycles_of(view, arm, arena, scratch),
                             instructions = counted_or_traced(
                                 view, arm, "instructions", "instructions",
                                 &(const struct hv_trace_sum){{HV_T_INSTRUCTIONS}, 1},
                                 arena, scratch);
    hv_add_figure(list, "cycles", cycles);
    hv_add_figure(list, "instructions", instructions);
    hv_add_figure(list, "ipc", ipc_of(&instructions, &cycles, arena));
    const struct hv_trace_sum misses = {
        {HV_T_L1_READ_MISSES, HV_T_L1_WRITE_MISSES},
        2
    };
    hv_add_figure(
        list, "l1d_misses",
        counted_or_traced(view, arm, "l1d_misses", "misses", &misses, arena, scratch));
}

static bool was_asked_for(const struct hv_pair_run *pair, const char *figure)
{
    for (size_t g = 0; g < pair->n_groups; g++)
        for (size_t e = 0; e < pair->groups[g].n_events; e++) {
            const char *name = hv_event_figure(&pair->groups[g].events[e]);
            if (name && strcmp(name, figure) == 0)
                return true;
        }
    return false;
}

/* Figures of the trace, those from `first` on, that the user had counted as well: both
 * stand. */
static void add_counted(const struct hv_pair_view *view, enum hv_arm_id arm,
                        size_t first, struct hv_figure_list *list,
                        struct hv_arena *scratch)
{
    for (size_t i = first; i < list->count; i++) {
        struct hv_figure *figure = &list->figures[i];
        if (!was_asked_for(view->pair, figure->name))
            continue;
        const struct hv_evidence counted =
            hv_counted(view->run, view->pair, arm, figure->name, figure->evidence.unit,
                       list->arena, scratch);
        figure->evidence = hv_prefer(list->arena, counted, "traced", figure->evidence);
    }
}

static void withdraw(struct hv_figure_list *list, const char *why)
{
    for (size_t i = 0; i < list->count; i++)
        list->figures[i].evidence = hv_absent(list->figures[i].evidence.unit, why);
}

void hv_make_figures(const struct hv_pair_view *view, enum hv_arm_id arm,
                     struct hv_arena *arena, struct hv_arena *scratch,
                     struct hv_arm_result *out)
{
    struct hv_figure_list list = {.arena = arena};
    hv_add_times(view, arm, &list, scratch);
    add_core_counters(view, arm, &list, scratch);
    hv_add_copies(view->run, view->pair, arm, &list);
    const size_t traced = list.count;
    hv_add_traced(view->run, &view->pair->arm[arm].trace, &list);
    add_counted(view, arm, traced, &list, scratch);
    hv_add_rates(view->pair, &list);
    hv_add_other_events(view->run, view->pair, arm, &list, scratch);
    if (view->pair->failure)
        withdraw(&list, view->pair->failure);
    const struct hv_evidence *time = hv_find_figure(&list, "time");
    hv_break_down(view, arm, time, arena, &out->breakdown);
    out->figures = list.figures;
    out->n_figures = list.count;
}
