/* SPDX-License-Identifier: MIT */
/* Copies of A64, and what is none. Rows of X(function, body, copy pairs, their bytes,
 * small pairs, their bytes, runs, width of the first). */
#ifndef HV_TEST_CENSUS_COPIES_AARCH64_H
#define HV_TEST_CENSUS_COPIES_AARCH64_H

#define A64_COPIES(X)                                                                  \
    X("one_word", "ldr x2, [x1]; str x2, [x0]; ret", 0, 0, 1, 8, 0, 0),                \
        X("words",                                                                     \
          ".set i, 0; .rept 8; ldr x2, [x1, #i]; str x2, [x0, #i]; .set"               \
          " i, i+8; .endr; ret",                                                       \
          8, 64, 0, 0, 1, 8),                                                          \
        X("one_byte", "ldrb w2, [x1]; strb w2, [x0]; ret", 0, 0, 1, 1, 0, 0),          \
        X("vector", "ldr q1, [x1]; str q1, [x0]; ret", 1, 16, 0, 0, 1, 16),            \
        X("four",                                                                      \
          "ldp q0, q1, [x1]; ldp q2, q3, [x1, #32]; stp q0, q1, [x0]; "                \
          "stp q2, q3, [x0, #32]; ret",                                                \
          2, 64, 0, 0, 1, 16),                                                         \
        X("two_loads", "ldr q0, [x1]; ldr q1, [x1, #16]; stp q0, q1, [x0]; ret", 2,    \
          32, 0, 0, 1, 16),                                                            \
        X("two_words", "ldp x2, x3, [x1]; stp x2, x3, [x0]; ret", 0, 0, 1, 16, 0, 0),  \
        X("structures",                                                                \
          "ld1 {v0.16b-v3.16b}, [x1], #64; st1 {v0.16b-v3.16b}, [x0], "                \
          "#64; ret",                                                                  \
          1, 64, 0, 0, 1, 16),                                                         \
        X("otherwise", "ld1 {v0.16b, v1.16b}, [x1]; stp q0, q1, [x0]; ret", 1, 32, 0,  \
          0, 1, 16),                                                                   \
        X("in_turns", "ld4 {v0.8h-v3.8h}, [x1]; st4 {v0.8h-v3.8h}, [x0]; ret", 1, 64,  \
          0, 0, 1, 16),                                                                \
        X("swapped", "ldp q0, q1, [x1]; stp q1, q0, [x0]; ret", 2, 32, 0, 0, 2, 16),   \
        X("constant", "ldr q0, one_word; str q0, [x0]; ret", 1, 16, 0, 0, 1, 16),      \
        X("stream", "ldp q0, q1, [x1]; stnp q0, q1, [x0]; ret", 1, 32, 0, 0, 1, 16),   \
        X("lower_half", "ldr q0, [x1]; str d0, [x0]; ret", 0, 0, 1, 8, 0, 0),          \
        X("upper_half", "ldr q0, [x1]; st1 {v0.d}[1], [x0]; ret", 0, 0, 1, 8, 0, 0),   \
        X("through", "ldr q0, [x1]; mov v9.16b, v0.16b; str q9, [x0]; ret", 1, 16, 0,  \
          0, 1, 16),                                                                   \
        X("through_general", "ldr x2, [x1]; mov x3, x2; str x3, [x0]; ret", 0, 0, 1,   \
          8, 0, 0),                                                                    \
        X("through_both", "ldr x2, [x1]; fmov d0, x2; str d0, [x0]; ret", 0, 0, 1, 8,  \
          0, 0),                                                                       \
        X("half_moved", "ldr q1, [x1]; mov d0, v1.d[1]; str d0, [x0]; ret", 0, 0, 1,   \
          8, 0, 0),                                                                    \
        X("twice", "ldr q0, [x1]; str q0, [x0]; str q0, [x2]; ret", 2, 32, 0, 0, 2,    \
          16),                                                                         \
        X("twice_at_once", "ldr q0, [x1]; stp q0, q0, [x0]; ret", 2, 32, 0, 0, 2, 16), \
        X("apart",                                                                     \
          "ldr q0, [x1]; str q0, [x0]; ldr q0, [x1, #16]; str q0, [x0, "               \
          "#64]; ret",                                                                 \
          2, 32, 0, 0, 2, 16),                                                         \
        X("after_each",                                                                \
          "ldr q0, [x1], #16; str q0, [x0], #16; ldr q0, [x1], #16; str"               \
          " q0, [x0], #16; ret",                                                       \
          2, 32, 0, 0, 1, 16),                                                         \
        X("nested",                                                                    \
          "1: ldr q0, [x1, x3]; str q0, [x0, x3]; 2: ldr q1, [x4]; str "               \
          "q1, [x5]; subs w6, w6, #1; b.ne 2b; subs w7, w7, #1; b.ne "                 \
          "1b; ret",                                                                   \
          2, 32, 0, 0, 2, 16),                                                         \
        X("scaled",                                                                    \
          "ldr q0, [x1, x3]; str q0, [x0, x3]; ldr q0, [x1, w3, sxtw "                 \
          "#4]; str q0, [x0, x3]; ret",                                                \
          2, 32, 0, 0, 2, 16),                                                         \
        X("over_branches",                                                             \
          "ldr q0, [x1]; str q0, [x0]; cbz x2, 1f; ldr q0, [x1, #16]; "                \
          "str q0, [x0, #16]; 1: ldr q0, [x1, #32]; str q0, [x0, #32]; "               \
          "ret",                                                                       \
          3, 48, 0, 0, 3, 16),                                                         \
        X("after", "1: subs w2, w2, #1; b.ne 1b; ldr q0, [x1]; str q0, [x0]; ret", 1,  \
          16, 0, 0, 1, 16),                                                            \
        X("both_ways",                                                                 \
          "ldr q0, [x1]; cbz x2, 1f; add x0, x0, #1; 1: str q0, [x0]; "                \
          "ret",                                                                       \
          1, 16, 0, 0, 1, 16),                                                         \
        X("saved", "ldr q8, [x1]; bl one_word; str d8, [x0]; ret", 0, 0, 1, 8, 0, 0)

#define A64_NO_COPIES(X)                                                               \
    X("changed", "ldr q0, [x1]; eor v0.16b, v0.16b, v1.16b; str q0, [x0]; ret", 0, 0,  \
      0, 0, 0, 0),                                                                     \
        X("changed_in_part", "ldr x2, [x1]; movk x2, #1; str x2, [x0]; ret", 0, 0, 0,  \
          0, 0, 0),                                                                    \
        X("lane_changed", "ldr q0, [x1]; mov v0.d[1], x2; str q0, [x0]; ret", 0, 0, 0, \
          0, 0, 0),                                                                    \
        X("lane_loaded", "ldr q0, [x1]; ld1 {v0.d}[1], [x2]; str q0, [x0]; ret", 0, 0, \
          0, 0, 0, 0),                                                                 \
        X("extended", "ldrsb x2, [x1]; str x2, [x0]; ret", 0, 0, 0, 0, 0, 0),          \
        X("widened", "ldr w2, [x1]; str x2, [x0]; ret", 0, 0, 0, 0, 0, 0),             \
        X("widened_by_move", "ldr q0, [x1]; mov v1.8b, v0.8b; str q1, [x0]; ret", 0,   \
          0, 0, 0, 0, 0),                                                              \
        X("broadcast", "ld1r {v0.4s}, [x1]; str q0, [x0]; ret", 0, 0, 0, 0, 0, 0),     \
        X("doubled", "ldr q0, [x1]; dup v1.2d, v0.d[0]; str q1, [x0]; ret", 0, 0, 0,   \
          0, 0, 0),                                                                    \
        X("taken_apart",                                                               \
          "ld2 {v0.16b, v1.16b}, [x1]; st1 {v0.16b, v1.16b}, [x0]; ret", 0, 0, 0, 0,   \
          0, 0),                                                                       \
        X("other_turns", "ld2 {v0.16b, v1.16b}, [x1]; st2 {v0.8h, v1.8h}, [x0]; ret",  \
          0, 0, 0, 0, 0, 0),                                                           \
        X("fewer_turns",                                                               \
          "ld3 {v0.16b, v1.16b, v2.16b}, [x1]; st2 {v0.16b, v1.16b}, [x0]; ret", 0, 0, \
          0, 0, 0, 0),                                                                 \
        X("over_a_call", "ldr q8, [x1]; bl one_word; str q8, [x0]; ret", 0, 0, 0, 0,   \
          0, 0),                                                                       \
        X("one_way", "cbz x2, 1f; ldr q0, [x1]; 1: str q0, [x0]; ret", 0, 0, 0, 0, 0,  \
          0),                                                                          \
        X("base_changed", "ldr x2, [x1]; ldr x3, [x2], #8; str x2, [x0]; ret", 0, 0,   \
          0, 0, 0, 0),                                                                 \
        X("computed",                                                                  \
          "mov x2, #7; stp x2, xzr, [x0]; adr x3, one_word; str x3, "                  \
          "[x0, #16]; ret",                                                            \
          0, 0, 0, 0, 0, 0),                                                           \
        X("unknown", "ldr q0, [x1]; .inst 0x04200000; str q0, [x0]; ret", 0, 0, 0, 0,  \
          0, 0)

#endif
