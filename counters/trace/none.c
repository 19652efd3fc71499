/* SPDX-License-Identifier: MIT */
/* What a trace is where a tracer does not exist for the architecture: a refusal. */
#include <errno.h>

#include "counters/trace/session.h"

#if !defined(__x86_64__)
int hv_cache_open(struct hv_cache **cache)
{
    *cache = NULL;
    return -ENOTSUP;
}

void hv_cache_close(struct hv_cache *cache)
{
    (void)cache;
}

void hv_cache_follow(struct hv_trace_child *child)
{
    hv_trace_tell(child->out, HV_TRACE_FAILED, "the code cache is for x86-64 only");
}
#endif

#if !defined(__x86_64__) && !defined(__aarch64__)
const unsigned char hv_trace_end[1] = {0};

void hv_step_follow(struct hv_trace_child *child, int pid)
{
    (void)pid;
    hv_trace_tell(child->out, HV_TRACE_FAILED,
                  "single-step is for x86-64 and AArch64 only");
}

int hv_step_locate(const struct hv_roles *roles, const uint64_t *stream, size_t at,
                   struct hv_stream_place *out)
{
    (void)roles;
    (void)stream;
    (void)at;
    (void)out;
    return -ENOTSUP;
}
#endif
