/* SPDX-License-Identifier: MIT */
/* The memory of the code cache, reserved before fork so that parent and child have one
 * address space; nothing of it is touched before a trace runs. */
#ifndef HV_COUNTERS_TRACE_CACHE_H
#define HV_COUNTERS_TRACE_CACHE_H

struct hv_cache;

/* Reserves it. 0; -ENOMEM. -ENOTSUP, -EPERM, -EACCES: this system gives no executable
 * memory (or has another architecture): there is no cache, *cache is NULL, and
 * hv_cache_follow() then ends in HV_TRACE_FAILED. */
int hv_cache_open(struct hv_cache **cache);
void hv_cache_close(struct hv_cache *cache);

#endif
