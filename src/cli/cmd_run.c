/* SPDX-License-Identifier: MIT */
/* The main job: measure -> analyse -> (more measuring) -> report. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/analyse/analyse.h"
#include "src/base/arena.h"
#include "src/base/file.h"
#include "src/cli/commands.h"
#include "src/cli/environment.h"
#include "src/cli/output.h"
#include "src/cli/progress.h"
#include "src/cli/why.h"
#include "src/dump/dump.h"
#include "src/measure/measure.h"

#define DUMP_NAME   "hvperf-counters.json"
#define REPORT_NAME "hvperf-report.md"

/* A run while it is made. */
struct job {
    const struct hv_options *options;
    struct hv_measurement m;
    struct hv_run run;
    struct hv_progress *progress;
    int rc; /* the first failure that did not end the run */
};

/* Ctrl-C and a lost helper end the whole run; a kernel that failed ends its pair. */
static bool ends_run(int rc)
{
    return rc && rc != -EBADMSG && rc != -ECHILD;
}

static void note_failure(struct job *job, int rc, const struct hv_error *error)
{
    if (rc == -EINTR) {
        job->run.interrupted = true;
        return;
    }
    hv_progress_clear(job->progress);
    hv_cli_fail(rc, error);
    if (!job->rc)
        job->rc = rc;
}

/* What the layouts so far say. The precision is looked at only at 8, 16 and 32 layouts:
 * looking more often would make intervals too narrow. */
static bool precise(struct job *job, struct hv_target *target)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result result;
    memset(&result, 0, sizeof result);
    hv_measure_learn(&job->m);
    hv_analyse_pair(&job->run, target->run, arena, &result);
    const bool enough = hv_precise_enough(&result, target->limits.precision);
    /* A worker knows the clock of its first look only: the analysis counts. */
    target->complete = result.speedup.layouts;
    hv_arena_close(arena);
    return enough;
}

static int time_pair(struct job *job, struct hv_target *target, struct hv_error *error)
{
    const uint32_t fixed = job->run.settings.layouts;
    uint32_t goal = fixed ? fixed : HV_MIN_LAYOUTS;
    for (;;) {
        int rc = hv_measure_time(&job->m, target, goal, error);
        if (rc || target->run->stop != HV_STOP_NONE)
            return rc;
        if (precise(job, target)) {
            target->run->stop = HV_STOP_PRECISION;
            return 0;
        }
        if (target->complete < goal)
            continue;
        if (fixed || goal >= target->limits.layouts) {
            target->run->stop = HV_STOP_SAMPLES;
            return 0;
        }
        goal *= 2;
    }
}

static int measure_pair(struct job *job, struct hv_target *target,
                        struct hv_error *error)
{
    int rc = hv_measure_prepare(&job->m, target, error);
    if (!rc)
        rc = time_pair(job, target, error);
    if (!rc && job->run.settings.counters)
        rc = hv_measure_count(&job->m, target, error);
    if (!rc && job->run.settings.counters)
        rc = hv_measure_trace(&job->m, target, error);
    return rc;
}

/* A failed experiment has its reason in the run, and costs no more than itself. */
static int measure_extra(void *user, struct hv_target *target, struct hv_error *error)
{
    struct job *job = user;
    const int rc = measure_pair(job, target, error);
    if (rc && !target->run->failure)
        target->run->failure = hv_arena_text(job->m.arena, error->text);
    return ends_run(rc) ? rc : 0;
}

static void measure_pairs(struct job *job)
{
    struct hv_error error = {""};
    int rc =
        job->run.settings.counters ? hv_measure_trace_controls(&job->m, &error) : 0;
    if (rc)
        note_failure(job, rc, &error);
    for (size_t i = 0; i < job->m.n_targets; i++) {
        struct hv_target *target = &job->m.targets[i];
        if (ends_run(rc)) { /* not reached: say so instead of leaving it blank */
            target->run->failure = "not measured: the run ended before its turn";
            continue;
        }
        hv_progress_step(job->progress, i, job->m.n_targets, target->run->name);
        rc = measure_pair(job, target, &error);
        if (rc)
            note_failure(job, rc, &error);
    }
    if (!ends_run(rc) && job->run.settings.counters) {
        rc = hv_cli_why(&job->m, job->progress, measure_extra, job, &error);
        if (rc)
            note_failure(job, rc, &error);
    }
    hv_progress_clear(job->progress);
    hv_measure_learn(&job->m);
}

/* Makes the last folder of the path if it is missing; finds out before anything is
 * measured whether the files can be put there. */
static int prepare_folder(const char *dir, struct hv_error *error)
{
    (void)mkdir(dir, 0777); /* what came of it is asked next, with words */
    int rc = hv_file_writable(dir, DUMP_NAME, error);
    return rc ? rc : hv_file_writable(dir, REPORT_NAME, error);
}

/* Everything before the first pair. */
static int begin(struct job *job, struct hv_error *error)
{
    int rc = hv_measure_describe(&job->m, error);
    if (!rc)
        rc = hv_measure_select(&job->m, error);
    if (!rc)
        rc = hv_cli_check_events(&job->options->plan, error);
    if (!rc)
        rc = prepare_folder(job->options->dir, error);
    if (!rc)
        rc = hv_measure_survey(&job->m, error);
    if (!rc)
        hv_cli_environment(&job->m);
    if (!rc && job->run.settings.counters)
        rc = hv_measure_qualify(&job->m, error);
    return rc;
}

/* Tells a failure; returns the first of both. */
static int also(int first, int rc, const struct hv_error *error)
{
    if (rc)
        hv_cli_fail(rc, error);
    return first ? first : rc;
}

/* Dump, report, stdout: what cannot be written must not take the others along. */
static int tell(struct job *job)
{
    struct hv_error error = {""};
    const char *dir = job->options->dir;
    char *path = NULL;
    struct hv_result *result = hv_analyse(&job->run, job->m.arena);
    int dump = hv_dump_write(dir, &job->run, result, job->m.arena, &path, &error);
    int rc = also(0, dump, &error);
    int report = hv_cli_write_report(result, dir, REPORT_NAME, &error);
    rc = also(rc, report, &error);
    if (hv_session_release(job->m.session))
        return HV_EXIT_INTERRUPTED;
    rc = also(rc, hv_cli_print(result, job->options->format, &error), &error);
    fflush(stdout); /* in this order also where both go to one file */
    if (!dump)
        fprintf(stderr, "dump: %s\n", path);
    if (!report)
        fprintf(stderr, "report: %s/%s\n", dir, REPORT_NAME);
    if (job->run.interrupted)
        return HV_EXIT_INTERRUPTED;
    return rc || job->rc ? HV_EXIT_FAILED : HV_EXIT_DONE;
}

int hv_cmd_run(const struct hv_options *options, int argc, char **argv)
{
    struct hv_error error = {""};
    struct job job = {.options = options};
    struct hv_session *session = NULL;
    int rc = hv_cli_check_format(options->format, &error);
    if (!rc)
        rc = hv_session_open(&session, &options->plan, &error);
    if (rc)
        return hv_cli_fail(rc, &error);
    job.run.version = HV_VERSION;
    job.run.settings = options->plan.settings;
    job.m = (struct hv_measurement){.session = session,
                                    .plan = &options->plan,
                                    .arena = hv_arena_open(),
                                    .run = &job.run};
    hv_cli_keep_command(&job.run, job.m.arena, argc, argv);
    int code;
    rc = begin(&job, &error);
    if (rc) {
        code = hv_cli_fail(rc, &error);
    } else {
        job.progress = hv_progress_open(options->quiet);
        measure_pairs(&job);
        hv_progress_close(job.progress);
        hv_session_stop(session);
        code = tell(&job);
    }
    hv_session_close(session);
    hv_arena_close(job.m.arena);
    return code;
}
