/* SPDX-License-Identifier: MIT */
/* Transfers of control, hints, system registers, and the block of zeros. */
#include "counters/trace/decode/decode_aarch64.h"

enum { X17 = 17, LR = 30 };

/* The return address is computed. */
void hv_a64_call(struct hv_a64 *a)
{
    hv_a64_clear_gpr(a, LR, 0);
}

void hv_a64_system_call(struct hv_a64 *a)
{
    hv_a64_clear_gpr(a, 0, 0);
}

/* nop, bti, ...; and those that sign or check an address in place: xpaclri, pacia1716
 * and its like, paciasp and its like. */
void hv_a64_hint(struct hv_a64 *a)
{
    const unsigned hint = hv_a64_bits(a, 11, 5);
    if (hint >= 8 && hint <= 15)
        hv_a64_clear_gpr(a, X17, 0);
    if (hint == 7 || (hint >= 24 && hint <= 31))
        hv_a64_clear_gpr(a, LR, 0);
}

/* mrs, sysl */
void hv_a64_read_system(struct hv_a64 *a)
{
    hv_a64_clear_gpr(a, hv_a64_bits(a, 4, 0), 0);
}

/* dc zva: the aligned block that holds the address. How large it is says a register of
 * this CPU. */
void hv_a64_zero_block(struct hv_a64 *a)
{
    enum { WORD = 2 };
    uint64_t block;
    __asm__("mrs %0, dczid_el0" : "=r"(block));
    const unsigned shift = WORD + (block & 15);
    const uint8_t word =
        hv_a64_word(a, (struct hv_word){HV_WORD_ALIGNED, (uint8_t)hv_a64_bits(a, 4, 0),
                                        HV_NO_REG, (uint8_t)shift});
    (void)hv_a64_access_at(a, word, 0, 1u << shift, HV_ACCESS_WRITE);
}

/* ---- where it may go ------------------------------------------------------------- */

static int64_t offset(uint32_t word, unsigned low, unsigned width)
{
    const int64_t sign = INT64_C(1) << (width - 1);
    const int64_t field = word >> low & ((UINT32_C(1) << width) - 1);
    return ((field ^ sign) - sign) * 4;
}

bool hv_a64_target(const struct hv_decoded *decoded, uint64_t *target, bool *always)
{
    static const struct {
        uint32_t mask, value;
        unsigned low, width;
        bool always;
    } rows[] = {
        {0xfc000000, 0x14000000, 0, 26, true }, /* b */
        {0xff000000, 0x54000000, 5, 19, false}, /* b.cond, bc.cond */
        {0x7e000000, 0x34000000, 5, 19, false}, /* cbz, cbnz */
        {0x7e000000, 0x36000000, 5, 14, false}, /* tbz, tbnz */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((decoded->word & rows[i].mask) == rows[i].value) {
            *target = decoded->pc +
                      (uint64_t)offset(decoded->word, rows[i].low, rows[i].width);
            *always = rows[i].always;
            return true;
        }
    return false;
}
