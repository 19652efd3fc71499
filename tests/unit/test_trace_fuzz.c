/* SPDX-License-Identifier: MIT */
/* Random code in the code cache leaves what it leaves when it runs natively, and logs
 * what stepping sees. HV_FUZZ=10000 takes so many sequences, HV_FUZZ_SEED=7 begins
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__x86_64__)

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/trace/decode.h"
#include "counters/trace/session.h"
#include "tests/unit/trace_bench.h"
#include "tests/unit/trace_fuzz.h"

enum {
    REASONS = 32,
    MNEMONICS = 2048,
    SEQUENCES = SANITIZED ? 500 : 2000, /* a fork of a sanitised process takes long */
};

/* Shared with the process that runs the sequences: the code cache ends it at a crash.
 */
struct shared {
    uint64_t next; /* sequence; those before it are done */
    bool running;  /* ... and this one is in the code cache */
    struct fuzz fuzz;
    uint64_t equal, refused, faulted, varying, wrong;
    struct {
        char why[80];
        uint64_t n;
    } reason[REASONS];
    bool met[MNEMONICS];
    struct hv_trace_outcome out;
    struct hv_trace_prefix prefix;
    struct fuzz_result native, again, cached;
};

struct world {
    struct hv_trace_session *session;
    struct shared *shared;
    uint64_t first, last;
};

static const struct hv_trace_limits limits = {.seconds = 5};

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static int open_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct hv_error error = {""};
    const struct hv_trace_config config = {
        .prefix_instructions = 4096,
        .object = (const void *)(uintptr_t)open_world,
    };
    assert_non_null(world);
    world->shared = mmap(NULL, sizeof *world->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(world->shared != MAP_FAILED);
    assert_true(fuzz_open(&world->shared->fuzz));
    if (hv_trace_open(&world->session, &config, &error))
        fail_msg("%s", error.text);
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    hv_trace_close(world->session);
    fuzz_close(&world->shared->fuzz);
    munmap(world->shared, sizeof *world->shared);
    free(world);
    return 0;
}

/* ---- in the process that runs them ---------------------------------------------- */

static void follow(struct world *world)
{
    struct hv_trace_session *session = world->session;
    const struct hv_trace_call call = {fuzz_entry(&world->shared->fuzz), NULL, 0};
    struct hv_trace_child child = {
        .analyser = session->analyser,
        .symbols = session->symbols,
        .roles = &session->roles,
        .cache = session->cache,
        .stack_top = session->stack_top,
        .call = &call,
        .limits = &limits,
        .out = &world->shared->out,
        .prefix = &world->shared->prefix,
    };
    memset(child.out, 0, sizeof *child.out);
    hv_analyser_reset(session->analyser, NULL, 0, 0);
    world->shared->running = true;
    hv_cache_follow(&child);
    world->shared->running = false;
}

/* "bt [rax], ecx at 0x...: its address ...": what comes last */
static void count_refused(struct shared *shared)
{
    const char *why = strrchr(shared->out.why, ':');
    shared->refused++;
    for (size_t i = 0; why && i < REASONS; i++) {
        if (!shared->reason[i].n)
            snprintf(shared->reason[i].why, sizeof shared->reason[i].why, "%s",
                     why + 2);
        if (strcmp(shared->reason[i].why, why + 2))
            continue;
        shared->reason[i].n++;
        return;
    }
}

static void count_mnemonics(struct shared *shared)
{
    struct hv_decoded decoded;
    const struct fuzz *fuzz = &shared->fuzz;
    for (const unsigned char *at = fuzz->begin; at < fuzz->end;
         at += decoded.insn.length) {
        if (hv_decode(at, (size_t)(fuzz->end - at), (uintptr_t)at, &decoded))
            return;
        shared->met[decoded.insn.mnemonic % MNEMONICS] = true;
    }
}

static void tell_wrong(struct world *world, const char *how)
{
    struct shared *shared = world->shared;
    shared->wrong++;
    fprintf(stderr, "# seed %lu: %s\n", shared->next, how);
    fuzz_print(&world->shared->fuzz);
}

/* Runs it twice natively: what is not the same then is no evidence. */
static bool is_repeatable(struct world *world)
{
    struct shared *shared = world->shared;
    char text[128];
    for (int i = 0; i < 2; i++) {
        fuzz_begin(&world->shared->fuzz, shared->next);
        if (!fuzz_run_native(&world->shared->fuzz)) {
            shared->faulted++;
            return false;
        }
        fuzz_take(&world->shared->fuzz, i ? &shared->again : &shared->native);
    }
    if (!fuzz_difference(&world->shared->fuzz, &shared->native, &shared->again, text,
                         sizeof text))
        return true;
    shared->varying++;
    return false;
}

static void run_one(struct world *world)
{
    struct shared *shared = world->shared;
    char text[512];
    fuzz_generate(&world->shared->fuzz, shared->next);
    if (!is_repeatable(world))
        return;
    fuzz_begin(&world->shared->fuzz, shared->next);
    follow(world);
    fuzz_take(&world->shared->fuzz, &shared->cached);
    if (shared->out.end == HV_TRACE_REFUSED && strstr(shared->out.why, "be moved")) {
        tell_wrong(world,
                   shared->out.why); /* a patch that did not say what it should */
    } else if (shared->out.end == HV_TRACE_REFUSED) {
        count_refused(shared);
    } else if (shared->out.end != HV_TRACE_DONE) {
        tell_wrong(world, shared->out.why);
    } else if (fuzz_difference(&world->shared->fuzz, &shared->native, &shared->cached,
                               text, sizeof text)) {
        tell_wrong(world, text);
    } else {
        shared->equal++;
        count_mnemonics(shared);
    }
}

static void run_some(struct world *world, uint64_t last)
{
    struct shared *shared = world->shared;
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        for (; shared->next < last; shared->next++)
            run_one(world);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    if (shared->next >= last)
        return;
    tell_wrong(world, shared->running ? shared->out.why : "the test itself crashed");
    shared->running = false;
    shared->next++;
}

/* ---- tests ---------------------------------------------------------------------- */

static void tell_counts(const struct shared *shared, uint64_t n)
{
    unsigned mnemonics = 0;
    for (size_t i = 0; i < MNEMONICS; i++)
        mnemonics += shared->met[i];
    print_message("# %lu sequences: %lu equal (%u mnemonics), %lu wrong, %lu refused, "
                  "%lu faulted, %lu not repeatable\n",
                  n, shared->equal, mnemonics, shared->wrong, shared->refused,
                  shared->faulted, shared->varying);
    for (size_t i = 0; i < REASONS && shared->reason[i].n; i++)
        print_message("# refused %lu times: %s\n", shared->reason[i].n,
                      shared->reason[i].why);
}

static void states_are_equal(void **state)
{
    struct world *world = *state;
    struct shared *shared = world->shared;
    const uint64_t first = from_environment("HV_FUZZ_SEED", 1);
    const uint64_t n = from_environment("HV_FUZZ", SEQUENCES);
    if (!world->session->cache)
        skip();
    for (shared->next = first; shared->next < first + n;)
        run_some(world, first + n);
    tell_counts(shared, n);
    assert_int_equal(shared->wrong, 0);
    assert_true(shared->equal > n / 2);
}

/* Both tracers in turn over what the child has written, from the same state. */
static bool compare(struct world *world, uint64_t seed)
{
    struct shared *shared = world->shared;
    const struct hv_trace_call call = {fuzz_entry(&shared->fuzz), NULL, 0};
    static const enum hv_tracer tracers[] = {HV_TRACER_CACHE, HV_TRACER_STEP};
    char why[256];
    uint64_t compared;
    for (size_t i = 0; i < HV_LEN(tracers); i++) {
        fuzz_begin(&shared->fuzz, seed);
        assert_int_equal(
            hv_trace_run(world->session, tracers[i], &call, &limits, &shared->out), 0);
        if (shared->out.end == HV_TRACE_FAILED)
            skip(); /* why is another test's matter */
        if (shared->out.end != HV_TRACE_DONE) {
            fuzz_print(&shared->fuzz);
            fail_msg("seed %lu: tracer %u: %s", seed, tracers[i], shared->out.why);
        }
    }
    if (hv_trace_compare(world->session, &compared, why, sizeof why)) {
        tell_wrong(world, why);
        return false;
    }
    return compared > FUZZ_INSNS;
}

static void words_are_equal(void **state)
{
    struct world *world = *state;
    struct shared *shared = world->shared;
    const uint64_t first = from_environment("HV_FUZZ_SEED", 1);
    const uint64_t n = from_environment("HV_FUZZ", SEQUENCES) / 20;
    unsigned equal = 0, wrong = 0;
    if (!world->session->cache)
        skip();
    for (uint64_t seed = first; seed < first + n; seed++) {
        const uint64_t before = shared->equal;
        shared->next = seed;
        run_some(world, seed + 1);
        if (shared->equal == before)
            continue;
        shared->next = seed;
        if (compare(world, seed))
            equal++;
        else
            wrong++;
    }
    print_message("# %lu sequences: %u equal to stepping, %u wrong\n", n, equal, wrong);
    assert_int_equal(wrong, 0);
    assert_true(equal >= n / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(states_are_equal, open_world, close_world),
        cmocka_unit_test_setup_teardown(words_are_equal, open_world, close_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
