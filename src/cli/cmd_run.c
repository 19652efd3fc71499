/* SPDX-License-Identifier: MIT */
/* The main job: measure -> analyse -> (more measuring) -> report. */
#include "src/cli/commands.h"
#include "src/cli/environment.h"
#include "src/cli/hypothesis.h"
#include "src/cli/measuring.h"
#include "src/cli/output.h"
#include "src/cli/why.h"
#include "src/dump/dump.h"

static int print(const struct hv_measuring *job, const struct hv_result *result,
                 struct hv_error *error)
{
    return hv_cli_print(result, job->options->format, error);
}

static const struct hv_leaves leaves = {
    .dump = HV_DUMP_NAME, .report = "hvperf-report.md", .print = print};

static void measure_pairs(struct hv_measuring *job)
{
    struct hv_error error = {""};
    int rc =
        job->run.settings.counters ? hv_measure_trace_controls(&job->m, &error) : 0;
    if (rc)
        hv_note_failure(job, rc, &error);
    for (size_t i = 0; i < job->m.n_targets; i++) {
        struct hv_target *target = &job->m.targets[i];
        if (hv_ends_run(rc)) { /* not reached: say so instead of leaving it blank */
            target->run->failure = "not measured: the run ended before its turn";
            continue;
        }
        hv_progress_step(job->progress, i, job->m.n_targets, target->run->name);
        rc = hv_measure_target(job, target, &error);
        if (rc)
            hv_note_failure(job, rc, &error);
    }
    if (!hv_ends_run(rc) && job->run.settings.counters) {
        rc = hv_cli_why(&job->m, job->progress, hv_measure_beside, job, &error);
        if (rc)
            hv_note_failure(job, rc, &error);
    }
    hv_progress_clear(job->progress);
    hv_measure_learn(&job->m);
    if (job->run.settings.counters)
        hv_cli_environment_reads(&job->m);
}

/* Everything before the first pair. */
static int begin(struct hv_measuring *job, struct hv_error *error)
{
    int rc = hv_measure_describe(&job->m, error);
    if (!rc)
        rc = hv_cli_hypothesis(&job->m, job->options->hypothesis, error);
    if (!rc)
        rc = hv_measure_select(&job->m, error);
    if (!rc)
        rc = hv_cli_check_events(&job->options->plan, error);
    if (!rc)
        rc = hv_prepare_folder(job->options, &leaves, error);
    if (!rc)
        rc = hv_measure_survey(&job->m, error);
    if (!rc)
        hv_cli_environment(&job->m);
    if (!rc && job->run.settings.counters)
        rc = hv_measure_qualify(&job->m, error);
    return rc;
}

int hv_cmd_run(const struct hv_options *options, int argc, char **argv)
{
    return hv_measuring_run(options, argc, argv, begin, measure_pairs, &leaves);
}
