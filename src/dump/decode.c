/* SPDX-License-Identifier: MIT */
/* From JSON to memory along the tables; one reader a kind. Nothing in the input is
 * believed: types, ranges, lengths and words are checked before they are stored. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/dump/codec.h"
#include "src/run.h"

/* Where a value stands: a chain up to the top. */
struct place {
    const struct place *up;
    const char *name; /* NULL: element number index */
    size_t index;
};

struct job {
    const struct hv_field *field;
    json_t *value;
    char *base, *at;
    const struct place *place;
    struct hv_arena *arena;
    struct hv_error *error;
};

static void put_path(const struct place *place, char *path, size_t size)
{
    if (!place)
        return;
    put_path(place->up, path, size);
    const size_t used = strlen(path);
    if (place->name)
        snprintf(path + used, size - used, "%s%.60s", used ? "." : "", place->name);
    else
        snprintf(path + used, size - used, "[%zu]", place->index);
}

/* The value as the file has it; escaped, so that a terminal survives it. */
static void put_value(const json_t *value, char *text, size_t size)
{
    if (json_is_object(value)) {
        snprintf(text, size, "an object");
        return;
    }
    if (json_is_array(value)) {
        snprintf(text, size, "an array of %zu", json_array_size(value));
        return;
    }
    char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    snprintf(text, size, "%.48s", dumped ? dumped : "a value");
    free(dumped);
}

static int refuse(const struct job *job, const char *expected)
{
    char path[200] = "", value[64];
    put_path(job->place, path, sizeof path);
    put_value(job->value, value, sizeof value);
    return hv_fail(job->error, -EINVAL, "%s: found %s, expected %s",
                   path[0] ? path : "the dump", value, expected);
}

static int take_text(const struct job *job)
{
    if (!json_is_string(job->value))
        return refuse(job, job->field->flags & HV_NULLABLE ? "a string or null"
                                                           : "a string");
    char *text = hv_arena_text(job->arena, json_string_value(job->value));
    memcpy(job->at, &text, sizeof text);
    return 0;
}

static int take_bool(const struct job *job)
{
    if (!json_is_boolean(job->value))
        return refuse(job, "true or false");
    const bool value = json_is_true(job->value);
    memcpy(job->at, &value, sizeof value);
    return 0;
}

static int integer(const json_t *value, uint64_t most, uint64_t *number)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return -EINVAL;
    *number = (uint64_t)json_integer_value(value);
    return *number > most ? -ERANGE : 0;
}

static int take_u32(const struct job *job)
{
    uint64_t number;
    if (integer(job->value, UINT32_MAX, &number))
        return refuse(job, "an integer from 0 to 4294967295");
    const uint32_t value = (uint32_t)number;
    memcpy(job->at, &value, sizeof value);
    return 0;
}

static int take_status(const struct job *job)
{
    const json_int_t number = json_integer_value(job->value);
    if (!json_is_integer(job->value) || number > 0 || number < -4095)
        return refuse(job, "an integer from -4095 to 0");
    const int value = (int)number;
    memcpy(job->at, &value, sizeof value);
    return 0;
}

static int digits(const json_t *value, uint64_t *number)
{
    const char *text = json_string_value(value);
    if (!text || !*text || strspn(text, "0123456789") != strlen(text))
        return -EINVAL;
    errno = 0;
    *number = strtoull(text, NULL, 10);
    return -errno;
}

/* Written as digits where JSON readers commonly end. */
static int count(const json_t *value, uint64_t *number)
{
    return integer(value, UINT64_MAX, number) ? digits(value, number) : 0;
}

static int take_u64(const struct job *job)
{
    uint64_t value;
    if (count(job->value, &value))
        return refuse(job, "an integer from 0 to 18446744073709551615");
    memcpy(job->at, &value, sizeof value);
    return 0;
}

static int take_real(const struct job *job)
{
    const double value = json_number_value(job->value);
    if (!json_is_number(job->value) || !isfinite(value))
        return refuse(job, "a number");
    memcpy(job->at, &value, sizeof value);
    return 0;
}

/* Where 0 is null it has no word. */
static unsigned first_word(const struct job *job)
{
    return job->field->flags & HV_NULLABLE ? 1 : 0;
}

static int refuse_word(const struct job *job)
{
    char expected[200] = "one of";
    for (unsigned i = first_word(job); i < job->field->words->n; i++) {
        const size_t used = strlen(expected);
        snprintf(expected + used, sizeof expected - used, "%s %s",
                 used > strlen("one of") ? "," : "", job->field->words->name(i));
    }
    return refuse(job, expected);
}

static int take_word(const struct job *job)
{
    const char *word = json_string_value(job->value);
    for (unsigned i = first_word(job); word && i < job->field->words->n; i++)
        if (!strcmp(word, job->field->words->name(i))) {
            memcpy(job->at, &i, sizeof i);
            return 0;
        }
    return refuse_word(job);
}

static int take_range(const struct job *job)
{
    const json_t *low = json_array_get(job->value, 0);
    const json_t *high = json_array_get(job->value, 1);
    const double range[2] = {json_number_value(low), json_number_value(high)};
    if (json_array_size(job->value) != 2 || !json_is_number(low) ||
        !json_is_number(high) || !(range[0] <= range[1]))
        return refuse(job, "two numbers [low, high]");
    memcpy(job->at, range, sizeof range);
    return 0;
}

static int take_shape(const struct job *job, const struct hv_shape *shape, char *base);

static int take_part(const struct job *job)
{
    return take_shape(job, job->field->shape, job->at);
}

/* Makes room for n elements and stores pointer and count. */
static int make_room(const struct job *job, size_t n, size_t size, void **first)
{
    if (job->field->flags & HV_SAME) {
        size_t before;
        memcpy(&before, job->base + job->field->count, sizeof before);
        if (before != n)
            return refuse(job, "as many elements as the array beside it has");
    }
    /* NULL stays NULL where there is nothing to iterate over */
    *first = n ? hv_arena_array(job->arena, n, size) : NULL;
    memcpy(job->at, first, sizeof *first);
    memcpy(job->base + job->field->count, &n, sizeof n);
    return 0;
}

static int take_rows(const struct job *job)
{
    const size_t n = json_array_size(job->value), size = job->field->shape->size;
    if (!json_is_array(job->value) || n > HV_MAX_ROWS)
        return refuse(job, "an array of at most 4096 objects");
    void *rows = NULL;
    int rc = make_room(job, n, size, &rows);
    for (size_t i = 0; rows && i < n && !rc; i++) {
        const struct place here = {.up = job->place, .index = i};
        struct job row = *job;
        row.value = json_array_get(job->value, i);
        row.place = &here;
        rc = take_shape(&row, job->field->shape, (char *)rows + i * size);
    }
    return rc;
}

static int take_map_row(const struct job *job, const char *key, json_t *value,
                        char *row)
{
    const struct place here = {.up = job->place, .name = key};
    struct job inner = *job;
    inner.value = value;
    inner.place = &here;
    const char *name = hv_arena_text(job->arena, key);
    memcpy(row + job->field->key, &name, sizeof name);
    return take_shape(&inner, job->field->shape, row + job->field->inner);
}

static int take_map(const struct job *job)
{
    const size_t n = json_object_size(job->value);
    if (!json_is_object(job->value) || n > HV_MAX_ROWS)
        return refuse(job, "an object of at most 4096 members");
    void *rows = NULL;
    int rc = make_room(job, n, job->field->stride, &rows);
    char *row = rows; /* NULL only where there is nothing to iterate over */
    for (void *at = json_object_iter(job->value); at && row && !rc;
         at = json_object_iter_next(job->value, at), row += job->field->stride)
        rc = take_map_row(job, json_object_iter_key(at), json_object_iter_value(at),
                          row);
    return rc;
}

static int refuse_element(const struct job *job, size_t i, const char *expected)
{
    const struct place here = {.up = job->place, .index = i};
    struct job element = *job;
    element.value = json_array_get(job->value, i);
    element.place = &here;
    return refuse(&element, expected);
}

static int take_texts(const struct job *job)
{
    const size_t n = json_array_size(job->value);
    if (!json_is_array(job->value))
        return refuse(job, "an array of strings");
    void *room = NULL;
    const int rc = make_room(job, n, sizeof(char *), &room);
    char **texts = room;
    for (size_t i = 0; texts && i < n; i++) {
        const char *text = json_string_value(json_array_get(job->value, i));
        if (!text)
            return refuse_element(job, i, "a string");
        texts[i] = hv_arena_text(job->arena, text);
    }
    return rc;
}

static int take_ticks(const struct job *job)
{
    const size_t n = json_array_size(job->value);
    const bool nullable = job->field->flags & HV_NULLS_WITHIN;
    if (!json_is_array(job->value))
        return refuse(job, "an array of integers");
    void *room = NULL;
    const int rc = make_room(job, n, sizeof(uint32_t), &room);
    uint32_t *ticks = room;
    for (size_t i = 0; ticks && i < n; i++) {
        const json_t *value = json_array_get(job->value, i);
        uint64_t number = 0;
        if (!(nullable && json_is_null(value)) && integer(value, UINT32_MAX, &number))
            return refuse_element(job, i, "an integer from 0 to 4294967295");
        ticks[i] = (uint32_t)number;
    }
    return rc;
}

static int take_readings(const struct job *job)
{
    const size_t n = json_array_size(job->value);
    if (!json_is_array(job->value))
        return refuse(job, "an array of [value, enabled, running]");
    void *room = NULL;
    const int rc = make_room(job, n, sizeof(struct hv_reading), &room);
    struct hv_reading *reading = room;
    for (size_t i = 0; reading && i < n; i++) {
        const json_t *three = json_array_get(job->value, i);
        if (json_array_size(three) != 3 ||
            count(json_array_get(three, 0), &reading[i].value) ||
            count(json_array_get(three, 1), &reading[i].enabled) ||
            count(json_array_get(three, 2), &reading[i].running))
            return refuse_element(job, i, "[value, enabled, running]");
    }
    return rc;
}

static int (*const readers[HV_KINDS])(const struct job *job) = {
    [HV_TEXT] = take_text,         [HV_BOOL] = take_bool,     [HV_U32] = take_u32,
    [HV_U64] = take_u64,           [HV_REAL] = take_real,     [HV_WORD] = take_word,
    [HV_RANGE] = take_range,       [HV_PART] = take_part,     [HV_ROWS] = take_rows,
    [HV_MAP] = take_map,           [HV_TEXTS] = take_texts,   [HV_TICKS] = take_ticks,
    [HV_READINGS] = take_readings, [HV_STATUS] = take_status,
};

static int take_null(const struct job *job)
{
    const double nothing = NAN;
    if (job->field->flags & HV_NAN_IS_NULL)
        memcpy(job->at, &nothing, sizeof nothing);
    return 0;
}

static int take_value(const struct job *job)
{
    const bool is_null = json_is_null(job->value);
    if (job->field->flags & HV_IF) {
        const bool has = !is_null;
        memcpy(job->base + job->field->has, &has, sizeof has);
    }
    if (is_null && (job->field->flags & (HV_IF | HV_NULLABLE | HV_NAN_IS_NULL)))
        return take_null(job);
    return readers[job->field->kind](job);
}

static int take_field(const struct job *outer, const struct hv_field *field, char *base)
{
    const struct place here = {.up = outer->place, .name = field->name};
    struct job job = *outer;
    job.field = field;
    job.value = json_object_get(outer->value, field->name);
    job.base = base;
    job.at = base + field->at;
    job.place = &here;
    if (!job.value) {
        char expected[100];
        snprintf(expected, sizeof expected, "a member '%s'", field->name);
        return refuse(outer, expected);
    }
    return take_value(&job);
}

static int take_shape(const struct job *job, const struct hv_shape *shape, char *base)
{
    if (shape->whole) {
        struct job whole = *job;
        whole.field = shape->whole;
        whole.base = base;
        whole.at = base + shape->whole->at;
        return take_value(&whole);
    }
    if (!json_is_object(job->value))
        return refuse(job, "an object");
    for (size_t i = 0; i < shape->n_fields; i++) {
        const int rc = take_field(job, &shape->fields[i], base);
        if (rc)
            return rc;
    }
    const char *complaint = shape->check ? shape->check(base) : NULL;
    return complaint ? refuse(job, complaint) : 0;
}

int hv_decode_json(json_t *value, const struct hv_shape *shape, void *base,
                   struct hv_arena *arena, struct hv_error *error)
{
    const struct job job = {.value = value, .arena = arena, .error = error};
    return take_shape(&job, shape, base);
}
