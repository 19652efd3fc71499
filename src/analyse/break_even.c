/* SPDX-License-Identifier: MIT */
/* The break-even batch size of a GPU. */
#include "src/analyse/break_even.h"

#include "src/analyse/evidence.h"
#include "src/analyse/shared.h"

static const struct hv_pair_result *largest_batch(const struct hv_result *result)
{
    const struct hv_pair_result *largest = NULL;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (pair->items > 1 && pair->state == HV_QUIET &&
            hv_predicted_of(result->hypothesis, pair->kernel_set, pair->name) &&
            hv_shared_work(pair).share < HV_SHARED_WORK_MOST &&
            (!largest || pair->items > largest->items))
            largest = pair;
    }
    return largest;
}

static struct hv_evidence cpu_item(const struct hv_pair_result *pair,
                                   struct hv_arena *arena)
{
    const struct hv_evidence *time =
        pair ? hv_arm_figure(&pair->arm[HV_CANDIDATE], "time") : NULL;
    if (!time || time->provenance == HV_ABSENT)
        return hv_absent("ns/item",
                         "no pair of the hypothesis with several items an iteration "
                         "has a quiet time");
    struct hv_evidence item = hv_value(
        time->provenance, time->value / (double)pair->items, "ns/item",
        hv_arena_printf(arena, "%s: time / %llu items", pair->arm[HV_CANDIDATE].name,
                        (unsigned long long)pair->items));
    item.has_ci = time->has_ci;
    item.ci95[0] = time->ci95[0] / (double)pair->items;
    item.ci95[1] = time->ci95[1] / (double)pair->items;
    return item;
}

/* where: what the rate is of, in words. */
static struct hv_evidence batch(const struct hv_gpu *gpu, const struct hv_evidence *cpu,
                                const struct hv_assumption *rate, const char *where,
                                struct hv_arena *arena)
{
    if (cpu->provenance == HV_ABSENT)
        return hv_absent("items", cpu->why);
    if (!(rate->value > 0))
        return hv_absent("items", hv_arena_printf(arena,
                                                  "the hypothesis tells no rate "
                                                  "of %s",
                                                  where));
    const double item = gpu->item_bytes.value / rate->value;
    if (!(cpu->value > item))
        return hv_absent(
            "items", hv_arena_printf(arena,
                                     "no batch pays: an item takes the CPU %.3g ns, "
                                     "and %s alone %.3g ns",
                                     cpu->value, where, item));
    return hv_value(HV_DECLARED, gpu->launch_ns.value / (cpu->value - item), "items",
                    hv_arena_printf(arena,
                                    "launch of %.4g ns / (%.3g ns an item on the CPU - "
                                    "%.3g ns by %s at %.4g GB/s); the GPU's figures "
                                    "are declared, none was measured",
                                    gpu->launch_ns.value, cpu->value, item, where,
                                    rate->value));
}

struct hv_break_even hv_find_break_even(const struct hv_result *result,
                                        struct hv_arena *arena)
{
    const struct hv_hypothesis *h = result->hypothesis;
    struct hv_break_even found = {0};
    if (!h || !h->present || !(h->gpu.launch_ns.value > 0) ||
        !(h->gpu.item_bytes.value > 0) ||
        !(h->gpu.transfer_gb_per_s.value > 0 || h->gpu.memory_gb_per_s.value > 0))
        return found;
    found.present = true;
    found.cpu = cpu_item(largest_batch(result), arena);
    found.transferred = batch(&h->gpu, &found.cpu, &h->gpu.transfer_gb_per_s,
                              "the transfer to the device", arena);
    found.resident = batch(&h->gpu, &found.cpu, &h->gpu.memory_gb_per_s,
                           "the device's memory", arena);
    return found;
}
