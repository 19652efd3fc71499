/* SPDX-License-Identifier: MIT */
/* Which CPU to measure on, how its clock ticks, and whether probe and chain can be
 * believed: the controls that need no counter. */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "counters/caches.h"
#include "counters/clock.h"
#include "counters/cpu.h"
#include "counters/probe.h"
#include "src/measure/measure.h"

enum {
    LOOK_MS = 15,   /* at each candidate CPU */
    SURVEY_MS = 60, /* at the chosen one */
    MAX_LOOKS = 16, /* CPUs looked at on a large machine */
    LIMIT_SECONDS = 10,
};

static int on_survey(void *user, enum hv_frame_kind kind, const void *payload,
                     size_t bytes)
{
    if (kind != HV_FRAME_SURVEY)
        return -EPROTO;
    memcpy(user, payload, bytes);
    struct hv_survey_frame *found = user;
    const double rate = found->ticks_per_ns;
    const bool sane = isfinite(rate) && rate > 0 && rate < 100 && found->samples &&
                      found->chain_p25 && found->probe_p10 && found->granule &&
                      found->quiet <= found->samples &&
                      isfinite(found->multiply_cycles);
    return sane ? 0 : -EPROTO;
}

static int look(struct hv_measurement *m, int cpu, unsigned ms, double adders,
                struct hv_survey_frame *found, struct hv_error *error)
{
    struct hv_job job = {.kind = HV_JOB_SURVEY,
                         .cpu = cpu,
                         .adders = adders,
                         .limit_ns = ms * UINT64_C(1000000)};
    return hv_session_run(m->session, &job, NULL, LIMIT_SECONDS, on_survey, found,
                          error);
}

static double adders_of_table(int cpu)
{
    struct hv_cpu_id id;
    if (hv_cpu_identify_at(&id, cpu))
        return 0;
    return hv_probe_adders(id.vendor, id.family, id.model);
}

/* Adds per cycle that the quickest tenth of the probes reached. */
static double learned_adders(const struct hv_survey_frame *found)
{
    return (double)found->chain_p25 / (HV_CHAIN_BLOCKS * HV_CHAIN_BLOCK) *
           (HV_PROBE_BLOCKS * HV_PROBE_BLOCK) / found->probe_p10;
}

int hv_measure_quiet(struct hv_measurement *m, struct hv_quiet_share *shares, int max,
                     struct hv_error *error)
{
    cpu_set_t allowed;
    int n = 0;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return hv_fail(error, -errno, "cannot tell which CPUs are allowed: %s",
                       strerror(errno));
    for (int cpu = 0; cpu < CPU_SETSIZE && n < max; cpu++) {
        struct hv_survey_frame found = {0};
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        const double adders = adders_of_table(cpu);
        int rc = look(m, cpu, LOOK_MS, adders, &found, error);
        if (rc)
            return rc;
        shares[n++] = (struct hv_quiet_share){
            .cpu = cpu, .quiet = adders > 0 ? (double)found.quiet / found.samples : -1};
    }
    return n;
}

static int choose_cpu(struct hv_measurement *m, struct hv_error *error)
{
    struct hv_quiet_share shares[MAX_LOOKS];
    cpu_set_t allowed;
    const int asked = m->plan->cpu;
    if (asked >= 0) {
        if (asked >= CPU_SETSIZE || sched_getaffinity(0, sizeof allowed, &allowed) ||
            !CPU_ISSET(asked, &allowed))
            return hv_fail(
                error, -EINVAL,
                "--cpu %d: this process may not run there (taskset, cpuset, or "
                "no such CPU)",
                asked);
        m->cpu = asked;
        return 0;
    }
    int n = hv_measure_quiet(m, shares, MAX_LOOKS, error);
    if (n <= 0)
        return n ? n : hv_fail(error, -ENOENT, "no CPU is allowed to this process");
    int best = 0;
    for (int i = 1; i < n; i++)
        if (shares[i].quiet > shares[best].quiet)
            best = i;
    m->cpu = shares[best].cpu;
    return 0;
}

static void add_control(struct hv_run *run, struct hv_control control)
{
    run->controls[run->n_controls++] = control;
}

static void judge_multiply(struct hv_run *run, const struct hv_survey_frame *found)
{
    struct hv_control c = {.name = "multiply_chain",
                           .what =
                               "latency of a dependent 64-bit multiplication, by the "
                               "clock of the add chain",
                           .unit = "cycles",
                           .expected = HV_MULTIPLY_LATENCY,
                           .tolerance = 0.01};
    c.ran = found->multiply_cycles > 0;
    c.got = found->multiply_cycles;
    c.passed = c.ran && fabs(c.got / c.expected - 1) <= c.tolerance;
    if (!c.ran)
        c.why = c.expected > 0 ? "the survey had too few quiet moments for it"
                               : "no known latency for this architecture";
    else if (!c.passed)
        c.why = "the chain does not tell core cycles here: estimated cycles are off by "
                "as much";
    add_control(run, c);
}

static void judge_probe(struct hv_measurement *m, const struct hv_survey_frame *found)
{
    const struct hv_clock *clock = &m->run->clock;
    struct hv_control c = {.name = "throughput_probe",
                           .what = "adds per cycle in the quickest tenth of the probes",
                           .unit = "adds/cycle",
                           .ran = true,
                           .expected = clock->adders,
                           .got = learned_adders(found),
                           .tolerance = 0.04};
    c.passed = clock->adders_verified && fabs(c.got / c.expected - 1) <= c.tolerance;
    if (!clock->adders_verified)
        c.why = "this CPU is not in the table: the value was learned in this run, and "
                "nothing says that the run ever was quiet";
    else if (!c.passed)
        c.why = "less than a tenth of the survey was quiet";
    add_control(m->run, c);
}

int hv_measure_survey(struct hv_measurement *m, struct hv_error *error)
{
    int rc = choose_cpu(m, error);
    if (rc)
        return rc;
    struct hv_survey_frame found = {0};
    const double adders = adders_of_table(m->cpu);
    rc = look(m, m->cpu, SURVEY_MS, adders, &found, error);
    if (rc)
        return rc;
    m->run->clock = (struct hv_clock){
        .ticks_per_ns = found.ticks_per_ns,
        .source = HV_CLOCK_NAME " against CLOCK_MONOTONIC_RAW",
        .granule = found.granule,
        .chain_adds = HV_CHAIN_BLOCKS * HV_CHAIN_BLOCK,
        .probe_adds = HV_PROBE_BLOCKS * HV_PROBE_BLOCK,
        .empty_n = {1000, 2000},
        .adders = adders > 0 ? adders : learned_adders(&found),
        .adders_verified = adders > 0,
    };
    m->run->caches = hv_caches_here();
    m->run->controls =
        hv_arena_array(m->arena, HV_MAX_CONTROLS, sizeof *m->run->controls);
    judge_multiply(m->run, &found);
    judge_probe(m, &found);
    return 0;
}
