/* SPDX-License-Identifier: MIT */
/* Kernels of known behaviour for tests of the code cache, most of them assembly. What
 * they find out they store at ctx. */
#ifndef HV_TESTS_TRACE_CACHE_KERNELS_H
#define HV_TESTS_TRACE_CACHE_KERNELS_H

#include <stdint.h>

typedef void cache_kernel(void *ctx, uint64_t n);

cache_kernel kernel_loop;      /* 2 n + 1 instructions */
cache_kernel kernel_flags;     /* every exit, with all flags set and clear */
cache_kernel kernel_red_zone;  /* ... with data below the stack */
cache_kernel kernel_registers; /* all 15 used in one loop */
cache_kernel kernel_relative;  /* operands and jumps relative to rip */
cache_kernel kernel_counted;   /* jrcxz, loop, loope, loopne */
cache_kernel kernel_strings;   /* with and without rep, both directions */
cache_kernel kernel_stack;     /* forms of push, pop, call, ret, leave */
cache_kernel kernel_masks;     /* AVX-512 */
cache_kernel kernel_x87;
cache_kernel kernel_state;   /* what it began with: see the test */
cache_kernel kernel_syscall; /* what a syscall leaves in rcx and r11 */
cache_kernel kernel_pause;   /* f3 41 90, which is xchg */

/* Straight lines of 7: another function begins before the fourth instruction; _at is
 * before the fourth of one function. */
cache_kernel kernel_falling, kernel_fallen, kernel_middle;
extern const char kernel_middle_at[];

/* In C: what calls, jumps, allocates, and asks the system. */
cache_kernel kernel_recursion, kernel_jump_table, kernel_sorting, kernel_printing,
    kernel_jumping, kernel_allocating, kernel_syscalls, kernel_telling_time;
cache_kernel kernel_filling;   /* n times rep stosb of 1 MiB; mmap, munmap */
cache_kernel kernel_colliding; /* code at two addresses with the same low 16 bits */

/* ---- refused or crashing ---- */
cache_kernel kernel_gather, kernel_xlat, kernel_bit_string, kernel_maskmov, kernel_gs,
    kernel_short_address, kernel_enter, kernel_xsave, kernel_interrupt, kernel_fs_base,
    kernel_transaction, kernel_far, kernel_short_jump, kernel_segment;

/* Three instructions before, and the faulting one at _at. */
cache_kernel kernel_store, kernel_divide, kernel_undefined, kernel_breakpoint,
    kernel_unaligned, kernel_push;
extern const char kernel_store_at[], kernel_divide_at[], kernel_undefined_at[],
    kernel_breakpoint_at[], kernel_unaligned_at[], kernel_push_at[];

cache_kernel kernel_null;    /* jumps to address 0 */
cache_kernel kernel_nowhere; /* jumps to address 16 */
cache_kernel kernel_endless; /* jumps to itself, at */
extern const char kernel_endless_at[];

#endif
