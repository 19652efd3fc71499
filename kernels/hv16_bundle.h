/* SPDX-License-Identifier: MIT */
/* The bitwise majority of many vectors, counted in bit slices. */
#ifndef HV_KERNELS_HV16_BUNDLE_H
#define HV_KERNELS_HV16_BUNDLE_H

#include "kernels/hv16_lane.h"

/* Instead of one counter a bit, plane p holds bit p of all counters of a lane. Eight
 * vectors go through a tree of seven full adders (Harley and Seal's counter), so only
 * one carry in eight ripples through the upper planes. */
#define HV16_PLANES  16
#define HV16_MAX_SUM ((1u << HV16_PLANES) - 1) /* vectors a bundle may have */

/* Adds carry * 2^from to the counters. */
HV16_INLINE void hv16_ripple(hv16_lane *plane, size_t from, size_t planes,
                             hv16_lane carry)
{
    for (size_t p = from; p < planes; p++) {
        const hv16_lane next = plane[p] & carry;
        plane[p] ^= carry;
        carry = next;
    }
}

/* l + a + b -> l, and the carry */
HV16_INLINE hv16_lane hv16_add(hv16_lane *l, hv16_lane a, hv16_lane b)
{
    const hv16_lane carry = hv16_carry(*l, a, b);
    *l = hv16_sum(*l, a, b);
    return carry;
}

HV16_INLINE void hv16_add_eight(hv16_lane *plane, size_t planes, const uint8_t *v,
                                size_t stride)
{
    const hv16_lane two_a = hv16_add(plane, hv16_load(v), hv16_load(v + stride));
    const hv16_lane two_b =
        hv16_add(plane, hv16_load(v + 2 * stride), hv16_load(v + 3 * stride));
    const hv16_lane four_a = hv16_add(plane + 1, two_a, two_b);
    const hv16_lane two_c =
        hv16_add(plane, hv16_load(v + 4 * stride), hv16_load(v + 5 * stride));
    const hv16_lane two_d =
        hv16_add(plane, hv16_load(v + 6 * stride), hv16_load(v + 7 * stride));
    const hv16_lane four_b = hv16_add(plane + 1, two_c, two_d);
    hv16_ripple(plane, 3, planes, hv16_add(plane + 2, four_a, four_b));
}

/* Ones where the counter is greater than the limit, compared from the top plane down.
 */
HV16_INLINE hv16_lane hv16_greater(const hv16_lane *plane, size_t planes, size_t limit)
{
    hv16_lane greater = {0}, equal = ~greater;
    for (size_t p = planes; p-- > 0;) {
        if (limit >> p & 1) {
            equal &= plane[p];
            continue;
        }
        greater |= equal & plane[p];
        equal &= ~plane[p];
    }
    return greater;
}

HV16_INLINE hv16_lane hv16_majority(const uint8_t *vectors, size_t k, size_t planes,
                                    size_t stride)
{
    hv16_lane plane[HV16_PLANES] = {{0}};
    size_t i = 0;
    for (; i + 8 <= k; i += 8)
        hv16_add_eight(plane, planes, vectors + i * stride, stride);
    for (; i < k; i++)
        hv16_ripple(plane, 0, planes, hv16_load(vectors + i * stride));
    return hv16_greater(plane, planes, k / 2);
}

/* Sets each bit that more than half of the k vectors have; a tie, possible when k is
 * even, gives 0. The vectors lie one after the other, `bytes` each; k is 0 to
 * HV16_MAX_SUM, and best a constant. out must not overlap them. */
HV16_INLINE void hv16_bundle(uint8_t *out, const uint8_t *vectors, size_t k,
                             size_t bytes)
{
    size_t planes = 0;
    while (k >> planes)
        planes++;
    for (size_t at = 0; at < bytes; at += sizeof(hv16_lane))
        hv16_store(out + at, hv16_majority(vectors + at, k, planes, bytes));
}

#endif
