/* SPDX-License-Identifier: MIT */
/* Walks over JSON that hvperf wrote itself, so nothing is checked. */
#include "tests/unit/json_edits.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    const char *json;
    size_t n;
    struct edit *edits;
    size_t n_edits, room;
};

static void add(struct walk *walk, enum edit_kind kind, size_t from, size_t end,
                const char *text)
{
    if (walk->n_edits == walk->room) {
        walk->room = 2 * walk->room + 64;
        walk->edits = realloc(walk->edits, walk->room * sizeof *walk->edits);
        if (!walk->edits)
            abort();
    }
    struct edit *edit = &walk->edits[walk->n_edits++];
    *edit = (struct edit){.kind = kind, .from = from, .end = end};
    snprintf(edit->text, sizeof edit->text, "%s", text);
}

static size_t skip_blanks(const struct walk *walk, size_t at)
{
    while (at < walk->n && isspace((unsigned char)walk->json[at]))
        at++;
    return at;
}

/* Behind the closing quote of the string at `at`. */
static size_t string_end(const struct walk *walk, size_t at)
{
    for (at++; walk->json[at] != '"'; at++)
        at += walk->json[at] == '\\';
    return at + 1;
}

static size_t word_end(const struct walk *walk, size_t at)
{
    while (at < walk->n && !strchr(",]} \n", walk->json[at]))
        at++;
    return at;
}

/* One character of a string becomes another; escapes and UTF-8 are left alone. */
static void edit_string(struct walk *walk, enum edit_kind kind, size_t at, size_t end)
{
    if (end - at == 2) {
        add(walk, kind, at + 1, at + 1, "x");
        return;
    }
    for (size_t i = end - 2; i > at; i--)
        if (isalnum((unsigned char)walk->json[i]) && walk->json[i - 1] != '\\') {
            add(walk, kind, i, i + 1, walk->json[i] == 'x' ? "y" : "x");
            return;
        }
    add(walk, kind, at + 1, at + 1, "x");
}

static void edit_word(struct walk *walk, size_t at, size_t end)
{
    const char *word = walk->json + at;
    if (*word == 't' || *word == 'f' || *word == 'n') {
        add(walk, EDIT_VALUE, at, end,
            *word == 't'   ? "false"
            : *word == 'f' ? "true"
                           : "0");
        return;
    }
    const char last = word[end - at - 1];
    const char other[] = {last == '9' ? '8' : (char)(last + 1), 0};
    add(walk, EDIT_VALUE, end - 1, end, other);
}

static size_t visit(struct walk *walk, size_t at);

/* The comma before it goes too; of the first one, the comma behind. */
static void edit_drop(struct walk *walk, size_t before, size_t from, size_t end)
{
    const size_t next = skip_blanks(walk, end);
    if (walk->json[before] == ',')
        add(walk, EDIT_DROP, before, end, "");
    else
        add(walk, EDIT_DROP, from, walk->json[next] == ',' ? next + 1 : end, "");
}

static size_t visit_inside(struct walk *walk, size_t at, bool object)
{
    size_t before = at; /* the bracket or the comma before what is next */
    at = skip_blanks(walk, at + 1);
    while (!strchr("]}", walk->json[at])) {
        const size_t from = at;
        if (object) {
            const size_t end = string_end(walk, at);
            edit_string(walk, EDIT_RENAME, at, end);
            at = skip_blanks(walk, skip_blanks(walk, end) + 1);
        }
        const size_t end = visit(walk, at);
        edit_drop(walk, before, from, end);
        before = skip_blanks(walk, end);
        at = before;
        if (walk->json[at] == ',')
            at = skip_blanks(walk, at + 1);
    }
    return at + 1;
}

/* Behind the value that begins at `at`. */
static size_t visit(struct walk *walk, size_t at)
{
    const char first = walk->json[at];
    size_t end;
    if (first == '{' || first == '[') {
        end = visit_inside(walk, at, first == '{');
    } else if (first == '"') {
        end = string_end(walk, at);
        edit_string(walk, EDIT_VALUE, at, end);
    } else {
        end = word_end(walk, at);
        edit_word(walk, at, end);
    }
    if (first != 'n')
        add(walk, EDIT_NULL, at, end, "null");
    return end;
}

struct edit *edits_of(const char *json, size_t n, size_t *n_edits)
{
    struct walk walk = {.json = json, .n = n};
    visit(&walk, skip_blanks(&walk, 0));
    *n_edits = walk.n_edits;
    return walk.edits;
}

char *edited(const char *json, size_t n, const struct edit *edit, size_t *n_edited)
{
    const size_t length = strlen(edit->text);
    char *copy = malloc(n + length + 1);
    if (!copy)
        abort();
    memcpy(copy, json, edit->from);
    memcpy(copy + edit->from, edit->text, length);
    memcpy(copy + edit->from + length, json + edit->end, n - edit->end);
    *n_edited = n - (edit->end - edit->from) + length;
    copy[*n_edited] = '\0';
    return copy;
}
