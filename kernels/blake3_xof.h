/* SPDX-License-Identifier: MIT */
/* BLAKE3's extendable output for one-block inputs: what random() is made of. */
#ifndef HV_KERNELS_BLAKE3_XOF_H
#define HV_KERNELS_BLAKE3_XOF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Formulas: "BLAKE3: one function, fast everywhere", sections 2.2 to 2.6. An input of
 * at most one block is a chunk and the root at once, so one compression with the three
 * flags gives a block of output, and the counter selects which.
 *
 * Static, so that every placed object carries its own copy with its own flags. */
#define BLAKE3_INLINE static inline __attribute__((always_inline))

enum {
    BLAKE3_BLOCK = 64, /* bytes of input or output in one compression */
    BLAKE3_CHUNK_START = 1,
    BLAKE3_CHUNK_END = 2,
    BLAKE3_ROOT = 8,
};

struct blake3_input {
    uint32_t word[16];
    uint32_t bytes; /* 0 to 64 */
};

BLAKE3_INLINE uint32_t blake3_rotate(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

BLAKE3_INLINE void blake3_mix(uint32_t *v, unsigned a, unsigned b, unsigned c,
                              unsigned d, uint32_t x, uint32_t y)
{
    v[a] += v[b] + x;
    v[d] = blake3_rotate(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = blake3_rotate(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = blake3_rotate(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = blake3_rotate(v[b] ^ v[c], 7);
}

BLAKE3_INLINE void blake3_round(uint32_t *v, const uint32_t *m, const uint8_t *order)
{
    blake3_mix(v, 0, 4, 8, 12, m[order[0]], m[order[1]]);
    blake3_mix(v, 1, 5, 9, 13, m[order[2]], m[order[3]]);
    blake3_mix(v, 2, 6, 10, 14, m[order[4]], m[order[5]]);
    blake3_mix(v, 3, 7, 11, 15, m[order[6]], m[order[7]]);
    blake3_mix(v, 0, 5, 10, 15, m[order[8]], m[order[9]]);
    blake3_mix(v, 1, 6, 11, 12, m[order[10]], m[order[11]]);
    blake3_mix(v, 2, 7, 8, 13, m[order[12]], m[order[13]]);
    blake3_mix(v, 3, 4, 9, 14, m[order[14]], m[order[15]]);
}

static const uint32_t blake3_iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* Row r is the message permutation applied r times. */
static const uint8_t blake3_order[7][16] = {
    {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15},
    {2,  6,  3,  10, 7,  0,  4,  13, 1,  11, 12, 5,  9,  14, 15, 8 },
    {3,  4,  10, 12, 13, 2,  7,  14, 6,  5,  9,  0,  11, 15, 8,  1 },
    {10, 7,  12, 9,  14, 3,  13, 15, 4,  0,  11, 2,  5,  8,  1,  6 },
    {12, 13, 9,  11, 15, 10, 14, 8,  7,  2,  5,  3,  0,  1,  6,  4 },
    {9,  14, 11, 5,  8,  12, 15, 1,  13, 3,  0,  10, 2,  6,  4,  7 },
    {11, 15, 5,  0,  1,  9,  8,  6,  14, 10, 2,  12, 3,  4,  7,  13},
};

/* Output block number `counter` of the input, as 16 little-endian words. */
BLAKE3_INLINE void blake3_block(const struct blake3_input *input, uint64_t counter,
                                uint32_t out[16])
{
    uint32_t v[16];
    memcpy(v, blake3_iv, 32);
    memcpy(v + 8, blake3_iv, 16);
    v[12] = (uint32_t)counter;
    v[13] = (uint32_t)(counter >> 32);
    v[14] = input->bytes;
    v[15] = BLAKE3_CHUNK_START | BLAKE3_CHUNK_END | BLAKE3_ROOT;

    /* Written out, because a loop of seven is not unrolled and would look the order up
     * at run time. */
    blake3_round(v, input->word, blake3_order[0]);
    blake3_round(v, input->word, blake3_order[1]);
    blake3_round(v, input->word, blake3_order[2]);
    blake3_round(v, input->word, blake3_order[3]);
    blake3_round(v, input->word, blake3_order[4]);
    blake3_round(v, input->word, blake3_order[5]);
    blake3_round(v, input->word, blake3_order[6]);

    for (unsigned i = 0; i < 8; i++) {
        out[i] = v[i] ^ v[i + 8];
        out[i + 8] = v[i + 8] ^ blake3_iv[i];
    }
}

BLAKE3_INLINE void blake3_store(uint8_t *out, const uint32_t word[16])
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(out, word, BLAKE3_BLOCK);
#else
    for (unsigned i = 0; i < BLAKE3_BLOCK; i++)
        out[i] = (uint8_t)(word[i / 4] >> (8 * (i % 4)));
#endif
}

BLAKE3_INLINE struct blake3_input blake3_load(const uint8_t *input, size_t bytes)
{
    struct blake3_input block = {.bytes = (uint32_t)bytes};
    for (size_t i = 0; i < bytes; i++)
        block.word[i / 4] |= (uint32_t)input[i] << (8 * (i % 4));
    return block;
}

/* The first out_bytes bytes of BLAKE3's output (hash mode, no key) for an input of 0 to
 * 64 bytes. Longer inputs need the tree, which is not here. */
BLAKE3_INLINE void blake3_xof(uint8_t *out, size_t out_bytes, const uint8_t *input,
                              size_t input_bytes)
{
    const struct blake3_input block = blake3_load(input, input_bytes);
    uint32_t word[16];
    uint64_t counter = 0;

    for (; out_bytes >= BLAKE3_BLOCK; out_bytes -= BLAKE3_BLOCK, out += BLAKE3_BLOCK) {
        /* One block at a time, as the BLAKE3 crate does: gcc would interleave four, in
         * 64 KiB of code that is no faster. */
        __asm__("" : "+r"(counter));
        blake3_block(&block, counter++, word);
        blake3_store(out, word);
    }
    if (!out_bytes)
        return;
    uint8_t rest[BLAKE3_BLOCK];
    blake3_block(&block, counter, word);
    blake3_store(rest, word);
    memcpy(out, rest, out_bytes);
}

#endif
