/* SPDX-License-Identifier: MIT */
/* hvperf doctor: what this machine can measure, what not, and what would change it. */
#include <string.h>

#include "counters/machine.h"
#include "src/base/arena.h"
#include "src/cli/commands.h"
#include "src/measure/measure.h"

enum { CPUS = 16, WIDTH = 100 };

/* Words behind a margin, in lines of at most WIDTH columns. */
static void print_wrapped(const char *margin, const char *lead, const char *text)
{
    int column = printf("%s%s", margin, lead);
    for (bool first = true; *text; first = false) {
        const size_t word = strcspn(text, " ");
        if (column + (int)word >= WIDTH)
            column = printf("\n%s", margin) - 1;
        else if (!first)
            column += printf(" ");
        column += printf("%.*s", (int)word, text);
        text += word + (text[word] == ' ');
    }
    printf("\n");
}

static void print_row(const struct hv_doctor_row *row)
{
    printf("%-8s%s\n", hv_doctor_state_name(row->state), row->name);
    print_wrapped("        ", "", row->finding);
    if (row->why)
        print_wrapped("        ", "why it matters: ", row->why);
    if (row->command)
        print_wrapped("        ", "try: ", row->command);
}

static void print_quiet(const struct hv_quiet_share *share)
{
    if (share->quiet < 0) {
        printf("warn    quiet share of CPU %d: unknown\n", share->cpu);
        print_wrapped("        ", "",
                      "this core's adders are in no table: the gate is learned in each "
                      "run, and told as unverified");
        return;
    }
    printf("%-8squiet share of CPU %d right now: %.0f %%\n",
           share->quiet >= 0.05 ? "ok" : "warn", share->cpu, 100 * share->quiet);
}

/* Told on its own: see print_ways. */
static bool is_of_reads(const struct hv_control *control)
{
    static const char name[] = "counter_reads";
    return !strncmp(control->name, name, sizeof name - 1);
}

/* How the controls from that one on fared: one line, and one for each that did not
 * pass.
 */
static void print_controls(struct hv_measurement *m, const char *name, size_t first,
                           const char *why)
{
    const struct hv_run *run = m->run;
    size_t passed = 0, ran = 0, all = 0;
    for (size_t i = first; i < run->n_controls; i++) {
        if (is_of_reads(&run->controls[i]))
            continue;
        all++;
        passed += run->controls[i].passed;
        ran += run->controls[i].ran;
    }
    const char *state = !ran ? "absent" : passed && passed == ran ? "ok" : "warn";
    printf("%-8s%s: %zu of %zu controls passed, %zu did not run\n", state, name, passed,
           all, all - ran);
    for (size_t i = first; i < run->n_controls; i++) {
        const struct hv_control *control = &run->controls[i];
        if (!control->passed && !is_of_reads(control))
            print_wrapped("        ", "",
                          hv_arena_printf(m->arena, "%s %s: %s", control->name,
                                          control->ran ? "failed" : "did not run",
                                          control->why ? control->why : "no reason"));
    }
    print_wrapped("        ", "why it matters: ", why);
}

/* How counts are read, and what that costs. */
static void print_ways(const struct hv_measurement *m)
{
    const struct hv_ways *ways = &m->ways;
    printf("%-8scounter reads: ", ways->by_page ? "ok" : "absent");
    if (!ways->told)
        printf("no event was opened\n");
    else if (ways->by_page)
        printf("user page == read(2), and %.0f ns instead of %.0f ns for %u events\n",
               ways->page_ns, ways->call_ns, ways->events);
    else
        printf("by read(2), %.0f ns for %u events\n", ways->call_ns, ways->events);
    if (ways->told && ways->why)
        print_wrapped("        ", "", ways->why);
    print_wrapped(
        "        ", "why it matters: ",
        "what is read without a call disturbs less of what is counted; read(2) "
        "around it must count the same");
}

/* Whether the events of the default groups count what is known to happen. */
static int print_counters(struct hv_measurement *m, struct hv_error *error)
{
    const size_t first = m->run->n_controls;
    int rc = hv_measure_qualify(m, error);
    if (!rc)
        print_controls(m, "events", first,
                       "an event is believed only after it has counted a known number; "
                       "what is dead, biased or erratic supports no verdict");
    if (!rc)
        rc = hv_measure_software_ways(m, error);
    if (!rc)
        print_ways(m);
    return rc;
}

/* Whether both tracers see what is known of their control kernels. */
static int print_tracer(struct hv_measurement *m, struct hv_error *error)
{
    const size_t first = m->run->n_controls;
    int rc = hv_measure_trace_controls(m, error);
    if (!rc)
        print_controls(
            m, "tracer", first,
            "instructions and copied bytes are traced by the code cache (trace:), "
            "which single-stepping (step:) checks and stands in for; without "
            "either they are absent, or a PMU's");
    return rc;
}

int hv_cmd_doctor(const struct hv_options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct hv_error error = {""};
    struct hv_run run = {.settings = options->plan.settings};
    struct hv_measurement m = {
        .plan = &options->plan, .arena = hv_arena_open(), .run = &run};
    struct hv_quiet_share shares[CPUS];
    int code = HV_EXIT_DONE, n = 0;
    int rc = hv_session_open(&m.session, &options->plan, &error);
    if (!rc) {
        struct hv_doctor_row *rows;
        size_t count = hv_doctor_checks(m.arena, &rows);
        for (size_t i = 0; i < count; i++)
            print_row(&rows[i]);
        n = hv_measure_quiet(&m, shares, CPUS, &error);
        rc = n < 0 ? n : 0;
    }
    for (int i = 0; i < n; i++)
        print_quiet(&shares[i]);
    run.controls = hv_arena_array(m.arena, HV_MAX_CONTROLS, sizeof *run.controls);
    m.cpu = n > 0 ? shares[0].cpu : -1;
    if (!rc)
        rc = print_counters(&m, &error);
    m.cpu = -1;
    if (!rc)
        rc = print_tracer(&m, &error);
    if (rc)
        code = hv_cli_fail(rc, &error);
    hv_session_close(m.session);
    hv_arena_close(m.arena);
    return code;
}
