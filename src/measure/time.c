/* SPDX-License-Identifier: MIT */
/* Layouts: fresh workers that time both arms, until the goal, the budget or the cap. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "src/measure/job.h"
#include "src/measure/measure.h"

enum {
    QUIET_GOAL = HV_MIN_QUIET + 4, /* the analysis' gate may refuse a few */
    WARM_NS = 500000,              /* of warm visits, at least one visit */
    MAX_ATTEMPTS = 4 * HV_MAX_LAYOUTS,
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* SplitMix64 (Steele, Lea, Flood 2014): one seed gives every layout its own. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Stack offsets of the complete layouts: 16-byte steps through a page in bit-reversed
 * order (van der Corput), from a start that the seed chooses, so that any 8, 16 or 32
 * of them spread evenly. At random, the share of layouts in which stack and operands
 * share their low 12 bits (a quarter, for bind: 10-20 % slower) varied from run to run,
 * and at times took the median along. */
static uint32_t stack_offset(uint64_t seed, uint32_t index)
{
    uint32_t reversed = 0;
    for (unsigned bit = 0; bit < 8; bit++)
        reversed |= (index >> bit & 1) << (7 - bit);
    return 16 * ((reversed + (uint32_t)(mix(seed) & 0xff)) % 256);
}

/* Where the frames of one worker go. */
struct intake {
    struct hv_measurement *m;
    const struct hv_pair_run *pair;
    uint32_t visit_cap;
    struct hv_layout layout;
    size_t integers;
    bool has_layout, enough;
};

static struct hv_series *series_of(struct intake *in,
                                   const struct hv_series_frame *head)
{
    switch (head->kind) {
    case HV_ITEM_ARM:
        return head->arm < HV_ARMS && head->place < in->pair->places
                   ? &in->layout.cell[head->arm][head->place]
                   : NULL;
    case HV_ITEM_CHAIN: return &in->layout.chain;
    case HV_ITEM_EMPTY: return &in->layout.empty;
    default: return NULL;
    }
}

static int take_series(struct intake *in, const void *payload, size_t bytes)
{
    struct hv_series_frame head;
    memcpy(&head, payload, sizeof head);
    const size_t size = head.len * sizeof(uint32_t);
    struct hv_series *series = series_of(in, &head);
    if (!series || series->len || !head.len || head.len > in->visit_cap ||
        bytes != sizeof head + 2 * size)
        return -EPROTO;
    series->len = head.len;
    series->ticks = hv_arena_array(in->m->arena, head.len, sizeof(uint32_t));
    series->probe = hv_arena_array(in->m->arena, head.len, sizeof(uint32_t));
    const unsigned char *data = (const unsigned char *)payload + sizeof head;
    memcpy(series->ticks, data, size);
    memcpy(series->probe, data + size, size);
    in->integers += 2 * (size_t)head.len;
    return 0;
}

static int on_layout(void *user, enum hv_frame_kind kind, const void *payload,
                     size_t bytes)
{
    struct intake *in = user;
    struct hv_layout_frame frame;
    if (kind == HV_FRAME_SERIES)
        return take_series(in, payload, bytes);
    if (kind != HV_FRAME_LAYOUT || in->has_layout)
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    in->layout.closing_probe = frame.closing_probe;
    in->layout.stack_offset = frame.stack_offset;
    in->layout.switched = frame.switched;
    in->layout.migrated = frame.migrated;
    in->enough = frame.enough != 0;
    in->has_layout = true;
    return 0;
}

/* All series are there, and equally long. */
static bool whole(const struct intake *in)
{
    const size_t len = in->layout.chain.len;
    bool whole = in->has_layout && len && in->layout.empty.len == len;
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        for (unsigned place = 0; place < in->pair->places; place++)
            whole &= in->layout.cell[arm][place].len == len;
    return whole;
}

/* What one more layout may use. */
struct allowance {
    double seconds; /* its share of the time */
    double left;    /* all the time there is */
    uint32_t visits;
    enum hv_stop stop; /* when there is nothing left: why */
};

static struct allowance allowance(const struct hv_target *target)
{
    struct allowance a = {.stop = HV_STOP_NONE};
    const size_t stride = 2 * hv_sequence_stride(target->run->places);
    const size_t share = target->limits.integers;
    const size_t visits = (share - target->integers) / stride;
    const double left = target->limits.budget_seconds - target->spent;
    /* Time and samples are shared out over the layouts a speedup needs; beyond those,
     * over the steps to the next test of the precision. */
    const uint32_t needed =
        target->complete < HV_MIN_LAYOUTS ? HV_MIN_LAYOUTS - target->complete : 4;
    a.left = left;
    a.seconds = left / needed;
    a.visits = (uint32_t)(visits / needed);
    if (share < target->integers || a.visits < HV_MIN_QUIET ||
        target->run->n_layouts >= MAX_ATTEMPTS)
        a.stop = HV_STOP_SAMPLES;
    if (left <= 0)
        a.stop = HV_STOP_BUDGET;
    return a;
}

static void set_limits(struct hv_job *job, const struct hv_target *target,
                       const struct allowance *a)
{
    const double visit_ns =
        target->run->places * (target->sample_ns[0] + target->sample_ns[1]);
    job->warm_visits =
        visit_ns > 0 && visit_ns < WARM_NS ? (uint32_t)(WARM_NS / visit_ns) + 1 : 1;
    if (job->warm_visits > 16)
        job->warm_visits = 16;
    job->limit_ns = (uint64_t)(a->seconds * 1e9);
    job->hard_limit_ns = (uint64_t)(a->left * 1e9);
    job->visit_cap = a->visits;
    job->quiet_goal = job->adders > 0 && !target->limits.busy ? QUIET_GOAL : 0;
}

static void append(struct hv_measurement *m, struct hv_pair_run *pair,
                   const struct hv_layout *layout)
{
    if (!pair->layouts)
        pair->layouts = hv_arena_array(m->arena, MAX_ATTEMPTS, sizeof *pair->layouts);
    pair->layouts[pair->n_layouts++] = *layout;
}

static int time_layout(struct hv_measurement *m, struct hv_target *target,
                       const struct allowance *a, struct hv_error *error)
{
    struct intake in = {.m = m, .pair = target->run};
    struct hv_job job = hv_measure_job(m, target, HV_JOB_TIME);
    job.layout_seed = mix(job.seed ^ mix(target->run->n_layouts + 1));
    job.stack_offset = stack_offset(job.seed, target->complete);
    set_limits(&job, target, a);
    in.visit_cap = job.visit_cap;
    const double start = seconds_now();
    int rc = hv_session_run(m->session, &job, NULL, a->left + m->plan->hang_seconds,
                            on_layout, &in, error);
    in.layout.seconds = seconds_now() - start;
    target->spent += in.layout.seconds;
    if (!rc && !whole(&in))
        rc = hv_fail(error, -ECHILD, "the worker left a series out");
    if (rc)
        return rc;
    append(m, target->run, &in.layout);
    target->integers += in.integers;
    target->complete += in.enough;
    return 0;
}

int hv_measure_time(struct hv_measurement *m, struct hv_target *target, uint32_t goal,
                    struct hv_error *error)
{
    struct hv_pair_run *pair = target->run;
    pair->stop = HV_STOP_NONE;
    while (target->complete < goal) {
        const struct allowance a = allowance(target);
        if (a.stop != HV_STOP_NONE) {
            pair->stop = a.stop;
            return 0;
        }
        struct hv_error inner = {""};
        int rc = time_layout(m, target, &a, &inner);
        if (rc == -EINTR)
            pair->stop = HV_STOP_INTERRUPTED;
        if (rc) {
            hv_fail(error, rc, "%s: %s", pair->name, inner.text);
            return hv_measure_give_up(m, target, rc, &inner);
        }
    }
    return 0;
}
