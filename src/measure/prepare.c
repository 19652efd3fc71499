/* SPDX-License-Identifier: MIT */
/* A pair before its first sample: verified, calibrated, its code hashed. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "src/measure/job.h"
#include "src/measure/measure.h"

static int on_prepared(void *user, enum hv_frame_kind kind, const void *payload,
                       size_t bytes)
{
    struct hv_prepared_frame *found = user;
    if (kind != HV_FRAME_PREPARED)
        return -EPROTO;
    memcpy(found, payload, bytes);
    bool sane = found->places > 0 && found->places <= HV_MAX_PLACES;
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        sane &= found->n[arm] > 0 && found->n[arm] < UINT32_MAX &&
                isfinite(found->sample_ns[arm]) && found->sample_ns[arm] >= 0;
    return sane ? 0 : -EPROTO;
}

static void keep(struct hv_measurement *m, struct hv_target *target,
                 struct hv_prepared_frame *found)
{
    struct hv_pair_run *run = target->run;
    run->items = found->items;
    run->bytes = found->bytes;
    run->footprint = found->footprint;
    run->places = found->places;
    for (unsigned i = 0; i < found->places; i++)
        run->place_offset[i] = found->place_offset[i] % 64;
    for (unsigned i = 0; i < HV_ARMS; i++) {
        struct hv_arm_run *arm = &run->arm[i];
        arm->n = found->n[i];
        arm->declares_copies = found->declares_copies != 0;
        arm->declared_copy_bytes = found->copied[i];
        target->sample_ns[i] = found->sample_ns[i];
        char *hash = hv_wire_text(found->code_sha256[i], sizeof found->code_sha256[i]);
        arm->code_sha256 = *hash ? hv_arena_text(m->arena, hash) : NULL;
    }
}

struct hv_job hv_measure_job(const struct hv_measurement *m,
                             const struct hv_target *target, enum hv_job_kind kind)
{
    const struct hv_settings *settings = &m->plan->settings;
    const struct hv_clock *clock = &m->run->clock;
    return (struct hv_job){
        .kind = kind,
        .set = target->row->set,
        .row = target->row->row,
        .aa = settings->aa || target->aa,
        .experiment = target->experiment,
        .footprint = target->run->asked_footprint,
        .cpu = m->cpu,
        .dim_bits = settings->dim_bits,
        .seed = settings->seed,
        .n = {target->run->arm[HV_BASELINE].n, target->run->arm[HV_CANDIDATE].n},
        .adders = clock->adders,
        .ticks_per_ns = clock->ticks_per_ns,
        .empty_n = {clock->empty_n[0],               clock->empty_n[1]               },
        .fake_counters = strcmp(m->plan->backend->name, "fake") == 0,
    };
}

int hv_measure_give_up(struct hv_measurement *m, struct hv_target *target, int rc,
                       const struct hv_error *error)
{
    if (rc == -EBADMSG || rc == -ECHILD)
        target->run->failure = hv_arena_text(m->arena, error->text);
    return rc;
}

int hv_measure_prepare(struct hv_measurement *m, struct hv_target *target,
                       struct hv_error *error)
{
    struct hv_prepared_frame found = {0};
    struct hv_job job = hv_measure_job(m, target, HV_JOB_PREPARE);
    struct hv_error inner = {""};
    int rc = hv_session_run(m->session, &job, NULL, m->plan->hang_seconds, on_prepared,
                            &found, &inner);
    if (!rc) {
        keep(m, target, &found);
        return 0;
    }
    hv_fail(error, rc, "%s: %s", target->run->name, inner.text);
    return hv_measure_give_up(m, target, rc, &inner);
}
