/* SPDX-License-Identifier: MIT */
/* A trace session for tests. */
#include "tests/unit/trace_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>

int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct hv_error error = {""};
    const struct hv_trace_config config = {
        .l1 = {64, 64, 8},
        .prefix_instructions = BENCH_PREFIX,
        .object = (const void *)(uintptr_t)bench_open,
    };
    assert_non_null(bench);
    bench->limits.seconds = 20;
    bench->page = mmap(NULL, BENCH_BYTES, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(bench->page != MAP_FAILED);
    if (hv_trace_open(&bench->session, &config, &error))
        fail_msg("%s", error.text);
    *state = bench;
    return 0;
}

int bench_close(void **state)
{
    struct bench *bench = *state;
    hv_trace_close(bench->session);
    munmap(bench->page, BENCH_BYTES);
    free(bench);
    return 0;
}

const struct hv_trace_outcome *bench_run(struct bench *bench, enum hv_tracer tracer,
                                         bench_kernel *kernel, uint64_t n)
{
    const struct hv_trace_call call = {kernel, bench->page, n};
    memset(bench->page, 0, BENCH_BYTES);
    memset(&bench->out, 0xff, sizeof bench->out); /* all of it must be written */
    assert_int_equal(
        hv_trace_run(bench->session, tracer, &call, &bench->limits, &bench->out), 0);
    return &bench->out;
}

const uint64_t *bench_done(struct bench *bench, enum hv_tracer tracer,
                           bench_kernel *kernel, uint64_t n)
{
    const struct hv_trace_outcome *out = bench_run(bench, tracer, kernel, n);
    if (out->end != HV_TRACE_DONE)
        fail_msg("%s (end %d, signal %d)", out->why, (int)out->end, out->signal);
    return out->totals.value;
}

uint64_t bench_word(const struct bench *bench, size_t offset)
{
    uint64_t word;
    memcpy(&word, bench->page + offset, sizeof word);
    return word;
}

void bench_no_child(void)
{
    errno = 0;
    assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
    assert_int_equal(errno, ECHILD);
}
