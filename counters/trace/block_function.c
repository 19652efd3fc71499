/* SPDX-License-Identifier: MIT */
/* Which function a block belongs to, and which group that function is of. */
#include "counters/trace/trace.h"

#include <string.h>

static bool is_kernel(const struct hv_trace_child *child, uint64_t pc)
{
    return pc >= child->kernel[0] && pc < child->kernel[1];
}

static bool says_generator(const char *name)
{
    return strstr(name, "generate") || strstr(name, "random");
}

/* Setting memory has no group of its own. */
static enum hv_trace_group group_of_role(const struct hv_role *role)
{
    static const enum hv_trace_group groups[HV_CALLS] = {
        [HV_CALL_COPY] = HV_GROUP_COPY,
        [HV_CALL_SET] = HV_GROUP_REST,
        [HV_CALL_ALLOC] = HV_GROUP_ALLOC,
        [HV_CALL_FREE] = HV_GROUP_ALLOC,
    };
    return groups[role->family];
}

static enum hv_trace_group group_of(const struct hv_trace_child *child, uint64_t pc,
                                    const struct hv_symbol *symbol,
                                    const struct hv_role *role)
{
    if (role)
        return group_of_role(role);
    if (!is_kernel(child, pc))
        return HV_GROUP_REST;
    /* an arm may be called after what it measures */
    if (symbol->start != child->arm && says_generator(symbol->name))
        return HV_GROUP_GENERATOR;
    return HV_GROUP_OPERATION;
}

/* In a stripped library a function with a role is known all the same; of others the
 * object stands for all: "libc.so.6+0x9a3f0". */
static void name_stripped(struct hv_symbol *symbol, const struct hv_role *role)
{
    if (role) {
        symbol->start = role->entry;
        symbol->name = role->name;
    } else if (symbol->object_start) {
        symbol->start = symbol->object_start;
        symbol->name = symbol->object;
    }
}

uint16_t hv_trace_function(const struct hv_trace_child *child, uint64_t pc)
{
    struct hv_symbol symbol = hv_symbols_find(child->symbols, pc);
    const struct hv_role *role = symbol.start ? hv_roles_at(child->roles, symbol.start)
                                              : hv_roles_around(child->roles, pc);
    if (!symbol.start)
        name_stripped(&symbol, role);
    return hv_analyser_function(child->analyser, symbol.start, symbol.name,
                                group_of(child, pc, &symbol, role));
}
