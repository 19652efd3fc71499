/* SPDX-License-Identifier: MIT */
/* hvperf sweep: what copies, loads and stores cost here by size, and what the
 * operations cost at each instruction set. */
#include "src/cli/commands.h"
#include "src/cli/environment.h"
#include "src/cli/measuring.h"
#include "src/cli/output.h"
#include "src/dump/dump.h"

enum {
    SMALLEST = 64,
    LARGEST = 64 << 20,
    SIZES = 21, /* powers of two */
};
#define SIZE_SECONDS   3.0
#define SIZE_PRECISION 0.02

static struct hv_extra extra_of(const struct hv_row *row, uint64_t footprint)
{
    return (struct hv_extra){
        .row = row,
        .purpose = HV_PURPOSE_INSIGHT,
        .footprint = footprint,
        .limits = {.budget_seconds = SIZE_SECONDS,
                   .precision = SIZE_PRECISION,
                   .layouts = HV_MIN_LAYOUTS,
                   .integers = HV_SAMPLE_CAP / HV_MAX_EXPERIMENTS},
    };
}

static int measure_one(struct hv_measuring *job, const struct hv_extra *extra)
{
    struct hv_error error = {""};
    struct hv_target target;
    if (hv_measure_extra(&job->m, extra, &target))
        return 0;
    hv_progress_step(job->progress, job->run.n_experiments, HV_MAX_EXPERIMENTS,
                     extra->row->pair);
    const int rc = hv_measure_beside(job, &target, &error);
    if (rc)
        hv_note_failure(job, rc, &error);
    return rc;
}

/* Every size at the plan's ISA; --quick takes every second. */
static int measure_sizes(struct hv_measuring *job, const struct hv_row *row)
{
    const uint64_t step = job->run.settings.quick ? 4 : 2;
    int rc = 0;
    for (uint64_t bytes = SMALLEST; !rc && bytes <= LARGEST; bytes *= step) {
        const struct hv_extra extra = extra_of(row, bytes);
        rc = measure_one(job, &extra);
    }
    return rc;
}

static void measure(struct hv_measuring *job)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < job->m.catalogue.n; i++) {
        const struct hv_row *row = &job->m.catalogue.rows[i];
        if (row->purpose != HV_PURPOSE_INSIGHT || !row->available)
            continue;
        const struct hv_extra extra = extra_of(row, 0);
        if (!row->sweeps) /* of each ISA: what an operation gains by it */
            rc = measure_one(job, &extra);
        else if (hv_measure_is_chosen(&job->m, row))
            rc = measure_sizes(job, row);
    }
    hv_progress_clear(job->progress);
    hv_measure_learn(&job->m);
}

static int print(const struct hv_measuring *job, const struct hv_result *result,
                 struct hv_error *error)
{
    (void)job;
    return hv_cli_print_sweep(result, error);
}

static const struct hv_leaves leaves = {.dump = HV_SWEEP_NAME, .print = print};

static int begin(struct hv_measuring *job, struct hv_error *error)
{
    job->run.settings.counters = false;
    int rc = hv_measure_describe(&job->m, error);
    if (!rc)
        rc = hv_prepare_folder(job->options, &leaves, error);
    if (!rc)
        rc = hv_measure_survey(&job->m, error);
    if (!rc)
        hv_cli_environment(&job->m);
    return rc;
}

int hv_cmd_sweep(const struct hv_options *options, int argc, char **argv)
{
    return hv_measuring_run(options, argc, argv, begin, measure, &leaves);
}
