/* SPDX-License-Identifier: MIT */
/* Planted: ones are counted bit by bit, against a table of nibbles: no copy, no
 * allocation, no function in common. Removed: the candidate. */
#include "tests/planted/planted.h"

enum { WORDS = 16 };

HV_ARM(ones_by_bits)
{
    struct planted *c = ctx;
    for (; n; n--) {
        uint64_t ones = 0;
        for (size_t i = 0; i < WORDS; i++) {
            uint64_t word;
            memcpy(&word, c->memory + i * sizeof word, sizeof word);
            for (unsigned bit = 0; bit < 64; bit++) {
                ones += word >> bit & 1;
                HV_BARRIER(ones); /* or it becomes another algorithm */
            }
        }
        c->out[0] = ones;
        HV_KEEP(c->out);
    }
}

HV_ARM(ones_by_table)
{
    static const uint8_t of_nibble[16] = {0, 1, 1, 2, 1, 2, 2, 3,
                                          1, 2, 2, 3, 2, 3, 3, 4};
    struct planted *c = ctx;
    for (; n; n--) {
        uint64_t ones = 0;
        const unsigned char *byte = c->memory;
        HV_BARRIER(byte);
        for (size_t i = 0; i < WORDS * sizeof(uint64_t); i++)
            ones += (uint64_t)of_nibble[byte[i] & 15] + of_nibble[byte[i] >> 4];
        c->out[0] = ones;
        HV_KEEP(c->out);
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (!rc)
        planted_declare(work, 0);
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want = 0;
    for (size_t i = 0; i < 8 * WORDS * sizeof want; i++)
        want += c->memory[i / 8] >> i % 8 & 1;
    return planted_compare(work, &want, 1, why, why_bytes);
}

PLANTED_PAIR(slower_algorithm, ones_by_bits, ones_by_table,
             .question = "planted: a slower algorithm without any copy");
