/* SPDX-License-Identifier: MIT */
/* Runs: how one begins, grows, meets another, and ends. */
#include "counters/trace/analyser/runs.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static struct hv_kept_copy kept(const struct hv_copy_run *run)
{
    return (struct hv_kept_copy){.from = run->lo - run->distance,
                                 .to = run->lo,
                                 .bytes = run->hi - run->lo,
                                 .loaded = run->loaded,
                                 .stored = run->stored};
}

static bool is_constant(const struct hv_runs *runs, const struct hv_copy_run *run)
{
    const uint64_t from = run->lo - run->distance;
    return !run->origin && run->hi - run->lo <= HV_CONSTANT &&
           from >= runs->constants[0] && from < runs->constants[1];
}

static void count(struct hv_runs *runs, const struct hv_copy_run *run)
{
    const uint64_t bytes = run->hi - run->lo;
    if (is_constant(runs, run))
        return;
    if (run->origin)
        runs->called += bytes;
    else if (bytes < (run->wide ? HV_SMALL_WIDE : HV_SMALL_GENERAL))
        runs->small += bytes;
    else
        runs->inlined += bytes;
    hv_sites_add(&runs->sites, run->place, run->function, run->origin != 0, bytes);
}

static void keep(struct hv_runs *runs, const struct hv_copy_run *run)
{
    const struct hv_kept_copy copy = kept(run);
    hv_confirm_keep(&runs->confirm, &copy);
}

/* Counts a run and forgets it. */
static void end(struct hv_runs *runs, uint32_t index)
{
    const struct hv_copy_run *run = &runs->tree.run[index];
    count(runs, run);
    hv_hulls_free(&runs->hulls, run->hulls);
    hv_run_tree_remove(&runs->tree, index);
}

static void end_and_keep(struct hv_runs *runs, uint32_t index)
{
    keep(runs, &runs->tree.run[index]);
    end(runs, index);
}

static bool is_of(const struct hv_copy_run *run, const struct hv_copied *c)
{
    return run->origin == c->origin && run->distance == c->to - c->from;
}
static bool touches(const struct hv_copy_run *run, const struct hv_copied *c)
{
    return run->lo <= c->to + c->bytes && c->to <= run->hi;
}

/* One of the two lies within the other: see runs.h. */
static bool again(const struct hv_hull *hull, const struct hv_copied *c)
{
    const uint64_t end_of = c->to + c->bytes;
    return (hull->lo <= c->to && end_of <= hull->hi) ||
           (c->to <= hull->lo && hull->hi <= end_of);
}

static void grow(struct hv_runs *runs, struct hv_copy_run *run,
                 const struct hv_copied *c)
{
    const uint64_t lo = least(run->lo, c->to);
    const uint64_t hi = most(run->hi, c->to + c->bytes);
    runs->unique += hi - lo - (run->hi - run->lo);
    run->lo = lo;
    run->hi = hi;
    run->loaded = least(run->loaded, c->loaded);
    run->stored = c->now;
    run->wide |= c->wide;
}

static uint32_t *hint_of(struct hv_runs *runs, uint64_t pc)
{
    return &runs->hint[(pc ^ pc >> 10) % HV_RUN_HINTS];
}

static void grow_hull(struct hv_runs *runs, uint32_t index, const struct hv_copied *c)
{
    struct hv_copy_run *run = &runs->tree.run[index];
    uint32_t at = hv_hulls_find(&runs->hulls, c->pc, index);
    struct hv_hull *hull = &runs->hulls.hull[at];
    if (at) {
        hull->lo = least(hull->lo, c->to);
        hull->hi = most(hull->hi, c->to + c->bytes);
    } else {
        at = hv_hulls_add(&runs->hulls, c->pc, index, &run->hulls);
        if (!at) {
            runs->overflow++;
            return;
        }
        run->n_hulls++;
        hull = &runs->hulls.hull[at];
        hull->lo = c->to;
        hull->hi = c->to + c->bytes;
    }
    *hint_of(runs, c->pc) = at;
}

static void start(struct hv_copy_run *run, const struct hv_copied *c)
{
    run->lo = run->hi = c->to;
    run->begun = c->now;
    run->loaded = c->loaded;
    run->place = c->place;
    run->function = c->function;
    run->wide = false;
}

/* No other run meets this store: they would be its neighbours. */
static bool is_alone(const struct hv_runs *runs, const struct hv_copy_run *run,
                     const struct hv_copied *c)
{
    const struct hv_copy_run *prev = &runs->tree.run[run->prev];
    const struct hv_copy_run *next = &runs->tree.run[run->next];
    return !(run->prev && is_of(prev, c) && touches(prev, c)) &&
           !(run->next && is_of(next, c) && touches(next, c));
}

/* The usual cases: a loop, where this store goes on; a move that is made again, all of
 * it by this store. */
static bool goes_on(struct hv_runs *runs, uint32_t hull_index,
                    const struct hv_copied *c)
{
    struct hv_hull *hull = &runs->hulls.hull[hull_index];
    if (!hull->run || hull->pc != c->pc)
        return false;
    struct hv_copy_run *run = &runs->tree.run[hull->run];
    const bool anew = again(hull, c);
    if (!is_of(run, c) || !touches(run, c) || (anew && run->n_hulls > 1) ||
        !is_alone(runs, run, c))
        return false;
    if (anew) {
        count(runs, run);
        keep(runs, run);
        start(run, c);
        hull->lo = hull->hi = c->to;
    }
    grow(runs, run, c);
    hull->lo = least(hull->lo, c->to);
    hull->hi = most(hull->hi, c->to + c->bytes);
    return true;
}

/* Two runs that a store joins become one, which began when the first of them did. The
 * one with more hulls stays, so that few move. Returns it. */
static uint32_t join(struct hv_runs *runs, uint32_t a, uint32_t b)
{
    struct hv_copy_run *run = runs->tree.run;
    const uint32_t stays = run[a].n_hulls >= run[b].n_hulls ? a : b;
    const uint32_t goes = stays == a ? b : a;
    struct hv_copy_run *to = &run[stays], *from = &run[goes];
    if (from->begun < to->begun) {
        to->begun = from->begun;
        to->place = from->place;
        to->function = from->function;
    }
    to->n_hulls += hv_hulls_move(&runs->hulls, from->hulls, stays, &to->hulls);
    hv_run_tree_remove(&runs->tree, goes);
    /* the bytes between them are the store's, which comes next */
    const uint64_t lo = least(to->lo, from->lo), hi = most(to->hi, from->hi);
    runs->unique += hi - lo - (to->hi - to->lo) - (from->hi - from->lo);
    to->lo = lo;
    to->hi = hi;
    to->loaded = least(to->loaded, from->loaded);
    to->wide |= from->wide;
    return stays;
}

static uint32_t begin(struct hv_runs *runs, const struct hv_copied *c)
{
    struct hv_run_tree *tree = &runs->tree;
    uint32_t index = hv_run_tree_insert(tree, c->origin, c->to - c->from, c->to);
    if (!index) { /* every run is open: give up the next one in turn */
        runs->hand = runs->hand % (HV_OPEN_RUNS - 1) + 1;
        end_and_keep(runs, runs->hand);
        runs->overflow++;
        index = hv_run_tree_insert(tree, c->origin, c->to - c->from, c->to);
    }
    start(&tree->run[index], c);
    return index;
}

void hv_runs_add(struct hv_runs *runs, const struct hv_copied *c)
{
    if (goes_on(runs, *hint_of(runs, c->pc), c))
        return;
    const struct hv_copy_run *all = runs->tree.run;
    uint32_t target = 0;
    uint32_t i =
        hv_run_tree_floor(&runs->tree, c->origin, c->to - c->from, c->to + c->bytes);
    while (i && is_of(&all[i], c) && touches(&all[i], c)) {
        const uint32_t before = all[i].prev;
        const uint32_t hull = hv_hulls_find(&runs->hulls, c->pc, i);
        if (hull && again(&runs->hulls.hull[hull], c))
            end_and_keep(runs, i);
        else
            target = target ? join(runs, target, i) : i;
        i = before;
    }
    if (!target)
        target = begin(runs, c);
    grow(runs, &runs->tree.run[target], c);
    grow_hull(runs, target, c);
}

void hv_runs_return(struct hv_runs *runs, uint64_t origin)
{
    /* numbers rise, so the runs of the last call are the last of the list */
    const struct hv_copy_run *run = runs->tree.run;
    while (run[0].prev && run[run[0].prev].origin == origin)
        end_and_keep(runs, run[0].prev);
}

void hv_runs_finish(struct hv_runs *runs, hv_peek_fn *peek, void *user)
{
    if (peek)
        hv_confirm_kept(&runs->confirm, peek, user);
    while (runs->tree.run[0].prev) {
        const uint32_t last = runs->tree.run[0].prev;
        const struct hv_kept_copy copy = kept(&runs->tree.run[last]);
        if (peek)
            hv_confirm_copy(&runs->confirm, &copy, peek, user);
        end(runs, last);
    }
}
