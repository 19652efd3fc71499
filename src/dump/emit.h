/* SPDX-License-Identifier: MIT */
/* Writes JSON piece by piece, indented or compact, into anything that takes bytes. */
#ifndef HV_DUMP_EMIT_H
#define HV_DUMP_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes n bytes; 0 or -errno. */
typedef int hv_emit_fn(void *to, const char *bytes, size_t n);

/* Start with {.put = ..., .to = ...}. The first error stays in rc and stops the rest.
 */
struct hv_emit {
    hv_emit_fn *put;
    void *to;
    bool
        compact; /* no blanks, no line breaks: json.dumps(..., separators=(",", ":")) */
    unsigned depth;
    unsigned flat; /* inside so many arrays that stay on one line */
    bool more;     /* something stands before in the innermost brackets */
    int rc;
};

/* Every value inside an object has a key; inside an array, at the top, key is NULL. */
void hv_emit_open(struct hv_emit *emit, const char *key, char bracket);
void hv_emit_close(struct hv_emit *emit, char bracket);

/* An array on one line; closed by hv_emit_close_flat. */
void hv_emit_open_flat(struct hv_emit *emit, const char *key);
void hv_emit_close_flat(struct hv_emit *emit);

void hv_emit_null(struct hv_emit *emit, const char *key);
void hv_emit_bool(struct hv_emit *emit, const char *key, bool value);
/* Above INT64_MAX, which JSON readers commonly cannot hold, as a string of digits. */
void hv_emit_u64(struct hv_emit *emit, const char *key, uint64_t value);
/* 0 or -errno. */
void hv_emit_status(struct hv_emit *emit, const char *key, int value);
/* A value that is not finite ends in rc = -EDOM: JSON has no word for it. */
void hv_emit_real(struct hv_emit *emit, const char *key, double value);
/* Bytes that are no UTF-8 become U+FFFD. text may be NULL: null. */
void hv_emit_text(struct hv_emit *emit, const char *key, const char *text);

#endif
