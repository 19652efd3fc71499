/* SPDX-License-Identifier: MIT */
/* From which batch on a GPU would pay, by measured CPU throughput and declared figures
 * of the GPU. */
#ifndef HV_ANALYSE_BREAK_EVEN_H
#define HV_ANALYSE_BREAK_EVEN_H

#include "src/base/arena.h"
#include "src/result.h"

/* The pair with the most items an iteration, of those the hypothesis predicts and whose
 * arms are not nearly all shared work (a generator is no operation), tells what an item
 * costs the CPU: its candidate's quiet time / items. An item costs the GPU
 * item_bytes / transfer, or / memory where the items stay on the device; both beside a
 * launch:
 *     batch = launch / (CPU ns per item - GPU ns per item)
 * Where the GPU's item is not cheaper no batch pays, and the evidence is absent with
 * that reason. No better than declared: the weakest input decides. present only if the
 * hypothesis tells launch, item, and transfer or memory. */
struct hv_break_even hv_find_break_even(const struct hv_result *result,
                                        struct hv_arena *arena);

#endif
