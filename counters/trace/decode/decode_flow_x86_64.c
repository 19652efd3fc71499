/* SPDX-License-Identifier: MIT */
/* Which instructions carry data unchanged, and how: one row a mnemonic. What has no row
 * computes: all that it writes is cleared. So are, on purpose, shuffles and blends,
 * cmov (its choice is not followed), byte swaps, and x87, whose registers have no tags.
 *
 * A broadcast is followed if the register holds at most eight elements: the copies are
 * real there, while a byte repeated 64 times is a fill. */
#include "counters/trace/decode/decode_draft.h"

enum shape {
    COMPUTES,
    COPY,       /* bytes; 0: of the smaller operand */
    COMPRESS,   /* no columns */
    EXCHANGE,   /* no columns */
    PUSH,       /* no columns */
    POP,        /* no columns; leave too */
    SYSCALL,    /* no columns */
    X87_STATE,  /* no columns */
    ALL_STATE,  /* no columns */
    INSERT,     /* bytes `from` on of the last source, to `at` on of the destination */
    INSERT_AT,  /* bytes; where is the immediate */
    INSERTPS,   /* no columns */
    EXTRACT_AT, /* bytes; where from is the immediate */
    SCALAR,     /* bytes */
    BROADCAST,  /* bytes of an element */
    ZERO_ALL,   /* no columns */
    ZERO_UPPER, /* no columns */
    MASK_PAIR,  /* no columns */
    SHAPES
};

static hv_flow_shape *const shapes[SHAPES] = {
    [COPY] = hv_flow_copy,
    [COMPRESS] = hv_flow_compress,
    [EXCHANGE] = hv_flow_exchange,
    [PUSH] = hv_flow_push,
    [POP] = hv_flow_pop,
    [SYSCALL] = hv_flow_syscall,
    [X87_STATE] = hv_flow_x87_state,
    [ALL_STATE] = hv_flow_all_state,
    [INSERT] = hv_flow_insert,
    [INSERT_AT] = hv_flow_insert_at,
    [INSERTPS] = hv_flow_insertps,
    [EXTRACT_AT] = hv_flow_extract_at,
    [SCALAR] = hv_flow_scalar,
    [BROADCAST] = hv_flow_broadcast,
    [ZERO_ALL] = hv_flow_zero_all,
    [ZERO_UPPER] = hv_flow_zero_upper,
    [MASK_PAIR] = hv_flow_mask_pair,
};

#define ROW(name, ...) [ZYDIS_MNEMONIC_##name] = {.shape = __VA_ARGS__}
static const struct hv_flow_rule rules[ZYDIS_MNEMONIC_MAX_VALUE + 1] = {
    /* ---- general registers */
    ROW(MOV, COPY),
    ROW(MOVZX, COPY),
    ROW(MOVSX, COPY),
    ROW(MOVSXD, COPY),
    ROW(MOVNTI, COPY),
    ROW(MOVDIRI, COPY),
    ROW(XCHG, EXCHANGE),
    ROW(PUSH, PUSH),
    ROW(POP, POP),
    ROW(LEAVE, POP),
    ROW(SYSCALL, SYSCALL),
    /* ---- masks */
    ROW(KMOVB, COPY, .bytes = 1),
    ROW(KMOVW, COPY, .bytes = 2),
    ROW(KMOVD, COPY, .bytes = 4),
    ROW(KMOVQ, COPY, .bytes = 8),
    ROW(VP2INTERSECTD, MASK_PAIR),
    ROW(VP2INTERSECTQ, MASK_PAIR),
    /* ---- whole vectors */
    ROW(MOVAPS, COPY),
    ROW(MOVAPD, COPY),
    ROW(MOVUPS, COPY),
    ROW(MOVUPD, COPY),
    ROW(MOVDQA, COPY),
    ROW(MOVDQU, COPY),
    ROW(LDDQU, COPY),
    ROW(MOVNTDQA, COPY),
    ROW(MOVNTDQ, COPY),
    ROW(MOVNTPS, COPY),
    ROW(MOVNTPD, COPY),
    ROW(MOVNTQ, COPY),
    ROW(VMOVAPS, COPY),
    ROW(VMOVAPD, COPY),
    ROW(VMOVUPS, COPY),
    ROW(VMOVUPD, COPY),
    ROW(VMOVDQA, COPY),
    ROW(VMOVDQU, COPY),
    ROW(VMOVDQA32, COPY),
    ROW(VMOVDQA64, COPY),
    ROW(VMOVDQU8, COPY),
    ROW(VMOVDQU16, COPY),
    ROW(VMOVDQU32, COPY),
    ROW(VMOVDQU64, COPY),
    ROW(VLDDQU, COPY),
    ROW(VMOVNTDQA, COPY),
    ROW(VMOVNTDQ, COPY),
    ROW(VMOVNTPS, COPY),
    ROW(VMOVNTPD, COPY),
    /* ---- chosen elements, side by side in memory */
    ROW(VPCOMPRESSB, COMPRESS),
    ROW(VPCOMPRESSW, COMPRESS),
    ROW(VPCOMPRESSD, COMPRESS),
    ROW(VPCOMPRESSQ, COMPRESS),
    ROW(VCOMPRESSPS, COMPRESS),
    ROW(VCOMPRESSPD, COMPRESS),
    ROW(VPEXPANDB, COMPRESS),
    ROW(VPEXPANDW, COMPRESS),
    ROW(VPEXPANDD, COMPRESS),
    ROW(VPEXPANDQ, COMPRESS),
    ROW(VEXPANDPS, COMPRESS),
    ROW(VEXPANDPD, COMPRESS),
    /* ---- one element, the rest zeroed or kept */
    ROW(MOVD, COPY, .bytes = 4),
    ROW(MOVQ, COPY, .bytes = 8),
    ROW(MOVQ2DQ, COPY, .bytes = 8),
    ROW(MOVDQ2Q, COPY, .bytes = 8),
    ROW(MOVNTSS, COPY, .bytes = 4),
    ROW(MOVNTSD, COPY, .bytes = 8),
    ROW(VMOVW, COPY, .bytes = 2),
    ROW(VMOVD, COPY, .bytes = 4),
    ROW(VMOVQ, COPY, .bytes = 8),
    ROW(MOVSS, SCALAR, .bytes = 4),
    ROW(MOVSD, SCALAR, .bytes = 8),
    ROW(VMOVSH, SCALAR, .bytes = 2),
    ROW(VMOVSS, SCALAR, .bytes = 4),
    ROW(VMOVSD, SCALAR, .bytes = 8),
    ROW(MOVLPS, INSERT, .bytes = 8),
    ROW(MOVLPD, INSERT, .bytes = 8),
    ROW(VMOVLPS, INSERT, .bytes = 8),
    ROW(VMOVLPD, INSERT, .bytes = 8),
    ROW(MOVHPS, INSERT, .at = 8, .bytes = 8),
    ROW(MOVHPD, INSERT, .at = 8, .bytes = 8),
    ROW(VMOVHPS, INSERT, .at = 8, .bytes = 8),
    ROW(VMOVHPD, INSERT, .at = 8, .bytes = 8),
    ROW(MOVHLPS, INSERT, .from = 8, .bytes = 8),
    ROW(VMOVHLPS, INSERT, .from = 8, .bytes = 8),
    ROW(MOVLHPS, INSERT, .at = 8, .bytes = 8),
    ROW(VMOVLHPS, INSERT, .at = 8, .bytes = 8),
    /* Of 128 bits, these are movlhps by other names. */
    ROW(UNPCKLPD, INSERT, .at = 8, .bytes = 8),
    ROW(VUNPCKLPD, INSERT, .at = 8, .bytes = 8),
    ROW(PUNPCKLQDQ, INSERT, .at = 8, .bytes = 8),
    ROW(VPUNPCKLQDQ, INSERT, .at = 8, .bytes = 8),
    /* ---- parts by number */
    ROW(PINSRB, INSERT_AT, .bytes = 1),
    ROW(PINSRW, INSERT_AT, .bytes = 2),
    ROW(PINSRD, INSERT_AT, .bytes = 4),
    ROW(PINSRQ, INSERT_AT, .bytes = 8),
    ROW(VPINSRB, INSERT_AT, .bytes = 1),
    ROW(VPINSRW, INSERT_AT, .bytes = 2),
    ROW(VPINSRD, INSERT_AT, .bytes = 4),
    ROW(VPINSRQ, INSERT_AT, .bytes = 8),
    ROW(VINSERTF128, INSERT_AT, .bytes = 16),
    ROW(VINSERTI128, INSERT_AT, .bytes = 16),
    ROW(VINSERTF32X4, INSERT_AT, .bytes = 16),
    ROW(VINSERTI32X4, INSERT_AT, .bytes = 16),
    ROW(VINSERTF64X2, INSERT_AT, .bytes = 16),
    ROW(VINSERTI64X2, INSERT_AT, .bytes = 16),
    ROW(VINSERTF32X8, INSERT_AT, .bytes = 32),
    ROW(VINSERTI32X8, INSERT_AT, .bytes = 32),
    ROW(VINSERTF64X4, INSERT_AT, .bytes = 32),
    ROW(VINSERTI64X4, INSERT_AT, .bytes = 32),
    ROW(INSERTPS, INSERTPS),
    ROW(VINSERTPS, INSERTPS),
    ROW(PEXTRB, EXTRACT_AT, .bytes = 1),
    ROW(PEXTRW, EXTRACT_AT, .bytes = 2),
    ROW(PEXTRD, EXTRACT_AT, .bytes = 4),
    ROW(PEXTRQ, EXTRACT_AT, .bytes = 8),
    ROW(VPEXTRB, EXTRACT_AT, .bytes = 1),
    ROW(VPEXTRW, EXTRACT_AT, .bytes = 2),
    ROW(VPEXTRD, EXTRACT_AT, .bytes = 4),
    ROW(VPEXTRQ, EXTRACT_AT, .bytes = 8),
    ROW(EXTRACTPS, EXTRACT_AT, .bytes = 4),
    ROW(VEXTRACTPS, EXTRACT_AT, .bytes = 4),
    ROW(VEXTRACTF128, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTI128, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTF32X4, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTI32X4, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTF64X2, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTI64X2, EXTRACT_AT, .bytes = 16),
    ROW(VEXTRACTF32X8, EXTRACT_AT, .bytes = 32),
    ROW(VEXTRACTI32X8, EXTRACT_AT, .bytes = 32),
    ROW(VEXTRACTF64X4, EXTRACT_AT, .bytes = 32),
    ROW(VEXTRACTI64X4, EXTRACT_AT, .bytes = 32),
    /* ---- one element to all */
    ROW(VPBROADCASTB, BROADCAST, .bytes = 1),
    ROW(VPBROADCASTW, BROADCAST, .bytes = 2),
    ROW(VPBROADCASTD, BROADCAST, .bytes = 4),
    ROW(VPBROADCASTQ, BROADCAST, .bytes = 8),
    ROW(VBROADCASTSS, BROADCAST, .bytes = 4),
    ROW(VBROADCASTSD, BROADCAST, .bytes = 8),
    ROW(VBROADCASTF32X2, BROADCAST, .bytes = 8),
    ROW(VBROADCASTI32X2, BROADCAST, .bytes = 8),
    ROW(VBROADCASTF128, BROADCAST, .bytes = 16),
    ROW(VBROADCASTI128, BROADCAST, .bytes = 16),
    ROW(VBROADCASTF32X4, BROADCAST, .bytes = 16),
    ROW(VBROADCASTI32X4, BROADCAST, .bytes = 16),
    ROW(VBROADCASTF64X2, BROADCAST, .bytes = 16),
    ROW(VBROADCASTI64X2, BROADCAST, .bytes = 16),
    ROW(VBROADCASTF32X8, BROADCAST, .bytes = 32),
    ROW(VBROADCASTI32X8, BROADCAST, .bytes = 32),
    ROW(VBROADCASTF64X4, BROADCAST, .bytes = 32),
    ROW(VBROADCASTI64X4, BROADCAST, .bytes = 32),
    /* ---- registers that Zydis does not list */
    ROW(VZEROALL, ZERO_ALL),
    ROW(VZEROUPPER, ZERO_UPPER),
    ROW(FRSTOR, X87_STATE),
    ROW(FXRSTOR, ALL_STATE),
    ROW(FXRSTOR64, ALL_STATE),
    ROW(XRSTOR, ALL_STATE),
    ROW(XRSTOR64, ALL_STATE),
    ROW(XRSTORS, ALL_STATE),
    ROW(XRSTORS64, ALL_STATE),
};

void hv_draft_dataflow(struct hv_draft *draft)
{
    const struct hv_flow_rule *rule = &rules[draft->in->insn.mnemonic];
    bool understood = !(draft->flags & HV_INSN_UNSUPPORTED);
    if (rule->shape == ALL_STATE)
        understood = true; /* what it restores stands in no operand */
    if (understood && rule->shape && shapes[rule->shape](draft, rule))
        return;
    hv_draft_clear_written(draft, false);
}
