/* SPDX-License-Identifier: MIT */
/* Calls of roles: when they begin and end, and what they count for. */
#include "counters/trace/analyser/shadow.h"

static const struct {
    enum hv_trace_group group;
    uint8_t calls, bytes, direct_calls, direct_bytes; /* values; 0: none */
} family[HV_CALLS] = {
    [HV_CALL_COPY] = {HV_GROUP_COPY,  HV_T_COPY_CALLS,  HV_T_COPY_CALL_BYTES,
                      HV_T_DIRECT_COPY_CALLS,                                                          HV_T_DIRECT_COPY_BYTES },
    [HV_CALL_SET] = {HV_GROUP_REST,  HV_T_SET_CALLS,   HV_T_SET_CALL_BYTES,
                      HV_T_DIRECT_SET_CALLS,                                                           HV_T_DIRECT_SET_BYTES  },
    [HV_CALL_ALLOC] = {HV_GROUP_ALLOC, HV_T_ALLOC_CALLS, HV_T_ALLOC_CALL_BYTES,
                      HV_T_DIRECT_ALLOC_CALLS,                                                         HV_T_DIRECT_ALLOC_BYTES},
    [HV_CALL_FREE] = {HV_GROUP_ALLOC, HV_T_FREE_CALLS,  0,                     HV_T_DIRECT_FREE_CALLS, 0                      },
};

const struct hv_role_frame *hv_shadow_copy(const struct hv_shadow *shadow)
{
    for (unsigned i = 0; i < shadow->n; i++)
        if (shadow->frame[i].role->family == HV_CALL_COPY)
            return &shadow->frame[i];
    return NULL;
}

uint64_t hv_shadow_drop(struct hv_shadow *shadow, uint64_t sp)
{
    const struct hv_role_frame *copy = hv_shadow_copy(shadow);
    while (shadow->n && shadow->frame[shadow->n - 1].slot < sp)
        shadow->n--;
    return copy && copy >= &shadow->frame[shadow->n] ? copy->number : 0;
}

bool hv_shadow_enter(struct hv_shadow *shadow, const struct hv_role *role, uint64_t sp,
                     const struct hv_transfer *from)
{
    if (shadow->n && shadow->frame[shadow->n - 1].slot == sp)
        return false;
    if (shadow->n == HV_ROLE_FRAMES) {
        shadow->overflow++;
        return false;
    }
    shadow->frame[shadow->n++] = (struct hv_role_frame){.slot = sp,
                                                        .number = ++shadow->calls,
                                                        .place = from->pc,
                                                        .role = role,
                                                        .function = from->function};
    return true;
}

enum hv_trace_group hv_shadow_group(const struct hv_shadow *shadow,
                                    enum hv_trace_group own)
{
    return shadow->n ? family[shadow->frame[0].role->family].group : own;
}

static uint64_t bytes_of(const struct hv_role *role, const uint64_t arg[3])
{
    switch (role->bytes) {
    case HV_BYTES_NONE: return 0;
    case HV_BYTES_FIRST: return arg[0];
    case HV_BYTES_SECOND: return arg[1];
    case HV_BYTES_THIRD: return arg[2];
    case HV_BYTES_PRODUCT: return arg[0] * arg[1];
    }
    return 0;
}

void hv_shadow_count(const struct hv_role *role, bool direct, const uint64_t arg[3],
                     uint64_t *value)
{
    const uint64_t bytes = bytes_of(role, arg);
    value[family[role->family].calls]++;
    if (family[role->family].bytes)
        value[family[role->family].bytes] += bytes;
    if (!direct)
        return;
    value[family[role->family].direct_calls]++;
    if (family[role->family].direct_bytes)
        value[family[role->family].direct_bytes] += bytes;
}
