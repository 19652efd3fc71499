/* SPDX-License-Identifier: MIT */
/* The instructions of A64 by their bits. The first row that fits counts, so that what
 * is special stands before its class; whole classes that only compute have one row. */
#include "counters/trace/decode/decode_aarch64.h"

static const struct hv_a64_row rows[] = {
#define ROW(mask_, value_, shape_, ...)                                                \
    {                                                                                  \
        .mask = mask_, .value = value_, .describe = hv_a64_##shape_, __VA_ARGS__       \
    }
#define FLAGS(flags_) .flags = flags_
#define JUMP          .kind = HV_A64_JUMP
    /* ---- transfers of control */
    ROW(0xff000000, 0x54000000, nothing, JUMP, FLAGS(HV_INSN_BRANCH)), /* b.cond */
    ROW(0x7e000000, 0x34000000, nothing, JUMP, FLAGS(HV_INSN_BRANCH)), /* cbz, cbnz */
    ROW(0x7e000000, 0x36000000, nothing, JUMP, FLAGS(HV_INSN_BRANCH)), /* tbz, tbnz */
    ROW(0xfc000000, 0x14000000, nothing, JUMP, FLAGS(0)),              /* b */
    ROW(0xfc000000, 0x94000000, call, JUMP, FLAGS(HV_INSN_CALL | HV_INSN_LINK)),
    ROW(0xfffffc1f, 0xd61f0000, nothing, JUMP, FLAGS(0)), /* br */
    ROW(0xfefff800, 0xd61f0800, nothing, JUMP, FLAGS(0)), /* braa and its like */
    ROW(0xfffffc1f, 0xd63f0000, call, JUMP, FLAGS(HV_INSN_CALL | HV_INSN_LINK)),
    ROW(0xfefff800, 0xd63f0800, call, JUMP, FLAGS(HV_INSN_CALL | HV_INSN_LINK)),
    ROW(0xfffffc1f, 0xd65f0000, nothing, JUMP, FLAGS(HV_INSN_RET | HV_INSN_LINK)),
    ROW(0xfffffbff, 0xd65f0bff, nothing, JUMP, FLAGS(HV_INSN_RET | HV_INSN_LINK)),
    ROW(0xffe0001f, 0xd4000001, system_call, .kind = HV_A64_SYSTEM_CALL,
        FLAGS(HV_INSN_SYSCALL)),
    ROW(0xffe0001f, 0xd4200000, unsupported, .kind = HV_A64_TRAP), /* brk */
    /* ---- system */
    ROW(0xfffff01f, 0xd503201f, hint, FLAGS(0)),
    ROW(0xfffff01f, 0xd503301f, nothing, FLAGS(0)),     /* dmb, dsb, isb, clrex */
    ROW(0xfff8f01f, 0xd500401f, nothing, FLAGS(0)),     /* msr of pstate */
    ROW(0xffffffe0, 0xd50b7420, zero_block, FLAGS(0)),  /* dc zva */
    ROW(0xffffffe0, 0xd50b7520, nothing, FLAGS(0)),     /* ic ivau */
    ROW(0xfffff0e0, 0xd50b7020, nothing, FLAGS(0)),     /* dc cvac, cvau, civac, ... */
    ROW(0xfff80000, 0xd5280000, read_system, FLAGS(0)), /* sysl */
    ROW(0xfff00000, 0xd5100000, nothing, FLAGS(0)),     /* msr */
    ROW(0xfff00000, 0xd5300000, read_system, FLAGS(0)), /* mrs */
    /* ---- memory: structures */
    ROW(0xbfbf0000, 0x0c000000, structures, FLAGS(0)),
    ROW(0xbfa00000, 0x0c800000, structures, FLAGS(0)),
    ROW(0xbf9f0000, 0x0d000000, structure, FLAGS(0)),
    ROW(0xbf800000, 0x0d800000, structure, FLAGS(0)),
    /* ---- memory: exclusive, ordered, atomic */
    ROW(0x3fe00000, 0x08400000, exclusive, .kind = HV_A64_LOAD_EXCLUSIVE),
    ROW(0x3fe00000, 0x08000000, exclusive, .kind = HV_A64_STORE_EXCLUSIVE),
    ROW(0xbfe00000, 0x88600000, exclusive_pair, .kind = HV_A64_LOAD_EXCLUSIVE),
    ROW(0xbfe00000, 0x88200000, exclusive_pair, .kind = HV_A64_STORE_EXCLUSIVE),
    ROW(0xbfa07c00, 0x08207c00, compare_swap_pair, FLAGS(0)),
    ROW(0x3fa00000, 0x08800000, ordered, FLAGS(0)),
    ROW(0x3fa07c00, 0x08a07c00, compare_swap, FLAGS(0)),
    ROW(0x3f200c00, 0x19000000, unscaled, FLAGS(0)), /* ldapur, stlur */
    ROW(0x3ffffc00, 0x38bfc000, acquire, FLAGS(0)),  /* ldapr */
    ROW(0x3f20fc00, 0x38208000, swap, FLAGS(0)),
    ROW(0x3f208c00, 0x38200000, atomic, FLAGS(0)),
    /* ---- memory: one register, a pair */
    ROW(0x3b000000, 0x18000000, literal, FLAGS(0)),
    ROW(0x3a000000, 0x28000000, pair, FLAGS(0)),
    ROW(0x3b200c00, 0x38000000, unscaled, FLAGS(0)),
    ROW(0x3b200400, 0x38000400, indexed, FLAGS(0)),
    ROW(0x3f200c00, 0x38000800, unscaled, FLAGS(0)), /* ldtr, sttr */
    ROW(0x3b200c00, 0x38200800, register_offset, FLAGS(0)),
    ROW(0x3b000000, 0x39000000, unsigned_offset, FLAGS(0)),
    /* ---- general registers */
    ROW(0x7fe0ffe0, 0x2a0003e0, move_gpr, FLAGS(0)),
    ROW(0x3f800000, 0x13000000, extend, FLAGS(0)),
    ROW(0x1fe00000, 0x1a400000, nothing, FLAGS(0)), /* ccmp, ccmn */
    ROW(0xffe07c10, 0xba000400, nothing, FLAGS(0)), /* rmif */
    ROW(0xffffbc1f, 0x3a00080d, nothing, FLAGS(0)), /* setf8, setf16 */
    ROW(0x1c000000, 0x10000000, to_gpr, FLAGS(0)),  /* with an immediate */
    ROW(0x0e000000, 0x0a000000, to_gpr, FLAGS(0)),  /* with registers */
    /* ---- vectors: moves */
    ROW(0xbfe0fc00, 0x0ea01c00, move_vector, FLAGS(0)),
    ROW(0xff3ffc00, 0x1e204000, move_scalar, FLAGS(0)),
    ROW(0xfffffc00, 0x1e260000, fmov_to_gpr, FLAGS(0)),
    ROW(0xfffffc00, 0x9e660000, fmov_to_gpr, FLAGS(0)),
    ROW(0xfffffc00, 0x9eae0000, fmov_to_gpr, FLAGS(0)),
    ROW(0x7ffffc00, 0x1ee60000, fmov_to_gpr, FLAGS(0)),
    ROW(0xfffffc00, 0x1e270000, from_general, FLAGS(0)),
    ROW(0xfffffc00, 0x9e670000, from_general, FLAGS(0)),
    ROW(0xfffffc00, 0x9eaf0000, from_general, FLAGS(0)),
    ROW(0x7ffffc00, 0x1ee70000, from_general, FLAGS(0)),
    ROW(0xbfe0fc00, 0x0e000400, dup_element, FLAGS(0)),
    ROW(0xbfe0fc00, 0x0e000c00, dup_general, FLAGS(0)),
    ROW(0xffe0fc00, 0x5e000400, dup_scalar, FLAGS(0)),
    ROW(0xbfe0ec00, 0x0e002c00, lane_to_gpr, FLAGS(0)),
    ROW(0xffe0fc00, 0x4e001c00, gpr_to_lane, FLAGS(0)),
    ROW(0xffe08400, 0x6e000400, lane_to_lane, FLAGS(0)),
    /* ---- vectors: numbers become others */
    ROW(0x7f36fc00, 0x1e220000, to_vector, FLAGS(0)),  /* scvtf, ucvtf */
    ROW(0x7f20fc00, 0x1e200000, to_general, FLAGS(0)), /* fcvt.. */
    ROW(0x7f3e0000, 0x1e020000, to_vector, FLAGS(0)),  /* of fixed point */
    ROW(0x7f200000, 0x1e000000, to_general, FLAGS(0)),
    ROW(0xff20fc07, 0x1e202000, compare, FLAGS(0)), /* fcmp */
    ROW(0xff200c00, 0x1e200400, compare, FLAGS(0)), /* fccmp */
    ROW(0x0e000000, 0x0e000000, to_vector, FLAGS(0)),
    /* ---- sve, sme, and what is not known */
    ROW(0x00000000, 0x00000000, unsupported, FLAGS(0)),
#undef ROW
#undef FLAGS
#undef JUMP
};

const struct hv_a64_row *hv_a64_find(uint32_t word)
{
    const struct hv_a64_row *row = rows;
    while ((word & row->mask) != row->value)
        row++;
    return row;
}
