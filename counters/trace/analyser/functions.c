/* SPDX-License-Identifier: MIT */
/* The table of functions, and the largest of them at the end. */
#include "counters/trace/analyser/functions.h"

#include <string.h>

static const char others[] = "(others)";

static uint16_t append(struct hv_functions *functions, uint64_t start, const char *name,
                       enum hv_trace_group group)
{
    const uint16_t index = functions->n++;
    struct hv_function *function = &functions->function[index];
    const bool last = index == HV_FUNCTIONS - 1;
    if (last)
        name = others;
    function->start = last ? 0 : start;
    function->share.group = last ? HV_GROUP_REST : group;
    memcpy(function->share.name, name, strnlen(name, HV_TRACE_NAME - 1));
    return index;
}

uint16_t hv_functions_index(struct hv_functions *functions, uint64_t start,
                            const char *name, enum hv_trace_group group)
{
    size_t at = (start + (uint64_t)group) * 0x9e3779b97f4a7c15u >> 54;
    for (;; at = (at + 1) % HV_FUNCTION_SLOTS) {
        const uint16_t index = functions->slot[at];
        if (!index)
            break;
        const struct hv_function *function = &functions->function[index - 1];
        if (function->start == start && function->share.group == group)
            return index - 1;
    }
    if (functions->n == HV_FUNCTIONS)
        return HV_FUNCTIONS - 1;
    const uint16_t index = append(functions, start, name, group);
    if (index < HV_FUNCTIONS - 1)
        functions->slot[at] = index + 1;
    return index;
}

static void add(struct hv_trace_function *sum, const struct hv_trace_function *share)
{
    sum->calls += share->calls;
    sum->instructions += share->instructions;
    sum->load_bytes += share->load_bytes;
    sum->store_bytes += share->store_bytes;
    sum->copied += share->copied;
}

/* The largest that is not taken yet; functions->n: none that executed anything. */
static uint16_t largest(const struct hv_functions *functions, const bool *taken)
{
    uint16_t best = functions->n;
    uint64_t most = 0;
    for (uint16_t i = 0; i < functions->n; i++) {
        const uint64_t instructions = functions->function[i].share.instructions;
        if (!taken[i] && instructions > most) {
            most = instructions;
            best = i;
        }
    }
    return best;
}

static void sum_up_rest(const struct hv_functions *functions, const bool *taken,
                        struct hv_trace_function *last)
{
    bool first = true;
    for (uint16_t i = 0; i < functions->n; i++) {
        if (taken[i] || !functions->function[i].share.instructions)
            continue;
        if (first) { /* the last that was put out is one of them now */
            memset(last->name, 0, sizeof last->name);
            memcpy(last->name, others, sizeof others);
            last->group = HV_GROUP_REST;
            first = false;
        }
        add(last, &functions->function[i].share);
    }
}

void hv_functions_totals(const struct hv_functions *functions,
                         struct hv_trace_totals *out)
{
    bool taken[HV_FUNCTIONS] = {false};
    out->n_functions = 0;
    while (out->n_functions < HV_TRACE_FUNCTIONS) {
        const uint16_t i = largest(functions, taken);
        if (i == functions->n)
            return;
        taken[i] = true;
        out->function[out->n_functions++] = functions->function[i].share;
    }
    sum_up_rest(functions, taken, &out->function[HV_TRACE_FUNCTIONS - 1]);
}
