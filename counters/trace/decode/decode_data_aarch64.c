/* SPDX-License-Identifier: MIT */
/* What computes, and what moves data unchanged: between registers and lanes. */
#include "counters/trace/decode/decode_aarch64.h"

enum { GPR_BYTES = 8 };

static unsigned dst_of(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 4, 0);
}

static unsigned src_of(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 9, 5);
}

/* ---- general registers ----------------------------------------------------------- */

void hv_a64_to_gpr(struct hv_a64 *a)
{
    hv_a64_clear_gpr(a, dst_of(a), 0);
}

static void move_gpr(struct hv_a64 *a, unsigned from, unsigned bytes)
{
    const unsigned to = dst_of(a);
    if (to == HV_A64_ZERO)
        return;
    if (from == HV_A64_ZERO)
        bytes = 0;
    else
        hv_a64_move(a, hv_a64_gpr(to), hv_a64_gpr(from), bytes);
    hv_a64_clear_gpr(a, to, bytes);
}

/* mov: orr with the zero register. */
void hv_a64_move_gpr(struct hv_a64 *a)
{
    move_gpr(a, hv_a64_bits(a, 20, 16), hv_a64_bits(a, 31, 31) ? 8 : 4);
}

/* uxtb, sxth, sxtw, ... among the moves of bit fields. */
void hv_a64_extend(struct hv_a64 *a)
{
    const unsigned last = hv_a64_bits(a, 15, 10);
    const bool whole = last == 7 || last == 15 || last == 31;
    if (hv_a64_bits(a, 21, 16) || !whole)
        hv_a64_to_gpr(a);
    else
        move_gpr(a, src_of(a), (last + 1) / 8);
}

/* ---- vectors --------------------------------------------------------------------- */

/* The bytes that are used of a vector, in the instructions that have a bit for it. */
static unsigned whole_bytes(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 31, 30) ? 16 : 8;
}

/* 128 bits on one side, whatever bit 30 says: elements become wider or narrower, two of
 * 64 bits become one, a table is looked up, or a scalar's encoding has q registers. */
static bool has_wide_side(uint32_t word)
{
    static const struct {
        uint32_t mask, value;
    } rows[] = {
        {0x9f200c00, 0x0e200000}, /* saddl, addhn, umull, ... */
        {0x9f3fec00, 0x0e212800}, /* xtn, sqxtun, shll */
        {0x9f3ffc00, 0x0e214800}, /* sqxtn, uqxtn */
        {0x9f3fec00, 0x0e216800}, /* fcvtn, fcvtxn, fcvtl */
        {0xdf7e0c00, 0x5e700800}, /* addp, faddp d0, v1.2d, ... */
        {0xff208c00, 0x5e000000}, /* sha1c, sha256h, ... */
        {0xff3e0c00, 0x5e280800}, /* sha1su1, sha256su0, ... */
        {0xbfe08c00, 0x0e000000}, /* tbl, tbx: the table */
        {0xbfe0fc00, 0x2ec0fc00}, /* bfmlalb */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((word & rows[i].mask) == rows[i].value)
            return true;
    /* shrn, sqshrn, sshll, ...; without a shift it is a constant */
    return (word & 0x9f800400) == 0x0f000400 && word & 0x00780000 &&
           (word >> 11 & 31) >= 16 && (word >> 11 & 31) <= 20;
}

/* Scalar ones have bit 28. */
static void count_width(struct hv_a64 *a)
{
    const bool is_scalar = hv_a64_bits(a, 28, 28) && !has_wide_side(a->word);
    hv_a64_is_vector(a, is_scalar ? 8 : has_wide_side(a->word) ? 16 : whole_bytes(a));
}

void hv_a64_to_vector(struct hv_a64 *a)
{
    count_width(a);
    hv_a64_clear_vector(a, dst_of(a), 0);
}

/* Computed from a vector. */
void hv_a64_to_general(struct hv_a64 *a)
{
    hv_a64_is_vector(a, GPR_BYTES);
    hv_a64_to_gpr(a);
}

/* Only flags are written. */
void hv_a64_compare(struct hv_a64 *a)
{
    hv_a64_is_vector(a, GPR_BYTES);
}

/* mov: orr with itself. */
void hv_a64_move_vector(struct hv_a64 *a)
{
    if (hv_a64_bits(a, 20, 16) != src_of(a)) {
        hv_a64_to_vector(a);
        return;
    }
    count_width(a);
    hv_a64_move(a, hv_a64_vector(dst_of(a)), hv_a64_vector(src_of(a)), whole_bytes(a));
    hv_a64_clear_vector(a, dst_of(a), whole_bytes(a));
}

/* fmov of s, d and h. */
void hv_a64_move_scalar(struct hv_a64 *a)
{
    static const uint8_t bytes[4] = {4, 8, 0, 2};
    const unsigned n = bytes[hv_a64_bits(a, 23, 22)];
    hv_a64_is_vector(a, GPR_BYTES);
    if (n)
        hv_a64_move(a, hv_a64_vector(dst_of(a)), hv_a64_vector(src_of(a)), n);
    hv_a64_clear_vector(a, dst_of(a), n);
}

/* fmov between classes: its type says how much, and with rmode which half. */
static unsigned general_bytes(const struct hv_a64 *a)
{
    static const uint8_t bytes[4] = {4, 8, 8, 2};
    return bytes[hv_a64_bits(a, 23, 22)];
}

static unsigned half(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 20, 19) ? 8 : 0;
}

static void vector_to_gpr(struct hv_a64 *a, unsigned from, unsigned bytes)
{
    hv_a64_is_vector(a, GPR_BYTES);
    if (dst_of(a) == HV_A64_ZERO)
        return;
    hv_a64_move(a, hv_a64_gpr(dst_of(a)), from, bytes);
    hv_a64_clear_gpr(a, dst_of(a), bytes);
}

static void gpr_to_vector(struct hv_a64 *a, unsigned at, unsigned bytes)
{
    const unsigned to = hv_a64_vector(dst_of(a)) + at;
    if (src_of(a) == HV_A64_ZERO)
        hv_a64_clear(a, to, bytes);
    else
        hv_a64_move(a, to, hv_a64_gpr(src_of(a)), bytes);
}

void hv_a64_fmov_to_gpr(struct hv_a64 *a)
{
    vector_to_gpr(a, hv_a64_vector(src_of(a)) + half(a), general_bytes(a));
}

/* The upper half alone leaves the lower one. */
void hv_a64_from_general(struct hv_a64 *a)
{
    hv_a64_is_vector(a, half(a) ? 16 : 8);
    gpr_to_vector(a, half(a), general_bytes(a));
    if (!half(a))
        hv_a64_clear_vector(a, dst_of(a), general_bytes(a));
}

/* ---- lanes ----------------------------------------------------------------------- */

/* imm5: the lowest bit says how wide a lane is, those above it which one. bytes 0: not
 * allocated. */
struct lane {
    unsigned bytes, at;
};

static struct lane lane_of(const struct hv_a64 *a)
{
    const unsigned imm = hv_a64_bits(a, 20, 16), low = imm & -imm;
    if (!low || low == 16)
        return (struct lane){0, 0};
    return (struct lane){low, (imm & ~low) / 2};
}

/* A few copies are real, a byte repeated many times is a fill. */
enum { FEW = 8 };

static unsigned repeated(const struct hv_a64 *a, unsigned bytes)
{
    return bytes && whole_bytes(a) / bytes <= FEW ? whole_bytes(a) : 0;
}

void hv_a64_dup_element(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    const unsigned filled = repeated(a, lane.bytes);
    const unsigned from = hv_a64_vector(src_of(a)) + lane.at;
    count_width(a);
    for (unsigned at = 0; at < filled; at += lane.bytes)
        hv_a64_move(a, hv_a64_vector(dst_of(a)) + at, from, lane.bytes);
    hv_a64_clear_vector(a, dst_of(a), filled);
}

void hv_a64_dup_general(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    const unsigned filled = repeated(a, lane.bytes);
    count_width(a);
    for (unsigned at = 0; at < filled; at += lane.bytes)
        gpr_to_vector(a, at, lane.bytes);
    hv_a64_clear_vector(a, dst_of(a), filled);
}

/* mov d0, v1.d[1] */
void hv_a64_dup_scalar(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    hv_a64_is_vector(a, GPR_BYTES);
    if (lane.bytes)
        hv_a64_move(a, hv_a64_vector(dst_of(a)), hv_a64_vector(src_of(a)) + lane.at,
                    lane.bytes);
    hv_a64_clear_vector(a, dst_of(a), lane.bytes);
}

/* umov, smov */
void hv_a64_lane_to_gpr(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    if (lane.bytes)
        vector_to_gpr(a, hv_a64_vector(src_of(a)) + lane.at, lane.bytes);
    else
        hv_a64_to_general(a);
    count_width(a);
}

/* ins v0.d[1], x2 */
void hv_a64_gpr_to_lane(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    count_width(a);
    if (lane.bytes)
        gpr_to_vector(a, lane.at, lane.bytes);
    else
        hv_a64_clear_vector(a, dst_of(a), 0);
}

/* ins v0.d[1], v1.d[0] */
void hv_a64_lane_to_lane(struct hv_a64 *a)
{
    const struct lane lane = lane_of(a);
    count_width(a);
    if (!lane.bytes) {
        hv_a64_clear_vector(a, dst_of(a), 0);
        return;
    }
    const unsigned from = hv_a64_bits(a, 14, 11) & ~(lane.bytes - 1);
    hv_a64_move(a, hv_a64_vector(dst_of(a)) + lane.at, hv_a64_vector(src_of(a)) + from,
                lane.bytes);
}
