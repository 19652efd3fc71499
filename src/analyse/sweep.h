/* SPDX-License-Identifier: MIT */
/* What something costs over its size: the points of a sweep, and where it bends. */
#ifndef HV_ANALYSE_SWEEP_H
#define HV_ANALYSE_SWEEP_H

#include "src/base/arena.h"
#include "src/result.h"

/* From this rise of ns/byte over the cheapest size before it, a bend is a knee. */
#define HV_KNEE_RISE 1.25

/* Fills result->sweeps from the insights among result->experiments that were measured
 * at several footprints: one for each pair and ISA, points by rising size. A knee is
 * looked for in baseline's quiet points: the first size at which a byte costs
 * HV_KNEE_RISE times as much as at the cheapest size since the knee before; the next
 * begins from there. Sizes below a cache line's worth of fixed cost fall, and make no
 * knee. level: what the sizes up to the knee lie in, by the machine's own caches. */
void hv_make_sweeps(struct hv_result *result, struct hv_arena *arena);

#endif
