/* SPDX-License-Identifier: MIT */
/* From the events of libyaml to a tree; it stops at the first thing that is refused, so
 * that no file can make it grow. */
#include "src/hypothesis/tree.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "src/base/utf8.h"
#include "src/hypothesis/bytes.h"

struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one at hand */
    const char *bytes;
    bool has_event;
    struct hv_arena *arena;
    struct hv_error *error;
    size_t nodes;
};

const char *hv_tree_quoted(const char *text, char quoted[HV_QUOTED_BYTES])
{
    enum { SHOWN = 40 };
    size_t used = 0;
    uint32_t code;
    quoted[used++] = '"';
    for (size_t length; (length = hv_utf8_next(text, &code)); text += length) {
        if (used + length > SHOWN) {
            for (int dots = 0; dots < 3; dots++)
                quoted[used++] = '.';
            break;
        }
        if (code < ' ' || code > '~')
            quoted[used++] = '?';
        else
            quoted[used++] = (char)code;
    }
    memcpy(quoted + used, "\"", 2);
    return quoted;
}

static int refuse_at(const struct reader *r, yaml_mark_t mark, const char *what)
{
    return hv_fail(r->error, -EINVAL, "line %zu, column %zu: %s", mark.line + 1,
                   mark.column + 1, what);
}

static int fail_parse(const struct reader *r)
{
    const yaml_parser_t *parser = &r->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return hv_fail(r->error, -ENOMEM, "out of memory");
    if (parser->error == YAML_READER_ERROR) /* it has no mark yet */
        return hv_fail(r->error, -EINVAL, "line %zu: no valid YAML: %.80s",
                       hv_bytes_lines(r->bytes, parser->problem_offset),
                       parser->problem);
    const char *problem = parser->problem ? parser->problem : "no valid YAML";
    char text[200];
    snprintf(text, sizeof text, "no valid YAML: %.80s%s%.80s", problem,
             parser->context ? " " : "", parser->context ? parser->context : "");
    return refuse_at(r, parser->problem_mark, text);
}

static int next_event(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->parser, &r->event);
    return r->has_event ? 0 : fail_parse(r);
}

/* What is refused whatever it stands before. */
static const char *fault_of(const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT: return "aliases (*name) are not taken";
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default: return NULL;
    }
    return anchor ? "anchors (&name) are not taken"
           : tag  ? "tags (!name) are not taken"
                  : NULL;
}

/* Folds every run of blanks and line breaks into one blank, in place. False: a NUL or
 * another character that is not seen, which only an escape sequence can have brought
 * in. */
static bool fold(char *text, size_t length)
{
    char *to = text;
    bool blank = false;
    for (const char *from = text, *end = text + length; from < end;) {
        uint32_t code = 0;
        const size_t bytes = hv_utf8_next(from, &code);
        const bool is_blank = code == ' ' || code == '\n' || code == '\t';
        if (!bytes || (hv_bytes_unseen(code) && !is_blank))
            return false;
        if (blank && !is_blank && to != text)
            *to++ = ' ';
        blank = is_blank;
        if (!is_blank) {
            memmove(to, from, bytes);
            to += bytes;
        }
        from += bytes;
    }
    *to = '\0';
    return true;
}

static int read_text(struct reader *r, struct hv_node *node)
{
    const yaml_event_t *event = &r->event;
    const size_t length = event->data.scalar.length;
    char *text = hv_arena_alloc(r->arena, length + 1);
    memcpy(text, event->data.scalar.value, length);
    if (!fold(text, length))
        return refuse_at(r, event->start_mark,
                         "characters that are not seen are not taken");
    node->text = text;
    return 0;
}

static int read_node(struct reader *r, unsigned depth, struct hv_node **out);

/* Up to the event that ends the list or the map. */
static int read_children(struct reader *r, unsigned depth, struct hv_node *parent)
{
    const bool is_map = parent->kind == HV_NODE_MAP;
    struct hv_node **end = &parent->first;
    if (depth == HV_TREE_MAX_DEPTH)
        return refuse_at(r, r->event.start_mark,
                         "lists and maps are nested too deeply");
    for (;;) {
        struct hv_node *key = NULL;
        int rc = next_event(r);
        if (rc)
            return rc;
        if (r->event.type == YAML_MAPPING_END_EVENT ||
            r->event.type == YAML_SEQUENCE_END_EVENT)
            return 0;
        if (is_map && r->event.type != YAML_SCALAR_EVENT)
            return refuse_at(r, r->event.start_mark, "want a key, which is plain text");
        if (is_map)
            rc = read_node(r, depth + 1, &key);
        if (is_map && !rc)
            rc = next_event(r);
        if (!rc)
            rc = read_node(r, depth + 1, end);
        if (rc)
            return rc;
        (*end)->key = key;
        end = &(*end)->next;
        parent->n++;
    }
}

/* The node that the event at hand begins. */
static int read_node(struct reader *r, unsigned depth, struct hv_node **out)
{
    const yaml_mark_t mark = r->event.start_mark;
    const char *fault = fault_of(&r->event);
    if (fault)
        return refuse_at(r, mark, fault);
    if (++r->nodes > HV_TREE_MAX_NODES)
        return refuse_at(r, mark, "more values than a hypothesis can have");
    struct hv_node *node = hv_arena_alloc(r->arena, sizeof *node);
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
    *out = node;
    if (r->event.type == YAML_SCALAR_EVENT)
        return read_text(r, node);
    node->kind = r->event.type == YAML_MAPPING_START_EVENT ? HV_NODE_MAP : HV_NODE_LIST;
    return read_children(r, depth, node);
}

/* A stream of one document: its start, a node, its end, and no more. */
static int read_stream(struct reader *r, struct hv_node **root)
{
    int rc = next_event(r); /* the stream */
    if (!rc)
        rc = next_event(r); /* a document, or the end of the stream */
    if (rc)
        return rc;
    if (r->event.type == YAML_STREAM_END_EVENT)
        return hv_fail(r->error, -EINVAL, "line 1: the file is empty");
    rc = next_event(r);
    if (!rc)
        rc = read_node(r, 0, root);
    if (!rc)
        rc = next_event(r); /* the end of the document */
    if (!rc)
        rc = next_event(r);
    if (!rc && r->event.type != YAML_STREAM_END_EVENT)
        return refuse_at(r, r->event.start_mark, "a second document begins");
    return rc;
}

int hv_tree_read(const char *bytes, size_t n, struct hv_arena *arena,
                 struct hv_node **root, struct hv_error *error)
{
    struct reader r = {.bytes = bytes, .arena = arena, .error = error};
    *root = NULL;
    int rc = hv_bytes_check(bytes, n, error);
    if (rc)
        return rc;
    if (!yaml_parser_initialize(&r.parser))
        return hv_fail(error, -ENOMEM, "out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes, n);
    rc = read_stream(&r, root);
    if (r.has_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return rc;
}
