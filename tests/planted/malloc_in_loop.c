/* SPDX-License-Identifier: MIT */
/* Planted: a list of six small nodes, each by a malloc and a free. Removed: the nodes
 * lie in a pool. */
#include "tests/planted/planted.h"

enum { NODES = 6, POOL_STEP = 64 };

struct node {
    struct node *next;
    uint64_t value[5];
};

HV_VARY_INLINE void free_all(struct node *list, const enum hv_vary vary)
{
    while (list) {
        struct node *next = list->next;
        hv_release(list, vary);
        list = next;
    }
}

HV_BODY(node_by_node)
{
    struct planted *c = ctx;
    for (; n; n--) {
        struct node *list = NULL;
        uint64_t sum = 0;
        for (size_t i = 0; i < NODES; i++) {
            struct node *node =
                hv_allocate(c->memory + POOL_STEP * i, sizeof *node, vary);
            if (!node)
                break; /* a sum that check refuses */
            node->next = list;
            node->value[0] = i + 1;
            list = node;
        }
        HV_KEEP(list);
        for (const struct node *node = list; node; node = node->next)
            sum += node->value[0];
        free_all(list, vary);
        c->out[0] = sum;
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_ALLOC_CHANGES(X, node_by_node)
HV_AS_IS(node_by_node)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(nodes_of_a_pool, node_by_node, alloc_hoisted)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    return planted_make(work, PLANTED_MEMORY, size->seed);
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const uint64_t want = NODES * (NODES + 1) / 2;
    return planted_compare(work, &want, 1, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(malloc_in_loop, node_by_node, nodes_of_a_pool,
             .question = "planted: malloc and free in the loop",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
