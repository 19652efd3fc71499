/* SPDX-License-Identifier: MIT */
/* insight_mmap: 64 KiB of fresh pages, beside 64 KiB that are there already. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "kernels/insight.h"

enum { BLOCK = 65536, PAGE = 4096 };

/* Each page is touched once; where pages are larger, each 4 KiB of one. */
HV16_INLINE void touch(struct insight *c, uint8_t *block)
{
    for (size_t at = 0; at < BLOCK; at += PAGE)
        memcpy(block + at, c->a, sizeof(uint64_t));
    HV_KEEP(block);
    memcpy(c->left, block + BLOCK - PAGE, sizeof(uint64_t));
}

HV_ARM(fresh_pages)
{
    struct insight *c = ctx;
    for (; n; n--) {
        void *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED)
            return; /* the result stays as it was, and check refuses it */
        touch(c, block);
        munmap(block, BLOCK);
    }
}

HV_ARM(same_pages)
{
    struct insight *c = ctx;
    for (; n; n--) {
        uint8_t *block = c->sink;
        HV_BARRIER(block);
        touch(c, block);
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    if (!hv_pair_vector_bytes(size))
        return -EINVAL;
    const int rc =
        insight_setup(work, &(struct hv_size){size->dim_bits, size->seed, BLOCK});
    if (!rc) {
        work->result_bytes = sizeof(uint64_t);
        work->bytes = BLOCK / PAGE * sizeof(uint64_t);
    }
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    return hv_pair_compare("the last page's first word", c->left, c->a,
                           sizeof(uint64_t), why, why_bytes);
}

HV_PAIR(insight_mmap, .question = "What do 64 KiB of fresh pages cost beside old ones?",
        .purpose = HV_FOR_INSIGHT, .baseline = {"mmap_and_munmap", fresh_pages},
        .candidate = {"pages_there_already", same_pages}, .setup = setup,
        .check = check, .teardown = insight_teardown);
