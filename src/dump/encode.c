/* SPDX-License-Identifier: MIT */
/* From memory to JSON along the tables; one writer a kind. */
#include <errno.h>
#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "src/dump/codec.h"
#include "src/run.h"

/* One row at work: base is the struct, at the member. */
struct job {
    struct hv_emit *emit;
    const struct hv_field *field;
    const char *key, *base, *at;
    bool raw_only;
};

static size_t count_of(const struct job *job)
{
    const void *first;
    size_t n;
    memcpy(&first, job->at, sizeof first);
    memcpy(&n, job->base + job->field->count, sizeof n);
    return first ? n : 0;
}

static const char *first_of(const struct job *job)
{
    const char *first;
    memcpy(&first, job->at, sizeof first);
    return first;
}

static void put_text(const struct job *job)
{
    const char *text = first_of(job);
    if (!text && !(job->field->flags & HV_NULLABLE))
        text = "";
    hv_emit_text(job->emit, job->key, text);
}

static void put_bool(const struct job *job)
{
    bool value;
    memcpy(&value, job->at, sizeof value);
    hv_emit_bool(job->emit, job->key, value);
}

static void put_integer(const struct job *job, uint64_t value)
{
    if (!value && (job->field->flags & HV_NULLABLE))
        hv_emit_null(job->emit, job->key);
    else
        hv_emit_u64(job->emit, job->key, value);
}

static void put_u32(const struct job *job)
{
    uint32_t value;
    memcpy(&value, job->at, sizeof value);
    put_integer(job, value);
}

static void put_u64(const struct job *job)
{
    uint64_t value;
    memcpy(&value, job->at, sizeof value);
    put_integer(job, value);
}

static void put_status(const struct job *job)
{
    int value;
    memcpy(&value, job->at, sizeof value);
    hv_emit_status(job->emit, job->key, value);
}

static void put_real(const struct job *job)
{
    double value;
    memcpy(&value, job->at, sizeof value);
    const bool may_be_null = job->field->flags & (HV_NULLABLE | HV_IF | HV_NAN_IS_NULL);
    const bool unknown = !(fabs(value) > 0) && (job->field->flags & HV_NULLABLE);
    if (unknown || (may_be_null && !isfinite(value)))
        hv_emit_null(job->emit, job->key);
    else
        hv_emit_real(job->emit, job->key, value);
}

static void put_word(const struct job *job)
{
    unsigned value;
    memcpy(&value, job->at, sizeof value);
    if (!value && (job->field->flags & HV_NULLABLE))
        hv_emit_null(job->emit, job->key);
    else
        hv_emit_text(job->emit, job->key, job->field->words->name(value));
}

static void put_range(const struct job *job)
{
    double range[2];
    memcpy(range, job->at, sizeof range);
    hv_emit_open_flat(job->emit, job->key);
    hv_emit_real(job->emit, NULL, range[0]);
    hv_emit_real(job->emit, NULL, range[1]);
    hv_emit_close_flat(job->emit);
}

static void put_part(const struct job *job)
{
    hv_encode_json(job->emit, job->key, job->field->shape, job->at, job->raw_only);
}

static void put_rows(const struct job *job)
{
    const size_t n = count_of(job);
    const char *row = first_of(job);
    hv_emit_open(job->emit, job->key, '[');
    for (size_t i = 0; i < n; i++, row += job->field->shape->size)
        hv_encode_json(job->emit, NULL, job->field->shape, row, job->raw_only);
    hv_emit_close(job->emit, ']');
}

static const char *name_of_row(const struct job *job, const char *rows, size_t i)
{
    const char *name;
    memcpy(&name, rows + i * job->field->stride + job->field->key, sizeof name);
    return name ? name : "";
}

/* A name that was used before gets #2, #3 ... behind it: JSON readers keep only one of
 * equal keys. */
static size_t earlier_namesakes(const struct job *job, const char *rows, size_t i)
{
    size_t n = 0;
    for (size_t j = 0; j < i; j++)
        n += !strcmp(name_of_row(job, rows, j), name_of_row(job, rows, i));
    return n;
}

static void put_map(const struct job *job)
{
    const struct hv_field *field = job->field;
    const size_t n = count_of(job);
    const char *rows = first_of(job);
    hv_emit_open(job->emit, job->key, '{');
    for (size_t i = 0; i < n; i++) {
        char key[256];
        const char *name = name_of_row(job, rows, i);
        const size_t before = earlier_namesakes(job, rows, i);
        snprintf(key, sizeof key, before ? "%.200s#%zu" : "%.200s", name, before + 1);
        hv_encode_json(job->emit, key, field->shape,
                       rows + i * field->stride + field->inner, job->raw_only);
    }
    hv_emit_close(job->emit, '}');
}

static void put_texts(const struct job *job)
{
    const size_t n = count_of(job);
    const char *rows = first_of(job);
    hv_emit_open(job->emit, job->key, '[');
    for (size_t i = 0; i < n; i++) {
        const char *text;
        memcpy(&text, rows + i * sizeof text, sizeof text);
        hv_emit_text(job->emit, NULL, text ? text : "");
    }
    hv_emit_close(job->emit, ']');
}

static void put_ticks(const struct job *job)
{
    const size_t n = count_of(job);
    const uint32_t *ticks = (const uint32_t *)(const void *)first_of(job);
    hv_emit_open_flat(job->emit, job->key);
    for (size_t i = 0; i < n; i++)
        if (!ticks[i] && (job->field->flags & HV_NULLS_WITHIN))
            hv_emit_null(job->emit, NULL);
        else
            hv_emit_u64(job->emit, NULL, ticks[i]);
    hv_emit_close_flat(job->emit);
}

static void put_readings(const struct job *job)
{
    const size_t n = count_of(job);
    const struct hv_reading *reading =
        (const struct hv_reading *)(const void *)first_of(job);
    hv_emit_open_flat(job->emit, job->key);
    for (size_t i = 0; i < n; i++) {
        hv_emit_open_flat(job->emit, NULL);
        hv_emit_u64(job->emit, NULL, reading[i].value);
        hv_emit_u64(job->emit, NULL, reading[i].enabled);
        hv_emit_u64(job->emit, NULL, reading[i].running);
        hv_emit_close_flat(job->emit);
    }
    hv_emit_close_flat(job->emit);
}

static void (*const writers[HV_KINDS])(const struct job *job) = {
    [HV_TEXT] = put_text,         [HV_BOOL] = put_bool,     [HV_U32] = put_u32,
    [HV_U64] = put_u64,           [HV_REAL] = put_real,     [HV_WORD] = put_word,
    [HV_RANGE] = put_range,       [HV_PART] = put_part,     [HV_ROWS] = put_rows,
    [HV_MAP] = put_map,           [HV_TEXTS] = put_texts,   [HV_TICKS] = put_ticks,
    [HV_READINGS] = put_readings, [HV_STATUS] = put_status,
};

static bool is_absent(const struct hv_field *field, const char *base)
{
    bool has = true;
    if (field->flags & HV_IF)
        memcpy(&has, base + field->has, sizeof has);
    return !has;
}

static void put_field(const struct job *job)
{
    if (job->raw_only && (job->field->flags & HV_DERIVED))
        return;
    if (is_absent(job->field, job->base))
        hv_emit_null(job->emit, job->key);
    else
        writers[job->field->kind](job);
}

static void put_member(struct hv_emit *emit, const char *key,
                       const struct hv_field *field, const char *base, bool raw_only)
{
    put_field(&(struct job){emit, field, key, base, base + field->at, raw_only});
}

void hv_encode_json(struct hv_emit *emit, const char *key, const struct hv_shape *shape,
                    const void *base, bool raw_only)
{
    alignas(max_align_t) char copy[HV_MAX_SHAPE_BYTES];
    if (shape->tidy && shape->size <= sizeof copy) {
        memcpy(copy, base, shape->size);
        shape->tidy(copy);
        base = copy;
    }
    if (shape->whole) {
        put_member(emit, key, shape->whole, base, raw_only);
        return;
    }
    hv_emit_open(emit, key, '{');
    for (size_t i = 0; i < shape->n_fields; i++)
        put_member(emit, shape->fields[i].name, &shape->fields[i], base, raw_only);
    hv_emit_close(emit, '}');
}
