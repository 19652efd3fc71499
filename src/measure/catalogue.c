/* SPDX-License-Identifier: MIT */
/* What there is to measure. */
#include <errno.h>
#include <string.h>

#include "src/measure/measure.h"

enum { DESCRIBE_SECONDS = 10 };

struct listing {
    struct hv_measurement *m;
    uint32_t set;
    size_t size;
};

/* The word by which everybody knows hvperf's own set: the hypothesis is about its
 * pairs. */
#define OWN_SET "builtin"

static enum hv_purpose purpose_of(uint32_t word)
{
    return word == HV_FOR_INSIGHT ? HV_PURPOSE_INSIGHT
           : word == HV_FOR_STEP  ? HV_PURPOSE_STEP
                                  : HV_PURPOSE_PAIR;
}

static void add_row(struct listing *l, struct hv_row_frame *frame)
{
    struct hv_measurement *m = l->m;
    struct hv_catalogue *all = &m->catalogue;
    if (all->n == l->size) {
        l->size = l->size ? 2 * l->size : 32;
        struct hv_row *rows = hv_arena_array(m->arena, l->size, sizeof *rows);
        if (all->n)
            memcpy(rows, all->rows, all->n * sizeof *rows);
        all->rows = rows;
    }
#define TEXT(field) hv_arena_text(m->arena, hv_wire_text(field, sizeof field))
    all->rows[all->n++] = (struct hv_row){
        .set = l->set,
        .row = frame->row,
        .available = frame->available,
        .control = frame->control,
        .places = frame->places < HV_MAX_PLACES ? frame->places : HV_MAX_PLACES,
        .predicted =
            frame->predicted > 0 && frame->predicted < 1e9 ? frame->predicted : 0,
        .pair = TEXT(frame->pair),
        .isa = TEXT(frame->isa),
        .set_name = TEXT(frame->set),
        .question = TEXT(frame->question),
        .build = TEXT(frame->build),
        .arm = {TEXT(frame->arm[HV_BASELINE]), TEXT(frame->arm[HV_CANDIDATE])},
        .purpose = purpose_of(frame->purpose),
        .sweeps = frame->sweeps != 0,
    };
#undef TEXT
}

static int add_experiment(struct listing *l, struct hv_experiment_frame *frame)
{
    struct hv_measurement *m = l->m;
    struct hv_row *row = m->catalogue.n ? &m->catalogue.rows[m->catalogue.n - 1] : NULL;
    if (!row || row->set != l->set || row->row != frame->row ||
        row->n_experiments == HV_EXPERIMENTS ||
        frame->experiment != row->n_experiments + 1)
        return -EPROTO;
#define TEXT(field) hv_arena_text(m->arena, hv_wire_text(field, sizeof field))
    row->experiments[row->n_experiments++] = (struct hv_row_experiment){
        .name = TEXT(frame->name),
        .arm = {TEXT(frame->arm[HV_BASELINE]), TEXT(frame->arm[HV_CANDIDATE])},
        .differs = frame->differs != 0,
    };
#undef TEXT
    return 0;
}

static int on_row(void *user, enum hv_frame_kind kind, const void *payload,
                  size_t bytes)
{
    struct listing *l = user;
    struct hv_row_frame frame;
    struct hv_experiment_frame experiment;
    if (kind == HV_FRAME_EXPERIMENT && bytes == sizeof experiment) {
        memcpy(&experiment, payload, sizeof experiment);
        return add_experiment(l, &experiment);
    }
    if (kind != HV_FRAME_ROW || bytes != sizeof frame ||
        l->m->catalogue.n >= (size_t)HV_WIRE_ROWS * (HV_MAX_PLUGINS + 1))
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    if (l->set && strcmp(hv_wire_text(frame.set, sizeof frame.set), OWN_SET) == 0)
        return -EEXIST;
    add_row(l, &frame);
    return 0;
}

int hv_measure_describe(struct hv_measurement *m, struct hv_error *error)
{
    struct listing l = {.m = m};
    for (; l.set <= m->plan->n_plugins; l.set++) {
        struct hv_job job = {.kind = HV_JOB_DESCRIBE, .set = l.set, .cpu = -1};
        struct hv_error inner = {""};
        int rc = hv_session_run(m->session, &job, NULL, DESCRIBE_SECONDS, on_row, &l,
                                &inner);
        if (rc == -EEXIST)
            return hv_fail(error, -EINVAL,
                           "plugin %s calls its set \"" OWN_SET
                           "\", which is hvperf's own: "
                           "choose another name",
                           m->plan->plugins[l.set - 1]);
        if (rc && l.set)
            return hv_fail(error, rc == -ECHILD ? -EBADMSG : rc, "plugin %s: %s",
                           m->plan->plugins[l.set - 1], inner.text);
        if (rc)
            return hv_fail(error, rc, "built-in kernels: %s", inner.text);
    }
    return 0;
}
