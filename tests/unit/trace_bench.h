/* SPDX-License-Identifier: MIT */
/* A trace session with a page that kernels share with the test, for tests of tracers.
 */
#ifndef HV_TESTS_TRACE_BENCH_H
#define HV_TESTS_TRACE_BENCH_H

#include "counters/trace/trace.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { BENCH_BYTES = 1 << 16, BENCH_PREFIX = 20000 };

struct bench {
    struct hv_trace_session *session;
    unsigned char *page; /* BENCH_BYTES, shared: what a kernel stores can be seen */
    struct hv_trace_limits limits;
    struct hv_trace_outcome out; /* of the last trace */
};

typedef void bench_kernel(void *ctx, uint64_t n);

/* A kernel of so many lines of assembly, and a return. */
#define KERNEL(name, body)                                                             \
    bench_kernel name;                                                                 \
    __asm__(".text\n.p2align 4\n.globl " #name "\n.type " #name ", @function\n" #name  \
            ":\n" body "\nret\n.size " #name ", . - " #name "\n")

/* cmocka's setup and teardown: *state is a struct bench. */
int bench_open(void **state);
int bench_close(void **state);

/* Traces kernel(page, n) from a zeroed page; fails the test where no trace can be run.
 * Limits as in bench->limits (20 s). */
const struct hv_trace_outcome *bench_run(struct bench *bench, enum hv_tracer tracer,
                                         bench_kernel *kernel, uint64_t n);

/* The same, and the test fails unless the trace is DONE. Returns its values. */
const uint64_t *bench_done(struct bench *bench, enum hv_tracer tracer,
                           bench_kernel *kernel, uint64_t n);

/* A number that the kernel left in the page. */
uint64_t bench_word(const struct bench *bench, size_t offset);

/* Fails the test unless this process has no child at all. */
void bench_no_child(void);

#endif
