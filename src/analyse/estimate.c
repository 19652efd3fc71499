/* SPDX-License-Identifier: MIT */
/* The estimator of docs/methodology.md, on the quiet or on the contended samples. */
#include "src/analyse/estimate.h"

#include <math.h>

/* Appends the marked samples of one cell. */
static size_t gather(const struct hv_series *series, const unsigned char *marks,
                     enum hv_mark mark, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < series->len; i++)
        if (marks[i] == mark)
            out[count++] = series->ticks[i];
    return count;
}

/* p25 of the empty samples at empty_n[parity], pooled over the layouts. */
static bool empty_p25(const struct hv_pair_run *pair, const struct hv_gate *gate,
                      enum hv_mark mark, size_t parity, struct hv_arena *scratch,
                      double *out)
{
    size_t room = 0, count = 0;
    for (size_t l = 0; l < pair->n_layouts; l++)
        room += pair->layouts[l].empty.len;
    double *ticks = hv_arena_array(scratch, room, sizeof *ticks);
    for (size_t l = 0; l < pair->n_layouts; l++)
        for (size_t i = parity; i < pair->layouts[l].empty.len; i += 2)
            if (gate->layouts[l].empty[i] == mark)
                ticks[count++] = pair->layouts[l].empty.ticks[i];
    if (count == 0)
        return false;
    hv_sort(ticks, count);
    *out = hv_quantile(ticks, count, HV_CELL_QUANTILE);
    return true;
}

/* The intercept over n of the line through the two empty lengths. */
static void find_fixed_cost(const struct hv_clock *clock,
                            const struct hv_pair_run *pair, const struct hv_gate *gate,
                            struct hv_arena *scratch, struct hv_estimate *out)
{
    const double n0 = clock->empty_n[0], n1 = clock->empty_n[1];
    double at0, at1;
    if (gate->places == 0 || n0 == n1 ||
        !empty_p25(pair, gate, out->mark, 0, scratch, &at0) ||
        !empty_p25(pair, gate, out->mark, 1, scratch, &at1))
        return;
    out->has_fixed_cost = true;
    const double slope = fmax(0, (at1 - at0) / (n1 - n0));
    out->fixed_cost = fmax(0, at0 - n0 * slope);
}

/* c of one cell into the layout's sums; false: too few samples, or nothing left of them
 * after the fixed cost. */
static bool add_cell(const struct hv_clock *clock, const struct hv_pair_run *pair,
                     const struct hv_gate *gate, const struct hv_estimate *estimate,
                     enum hv_arm_id arm, unsigned place, double *room,
                     struct hv_layout_estimate *out)
{
    const struct hv_series *cell = &pair->layouts[out->index].cell[arm][place];
    const unsigned char *marks = gate->layouts[out->index].cell[arm][place];
    const size_t count = gather(cell, marks, estimate->mark, room);
    if (count < HV_MIN_QUIET || pair->arm[arm].n == 0)
        return false;
    hv_sort(room, count);
    const double sample = hv_quantile(room, count, HV_CELL_QUANTILE);
    if (!(sample > estimate->fixed_cost))
        return false;
    const double ln_c =
        log(sample - estimate->fixed_cost) - log((double)pair->arm[arm].n);
    out->ln_place[place] += arm == HV_BASELINE ? ln_c : -ln_c;
    out->ln_ticks[arm] += ln_c / gate->places;
    out->half_granule[arm] += fmin(1, 0.5 * clock->granule / sample) / gate->places;
    out->sample[arm] += sample / gate->places;
    return true;
}

static uint32_t count_rounds(const struct hv_layout *layout,
                             const struct hv_layout_marks *marks, unsigned places,
                             enum hv_mark mark)
{
    uint32_t rounds = 0;
    for (unsigned place = 0; place < places; place++) {
        const size_t a = layout->cell[HV_BASELINE][place].len,
                     b = layout->cell[HV_CANDIDATE][place].len;
        for (size_t i = 0; i < a && i < b; i++)
            rounds += marks->cell[HV_BASELINE][place][i] == mark &&
                      marks->cell[HV_CANDIDATE][place][i] == mark;
    }
    return rounds;
}

static bool estimate_layout(const struct hv_clock *clock,
                            const struct hv_pair_run *pair, const struct hv_gate *gate,
                            const struct hv_estimate *estimate, double *room,
                            struct hv_layout_estimate *out)
{
    const struct hv_layout_marks *marks = &gate->layouts[out->index];
    /* The gate takes chain and probe as they were read; a cycle has no fixed cost. */
    const double cycle =
        marks->cycle -
        (clock->chain_adds ? estimate->fixed_cost / clock->chain_adds : 0);
    if (!(cycle > 0))
        return false;
    if (estimate->mark == HV_MARK_QUIET &&
        !hv_stands_apart(marks->quiet_probes, marks->slow_probes))
        return false;
    for (unsigned place = 0; place < gate->places; place++)
        for (int arm = 0; arm < HV_ARMS; arm++)
            if (!add_cell(clock, pair, gate, estimate, (enum hv_arm_id)arm, place, room,
                          out))
                return false;
    for (unsigned place = 0; place < gate->places; place++)
        out->ln_speedup += out->ln_place[place] / gate->places;
    out->ln_cycle = log(cycle);
    out->rounds =
        count_rounds(&pair->layouts[out->index], marks, gate->places, estimate->mark);
    return true;
}

static size_t longest_cell(const struct hv_pair_run *pair, unsigned places)
{
    size_t longest = 0;
    for (size_t l = 0; l < pair->n_layouts; l++)
        for (unsigned place = 0; place < places; place++)
            for (int arm = 0; arm < HV_ARMS; arm++)
                if (pair->layouts[l].cell[arm][place].len > longest)
                    longest = pair->layouts[l].cell[arm][place].len;
    return longest;
}

static struct hv_median median_by(const struct hv_estimate *estimate, double *room,
                                  unsigned place)
{
    for (size_t i = 0; i < estimate->n_layouts; i++)
        room[i] = estimate->layouts[i].ln_place[place];
    hv_sort(room, estimate->n_layouts);
    return hv_median_of(room, estimate->n_layouts);
}

static void place_band(const struct hv_estimate *estimate, unsigned places,
                       double *room, double band[2])
{
    for (unsigned place = 0; place < places; place++) {
        const double value = exp(median_by(estimate, room, place).value);
        band[0] = place ? fmin(band[0], value) : value;
        band[1] = place ? fmax(band[1], value) : value;
    }
}

/* Half a clock step, both arms together, in the typical layout. */
static double typical_half_granule(const struct hv_estimate *estimate, double *room,
                                   bool baseline, bool candidate)
{
    for (size_t i = 0; i < estimate->n_layouts; i++) {
        const double *half = estimate->layouts[i].half_granule;
        room[i] =
            (baseline ? half[HV_BASELINE] : 0) + (candidate ? half[HV_CANDIDATE] : 0);
    }
    hv_sort(room, estimate->n_layouts);
    return hv_quantile(room, estimate->n_layouts, 0.5);
}

static void make_speedup(const struct hv_gate *gate, struct hv_arena *scratch,
                         struct hv_estimate *estimate)
{
    struct hv_speedup *speedup = &estimate->speedup;
    const size_t count = estimate->n_layouts;
    speedup->layouts = (uint32_t)count;
    speedup->statistic = "p25";
    for (size_t i = 0; i < count; i++)
        speedup->rounds += estimate->layouts[i].rounds;
    if (count < HV_MIN_LAYOUTS)
        return;
    double *room = hv_arena_array(scratch, count, sizeof *room);
    const double widen = typical_half_granule(estimate, room, true, true);
    place_band(estimate, gate->places, room, speedup->placement_band);
    for (size_t i = 0; i < count; i++)
        room[i] = estimate->layouts[i].ln_speedup;
    hv_sort(room, count);
    const struct hv_median median = hv_median_of(room, count);
    speedup->present = true;
    speedup->value = exp(median.value);
    speedup->ci95[0] = exp(median.ci95[0] - widen);
    speedup->ci95[1] = exp(median.ci95[1] + widen);
    speedup->layout_band[0] = exp(hv_quantile(room, count, 0.1));
    speedup->layout_band[1] = exp(hv_quantile(room, count, 0.9));
}

void hv_estimate_make(const struct hv_clock *clock, const struct hv_pair_run *pair,
                      const struct hv_gate *gate, enum hv_mark mark,
                      struct hv_arena *scratch, struct hv_estimate *out)
{
    *out = (struct hv_estimate){.mark = mark};
    out->layouts = hv_arena_array(scratch, pair->n_layouts, sizeof *out->layouts);
    find_fixed_cost(clock, pair, gate, scratch, out);
    double *room =
        hv_arena_array(scratch, longest_cell(pair, gate->places), sizeof *room);
    for (size_t i = 0; i < pair->n_layouts && gate->places; i++) {
        struct hv_layout_estimate layout = {.index = i};
        if (estimate_layout(clock, pair, gate, out, room, &layout))
            out->layouts[out->n_layouts++] = layout;
    }
    make_speedup(gate, scratch, out);
}

struct hv_median hv_estimate_arm(const struct hv_estimate *estimate, enum hv_arm_id arm,
                                 bool in_cycles, struct hv_arena *scratch)
{
    const size_t count = estimate->n_layouts;
    double *room = hv_arena_array(scratch, count, sizeof *room);
    const double widen =
        typical_half_granule(estimate, room, arm == HV_BASELINE, arm == HV_CANDIDATE);
    for (size_t i = 0; i < count; i++)
        room[i] = estimate->layouts[i].ln_ticks[arm] -
                  (in_cycles ? estimate->layouts[i].ln_cycle : 0);
    hv_sort(room, count);
    struct hv_median median = hv_median_of(room, count);
    median.value = exp(median.value);
    median.ci95[0] = exp(median.ci95[0] - widen);
    median.ci95[1] = exp(median.ci95[1] + widen);
    return median;
}

size_t hv_estimate_samples(const struct hv_estimate *estimate,
                           const struct hv_pair_run *pair, const struct hv_gate *gate,
                           enum hv_arm_id arm, struct hv_arena *scratch,
                           double **sorted)
{
    size_t room = 0, count = 0;
    for (size_t l = 0; l < pair->n_layouts; l++)
        for (unsigned place = 0; place < gate->places; place++)
            room += pair->layouts[l].cell[arm][place].len;
    double *ticks = hv_arena_array(scratch, room, sizeof *ticks);
    for (size_t l = 0; l < pair->n_layouts; l++)
        for (unsigned place = 0; place < gate->places; place++)
            count += gather(&pair->layouts[l].cell[arm][place],
                            gate->layouts[l].cell[arm][place], estimate->mark,
                            ticks + count);
    for (size_t i = 0; i < count; i++)
        ticks[i] = (ticks[i] - estimate->fixed_cost) / (double)pair->arm[arm].n;
    hv_sort(ticks, count);
    *sorted = ticks;
    return count;
}

double hv_estimate_drift(const struct hv_estimate *estimate, struct hv_arena *scratch)
{
    const size_t count = estimate->n_layouts, half = count / 2;
    if (half == 0)
        return 0;
    double *room = hv_arena_array(scratch, count, sizeof *room);
    for (size_t i = 0; i < count; i++)
        room[i] = estimate->layouts[i].ln_speedup;
    hv_sort(room, half);
    hv_sort(room + half, count - half);
    return hv_quantile(room + half, count - half, 0.5) - hv_quantile(room, half, 0.5);
}
