/* SPDX-License-Identifier: MIT */
/* The gate: which samples were taken while the core was quiet. */
#include "src/analyse/gate.h"

#include <math.h>

#include "src/analyse/stats.h"

static const struct hv_series *series_of(const struct hv_layout *layout,
                                         struct hv_item item)
{
    if (item.kind == HV_ITEM_CHAIN)
        return &layout->chain;
    return item.kind == HV_ITEM_EMPTY ? &layout->empty
                                      : &layout->cell[item.arm][item.place];
}

/* The probe just before item number index; past the last item, the closing one. */
static uint32_t probe_at(const struct hv_layout *layout, unsigned places, size_t index,
                         bool *ended)
{
    const struct hv_item item = hv_sequence_at(places, index);
    const struct hv_series *series = series_of(layout, item);
    *ended = item.visit >= series->len;
    return *ended ? layout->closing_probe : series->probe[item.visit];
}

static double chain_cycle(const struct hv_series *chain, uint32_t adds,
                          struct hv_arena *scratch)
{
    double *ticks = hv_arena_array(scratch, chain->len, sizeof *ticks);
    size_t count = 0;
    for (size_t i = 0; i < chain->len; i++)
        if (chain->ticks[i])
            ticks[count++] = chain->ticks[i];
    if (count == 0 || adds == 0)
        return 0;
    hv_sort(ticks, count);
    return hv_quantile(ticks, count, HV_CELL_QUANTILE) / adds;
}

/* Judges one probe, and counts it. */
static bool is_quiet(const struct hv_clock *clock, struct hv_layout_marks *marks,
                     uint32_t probe)
{
    if (!(marks->cycle > 0) || !(clock->adders > 0) || clock->probe_adds == 0)
        return false;
    const double slower =
        probe / (double)clock->probe_adds / marks->cycle * clock->adders - 1;
    const bool quiet = fabs(slower) <= HV_GATE_TOLERANCE;
    marks->quiet_probes += quiet;
    marks->slow_probes += !quiet && slower > 0 && slower <= HV_SLOW_PERCENT / 100.0;
    return quiet;
}

static void count_mark(struct hv_gate *gate, enum hv_mark mark)
{
    gate->samples++;
    gate->quiet += mark == HV_MARK_QUIET;
    gate->contended += mark == HV_MARK_CONTENDED;
    gate->dropped += mark == HV_MARK_NONE;
}

static void allocate_marks(const struct hv_layout *layout, unsigned places,
                           struct hv_arena *scratch, struct hv_layout_marks *out)
{
    for (unsigned place = 0; place < places; place++)
        for (int arm = 0; arm < HV_ARMS; arm++)
            out->cell[arm][place] =
                hv_arena_array(scratch, layout->cell[arm][place].len, 1);
    out->empty = hv_arena_array(scratch, layout->empty.len, 1);
}

static void mark_layout(const struct hv_clock *clock, const struct hv_layout *layout,
                        struct hv_gate *gate, struct hv_layout_marks *out)
{
    bool ended;
    uint32_t probe = probe_at(layout, gate->places, 0, &ended);
    bool quiet_before = is_quiet(clock, out, probe);
    for (size_t index = 0; !ended; index++) {
        const struct hv_item item = hv_sequence_at(gate->places, index);
        probe = probe_at(layout, gate->places, index + 1, &ended);
        const bool quiet_after = is_quiet(clock, out, probe);
        const bool kept = series_of(layout, item)->ticks[item.visit] != 0;
        const enum hv_mark mark = !kept                         ? HV_MARK_NONE
                                  : quiet_before && quiet_after ? HV_MARK_QUIET
                                                                : HV_MARK_CONTENDED;
        quiet_before = quiet_after;
        if (item.kind == HV_ITEM_EMPTY)
            out->empty[item.visit] = (unsigned char)mark;
        if (item.kind != HV_ITEM_ARM)
            continue;
        out->cell[item.arm][item.place][item.visit] = (unsigned char)mark;
        count_mark(gate, mark);
    }
}

void hv_gate_make(const struct hv_clock *clock, const struct hv_pair_run *pair,
                  struct hv_arena *scratch, struct hv_gate *out)
{
    *out = (struct hv_gate){.places = pair->places};
    out->layouts = hv_arena_array(scratch, pair->n_layouts, sizeof *out->layouts);
    if (pair->places > HV_MAX_PLACES)
        out->places = 0;
    for (size_t i = 0; i < pair->n_layouts && out->places; i++) {
        const struct hv_layout *layout = &pair->layouts[i];
        struct hv_layout_marks *marks = &out->layouts[i];
        marks->cycle = chain_cycle(&layout->chain, clock->chain_adds, scratch);
        allocate_marks(layout, out->places, scratch, marks);
        mark_layout(clock, layout, out, marks);
    }
}
