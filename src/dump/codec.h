/* SPDX-License-Identifier: MIT */
/* The language in which the dump's tables are written: a row says how one member of a
 * struct looks in JSON, and both directions follow from it. */
#ifndef HV_DUMP_CODEC_H
#define HV_DUMP_CODEC_H

#include <jansson.h>
#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/dump/emit.h"

enum hv_kind {
    HV_TEXT,     /* const char *: string */
    HV_BOOL,     /* bool: true, false */
    HV_U32,      /* uint32_t: integer */
    HV_U64,      /* uint64_t: integer, above 2^63 - 1 a string of digits */
    HV_REAL,     /* double: number */
    HV_WORD,     /* enum: its name */
    HV_RANGE,    /* double[2]: [low, high] */
    HV_PART,     /* members in an object of their own, as its shape says */
    HV_ROWS,     /* pointer and count of structs: array of objects */
    HV_MAP,      /* the same, as an object with the rows' names as keys */
    HV_TEXTS,    /* const char ** and count: array of strings */
    HV_TICKS,    /* uint32_t * and count: array of integers, on one line */
    HV_READINGS, /* struct hv_reading * and count: array of [value, enabled, running] */
    HV_STATUS,   /* int: 0 or -errno, integer */
    HV_KINDS
};

enum {
    HV_NULLABLE = 1,      /* NULL in memory (a word, a number: 0) is null in JSON */
    HV_IF = 2,            /* present if the bool at `has` is true, else null */
    HV_SAME = 4,          /* as many elements as the array in the row before */
    HV_DERIVED = 8,       /* made from the raw part: not under raw_sha256 */
    HV_NULLS_WITHIN = 16, /* HV_TICKS: an element 0 is null */
    HV_NAN_IS_NULL = 32,  /* HV_REAL: null is NAN in memory, not 0 */
};

/* The words of an enum, in order from 0. */
struct hv_words {
    const char *(*name)(unsigned value);
    unsigned n;
};

struct hv_shape;

struct hv_field {
    const char *name;
    enum hv_kind kind;
    unsigned flags;
    size_t at;    /* offset of the member */
    size_t has;   /* HV_IF: offset of the bool */
    size_t count; /* arrays: offset of the size_t count */
    const struct hv_shape *shape;
    const struct hv_words *words;
    size_t stride, key, inner; /* HV_MAP: size of a row, offset of its name, and of the
                                  part of it that the shape describes */
};

struct hv_shape {
    const struct hv_field *fields;
    size_t n_fields, size;
    const struct hv_field *whole; /* instead of fields: the struct is this one row */
    /* Makes a copy of the struct fit for writing; may be NULL. */
    void (*tidy)(void *copy);
    /* NULL, or what is wrong with a struct just read; may be NULL. */
    const char *(*check)(void *read);
};

/* Rows an array of objects may have, so that `[{},{},{}...` claims no memory. */
enum { HV_MAX_ROWS = 4096, HV_MAX_SHAPE_BYTES = 256 /* of a shape with tidy */ };

/* Writes the struct at base as an object. raw_only leaves out HV_DERIVED rows. */
void hv_encode_json(struct hv_emit *emit, const char *key, const struct hv_shape *shape,
                    const void *base, bool raw_only);

/* Fills the zeroed struct at base from value; errors tell the path, the value found
 * and what was expected. Keys without a row are skipped. */
int hv_decode_json(json_t *value, const struct hv_shape *shape, void *base,
                   struct hv_arena *arena, struct hv_error *error);

/* Rows, checked: a member of another type than the row says does not compile. */
#define HV_AT(type, member, ctype)                                                     \
    (offsetof(type, member) + 0 * sizeof(_Generic(((type *)0)->member, ctype : 1)))
#define HV_ROW_(json, row_kind, bits, offset, ...)                                     \
    {                                                                                  \
        .name = json, .kind = row_kind, .flags = bits, .at = offset, __VA_ARGS__       \
    }
#define HV_ROW_TEXT(json, type, member, bits)                                          \
    HV_ROW_(json, HV_TEXT, bits, HV_AT(type, member, const char *), .has = 0)
#define HV_ROW_BOOL(json, type, member, bits)                                          \
    HV_ROW_(json, HV_BOOL, bits, HV_AT(type, member, bool), .has = 0)
#define HV_ROW_U32(json, type, member, bits)                                           \
    HV_ROW_(json, HV_U32, bits, HV_AT(type, member, uint32_t), .has = 0)
#define HV_ROW_U64(json, type, member, bits)                                           \
    HV_ROW_(json, HV_U64, bits, HV_AT(type, member, uint64_t), .has = 0)
#define HV_ROW_STATUS(json, type, member, bits)                                        \
    HV_ROW_(json, HV_STATUS, bits, HV_AT(type, member, int), .has = 0)
#define HV_ROW_U64_IF(json, type, member, flag, bits)                                  \
    HV_ROW_(json, HV_U64, HV_IF | (bits), HV_AT(type, member, uint64_t),               \
            .has = HV_AT(type, flag, bool))
#define HV_ROW_REAL(json, type, member, bits)                                          \
    HV_ROW_(json, HV_REAL, bits, HV_AT(type, member, double), .has = 0)
#define HV_ROW_REAL_IF(json, type, member, flag, bits)                                 \
    HV_ROW_(json, HV_REAL, HV_IF | (bits), HV_AT(type, member, double),                \
            .has = HV_AT(type, flag, bool))
#define HV_ROW_WORD(json, type, member, ctype, list, bits)                             \
    HV_ROW_(json, HV_WORD, bits, HV_AT(type, member, ctype), .words = &(list))
#define HV_ROW_RANGE(json, type, member, bits)                                         \
    HV_ROW_(json, HV_RANGE, bits, HV_AT(type, member[0], double), .has = 0)
#define HV_ROW_RANGE_IF(json, type, member, flag, bits)                                \
    HV_ROW_(json, HV_RANGE, HV_IF | (bits), HV_AT(type, member[0], double),            \
            .has = HV_AT(type, flag, bool))
#define HV_ROW_PART(json, type, member, part, bits)                                    \
    HV_ROW_(json, HV_PART, bits, offsetof(type, member), .shape = &(part))
#define HV_ROW_PART_IF(json, type, member, flag, part, bits)                           \
    HV_ROW_(json, HV_PART, HV_IF | (bits), offsetof(type, member), .shape = &(part),   \
            .has = HV_AT(type, member.flag, bool))
#define HV_ROW_SELF(json, part, bits) HV_ROW_(json, HV_PART, bits, 0, .shape = &(part))
#define HV_ROW_SELF_IF(json, type, flag, part, bits)                                   \
    HV_ROW_(json, HV_PART, HV_IF | (bits), 0, .shape = &(part),                        \
            .has = HV_AT(type, flag, bool))
#define HV_ROW_ROWS(json, type, member, n, ctype, part, bits)                          \
    HV_ROW_(json, HV_ROWS, bits, HV_AT(type, member, ctype),                           \
            .count = HV_AT(type, n, size_t), .shape = &(part))
#define HV_ROW_TEXTS(json, type, member, n, ctype, bits)                               \
    HV_ROW_(json, HV_TEXTS, bits, HV_AT(type, member, ctype),                          \
            .count = HV_AT(type, n, size_t))
#define HV_ROW_TICKS(json, type, member, n, bits)                                      \
    HV_ROW_(json, HV_TICKS, bits, HV_AT(type, member, uint32_t *),                     \
            .count = HV_AT(type, n, size_t))
#define HV_ROW_READINGS(json, type, member, n, bits)                                   \
    HV_ROW_(json, HV_READINGS, bits, HV_AT(type, member, struct hv_reading *),         \
            .count = HV_AT(type, n, size_t))

#define HV_SHAPE(rows, type)                                                           \
    {                                                                                  \
        .fields = rows, .n_fields = HV_LEN(rows), .size = sizeof(type)                 \
    }

#endif
