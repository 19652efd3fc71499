/* SPDX-License-Identifier: MIT */
/* A second witness for copies: at the end, source and target are compared in memory,
 * where neither was written to since. */
#ifndef HV_COUNTERS_TRACE_CONFIRM_H
#define HV_COUNTERS_TRACE_CONFIRM_H

#include "counters/trace/analyser.h"

enum {
    HV_STAMPS = 1 << 17,      /* lines of 64 bytes; more of them share stamps */
    HV_KEPT_COPIES = 1 << 12, /* of the copies that have ended, the last so many */
};

/* One copy, for comparing. Times are instructions, from 1. */
struct hv_kept_copy {
    uint64_t from, to, bytes;
    uint64_t loaded, stored; /* earliest load, last store */
};

/* Zeroed memory: nothing was stored, nothing is kept. */
struct hv_confirm {
    uint64_t unknown; /* when something last wrote who knows where: a syscall, ... */
    uint64_t n;       /* copies kept so far; the ring holds the last of them */
    uint64_t confirmed, contradicted; /* bytes */
    struct hv_kept_copy kept[HV_KEPT_COPIES];
    uint64_t stamp[HV_STAMPS]; /* last store to a line, or to one that shares it: then
                                  less is confirmed than could be, never more */
};

void hv_confirm_store(struct hv_confirm *confirm, uint64_t address, uint64_t bytes,
                      uint64_t now);
void hv_confirm_keep(struct hv_confirm *confirm, const struct hv_kept_copy *copy);

/* Compares one copy, or all that are kept. */
void hv_confirm_copy(struct hv_confirm *confirm, const struct hv_kept_copy *copy,
                     hv_peek_fn *peek, void *user);
void hv_confirm_kept(struct hv_confirm *confirm, hv_peek_fn *peek, void *user);

#endif
