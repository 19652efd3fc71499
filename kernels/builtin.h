/* SPDX-License-Identifier: MIT */
/* The kernel set that the tool carries inside. */
#ifndef HV_KERNELS_BUILTIN_H
#define HV_KERNELS_BUILTIN_H

#include "kernels/hvperf.h"

/* Every pair of the hypothesis at every ISA of kernels/isa.h, worst ISA first, then the
 * controls, whose ISA is "any"; these rows have four places and four twins. Last the
 * steps and insights, at places 0 and 32 only and without twins. Running a row whose
 * ISA this CPU lacks, its setup included, ends in SIGILL. */
extern const struct hv_kernel_set hv_builtin_kernels;

#endif
