/* SPDX-License-Identifier: MIT */
/* Shared work, arms that were folded, order, and samples that hang together. */
#include "src/analyse/warnings_method.h"

#include <math.h>

#include "src/analyse/shared.h"

/* Traced bytes below this share of what an iteration must touch: it does not. */
#define TOUCHED_MIN 0.5
/* Speedups of samples that go first and of samples that go second may differ by this:
 * builds of one source differ as much on their own. */
#define ORDER_FLOOR 0.05
/* Correlation of a sample with the next from which they hang together. */
#define LAG_ONE_LIMIT 0.5
/* Samples that differ by less, relative, are the same: what correlates then is how
 * numbers are rounded. */
#define LAG_FLOOR 1e-4
enum {
    ORDER_SAMPLES = 6,  /* of each order, in a cell that tells */
    LAG_SAMPLES = 1000, /* neighbours, before their correlation means anything */
};

const char *hv_warn_shared_work(const struct hv_warning_context *c)
{
    const struct hv_shared_work shared = hv_shared_work(c->pair);
    if (shared.share < HV_SHARED_WORK_MUCH)
        return NULL;
    return hv_arena_printf(
        c->arena,
        "%.3g %% of baseline's instructions and %.3g %% of candidate's are work that "
        "both do alike, most in %s.",
        100 * shared.shares[HV_BASELINE], 100 * shared.shares[HV_CANDIDATE],
        shared.function);
}

/* Instructions that nobody understood may have touched the rest. */
static bool understood(const struct hv_trace_run *t)
{
    return !t->n_calls || !t->calls[t->n_calls - 1].value[HV_T_UNSUPPORTED];
}

const char *hv_warn_optimised_away(const struct hv_warning_context *c)
{
    const double bytes = (double)c->view->pair->bytes;
    for (unsigned arm = 0; arm < HV_ARMS && bytes > 0; arm++) {
        const struct hv_arm_result *a = &c->pair->arm[arm];
        const struct hv_evidence *loaded = hv_arm_figure(a, "load_bytes"),
                                 *stored = hv_arm_figure(a, "store_bytes");
        if (!understood(&c->view->pair->arm[arm].trace) || !loaded || !stored ||
            loaded->provenance == HV_ABSENT || stored->provenance == HV_ABSENT ||
            loaded->value + stored->value >= TOUCHED_MIN * bytes)
            continue;
        return hv_arena_printf(c->arena,
                               "%s must read and write %.6g bytes an iteration, and "
                               "only %.6g were seen (traced): part of it was optimised "
                               "away.",
                               a->name, bytes, loaded->value + stored->value);
    }
    return NULL;
}

/* ln of the p25 of a cell's quiet samples that were taken in visits of one parity. */
static bool ln_p25(const struct hv_series *cell, const unsigned char *marks,
                   size_t parity, double *room, double *out)
{
    size_t count = 0;
    for (size_t i = parity; i < cell->len; i += 2)
        if (marks[i] == HV_MARK_QUIET)
            room[count++] = cell->ticks[i];
    if (count < ORDER_SAMPLES)
        return false;
    hv_sort(room, count);
    *out = log(hv_quantile(room, count, HV_CELL_QUANTILE));
    return true;
}

/* How much larger the speedup of a layout is among samples that went first in their
 * round than among those that went second, as a logarithm. That the first of a round is
 * slower is no harm while both arms are so alike: each goes first in every other
 * visit. */
static bool order_of(const struct hv_pair_view *view, size_t l, double *room,
                     double *out)
{
    const unsigned places = view->gate.places;
    *out = 0;
    for (unsigned place = 0; place < places; place++)
        for (unsigned arm = 0; arm < HV_ARMS; arm++) {
            const struct hv_series *cell = &view->pair->layouts[l].cell[arm][place];
            const unsigned char *marks = view->gate.layouts[l].cell[arm][place];
            double first, second;
            if (!ln_p25(cell, marks, 0, room, &first) ||
                !ln_p25(cell, marks, 1, room, &second))
                return false;
            /* parity 0: baseline goes first, so candidate's first are of parity 1 */
            *out += (first - second) / places;
        }
    return true;
}

static size_t longest_cell(const struct hv_pair_view *view)
{
    size_t longest = 1;
    for (size_t l = 0; l < view->pair->n_layouts; l++)
        if (view->pair->layouts[l].chain.len > longest)
            longest = view->pair->layouts[l].chain.len;
    return longest;
}

const char *hv_warn_order_effect(const struct hv_warning_context *c)
{
    const struct hv_estimate *quiet = &c->view->quiet;
    double *room = hv_arena_array(c->scratch, longest_cell(c->view), sizeof *room),
           *all = hv_arena_array(c->scratch, quiet->n_layouts, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < quiet->n_layouts; i++)
        count += order_of(c->view, quiet->layouts[i].index, room, &all[count]);
    if (count < HV_MIN_LAYOUTS)
        return NULL;
    hv_sort(all, count);
    const struct hv_median median = hv_median_of(all, count);
    if (!median.has_ci || !(fabs(median.value) > ORDER_FLOOR) ||
        (median.ci95[0] <= 0 && median.ci95[1] >= 0))
        return NULL;
    return hv_arena_printf(c->arena,
                           "Among samples that go first in their round the speedup is "
                           "%.2g %% %s than among those that go second: the arms do "
                           "not bear going first alike.",
                           100 * fabs(exp(median.value) - 1),
                           median.value > 0 ? "larger" : "smaller");
}

/* Adds the products of neighbours that were both quiet, around the cell's mean. */
static void add_lag(const struct hv_series *cell, const unsigned char *marks,
                    double *products, double *squares, size_t *count)
{
    double mean = 0;
    size_t n = 0;
    for (size_t i = 0; i < cell->len; i++)
        if (marks[i] == HV_MARK_QUIET) {
            mean += log(cell->ticks[i]);
            n++;
        }
    if (n < ORDER_SAMPLES)
        return;
    mean /= (double)n;
    for (size_t i = 0; i + 1 < cell->len; i++) {
        if (marks[i] != HV_MARK_QUIET || marks[i + 1] != HV_MARK_QUIET)
            continue;
        const double here = log(cell->ticks[i]) - mean,
                     next = log(cell->ticks[i + 1]) - mean;
        *products += here * next;
        *squares += (here * here + next * next) / 2;
        ++*count;
    }
}

const char *hv_warn_autocorrelated(const struct hv_warning_context *c)
{
    const struct hv_pair_view *view = c->view;
    double products = 0, squares = 0;
    size_t count = 0;
    for (size_t l = 0; l < view->pair->n_layouts; l++)
        for (unsigned place = 0; place < view->gate.places; place++)
            for (unsigned arm = 0; arm < HV_ARMS; arm++)
                add_lag(&view->pair->layouts[l].cell[arm][place],
                        view->gate.layouts[l].cell[arm][place], &products, &squares,
                        &count);
    if (count < LAG_SAMPLES || !(squares > LAG_FLOOR * LAG_FLOOR * (double)count) ||
        !(products > LAG_ONE_LIMIT * squares))
        return NULL;
    return hv_arena_printf(c->arena,
                           "A quiet sample follows the one before it (correlation "
                           "%.2g): there are fewer independent samples than samples.",
                           products / squares);
}
