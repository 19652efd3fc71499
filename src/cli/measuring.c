/* SPDX-License-Identifier: MIT */
/* What the commands that measure share. */
#include "src/cli/measuring.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "src/analyse/analyse.h"
#include "src/base/file.h"
#include "src/cli/output.h"
#include "src/dump/dump.h"

/* Ctrl-C and a lost helper end the whole run; a kernel that failed ends its pair. */
bool hv_ends_run(int rc)
{
    return rc && rc != -EBADMSG && rc != -ECHILD;
}

void hv_note_failure(struct hv_measuring *job, int rc, const struct hv_error *error)
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
static bool precise(struct hv_measuring *job, struct hv_target *target)
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

static int time_pair(struct hv_measuring *job, struct hv_target *target,
                     struct hv_error *error)
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

int hv_measure_target(struct hv_measuring *job, struct hv_target *target,
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

int hv_measure_beside(void *user, struct hv_target *target, struct hv_error *error)
{
    struct hv_measuring *job = user;
    const int rc = hv_measure_target(job, target, error);
    if (rc && !target->run->failure)
        target->run->failure = hv_arena_text(job->m.arena, error->text);
    return hv_ends_run(rc) ? rc : 0;
}

int hv_prepare_folder(const struct hv_options *options, const struct hv_leaves *leaves,
                      struct hv_error *error)
{
    (void)mkdir(options->dir, 0777); /* what came of it is asked next, with words */
    int rc = hv_file_writable(options->dir, leaves->dump, error);
    if (!rc && leaves->report)
        rc = hv_file_writable(options->dir, leaves->report, error);
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
static int tell(struct hv_measuring *job, const struct hv_leaves *leaves)
{
    struct hv_error error = {""};
    const char *dir = job->options->dir;
    char *path = NULL;
    struct hv_result *result = hv_analyse(&job->run, job->m.arena);
    int dump = hv_dump_write(dir, leaves->dump, &job->run, result, job->m.arena, &path,
                             &error);
    int rc = also(0, dump, &error), report = 0;
    if (leaves->report)
        report = hv_cli_write_report(result, dir, leaves->report, &error);
    rc = also(rc, report, &error);
    if (hv_session_release(job->m.session))
        return HV_EXIT_INTERRUPTED;
    rc = also(rc, leaves->print(job, result, &error), &error);
    fflush(stdout); /* in this order also where both go to one file */
    if (!dump)
        fprintf(stderr, "dump: %s\n", path);
    if (leaves->report && !report)
        fprintf(stderr, "report: %s/%s\n", dir, leaves->report);
    if (job->run.interrupted)
        return HV_EXIT_INTERRUPTED;
    return rc || job->rc ? HV_EXIT_FAILED : HV_EXIT_DONE;
}

int hv_measuring_run(const struct hv_options *options, int argc, char **argv,
                     int (*begin)(struct hv_measuring *job, struct hv_error *error),
                     void (*measure)(struct hv_measuring *job),
                     const struct hv_leaves *leaves)
{
    struct hv_error error = {""};
    struct hv_measuring job = {.options = options};
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
        measure(&job);
        hv_progress_close(job.progress);
        hv_session_stop(session);
        code = tell(&job, leaves);
    }
    hv_session_close(session);
    hv_arena_close(job.m.arena);
    return code;
}
