/* SPDX-License-Identifier: MIT */
/* The privileged opener's whitelist of events. */
#include <linux/perf_event.h>
#include <string.h>

#include "counters/perf.h"
#include "counters/pmu.h"

/* Generic events keep their number in the lower half; the upper half may name one of
 * several core PMUs. */
static bool core_or_none(const char *root, uint64_t config)
{
    const uint64_t type = config >> 32;
    return !type || hv_pmu_type_is_core(root, (uint32_t)type);
}

static bool allowed_hardware(const char *root, const struct hv_event *event)
{
    return (event->config & UINT32_MAX) < PERF_COUNT_HW_MAX &&
           core_or_none(root, event->config);
}

static bool allowed_cache(const char *root, const struct hv_event *event)
{
    const uint64_t number = event->config & UINT32_MAX;
    return (number & 0xff) < PERF_COUNT_HW_CACHE_MAX &&
           (number >> 8 & 0xff) < PERF_COUNT_HW_CACHE_OP_MAX &&
           number >> 16 < PERF_COUNT_HW_CACHE_RESULT_MAX &&
           core_or_none(root, event->config);
}

/* Those that count and nothing else: DUMMY and BPF_OUTPUT exist to carry samples. */
static bool allowed_software(const char *root, const struct hv_event *event)
{
    (void)root;
    return event->config <= PERF_COUNT_SW_EMULATION_FAULTS && !event->config1 &&
           !event->config2;
}

static bool allowed_raw(const char *root, const struct hv_event *event)
{
    (void)root, (void)event; /* every code is the core PMU's own */
    return true;
}

static const struct {
    uint32_t type;
    bool (*allowed)(const char *root, const struct hv_event *event);
} types[] = {
    {PERF_TYPE_HARDWARE, allowed_hardware},
    {PERF_TYPE_SOFTWARE, allowed_software},
    {PERF_TYPE_HW_CACHE, allowed_cache   },
    {PERF_TYPE_RAW,      allowed_raw     },
};

static bool ends(const char *text, size_t size)
{
    return memchr(text, '\0', size);
}

/* From another process the byte of a bool may hold anything. */
static bool is_bool(const bool *value)
{
    unsigned char byte;
    memcpy(&byte, value, sizeof byte);
    return byte <= 1;
}

bool hv_event_allowed_in(const char *root, const struct hv_event *event)
{
    if (!is_bool(&event->include_kernel) || !is_bool(&event->user_read) ||
        !ends(event->figure, sizeof event->figure) ||
        !ends(event->name, sizeof event->name) || !ends(event->pmu, sizeof event->pmu))
        return false;
    for (size_t i = 0; i < HV_LEN(types); i++)
        if (types[i].type == event->type)
            return types[i].allowed(root, event);
    return event->type >= PERF_TYPE_MAX && hv_pmu_type_is_core(root, event->type);
}

bool hv_event_allowed(const struct hv_event *event)
{
    return hv_event_allowed_in("", event);
}
