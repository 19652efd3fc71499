/* SPDX-License-Identifier: MIT */
/* hvperf list: what can be named on the command line. */
#include <sched.h>
#include <string.h>

#include "counters/backend.h"
#include "counters/event.h"
#include "counters/native.h"
#include "kernels/isa.h"
#include "src/base/arena.h"
#include "src/cli/commands.h"
#include "src/cli/hypothesis.h"
#include "src/measure/measure.h"

/* Each pair once, with the ISAs it exists at; "-" marks those this CPU lacks. */
static void list_pairs(const struct hv_catalogue *all, bool controls,
                       enum hv_purpose purpose)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct hv_row *row = &all->rows[i];
        bool seen = row->control != controls || row->purpose != purpose;
        for (size_t k = 0; k < i && !seen; k++)
            seen = all->rows[k].set == row->set &&
                   strcmp(all->rows[k].pair, row->pair) == 0;
        if (seen)
            continue;
        printf("  %-22s %s\n", row->pair, row->question);
        printf("  %-22s %s, %s\n", "", row->arm[HV_BASELINE], row->arm[HV_CANDIDATE]);
        printf("  %-22s set %s; ISAs", "", row->set_name);
        for (size_t k = i; k < all->n; k++)
            if (all->rows[k].set == row->set &&
                strcmp(all->rows[k].pair, row->pair) == 0)
                printf(" %s%s", all->rows[k].available ? "" : "-", all->rows[k].isa);
        printf("\n");
    }
}

static void list_isas(void)
{
    size_t n;
    const struct hv_isa *isas = hv_isas(&n);
    for (size_t i = 0; i < n; i++)
        printf("  %-12s %-4s %s\n", isas[i].name,
               hv_isa_available(&isas[i]) ? "yes" : "no", isas[i].what);
}

static void list_sets(void)
{
    size_t n;
    const struct hv_counter_set *sets = hv_counter_sets(&n);
    for (size_t i = 0; i < n; i++)
        printf("  %-12s %s\n  %-12s %s\n", sets[i].name, sets[i].what, "",
               sets[i].events);
}

static void list_event(const char *name, bool software, void *column)
{
    int *at = column;
    const int width = (int)strlen(name) + 2;
    (void)software;
    if (*at + width > 98) {
        printf("\n ");
        *at = 1;
    }
    printf(" %s,", name);
    *at += width;
}

/* Words in lines of at most 98 columns. */
static void print_indented(const char *text)
{
    enum { INDENT = 5, WIDTH = 98 };
    size_t at = INDENT;
    printf("%*s", INDENT, "");
    while (*text) {
        const size_t length = strcspn(text, " ");
        if (at + 1 + length > WIDTH) {
            printf("\n%*s", INDENT, "");
            at = INDENT;
        }
        printf(" %.*s", (int)length, text);
        at += 1 + length;
        text += length + strspn(text + length, " ");
    }
    printf("\n");
}

/* The neutral names, and what they come to on the CPU that would be counted. */
static void list_needs(int cpu)
{
    struct hv_cpu_id id;
    if (cpu < 0)
        cpu = sched_getcpu();
    (void)hv_cpu_identify_at(&id, cpu < 0 ? 0 : cpu); /* unknown: no event for any */
    for (unsigned i = 0; i < HV_NEEDS; i++) {
        const struct hv_native_need *need = hv_native_need((enum hv_need)i);
        const char *note = hv_native_note("", &id, (enum hv_need)i);
        struct hv_event event;
        struct hv_error error = {""};
        printf("  %-20s %s\n", need->name, need->what);
        if (hv_native_find("", &id, need->name, &event, &error))
            print_indented(error.text);
        else
            printf("      r%llx %s\n", (unsigned long long)event.config, event.name);
        if (note)
            print_indented(note);
    }
}

static void list_backends(void)
{
    size_t n;
    const struct hv_backend *backends = hv_backends(&n);
    for (size_t i = 0; i < n; i++)
        printf("  %-12s %s\n", backends[i].name, backends[i].what);
}

/* The one that a run with the same options would test. */
static void list_hypothesis(const struct hv_hypothesis *hypothesis, const char *path)
{
    printf("  %s (%s)\n  %s\n ", hypothesis->name, path ? path : "built in",
           hypothesis->claim);
    for (size_t i = 0; i < hypothesis->n_predictions; i++)
        printf("%s%s %.4gx%s",
               i % 4 ? " "
               : i   ? "\n  "
                     : " ",
               hypothesis->predictions[i].pair, hypothesis->predictions[i].speedup,
               i + 1 < hypothesis->n_predictions ? "," : "\n");
}

int hv_cmd_list(const struct hv_options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct hv_error error = {""};
    struct hv_run run = {.settings = options->plan.settings};
    struct hv_measurement m = {
        .plan = &options->plan, .arena = hv_arena_open(), .run = &run};
    int code = HV_EXIT_DONE, column = 1;
    int rc = hv_session_open(&m.session, &options->plan, &error);
    if (!rc)
        rc = hv_measure_describe(&m, &error);
    if (!rc)
        rc = hv_cli_hypothesis(&m, options->hypothesis, &error);
    if (rc) {
        code = hv_cli_fail(rc, &error);
        goto out;
    }
    printf("pairs (--pairs; \"-\" marks an ISA this CPU lacks)\n");
    list_pairs(&m.catalogue, false, HV_PURPOSE_PAIR);
    printf("\ncontrols: pairs with a known answer (by name only)\n");
    list_pairs(&m.catalogue, true, HV_PURPOSE_PAIR);
    printf("\nsteps (what each would bring, before anybody takes it)\n");
    list_pairs(&m.catalogue, false, HV_PURPOSE_STEP);
    printf("\ninsights (what things cost here; hvperf sweep measures them by size)\n");
    list_pairs(&m.catalogue, false, HV_PURPOSE_INSIGHT);
    printf("\nhypothesis (--hypothesis)\n");
    list_hypothesis(&run.hypothesis, options->hypothesis);
    printf("\nISAs (--isa)\n");
    list_isas();
    printf("\ncounter sets (--counters counts them all)\n");
    list_sets();
    printf("\nevents (-e; beside these any libpfm4 name, rXXXX, pmu/event=.../)\n ");
    hv_event_names(list_event, &column);
    printf("\n\nevents by neutral names (-e; the native event of this CPU)\n");
    list_needs(options->plan.cpu);
    printf("\nbackends (--backend)\n");
    list_backends();
out:
    hv_session_close(m.session);
    hv_arena_close(m.arena);
    return code;
}
