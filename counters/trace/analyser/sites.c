/* SPDX-License-Identifier: MIT */
/* The table of sites, and the largest of them at the end. */
#include "counters/trace/analyser/sites.h"

#include <string.h>

static const char others[] = "(others)";

static uint16_t index_of(struct hv_sites *sites, uint64_t pc, uint16_t function,
                         bool called)
{
    size_t at = (pc * 2 + called) * 0x9e3779b97f4a7c15u >> 51;
    for (; sites->slot[at]; at = (at + 1) % HV_SITE_SLOTS) {
        const struct hv_site *site = &sites->site[sites->slot[at] - 1];
        if (site->pc == pc && site->called == called)
            return sites->slot[at] - 1;
    }
    if (sites->n >= HV_SITES - 1) {
        sites->n = HV_SITES;
        return HV_SITES - 1;
    }
    const uint16_t index = sites->n++;
    sites->slot[at] = index + 1;
    sites->site[index].pc = pc;
    sites->site[index].function = function;
    sites->site[index].called = called;
    return index;
}

void hv_sites_add(struct hv_sites *sites, uint64_t pc, uint16_t function, bool called,
                  uint64_t bytes)
{
    struct hv_site *site = &sites->site[index_of(sites, pc, function, called)];
    if (!site->copies++ || bytes < site->smallest)
        site->smallest = bytes;
    if (bytes > site->largest)
        site->largest = bytes;
    site->bytes += bytes;
}

/* sites->n: none left. Of equal ones the first met, so that reports are stable. */
static uint16_t largest(const struct hv_sites *sites, const bool *taken)
{
    uint16_t best = sites->n;
    uint64_t most = 0;
    for (uint16_t i = 0; i < sites->n; i++) {
        if (!taken[i] && sites->site[i].bytes > most) {
            most = sites->site[i].bytes;
            best = i;
        }
    }
    return best;
}

static void tell(const struct hv_sites *sites, uint16_t index,
                 const struct hv_functions *functions, struct hv_trace_site *out)
{
    const struct hv_site *site = &sites->site[index];
    out->copies = site->copies;
    out->bytes = site->bytes;
    out->smallest = site->smallest;
    out->largest = site->largest;
    out->called = site->called;
    if (index == HV_SITES - 1) {
        memcpy(out->function, others, sizeof others);
        return;
    }
    const struct hv_function *function = &functions->function[site->function];
    memcpy(out->function, function->share.name, sizeof out->function);
    if (function->start && site->pc - function->start <= UINT32_MAX)
        out->offset = (uint32_t)(site->pc - function->start);
}

static void sum_up_rest(const struct hv_sites *sites, const bool *taken,
                        struct hv_trace_site *last)
{
    for (uint16_t i = 0; i < sites->n; i++) {
        const struct hv_site *site = &sites->site[i];
        if (taken[i] || !site->copies)
            continue;
        memset(last->function, 0, sizeof last->function);
        memcpy(last->function, others, sizeof others);
        last->offset = last->called = 0;
        last->copies += site->copies;
        last->bytes += site->bytes;
        if (site->smallest < last->smallest)
            last->smallest = site->smallest;
        if (site->largest > last->largest)
            last->largest = site->largest;
    }
}

void hv_sites_totals(const struct hv_sites *sites, const struct hv_functions *functions,
                     struct hv_trace_totals *out)
{
    bool taken[HV_SITES] = {false};
    out->n_sites = 0;
    while (out->n_sites < HV_TRACE_SITES) {
        const uint16_t i = largest(sites, taken);
        if (i == sites->n)
            return;
        taken[i] = true;
        tell(sites, i, functions, &out->site[out->n_sites++]);
    }
    sum_up_rest(sites, taken, &out->site[HV_TRACE_SITES - 1]);
}
