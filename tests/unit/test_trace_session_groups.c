/* SPDX-License-Identifier: MIT */
/* Which function did it, and which group that function is of, by both tracers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/trace_bench.h"

#if defined(__x86_64__)
KERNEL(generate_numbers, "nop\nnop");
/* the arm itself is the operation, whatever it is called after */
KERNEL(arm_of_random, "push %rdi\ncall generate_numbers\npop %rdi\n"
                      "mov $100, %edx\nlea 4096(%rdi), %rsi\ncall memcpy@PLT\n"
                      "sub $8, %rsp\nmov $100, %edi\ncall malloc@PLT\n"
                      "mov %rax, %rdi\ncall free@PLT\nadd $8, %rsp");

static const struct hv_trace_function *function(const struct hv_trace_totals *totals,
                                                const char *name)
{
    for (unsigned i = 0; i < totals->n_functions; i++)
        if (!strcmp(totals->function[i].name, name))
            return &totals->function[i];
    return NULL;
}

static void functions_have_their_groups(void **state)
{
    static const struct {
        const char *name;
        enum hv_trace_group group;
        uint64_t least;
    } rows[] = {
        {"arm_of_random",    HV_GROUP_OPERATION, 13},
        {"generate_numbers", HV_GROUP_GENERATOR, 3 },
        {"memcpy",           HV_GROUP_COPY,      10}, /* not its first block alone */
        {"malloc",           HV_GROUP_ALLOC,     3 },
        {"free",             HV_GROUP_ALLOC,     3 },
    };
    struct bench *b = *state;
    for (size_t i = 0; i <= HV_TRACER_STEP; i++) {
        bench_done(b, (enum hv_tracer)i, arm_of_random, 0);
        for (size_t j = 0; j < HV_LEN(rows) - (SANITIZED ? 3 : 0); j++) {
            const struct hv_trace_function *f = function(&b->out.totals, rows[j].name);
            assert_non_null(f);
            assert_int_equal(f->group, rows[j].group);
            assert_true(f->instructions >= rows[j].least);
        }
    }
}
#else
static void functions_have_their_groups(void **state)
{
    (void)state;
    skip();
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(functions_have_their_groups)};
    return cmocka_run_group_tests_name("trace_session_groups", tests, bench_open,
                                       bench_close);
}
