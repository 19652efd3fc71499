/* SPDX-License-Identifier: MIT */
/* One layout: visits over all placements, a throughput probe before every sample. */
#include <alloca.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "src/measure/worker/probing.h"
#include "src/measure/worker/worker.h"

enum {
    CHAIN_WARM = 33, /* chain samples that tell the clock before the first visit */
    PAGE = 4096,
    LATELY_VISITS = 32, /* a busy stretch is told by so many visits */
    BUSY_SHARE = 8,     /* ... with fewer than one quiet probe in 8 */
    LOOK_PROBES = 16,   /* one look at whether it has ended */
    LOOK_EVERY_NS = 2000000,
    ON_ITS_WAY = 4, /* a layout is, with a quarter of its quiet samples */
};

/* A thread that was switched out, or moved, shows by either. */
struct whereabouts {
    long switches;
    int cpu;
};

/* What a visit leaves: one value for each item, and the probe before it. */
struct sampler {
    struct hv_worker *w;
    uint32_t *memory; /* stride series of ticks, then as many of probes */
    size_t stride, cap, visits;
    uint32_t closing_probe;
    uint32_t quiet[HV_ARMS][HV_MAX_PLACES];
    struct hv_tally all, lately; /* of probes; lately begins anew at times */
    uint32_t lately_visits;
    struct hv_window window;
    struct hv_layout_frame layout;
    struct whereabouts here;
};

static uint32_t *ticks_of(const struct sampler *s, size_t step)
{
    return s->memory + step * s->cap;
}
static uint32_t *probe_of(const struct sampler *s, size_t step)
{
    return s->memory + (s->stride + step) * s->cap;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The gate of this layout, from the chain's p25 over a first look at the clock. The
 * analysis applies its own to what is sent; this one only decides when enough is there.
 */
static void learn_gate(struct sampler *s)
{
    uint32_t chain[CHAIN_WARM];
    for (int i = 0; i < CHAIN_WARM; i++)
        chain[i] = hv_chain_now();
    s->window =
        hv_window_of(hv_ticks_quantile(chain, CHAIN_WARM, 0.25), s->w->job.adders);
}

static uint32_t sample(struct sampler *s, const struct hv_item *item)
{
    struct hv_worker *w = s->w;
    switch (item->kind) {
    case HV_ITEM_ARM:
        return hv_worker_batch(w->run[item->arm][item->place], w->work.ctx,
                               w->job.n[item->arm]);
    case HV_ITEM_CHAIN: return hv_chain_now();
    case HV_ITEM_EMPTY:
        return hv_worker_batch(hv_worker_empty_arm, w->work.ctx,
                               w->job.empty_n[item->visit % 2]);
    }
    return 0;
}

/* Switches from RUSAGE_THREAD, since perf's software counter reads 0 without kernel
 * mode. */
static struct whereabouts whereabouts_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (struct whereabouts){usage.ru_nvcsw + usage.ru_nivcsw, sched_getcpu()};
}

/* Whether the thread was switched out or migrated since the last call. A system call
 * slows what follows it (arms that stream from L2 by up to 20 %), so this asks once a
 * visit, and never between two arms. */
static bool was_away(struct sampler *s)
{
    const struct whereabouts before = s->here;
    s->here = whereabouts_now();
    const bool switched = s->here.switches != before.switches,
               moved = s->here.cpu != before.cpu;
    s->layout.switched += switched;
    s->layout.migrated += moved;
    return switched || moved;
}

static void drop(struct sampler *s, size_t number, size_t from, size_t end)
{
    for (size_t step = from; step < end; step++)
        ticks_of(s, step)[number] = 0;
}

/* Chain and empty of the visit before `visits`. */
static void drop_tail(struct sampler *s, size_t visits)
{
    if (visits)
        drop(s, visits - 1, 2 * (size_t)s->w->places, s->stride);
}

/* One visit: its arms, then chain and empty. What was taken while the thread was away
 * is dropped (ticks 0): the chain and empty of the visit before, and these arms. */
static void visit(struct sampler *s, size_t number)
{
    const unsigned places = s->w->places;
    const size_t arms = 2 * (size_t)places;
    for (size_t step = 0; step < s->stride; step++) {
        const struct hv_item item = hv_sequence_at(places, number * s->stride + step);
        const size_t at = item.kind == HV_ITEM_ARM
                              ? 2 * (size_t)item.place + item.arm
                              : step; /* a series is one cell, whatever the order */
        if (item.kind == HV_ITEM_ARM)
            hv_worker_note(s->w, HV_PHASE_TIME, item.arm, item.place);
        if (step == arms && was_away(s)) {
            drop(s, number, 0, arms);
            drop_tail(s, number);
        }
        probe_of(s, at)[number] = hv_probe_now();
        ticks_of(s, at)[number] = sample(s, &item);
    }
}

/* The probe before the item that follows (visit, step) in the sequence. */
static uint32_t probe_after(const struct sampler *s, size_t number, size_t step)
{
    const size_t stride = hv_sequence_stride(s->w->places);
    size_t index = number * stride + step + 1;
    if (index == s->visits * stride)
        return s->closing_probe;
    const struct hv_item item = hv_sequence_at(s->w->places, index);
    size_t at =
        item.kind == HV_ITEM_ARM ? 2 * (size_t)item.place + item.arm : index % stride;
    return probe_of(s, at)[item.visit];
}

/* Counts the newest visit's quiet samples; returns those of the poorest cell so far. */
static uint32_t count_quiet(struct sampler *s, size_t number)
{
    const unsigned places = s->w->places;
    uint32_t poorest = UINT32_MAX;
    for (size_t step = 0; step < 2 * (size_t)places; step++) {
        const struct hv_item item = hv_sequence_at(places, number * s->stride + step);
        const size_t at = 2 * (size_t)item.place + item.arm;
        const uint32_t before = probe_of(s, at)[number];
        uint32_t *quiet = &s->quiet[item.arm][item.place];
        *quiet += ticks_of(s, at)[number] && hv_is_quiet(&s->window, before) &&
                  hv_is_quiet(&s->window, probe_after(s, number, step));
        if (*quiet < poorest)
            poorest = *quiet;
        hv_tally_add(&s->all, &s->window, before);
        hv_tally_add(&s->lately, &s->window, before);
    }
    return poorest;
}

/* Hardly any quiet moments, or none that stand apart from the busy ones. */
static bool is_busy(const struct hv_tally *t)
{
    return t->quiet * BUSY_SHARE < t->probes || !hv_stands_apart(t->quiet, t->slow);
}

/* Sleeps until a look at the probe finds the busy stretch over. */
static void sleep_until_quiet(struct sampler *s, uint64_t end)
{
    if (was_away(s))
        drop_tail(s, s->visits);
    for (bool busy = true; busy && now_ns() < end;) {
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
        struct hv_tally look = {0};
        for (int i = 0; i < LOOK_PROBES; i++)
            hv_tally_add(&look, &s->window, hv_probe_now());
        busy = is_busy(&look);
    }
    s->here = whereabouts_now(); /* it slept, between two visits */
}

/* In a busy stretch (they last up to minutes) nothing is gained by sampling on: it
 * would use up the dump's share of samples. */
static void wait_for_quiet(struct sampler *s, uint64_t end)
{
    if (!s->w->job.quiet_goal || ++s->lately_visits < LATELY_VISITS)
        return;
    if (is_busy(&s->lately))
        sleep_until_quiet(s, end);
    s->lately = (struct hv_tally){0};
    s->lately_visits = 0;
}

/* Whether the layout has what the analysis asks of one. */
static bool complete(const struct sampler *s, uint32_t quiet, uint32_t goal)
{
    return goal && quiet >= goal && hv_stands_apart(s->all.quiet, s->all.slow);
}

static void take_visits(struct sampler *s)
{
    for (uint32_t i = 0; i < s->w->job.warm_visits; i++)
        visit(s, 0);
    learn_gate(s);
    was_away(s);
    s->layout.switched = s->layout.migrated = 0;
    const struct hv_job *job = &s->w->job;
    const uint64_t start = now_ns();
    uint32_t quiet = 0;
    while (s->visits < s->cap && !complete(s, quiet, job->quiet_goal)) {
        visit(s, s->visits++);
        s->closing_probe = hv_probe_now();
        quiet = count_quiet(s, s->visits - 1);
        /* A layout that is on its way may take the time of a later one: given up, it
         * would have cost its time for nothing. */
        const bool on_its_way =
            ON_ITS_WAY * quiet >= job->quiet_goal && job->quiet_goal;
        const uint64_t end = start + (on_its_way ? job->hard_limit_ns : job->limit_ns);
        if (now_ns() >= end)
            break;
        wait_for_quiet(s, end);
    }
    if (was_away(s))
        drop_tail(s, s->visits);
    s->layout.enough = complete(s, quiet, HV_MIN_QUIET);
    s->layout.closing_probe = s->closing_probe;
}

static int send_series(const struct sampler *s, size_t step)
{
    const unsigned places = s->w->places;
    struct hv_series_frame head = {.len = (uint32_t)s->visits};
    if (step < 2 * (size_t)places) {
        head.kind = HV_ITEM_ARM;
        head.arm = step % 2;
        head.place = (uint32_t)(step / 2);
    } else {
        head.kind = step == 2 * (size_t)places ? HV_ITEM_CHAIN : HV_ITEM_EMPTY;
    }
    const size_t bytes = s->visits * sizeof(uint32_t);
    const struct hv_frame frame = {.kind = HV_FRAME_SERIES,
                                   .bytes = (uint32_t)(sizeof head + 2 * bytes)};
    int rc = hv_wire_write(HV_FD_FRAMES, &frame, sizeof frame);
    if (!rc)
        rc = hv_wire_write(HV_FD_FRAMES, &head, sizeof head);
    if (!rc)
        rc = hv_wire_write(HV_FD_FRAMES, ticks_of(s, step), bytes);
    if (!rc)
        rc = hv_wire_write(HV_FD_FRAMES, probe_of(s, step), bytes);
    return rc;
}

static int send_layout(const struct sampler *s)
{
    int rc = hv_worker_send(HV_FRAME_LAYOUT, &s->layout, sizeof s->layout);
    for (size_t step = 0; !rc && step < s->stride; step++)
        rc = send_series(s, step);
    return rc;
}

/* Moves the stack so that it lies `offset` behind the pair's ctx, mod 4096, and samples
 * there. ASLR moves pages; this moves what is inside one. */
__attribute__((noinline)) static void take_visits_at(struct sampler *s, uint32_t offset)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0),
                    wanted = (uintptr_t)s->w->work.ctx + offset;
    const size_t gap = (here - wanted) % PAGE / 16 * 16;
    volatile char *space = alloca(gap + 16);
    space[0] = 0;
    s->layout.stack_offset = offset;
    take_visits(s);
    space[gap] = 0;
}

int hv_worker_time(struct hv_worker *w)
{
    int rc = hv_worker_load(w);
    if (rc)
        return rc;
    const uint64_t seed = w->job.layout_seed;
    /* A block in front of the pair's own moves them within their page. */
    void *moved = malloc(16 * (size_t)(seed >> 8 & 0xff) + 16);
    HV_KEEP(moved);
    rc = hv_worker_setup(w);
    if (rc)
        goto out;
    struct sampler s = {.w = w, .stride = hv_sequence_stride(w->places)};
    s.cap = w->job.visit_cap ? w->job.visit_cap : 1;
    const size_t bytes = 2 * s.stride * s.cap * sizeof(uint32_t);
    s.memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (s.memory == MAP_FAILED) {
        rc = hv_worker_fail(-ENOMEM, "no memory for %zu visits", s.cap);
        goto out;
    }
    take_visits_at(&s, w->job.stack_offset);
    rc = send_layout(&s);
    hv_worker_teardown(w);
out:
    free(moved);
    return rc;
}
