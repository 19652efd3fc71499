/* SPDX-License-Identifier: MIT */
/* Planted: the same instructions in both arms, but the hot loop of one lies 32 bytes
 * further on, by padding that is run once a call. Averaged over all placements of the
 * entry nothing is left of it; at each single one the arms may differ by a factor of
 * two. Removed: the average. The loop is one that cores place-sensitive in branches
 * feel: five in 25 bytes. */
#include "tests/planted/planted.h"

enum { TURNS = 256 };

/* n times TURNS turns. The padding is run once, before. */
#if defined(__x86_64__)
#define LOOP(padding)                                                                  \
    __asm__ volatile(".skip " #padding ", 0x90\n"                                      \
                     "1: movl %[turns], %%ecx\n"                                       \
                     "2: test %%eax, %%eax\n jnz 3f\n"                                 \
                     "test %%eax, %%eax\n jnz 3f\n"                                    \
                     "test %%eax, %%eax\n jnz 3f\n"                                    \
                     "test %%eax, %%eax\n jnz 3f\n"                                    \
                     "3: dec %%ecx\n jnz 2b\n"                                         \
                     "movl %%ecx, (%[left])\n"                                         \
                     "dec %[n]\n jnz 1b"                                               \
                     : [n] "+r"(n)                                                     \
                     : [left] "r"(c->out), [turns] "i"(TURNS), "a"(0)                  \
                     : "ecx", "cc", "memory")
#else
#define LOOP(padding)                                                                  \
    for (; n; n--) {                                                                   \
        uint32_t left = TURNS;                                                         \
        for (; left; left--)                                                           \
            __asm__ volatile("" : "+r"(left));                                         \
        memcpy(c->out, &left, sizeof left);                                            \
    }
#endif

HV_ARM(loop_here)
{
    struct planted *c = ctx;
    if (n)
        LOOP(64);
}

HV_ARM(loop_32_bytes_on)
{
    struct planted *c = ctx;
    if (n)
        LOOP(32);
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (rc)
        return rc;
    ((struct planted *)work->ctx)->out[0] = TURNS;
    planted_declare(work, 0);
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const uint64_t want = 0;
    return planted_compare(work, &want, 1, why, why_bytes);
}

PLANTED_PAIR(placement_alone, loop_here, loop_32_bytes_on,
             .question = "planted: nothing but another place of the code");
