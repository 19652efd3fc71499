/* SPDX-License-Identifier: MIT */
/* A treap by indices; nothing recursive, for it runs on a stack of unknown size. */
#include "counters/trace/analyser/run_tree.h"

/* As good as random, and needs no room. */
static uint32_t rank(uint32_t index)
{
    index *= 0x9e3779b1u;
    index ^= index >> 15;
    return index * 0x85ebca77u;
}

/* The run stands behind (origin, distance, at). */
static bool behind(const struct hv_copy_run *run, uint64_t origin, uint64_t distance,
                   uint64_t at)
{
    if (run->origin != origin)
        return run->origin > origin;
    if (run->distance != distance)
        return run->distance > distance;
    return run->lo > at;
}

uint32_t hv_run_tree_floor(const struct hv_run_tree *tree, uint64_t origin,
                           uint64_t distance, uint64_t at)
{
    uint32_t best = 0;
    for (uint32_t i = tree->root; i;) {
        const struct hv_copy_run *run = &tree->run[i];
        if (behind(run, origin, distance, at)) {
            i = run->left;
        } else {
            best = i;
            i = run->right;
        }
    }
    return best;
}

static uint32_t take(struct hv_run_tree *tree)
{
    const uint32_t index = tree->free;
    if (index) {
        tree->free = tree->run[index].next;
        return index;
    }
    return tree->used + 1 < HV_OPEN_RUNS ? ++tree->used : 0;
}

static void thread(struct hv_run_tree *tree, uint32_t index, uint32_t after)
{
    const uint32_t next = tree->run[after].next;
    tree->run[index].prev = after;
    tree->run[index].next = next;
    tree->run[after].next = index;
    tree->run[next].prev = index;
}

/* Hangs the new node where its rank wants it, and what was there below it. */
static void hang(struct hv_run_tree *tree, uint32_t index)
{
    struct hv_copy_run *new = &tree->run[index];
    uint32_t *link = &tree->root;
    while (*link && rank(*link) >= rank(index)) {
        struct hv_copy_run *run = &tree->run[*link];
        link =
            behind(run, new->origin, new->distance, new->lo) ? &run->left : &run->right;
    }
    uint32_t node = *link, *low = &new->left, *high = &new->right;
    *link = index;
    while (node) {
        struct hv_copy_run *run = &tree->run[node];
        if (behind(run, new->origin, new->distance, new->lo)) {
            *high = node;
            high = &run->left;
            node = *high;
        } else {
            *low = node;
            low = &run->right;
            node = *low;
        }
    }
    *low = *high = 0;
}

uint32_t hv_run_tree_insert(struct hv_run_tree *tree, uint64_t origin,
                            uint64_t distance, uint64_t lo)
{
    const uint32_t after = hv_run_tree_floor(tree, origin, distance, lo);
    const uint32_t index = take(tree);
    if (!index)
        return 0;
    tree->run[index] = (struct hv_copy_run){
        .origin = origin, .distance = distance, .lo = lo, .hi = lo};
    thread(tree, index, after);
    hang(tree, index);
    tree->n++;
    return index;
}

void hv_run_tree_remove(struct hv_run_tree *tree, uint32_t index)
{
    struct hv_copy_run *gone = &tree->run[index];
    uint32_t *link = &tree->root;
    while (*link != index) {
        struct hv_copy_run *run = &tree->run[*link];
        link = behind(run, gone->origin, gone->distance, gone->lo) ? &run->left
                                                                   : &run->right;
    }
    uint32_t left = gone->left, right = gone->right;
    while (left && right) {
        if (rank(left) >= rank(right)) {
            *link = left;
            link = &tree->run[left].right;
            left = *link;
        } else {
            *link = right;
            link = &tree->run[right].left;
            right = *link;
        }
    }
    *link = left ? left : right;
    tree->run[gone->prev].next = gone->next;
    tree->run[gone->next].prev = gone->prev;
    gone->next = tree->free;
    tree->free = index;
    tree->n--;
}
