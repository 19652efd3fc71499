/* SPDX-License-Identifier: MIT */
/* Every error of the kernel's, from the step that fails to the dump: the event has a
 * word and a reason there, and no number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/analyse/analyse.h"
#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/dump/dump.h"
#include "src/measure/measure.h"
#include "src/measure/spawn.h"
#include "src/measure/worker/worker.h"
#include "tests/unit/perf_errors.h"

#define PROBE "hvperf-probe"

static bool starts; /* workers can be started */

enum {
    ITERATIONS = 10,
    BATCH_NS = 200000,
    PER_GROUP = 3, /* user events, beside cycles */
    MOST = 39,     /* user events of one run */
    FIRST_CODE = 0x300,
};

/* One event that fails, and the words it must end in. */
struct fault {
    char figure[16];
    char how[32];      /* for HV_FAKE */
    const char *class; /* NULL: it may be counted */
};

/* The faults of one run, each in the group its neighbours are in. */
struct faults {
    struct fault at[MOST];
    size_t n;
    const char *cycles; /* which lead each group, unless they fail to open */
};

/* All that a run does with counters, but for the timing. */
static int count_pair(struct hv_measurement *m, struct hv_error *error)
{
    int rc = hv_session_open(&m->session, m->plan, error);
    if (!rc)
        rc = hv_measure_describe(m, error);
    if (!rc)
        rc = hv_measure_select(m, error);
    if (!rc)
        rc = hv_measure_qualify(m, error);
    for (unsigned arm = 0; !rc && arm < HV_ARMS; arm++) {
        m->targets[0].run->arm[arm].n = ITERATIONS;
        m->targets[0].sample_ns[arm] = BATCH_NS;
    }
    if (!rc)
        rc = hv_measure_count(m, &m->targets[0], error);
    hv_session_close(m->session);
    return rc;
}

static void fail_child(const struct fault *fault, const char *what, const char *more)
{
    fprintf(stderr, "%s %s: %s: %s\n", fault->figure, fault->how, what,
            more ? more : "");
    _exit(1);
}

static const char *text_of(json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* A figure without a number, for which there is a reason. */
static void check_absent(const struct fault *fault, json_t *figure)
{
    if (!json_is_null(json_object_get(figure, "value")) ||
        strcmp(text_of(figure, "provenance"), "absent") != 0)
        fail_child(fault, "a number", json_dumps(figure, 0));
    if (!strstr(text_of(figure, "why"), fault->class))
        fail_child(fault, "other words", text_of(figure, "why"));
}

static void check_control(const struct fault *fault, json_t *control)
{
    if (!json_is_null(json_object_get(control, "got")) ||
        json_is_true(json_object_get(control, "passed")))
        fail_child(fault, "a control that got something", json_dumps(control, 0));
    if (!strstr(text_of(control, "why"), fault->class))
        fail_child(fault, "a control of other words", text_of(control, "why"));
}

/* Raw readings of an event that failed: there are none. */
static void check_event(const struct fault *fault, json_t *event)
{
    const char *arm;
    json_t *reads;
    json_object_foreach(json_object_get(event, "reads"), arm, reads)
    {
        const bool never_ran = strcmp(fault->how, "unscheduled") == 0;
        if (json_array_size(reads) && !never_ran)
            fail_child(fault, "readings", arm);
    }
    if (!strstr(text_of(event, "why"), fault->class))
        fail_child(fault, "an event of other words", text_of(event, "why"));
    if (strcmp(text_of(event, "qualification"), "qualified") == 0)
        fail_child(fault, "a qualified event", "");
}

static void check_figures(const struct fault *fault, json_t *pair, const char *figure)
{
    static const char *const arms[] = {"baseline", "candidate"};
    json_t *all = json_object_get(pair, "arms");
    for (size_t i = 0; i < HV_LEN(arms); i++) {
        json_t *arm = json_object_get(all, arms[i]);
        check_absent(fault, json_object_get(json_object_get(arm, "figures"), figure));
    }
}

static void check_fault(const struct fault *fault, json_t *dump)
{
    json_t *pair = json_array_get(json_object_get(dump, "pairs"), 0), *row, *event;
    char control[64];
    size_t i, k, seen = 0;
    snprintf(control, sizeof control, "event:%s", fault->figure);
    check_figures(fault, pair, fault->figure);
    json_array_foreach(json_object_get(dump, "controls"), i, row)
    {
        if (strcmp(text_of(row, "name"), control) == 0)
            check_control(fault, row);
    }
    json_array_foreach(json_object_get(pair, "counters"), i, row)
    {
        json_array_foreach(json_object_get(row, "events"), k, event)
        {
            if (strcmp(text_of(event, "figure"), fault->figure) != 0)
                continue;
            check_event(fault, event);
            seen++;
        }
    }
    if (!seen)
        fail_child(fault, "not in the dump", "");
}

/* The dump of a run with these events; in this process. */
static json_t *dump_of(const char *events)
{
    static struct hv_control controls[HV_MAX_CONTROLS];
    struct hv_run run = {
        .settings = {.counters = true,  .dim_bits = 2048, .seed = 1  },
        .controls = controls,
        .clock = {.ticks_per_ns = 1, .granule = 1,     .adders = 4}
    };
    const struct hv_plan plan = {.settings = run.settings,
                                 .pairs = "control_equal",
                                 .events = *events ? events : NULL,
                                 .cpu = -1,
                                 .backend = hv_backend_find("fake"),
                                 .hang_seconds = 20};
    struct hv_measurement m = {
        .plan = &plan, .arena = hv_arena_open(), .run = &run, .cpu = sched_getcpu()};
    struct hv_error error = {""};
    char *bytes = NULL;
    size_t n = 0;
    int rc = count_pair(&m, &error);
    struct hv_result *result = rc ? NULL : hv_analyse(&run, m.arena);
    if (!rc)
        rc = hv_dump_encode(&run, result, m.arena, &bytes, &n, &error);
    if (rc) {
        fprintf(stderr, "no dump: %s: %s\n", strerror(-rc), error.text);
        _exit(1);
    }
    json_t *dump = json_loadb(bytes, n, 0, NULL);
    free(bytes);
    hv_arena_close(m.arena);
    return dump;
}

static void run_faults(const struct faults *faults)
{
    char events[MOST * 20] = "", script[MOST * 60];
    size_t used = (size_t)snprintf(script, sizeof script,
                                   "cycles=%s,instructions=right:5000", faults->cycles),
           named = 0;
    for (size_t i = 0; i < faults->n; i++) {
        const struct fault *fault = &faults->at[i];
        named += (size_t)snprintf(events + named, sizeof events - named, "%s%s",
                                  i ? "," : "", fault->figure);
        used += (size_t)snprintf(script + used, sizeof script - used, ",%s=%s",
                                 fault->figure, fault->how);
    }
    setenv("HV_FAKE", script, 1);
    json_t *dump = dump_of(events);
    for (size_t i = 0; i < faults->n; i++)
        if (faults->at[i].class)
            check_fault(&faults->at[i], dump);
    json_decref(dump);
}

/* In a process of its own: a session changes the one it is opened in. */
static void expect(const struct faults *faults)
{
    if (!starts)
        skip();
    const pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        run_faults(faults);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void add(struct faults *faults, const char *step, const char *how,
                const char *class)
{
    struct fault *fault = &faults->at[faults->n];
    snprintf(fault->figure, sizeof fault->figure, "r%x",
             (unsigned)(FIRST_CODE + faults->n));
    snprintf(fault->how, sizeof fault->how, "%s%s", step, how);
    fault->class = class;
    faults->n++;
}

/* Either cycles lead the group, or there are none and the failing event would. */
static const char *const leads[] = {"right:5000", "ENOENT"};

static void a_failing_open_gives_no_number(void **state)
{
    (void)state;
    for (size_t place = 0; place < HV_LEN(leads); place++) {
        struct faults faults = {.cycles = leads[place]};
        for (size_t i = 0; i < PERF_ERRORS; i++) {
            const int err = perf_errors[i].number;
            add(&faults, "", perf_errors[i].name,
                err == EAGAIN || err == EIO ? "<not counted>" : "<not supported>");
        }
        expect(&faults);
    }
}

/* A group that may be too large for the PMU is tried again in halves: then those beside
 * the failing event count. */
static bool is_halved(const char *how)
{
    static const char *const hows[] = {"EINVAL", "ENOSPC", "lost", "unscheduled"};
    for (size_t i = 0; i < HV_LEN(hows); i++)
        if (strcmp(how, hows[i]) == 0)
            return true;
    return false;
}

/* Else it fails as a whole, and nothing beside the failing event has a number. */
static void add_group(struct faults *faults, const char *step, const char *how)
{
    static const char class[] = "<not counted>";
    add(faults, step, how, class);
    for (int i = 1; i < PER_GROUP; i++)
        add(faults, "", "right:7", is_halved(how) ? NULL : class);
    if (faults->n < MOST)
        return;
    expect(faults);
    faults->n = 0;
}

/* Every errno at one step; at the others, whose errno goes the same way, some. */
static bool is_tried(size_t step, size_t error)
{
    enum { EVERY = 5 };
    return step == 2 || error % EVERY == step;
}

static void a_failing_start_stop_or_read_gives_no_number(void **state)
{
    (void)state;
    static const char *const steps[] = {"start:", "stop:", "read:"}, *const ways[] = {
                                                                         "lost",
                                                                         "unscheduled",
                                                                         "short"};
    for (size_t place = 0; place < HV_LEN(leads); place++) {
        struct faults faults = {.cycles = leads[place]};
        for (size_t s = 0; s < HV_LEN(steps); s++)
            for (size_t i = 0; i < PERF_ERRORS; i++)
                if (is_tried(s, i))
                    add_group(&faults, steps[s], perf_errors[i].name);
        for (size_t i = 0; i < HV_LEN(ways); i++)
            add_group(&faults, "", ways[i]);
        if (faults.n)
            expect(&faults);
    }
}

/* The events that have a control: it got nothing either, and says why. */
static void a_control_that_failed_got_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *how, *class;
    } cases[] = {
        {"ENOSPC",      "<not supported>"},
        {"start:EBUSY", "<not counted>"  },
        {"read:EIO",    "<not counted>"  },
        {"lost",        "<not counted>"  },
        {"unscheduled", "<not counted>"  },
    };
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct faults faults = {.cycles = cases[i].how, .n = 1};
        struct fault *fault = &faults.at[0];
        snprintf(fault->figure, sizeof fault->figure, "cycles");
        snprintf(fault->how, sizeof fault->how, "%s", cases[i].how);
        fault->class = cases[i].class;
        expect(&faults);
    }
}

/* A worker is this program once more; an emulator of a foreign CPU cannot start it. */
static int needs_itself(void **state)
{
    (void)state;
    const int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    char *argv[] = {(char *)PROBE, NULL}, *envp[] = {NULL};
    const pid_t child = fork();
    if (child == 0) {
        syscall(SYS_execveat, self, "", argv, envp, AT_EMPTY_PATH);
        _exit(1);
    }
    int status = -1;
    close(self);
    starts = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (!starts)
        print_message("skipped: this program cannot start itself here\n");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 1 && strcmp(argv[0], HV_WORKER_NAME) == 0)
        return hv_worker_main();
    if (argc == 1 && strcmp(argv[0], PROBE) == 0)
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_open_gives_no_number),
        cmocka_unit_test(a_failing_start_stop_or_read_gives_no_number),
        cmocka_unit_test(a_control_that_failed_got_nothing),
    };
    return cmocka_run_group_tests(tests, needs_itself, NULL);
}
