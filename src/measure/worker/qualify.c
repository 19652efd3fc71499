/* SPDX-License-Identifier: MIT */
/* The controls of the counters, repeated under one group of them. */
#include <errno.h>
#include <string.h>

#include "counters/control.h"
#include "src/measure/worker/worker.h"

struct call {
    enum hv_control_id id;
    const struct hv_control_memory *memory;
};

static void run_control(void *ctx, uint64_t n)
{
    const struct call *call = ctx;
    hv_control_run(call->id, n, call->memory);
}

/* The empty batch is asked for always. */
static bool is_asked(const struct hv_worker *w, unsigned id)
{
    return id == HV_CONTROLS || w->job.controls >> id & 1;
}

/* One repetition: each control asked for at both sizes, then the empty batch. */
static int count_controls(struct hv_worker *w, const struct hv_control_memory *memory,
                          unsigned repeat)
{
    int rc = 0;
    for (unsigned id = 0; !rc && id <= HV_CONTROLS; id++)
        for (unsigned size = 0; !rc && is_asked(w, id) && size < HV_CONTROL_SIZES;
             size++) {
            struct call call = {(enum hv_control_id)id, memory};
            const uint64_t n =
                id < HV_CONTROLS ? hv_control_info(call.id)->n * (size + 1) : 0;
            const struct hv_counted_batch batch = {run_control, &call, n};
            rc = hv_worker_count_batch(w, &batch, id,
                                       size * HV_CONTROL_REPEATS + repeat);
        }
    return rc;
}

static int count_all(struct hv_worker *w, const struct hv_control_memory *memory)
{
    int rc = 0;
    for (unsigned i = 0; !rc && i < HV_CONTROL_REPEATS; i++)
        rc = count_controls(w, memory, i);
    return rc;
}

int hv_worker_qualify(struct hv_worker *w)
{
    if (hv_worker_nothing_opened(w))
        return 0;
    struct hv_control_memory memory = {NULL, NULL};
    int rc = hv_control_map(&memory, is_asked(w, HV_CONTROL_PAGES));
    if (rc)
        return hv_worker_fail(rc, "no memory for the controls of the counters");
    for (unsigned id = 0; id < HV_CONTROLS; id++) /* code and data, uncounted */
        if (is_asked(w, id))
            hv_control_run((enum hv_control_id)id, hv_control_info(id)->n, &memory);
    rc = hv_worker_try_ways(w, true);
    if (!rc)
        rc = count_all(w, &memory);
    if (rc == -ESTALE)
        rc = count_all(w, &memory);
    hv_control_unmap(&memory);
    return rc;
}
