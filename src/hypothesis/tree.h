/* SPDX-License-Identifier: MIT */
/* A file as a tree of plain values that knows where each stands. */
#ifndef HV_HYPOTHESIS_TREE_H
#define HV_HYPOTHESIS_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "src/base/arena.h"
#include "src/base/error.h"

enum {
    HV_TREE_MAX_NODES = 4096,
    HV_TREE_MAX_DEPTH = 8, /* lists and maps inside each other */
};

enum hv_node_kind { HV_NODE_TEXT, HV_NODE_LIST, HV_NODE_MAP };

struct hv_node {
    enum hv_node_kind kind;
    uint32_t line, column; /* from 1 */
    const char *text;      /* HV_NODE_TEXT: UTF-8 without control characters */
    struct hv_node *key;   /* in a map: HV_NODE_TEXT */
    struct hv_node *first, *next;
    size_t n; /* children */
};

/* Reads exactly one YAML document of maps, lists and text. -EINVAL with line and column
 * for what is not UTF-8 or holds control characters, for bad YAML, several documents,
 * anchors, aliases and tags (nothing here needs them), and what passes the limits. */
int hv_tree_read(const char *bytes, size_t n, struct hv_arena *arena,
                 struct hv_node **root, struct hv_error *error);

/* Text of a file in quotes for a message: printable, and at most some 40 characters. */
enum { HV_QUOTED_BYTES = 64 };
const char *hv_tree_quoted(const char *text, char quoted[HV_QUOTED_BYTES]);

#endif
