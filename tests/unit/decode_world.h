/* SPDX-License-Identifier: MIT */
/* A form of an instruction, decoded, with registers that let it run: pointers point
 * into native_memory, indices are small, everything else is random. x86-64 only. */
#ifndef HV_TEST_DECODE_WORLD_H
#define HV_TEST_DECODE_WORLD_H

#include <stdbool.h>

#include "counters/trace/decode.h"
#include "tests/unit/decode_forms.h"
#include "tests/unit/decode_native.h"

struct decode_world {
    struct decode_form form;
    struct hv_decoded decoded;
    struct hv_block_builder builder;
    struct hv_block block; /* of this instruction alone */
    const struct hv_insn *insn;
    uint64_t seed;
};

/* Describes code of so many bytes; the same numbers follow the same seed. */
void decode_world_begin(struct decode_world *world, const struct decode_form *form,
                        uint64_t seed);
uint64_t decode_world_random(struct decode_world *world);

/* Why it cannot be run on its own, or NULL. */
const char *decode_world_refuses(const struct decode_world *world);

/* New registers and new contents of native_memory. */
void decode_world_fill(struct decode_world *world, struct native_state *state);

/* Word number i of the block, as a tracer logs it. */
uint64_t decode_world_word(const struct decode_world *world, unsigned i,
                           const struct native_state *before,
                           const struct native_state *after);
/* Address of an access; for a rep string, of its first iteration. */
uint64_t decode_world_address(const struct decode_world *world,
                              const struct hv_access *access,
                              const struct native_state *before);

#endif
