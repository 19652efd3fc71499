/* SPDX-License-Identifier: MIT */
/* Events on kernels with a known answer: only what counted there may support a figure.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "counters/cpu.h"
#include "counters/perf.h"
#include "counters/probe.h"
#include "src/measure/group.h"

enum { LOOP_N = 200000, CHAIN_N = 4096 };

/* The two kernels stand where the arms stand in a counter pass. */
enum { LOOP, CHAIN };

/* One row for each event that has a control. */
struct control_row {
    const char *figure, *name, *what;
    unsigned kernel;
    double expected, tolerance;
};

static const struct control_row rows[] = {
    {"instructions", "event:instructions", "a loop of known length",                    LOOP,
     (double)LOOP_N *HV_LOOP_INSTRUCTIONS, 0.001},
    {"cycles",       "event:cycles",       "a chain of dependent adds, one cycle each", CHAIN,
     (double)CHAIN_N *HV_CHAIN_BLOCK,      0.02 },
};

static int ascending(const void *a, const void *b)
{
    const struct hv_reading *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static double median(const struct hv_event_run *event, unsigned kernel)
{
    struct hv_reading sorted[HV_GROUP_READS];
    memcpy(sorted, event->reads[kernel], event->n_reads * sizeof *sorted);
    qsort(sorted, event->n_reads, sizeof *sorted, ascending);
    return (double)sorted[event->n_reads / 2].value;
}

/* A control says nothing about an event that was not on the PMU while it ran. */
static bool ran_all_the_time(const struct hv_event_run *event)
{
    for (unsigned kernel = 0; kernel <= HV_ARMS; kernel++)
        for (size_t i = 0; i < event->n_reads; i++)
            if (hv_reading_state(&event->reads[kernel][i]) != HV_COUNTED)
                return false;
    return true;
}

static struct hv_control judge(const struct control_row *row,
                               const struct hv_event_run *event)
{
    struct hv_control control = {.name = row->name,
                                 .what = row->what,
                                 .unit = row->figure,
                                 .expected = row->expected,
                                 .tolerance = row->tolerance};
    control.ran = !event->status && event->n_reads > 0 && ran_all_the_time(event);
    control.why = event->why;
    if (!control.ran && !control.why)
        control.why =
            "<not counted>: it shared the PMU with somebody else, and counted "
            "only part of the control";
    if (!control.ran)
        return control;
    control.got = median(event, row->kernel) - median(event, HV_ARMS);
    control.passed =
        !event->why && fabs(control.got / control.expected - 1) <= control.tolerance;
    if (!control.passed && !control.why)
        control.why =
            "the event does not count what it names here: it supports no figure";
    return control;
}

static void judge_group(struct hv_run *run, const struct hv_group_run *group)
{
    for (size_t i = 0; i < HV_LEN(rows); i++)
        for (size_t k = 0; k < group->n_events; k++)
            if (strcmp(group->events[k].figure, rows[i].figure) == 0 &&
                hv_measure_qualification(run, rows[i].figure) == HV_UNQUALIFIED)
                run->controls[run->n_controls++] = judge(&rows[i], &group->events[k]);
}

int hv_measure_qualify(struct hv_measurement *m, struct hv_error *error)
{
    struct hv_group groups[HV_GROUPS];
    struct hv_cpu_id id;
    unsigned n = 0;
    int rc = hv_cpu_identify_at(&id, m->cpu);
    if (!rc)
        rc = hv_groups_plan(&id, NULL, m->plan->kernel_mode, groups, &n, error);
    if (rc || !n)
        return rc;
    struct hv_group_run run;
    struct hv_job job = {
        .kind = HV_JOB_QUALIFY,
        .cpu = m->cpu,
        .n = {[LOOP] = LOOP_N, [CHAIN] = CHAIN_N},
        .fake_counters = strcmp(m->plan->backend->name, "fake") == 0
    };
    rc = hv_measure_group(m, &job, &groups[0], &run,
                          error); /* the core set comes first */
    if (!rc)
        judge_group(m->run, &run);
    return rc;
}
