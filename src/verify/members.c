/* SPDX-License-Identifier: MIT */
/* Two JSON trees side by side. Knows no member by name, so a new one needs nothing
 * here. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/number.h"
#include "src/verify/parts.h"

/* Relative: a few steps of the last digit, added up. */
static const double rounding = 1e-12;

struct differ {
    struct hv_arena *arena;
    struct hv_verification *out;
    int n, rounded; /* members that differ; those of them that do by rounding only */
};

/* Where a value stands: a chain up to the top. */
struct place {
    const struct place *up;
    const char *name; /* NULL: element number index */
    size_t index;
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

/* As the file has it, but with strings escaped. */
static const char *spell(const json_t *value, struct hv_arena *arena)
{
    if (!value)
        return "nothing";
    if (json_is_object(value))
        return hv_arena_printf(arena, "an object of %zu", json_object_size(value));
    if (json_is_array(value))
        return hv_arena_printf(arena, "an array of %zu", json_array_size(value));
    if (json_is_real(value)) {
        char text[HV_NUMBER_BYTES];
        hv_number_text(json_real_value(value), text);
        return hv_arena_text(arena, text);
    }
    char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    const char *text = hv_arena_text(arena, dumped ? dumped : "a value");
    free(dumped);
    return text;
}

static bool by_rounding(const json_t *found, const json_t *expected)
{
    const double a = json_real_value(found), b = json_real_value(expected);
    return json_is_real(found) && json_is_real(expected) &&
           fabs(a - b) <= rounding * fabs(b);
}

static void tell(struct differ *differ, const struct place *place, const json_t *found,
                 const json_t *expected)
{
    char path[300] = "";
    differ->rounded += by_rounding(found, expected);
    if (differ->n++ >= HV_VERIFY_SHOWN)
        return;
    put_path(place, path, sizeof path);
    const char *texts[] = {spell(found, differ->arena), spell(expected, differ->arena)};
    const struct hv_span a = {texts[0], strlen(texts[0])};
    const struct hv_span b = {texts[1], strlen(texts[1])};
    const size_t at = hv_common(a, b);
    hv_finding_add(differ->out, differ->arena, false,
                   hv_arena_printf(differ->arena,
                                   "%s: the dump says %s, the raw data give %s", path,
                                   hv_excerpt(a, at, differ->arena),
                                   hv_excerpt(b, at, differ->arena)));
}

static void compare(struct differ *differ, const struct place *place, json_t *found,
                    json_t *expected);

static void compare_objects(struct differ *differ, const struct place *place,
                            json_t *found, json_t *expected)
{
    const char *key;
    json_t *value;
    json_object_foreach(found, key, value)
    {
        const struct place here = {.up = place, .name = key};
        compare(differ, &here, value, json_object_get(expected, key));
    }
    json_object_foreach(expected, key, value)
    {
        const struct place here = {.up = place, .name = key};
        if (!json_object_get(found, key))
            tell(differ, &here, NULL, value);
    }
}

static void compare_arrays(struct differ *differ, const struct place *place,
                           json_t *found, json_t *expected)
{
    const size_t n = json_array_size(found), m = json_array_size(expected);
    if (n != m)
        tell(differ, place, found, expected);
    for (size_t i = 0; i < n && i < m; i++) {
        const struct place here = {.up = place, .index = i};
        compare(differ, &here, json_array_get(found, i), json_array_get(expected, i));
    }
}

static void compare(struct differ *differ, const struct place *place, json_t *found,
                    json_t *expected)
{
    if (!expected || json_typeof(found) != json_typeof(expected))
        tell(differ, place, found, expected);
    else if (json_is_object(found))
        compare_objects(differ, place, found, expected);
    else if (json_is_array(found))
        compare_arrays(differ, place, found, expected);
    else if (!json_equal(found, expected))
        tell(differ, place, found, expected);
}

static void tell_all(const struct differ *differ)
{
    if (differ->n > HV_VERIFY_SHOWN)
        hv_finding_add(
            differ->out, differ->arena, false,
            hv_arena_printf(differ->arena, "%d members differ in all", differ->n));
    if (differ->n && differ->n == differ->rounded)
        hv_finding_add(differ->out, differ->arena, false,
                       "nothing differs by more than 1e-12 of its value: the C library "
                       "or the CPU it was computed with may round differently");
}

int hv_diff_members(struct hv_span found, struct hv_span expected,
                    struct hv_arena *arena, struct hv_verification *out)
{
    struct differ differ = {.arena = arena, .out = out};
    json_t *a = json_loadb(found.bytes, found.n, 0, NULL);
    json_t *b = json_loadb(expected.bytes, expected.n, 0, NULL);
    if (a && b)
        compare(&differ, NULL, a, b);
    json_decref(a);
    json_decref(b);
    if (!a || !b)
        return -EINVAL;
    tell_all(&differ);
    return differ.n;
}
