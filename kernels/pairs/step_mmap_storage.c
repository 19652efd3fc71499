/* SPDX-License-Identifier: MIT */
/* step_mmap_storage: 1000 stored vectors, read from their file or mapped once. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/pair_support.h"

enum { STORED = 1000 };

struct storage {
    size_t bytes;
    uint8_t *query, *buffer;
    const uint8_t *mapped;
    float *out;
    int file; /* of STORED vectors, in memory: no disk is timed */
};

HV16_INLINE void read_each(struct storage *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *query = c->query;
        HV_BARRIER(query);
        float *out = c->out;
        for (size_t i = 0; i < STORED; i++) {
            uint8_t *buffer = c->buffer;
            if (pread(c->file, buffer, bytes, (off_t)(i * bytes)) != (ssize_t)bytes)
                return; /* the result stays as it was, and check refuses it */
            out[i] = hv16_similarity(query, buffer, bytes);
        }
        HV_KEEP(out);
    }
}

HV16_INLINE void compare_in_place(struct storage *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *query = c->query, *stored = c->mapped;
        HV_BARRIER(query);
        HV_BARRIER(stored);
        float *out = c->out;
        for (size_t i = 0; i < STORED; i++)
            out[i] = hv16_similarity(query, stored + i * bytes, bytes);
        HV_KEEP(out);
    }
}

HV_ARM(stored_vectors_read)
{
    struct storage *c = ctx;
    if (c->bytes == HV16_BYTES)
        read_each(c, n, HV16_BYTES);
    else
        read_each(c, n, c->bytes);
}

HV_ARM(stored_vectors_mapped)
{
    struct storage *c = ctx;
    if (c->bytes == HV16_BYTES)
        compare_in_place(c, n, HV16_BYTES);
    else
        compare_in_place(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct storage *c = work->ctx;
    if (!c)
        return;
    if (c->mapped)
        munmap((void *)(uintptr_t)c->mapped, STORED * c->bytes);
    if (c->file >= 0)
        close(c->file);
    free(c->query);
    free(c->buffer);
    free(c->out);
    free(c);
    work->ctx = NULL;
}

static int store(struct storage *c, uint64_t seed)
{
    c->file = memfd_create("stored vectors", MFD_CLOEXEC);
    if (c->file < 0)
        return -errno;
    for (size_t i = 0; i < STORED; i++) {
        hv_reference_random(c->buffer, c->bytes, seed + i);
        if (write(c->file, c->buffer, c->bytes) != (ssize_t)c->bytes)
            return -EIO;
    }
    void *mapped =
        mmap(NULL, STORED * c->bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, c->file, 0);
    if (mapped == MAP_FAILED)
        return -errno;
    c->mapped = mapped;
    return 0;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct storage *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->file = -1;
    c->query = hv_pair_vectors(1, bytes, size->seed);
    c->buffer = hv_pair_buffer(bytes);
    c->out = hv_pair_buffer(STORED * sizeof *c->out);
    /* Copies are not declared: the kernel makes them, where no tracer of the arm can
     * see them. */
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = STORED * sizeof *c->out,
        .items = STORED,
        .bytes = (1 + STORED) * bytes + STORED * sizeof *c->out,
        .footprint = STORED * bytes,
    };
    int rc = -ENOMEM;
    if (c->query && c->buffer && c->out)
        rc = store(c, size->seed + 1);
    if (rc)
        teardown(work);
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct storage *c = work->ctx;
    float want[STORED];
    for (size_t i = 0; i < STORED; i++)
        want[i] = hv_reference_similarity(c->query, c->mapped + i * c->bytes, c->bytes);
    return hv_pair_compare("the similarities", c->out, want, sizeof want, why,
                           why_bytes);
}

HV_PAIR(step_mmap_storage,
        .question = "Would mapping the store make 1000 similarities faster?",
        .purpose = HV_FOR_STEP,
        .baseline = {"stored_vectors_read", stored_vectors_read},
        .candidate = {"stored_vectors_mapped", stored_vectors_mapped}, .setup = setup,
        .check = check, .teardown = teardown);
