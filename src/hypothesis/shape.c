/* SPDX-License-Identifier: MIT */
/* From a tree to structs along the tables; one reader a kind. */
#include "src/hypothesis/shape.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "src/hypothesis.h"

/* Where a value stands: a chain up to the top. */
struct place {
    const struct place *up;
    const char *name; /* NULL: element number index */
    size_t index;
};

struct job {
    const struct hv_key *key;
    const struct hv_node *node;
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
        snprintf(path + used, size - used, "%s%.40s", used ? "." : "", place->name);
    else
        snprintf(path + used, size - used, "[%zu]", place->index);
}

/* found: what stands there, quoted or in words; NULL: it need not be told. */
static int refuse(const struct job *job, const struct hv_node *node, const char *found,
                  const char *expected)
{
    char path[160] = "";
    put_path(job->place, path, sizeof path);
    return hv_fail(job->error, -EINVAL, "line %u, column %u: %s%s%s%s%s",
                   (unsigned)node->line, (unsigned)node->column, path,
                   *path ? ": " : "", found ? found : "", found ? ": " : "", expected);
}

static int refuse_value(const struct job *job, const char *expected)
{
    static const char *const words[] = {
        [HV_NODE_LIST] = "a list", [HV_NODE_MAP] = "a map of keys"};
    char quoted[HV_QUOTED_BYTES];
    const struct hv_node *node = job->node;
    const char *found = node->kind != HV_NODE_TEXT ? words[node->kind]
                        : *node->text              ? hv_tree_quoted(node->text, quoted)
                                                   : "nothing";
    return refuse(job, node, found, expected);
}

/* ---- single values */

static void put_pointer(const struct job *job, const char *text)
{
    text = hv_arena_text(job->arena, text);
    memcpy(job->at, &text, sizeof text);
}

static int take_text(const struct job *job)
{
    const struct hv_node *node = job->node;
    if (node->kind != HV_NODE_TEXT || !*node->text)
        return refuse_value(job, "want text");
    if (strlen(node->text) > job->key->high)
        return refuse_value(
            job, hv_arena_printf(job->arena, "longer than %.0f bytes", job->key->high));
    put_pointer(job, node->text);
    return 0;
}

static int take_name(const struct job *job)
{
    const bool colon = job->key->flags & HV_KEY_COLON;
    if (job->node->kind != HV_NODE_TEXT || !hv_value_is_name(job->node->text, colon))
        return refuse_value(job, "want a name: letters, digits, _ and -");
    put_pointer(job, job->node->text);
    return 0;
}

static int read_number(const struct job *job, double *value)
{
    const struct hv_key *key = job->key;
    const char *fault = "want a number";
    if (job->node->kind != HV_NODE_TEXT ||
        hv_value_read(job->node->text, key->quantity, value, &fault))
        return refuse_value(job, fault);
    if (!(*value >= key->low && *value <= key->high))
        return refuse_value(job, key->range);
    return 0;
}

static int take_number(const struct job *job)
{
    double value;
    const int rc = read_number(job, &value);
    if (!rc)
        memcpy(job->at, &value, sizeof value);
    return rc;
}

static int take_whole(const struct job *job)
{
    double value;
    const int rc = read_number(job, &value);
    const uint32_t whole = rc ? 0 : (uint32_t)value;
    if (!rc)
        memcpy(job->at, &whole, sizeof whole);
    return rc;
}

static int take_scenario(const struct job *job)
{
    const char *text = job->node->kind == HV_NODE_TEXT ? job->node->text : "";
    for (enum hv_scenario id = HV_PESSIMISTIC; id <= HV_OPTIMISTIC; id++)
        if (strcmp(text, hv_scenario_name(id)) == 0) {
            memcpy(job->at, &id, sizeof id);
            return 0;
        }
    return refuse_value(job, "want pessimistic, realistic or optimistic");
}

/* ---- maps and lists */

static int read_map(const struct job *job, const struct hv_key_shape *shape,
                    char *base);

static int take_map(const struct job *job)
{
    return read_map(job, job->key->shape, job->at);
}

/* Makes room for the elements; *rows is NULL only after a refusal. */
static int make_room(const struct job *job, char **rows)
{
    const struct hv_node *node = job->node;
    *rows = NULL;
    if (node->n == 0 || node->n > job->key->high)
        return refuse(job, node, node->n ? "too many" : "none",
                      hv_arena_printf(job->arena, "want 1 to %.0f", job->key->high));
    *rows = hv_arena_array(job->arena, node->n, job->key->shape->size);
    memcpy(job->at, rows, sizeof *rows);
    memcpy(job->base + job->key->count, &node->n, sizeof node->n);
    return 0;
}

static int take_list(const struct job *job)
{
    char *row;
    if (job->node->kind != HV_NODE_LIST)
        return refuse_value(job, "want a list");
    int rc = make_room(job, &row);
    size_t index = 0;
    for (const struct hv_node *node = job->node->first; node && !rc;
         node = node->next, row += job->key->shape->size, index++) {
        const struct place here = {.up = job->place, .index = index};
        struct job inner = *job;
        inner.node = node;
        inner.place = &here;
        rc = read_map(&inner, job->key->shape, row);
    }
    return rc;
}

static int refuse_twice(const struct job *job, const struct hv_node *key,
                        uint32_t before)
{
    char quoted[HV_QUOTED_BYTES], text[60];
    snprintf(text, sizeof text, "this key stands on line %u already", (unsigned)before);
    return refuse(job, key, hv_tree_quoted(key->text, quoted), text);
}

/* At most key->high children, so this stays cheap. */
static int check_named(const struct job *job, const struct hv_node *node)
{
    char quoted[HV_QUOTED_BYTES];
    if (!hv_value_is_name(node->key->text, job->key->flags & HV_KEY_COLON))
        return refuse(job, node->key, hv_tree_quoted(node->key->text, quoted),
                      "want the name of a pair, like bind or set:pair");
    for (const struct hv_node *before = job->node->first; before != node;
         before = before->next)
        if (strcmp(before->key->text, node->key->text) == 0)
            return refuse_twice(job, node->key, before->key->line);
    return 0;
}

static int take_named(const struct job *job)
{
    const struct hv_key_shape *shape = job->key->shape;
    char *row;
    if (job->node->kind != HV_NODE_MAP)
        return refuse_value(job, "want a map of names");
    int rc = make_room(job, &row);
    for (const struct hv_node *node = job->node->first; node && row && !rc;
         node = node->next, row += shape->size) {
        const struct place here = {.up = job->place, .name = node->key->text};
        struct job inner = *job;
        rc = check_named(job, node);
        if (rc)
            break;
        const char *name = hv_arena_text(job->arena, node->key->text);
        memcpy(row + shape->name, &name, sizeof name);
        inner.node = node;
        inner.place = &here;
        rc = read_map(&inner, shape, row);
        if (!rc && shape->line) /* the pair's own line, not that of its first key */
            memcpy(row + shape->line - 1, &node->key->line, sizeof node->key->line);
    }
    return rc;
}

static int (*const readers[HV_KEY_KINDS])(const struct job *job) = {
    [HV_KEY_TEXT] = take_text,         [HV_KEY_NAME] = take_name,
    [HV_KEY_NUMBER] = take_number,     [HV_KEY_WHOLE] = take_whole,
    [HV_KEY_SCENARIO] = take_scenario, [HV_KEY_MAP] = take_map,
    [HV_KEY_LIST] = take_list,         [HV_KEY_NAMED] = take_named,
};

static int refuse_unknown(const struct job *job, const struct hv_key_shape *shape,
                          const struct hv_node *key)
{
    char quoted[HV_QUOTED_BYTES], known[200] = "unknown key; there are";
    for (size_t i = 0; i < shape->n_keys; i++) {
        const size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s %s", i ? "," : "",
                 shape->keys[i].name);
    }
    return refuse(job, key, hv_tree_quoted(key->text, quoted), known);
}

static int take_member(const struct job *job, const struct hv_key_shape *shape,
                       const struct hv_node *node, uint32_t *lines, char *base)
{
    size_t i = 0;
    while (i < shape->n_keys && strcmp(shape->keys[i].name, node->key->text))
        i++;
    if (i == shape->n_keys)
        return refuse_unknown(job, shape, node->key);
    if (lines[i])
        return refuse_twice(job, node->key, lines[i]);
    lines[i] = node->key->line;
    const struct place here = {.up = job->place, .name = shape->keys[i].name};
    const struct job inner = {
        &shape->keys[i], node,       base,      base + shape->keys[i].at,
        &here,           job->arena, job->error};
    const int rc = readers[shape->keys[i].kind](&inner);
    if (!rc && shape->keys[i].has)
        *(bool *)(base + shape->keys[i].has) = true;
    return rc;
}

enum { MOST_KEYS = 16 };

static int read_map(const struct job *job, const struct hv_key_shape *shape, char *base)
{
    uint32_t lines[MOST_KEYS] = {0};
    if (job->node->kind != HV_NODE_MAP)
        return refuse_value(job, "want a map of keys");
    for (const struct hv_node *node = job->node->first; node; node = node->next) {
        const int rc = take_member(job, shape, node, lines, base);
        if (rc)
            return rc;
    }
    for (size_t i = 0; i < shape->n_keys; i++)
        if (!lines[i] && (shape->keys[i].flags & HV_KEY_MUST))
            return refuse(job, job->node, NULL,
                          hv_arena_printf(job->arena, "the key \"%s\" is missing",
                                          shape->keys[i].name));
    if (shape->line)
        memcpy(base + shape->line - 1, &job->node->line, sizeof job->node->line);
    return 0;
}

int hv_shape_read(const struct hv_node *map, const struct hv_key_shape *shape,
                  void *base, struct hv_arena *arena, struct hv_error *error)
{
    const struct job job = {.node = map, .arena = arena, .error = error};
    return read_map(&job, shape, base);
}
