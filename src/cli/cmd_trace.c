/* SPDX-License-Identifier: MIT */
/* hvperf trace PAIR: what an iteration of each arm does, instruction by instruction. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/analyse/analyse.h"
#include "src/base/arena.h"
#include "src/cli/commands.h"
#include "src/cli/output.h"
#include "src/dump/dump.h"
#include "src/measure/measure.h"
#include "src/report/trace.h"

#define TIMING_SECONDS 1.0 /* a pair, unless --budget says otherwise */

/* Verified, followed, and timed for the estimate per function. */
static int trace_pair(struct hv_measurement *m, struct hv_target *target,
                      struct hv_error *error)
{
    int rc = hv_measure_prepare(m, target, error);
    if (!rc)
        rc = hv_measure_trace(m, target, error);
    if (!rc)
        rc = hv_measure_time(m, target, HV_MIN_LAYOUTS, error);
    return rc;
}

/* The first failure is told, and the other pairs go on. */
static int trace_pairs(struct hv_measurement *m)
{
    int first = 0;
    for (size_t i = 0; i < m->n_targets; i++) {
        struct hv_error error = {""};
        const int rc = trace_pair(m, &m->targets[i], &error);
        if (rc)
            hv_cli_fail(rc, &error);
        if (!first)
            first = rc;
        if (rc == -EINTR || rc == -ECONNRESET)
            break;
    }
    return first;
}

static int tell(const struct hv_options *options, struct hv_measurement *m,
                struct hv_error *error)
{
    struct hv_result *result = hv_analyse(m->run, m->arena);
    if (!options->json)
        return hv_cli_print_trace(result, error);
    char *bytes = NULL;
    size_t n = 0;
    int rc = hv_dump_encode(m->run, result, m->arena, &bytes, &n, error);
    if (!rc)
        fwrite(bytes, 1, n, stdout); /* an error stays in stdout for hv_cli_flush */
    free(bytes);
    return rc;
}

int hv_cmd_trace(const struct hv_options *options, int argc, char **argv)
{
    struct hv_error error = {""};
    struct hv_plan plan = options->plan;
    struct hv_run run = {.version = HV_VERSION};
    struct hv_measurement m = {.plan = &plan, .arena = hv_arena_open(), .run = &run};
    plan.pairs = options->operand;
    if (!options->budget_given)
        plan.settings.budget_seconds = TIMING_SECONDS;
    run.settings = plan.settings;
    run.settings.counters = true;
    hv_cli_keep_command(&run, m.arena, argc, argv);
    int code = HV_EXIT_DONE;
    int rc = hv_session_open(&m.session, &plan, &error);
    if (!rc)
        rc = hv_measure_describe(&m, &error);
    if (!rc)
        rc = hv_measure_select(&m, &error);
    if (!rc)
        rc = hv_measure_survey(&m, &error);
    if (!rc)
        rc = hv_measure_trace_controls(&m, &error);
    if (rc) {
        code = hv_cli_fail(rc, &error);
        goto out;
    }
    rc = trace_pairs(&m);
    code = rc == -EINTR ? HV_EXIT_INTERRUPTED : rc ? HV_EXIT_FAILED : HV_EXIT_DONE;
    if (rc != -EINTR && (rc = tell(options, &m, &error)))
        code = hv_cli_fail(rc, &error);
out:
    hv_session_close(m.session);
    hv_arena_close(m.arena);
    return code;
}
