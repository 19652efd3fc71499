/* SPDX-License-Identifier: MIT */
/* A census as a worker told it, and the command that prints it. */
#include "src/measure/census.h"

#include <errno.h>
#include <string.h>

#include "src/base/error.h"
#include "src/measure/job.h"

enum { INSPECT_SECONDS = 20 };

int hv_census_check(struct hv_census_frame *frame)
{
    struct hv_census *c = &frame->census;
    if (frame->arm >= HV_ARMS || c->n_callees > HV_CENSUS_CALLEES ||
        c->n_copies > HV_CENSUS_COPIES)
        return -EPROTO;
    hv_wire_text(frame->sha256, sizeof frame->sha256);
    hv_wire_text(c->symbol, sizeof c->symbol);
    for (uint32_t i = 0; i < c->n_callees; i++) {
        hv_wire_text(c->callee[i].name, sizeof c->callee[i].name);
        if (c->callee[i].route >= HV_CALL_ROUTES)
            return -EPROTO;
    }
    return 0;
}

static uint32_t widest(const struct hv_census *c)
{
    static const uint32_t bits[HV_CENSUS_WIDTHS] = {0, 64, 128, 256, 512};
    uint32_t found = 0;
    for (unsigned i = 0; i < HV_CENSUS_WIDTHS; i++)
        if (c->width[i])
            found = bits[i];
    return found;
}

struct hv_census_run hv_census_keep(const struct hv_census_frame *frame,
                                    struct hv_arena *arena)
{
    const struct hv_census *c = &frame->census;
    return (struct hv_census_run){
        .symbol = hv_arena_text(arena, c->symbol),
        .sha256 = hv_arena_text(arena, frame->sha256),
        .size = c->size,
        .undecoded = c->undecoded,
        .instructions = c->instructions,
        .loops = c->loops,
        .vector_bits = widest(c),
        .calls = c->calls,
        .copy_calls = c->family[HV_CALL_COPY],
        .set_calls = c->family[HV_CALL_SET],
        .alloc_calls = c->family[HV_CALL_ALLOC],
        .free_calls = c->family[HV_CALL_FREE],
        .rep_movs = c->rep_movs,
        .rep_stos = c->rep_stos,
        .non_temporal = c->non_temporal,
        .gathers = c->gathers,
        .copy_pairs = c->copy_pairs,
        .copy_bytes = c->copy_bytes,
        .frame_bytes = c->frame_bytes,
    };
}

struct inspection {
    const struct hv_inspector *inspector;
    void *user;
    bool begun; /* a function was told: lines may follow */
};

static int on_frame(void *user, enum hv_frame_kind kind, const void *payload,
                    size_t bytes)
{
    struct inspection *i = user;
    union {
        struct hv_census_frame census;
        struct hv_line_frame line;
    } copy;
    if (kind != HV_FRAME_CENSUS && kind != HV_FRAME_LINE)
        return -EPROTO;
    memcpy(&copy, payload, bytes);
    if (kind == HV_FRAME_CENSUS) {
        i->begun = true;
        int rc = hv_census_check(&copy.census);
        if (!rc)
            i->inspector->function(i->user, &copy.census);
        return rc;
    }
    if (!i->begun || copy.line.n_bytes > sizeof copy.line.bytes)
        return -EPROTO;
    hv_wire_text(copy.line.text, sizeof copy.line.text);
    hv_wire_text(copy.line.remark, sizeof copy.line.remark);
    i->inspector->line(i->user, &copy.line);
    return 0;
}

int hv_measure_inspect(struct hv_measurement *m, struct hv_target *target,
                       const struct hv_inspector *inspector, void *user,
                       struct hv_error *error)
{
    struct hv_job job = hv_measure_job(m, target, HV_JOB_INSPECT);
    struct inspection inspection = {inspector, user, false};
    struct hv_error inner = {""};
    job.cpu = -1; /* nothing is timed */
    int rc = hv_session_run(m->session, &job, NULL, INSPECT_SECONDS, on_frame,
                            &inspection, &inner);
    return rc ? hv_fail(error, rc, "%s: %s", target->run->name, inner.text) : 0;
}
