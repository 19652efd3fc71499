/* SPDX-License-Identifier: MIT */
/* What an A64 instruction loads or stores, register by register: the steps of its data
 * put together again. */
#include "counters/census_pieces_aarch64.h"

#include "counters/trace/decode.h"

int hv_census_reg_of(unsigned byte, unsigned *from)
{
    enum { GPR_BYTES = 8, VECTOR_BYTES = 64 };
    if (byte >= HV_REG_VECTOR) {
        *from = (byte - HV_REG_VECTOR) % VECTOR_BYTES;
        return HV_CENSUS_A64_GPRS + (int)((byte - HV_REG_VECTOR) / VECTOR_BYTES);
    }
    *from = (byte - HV_REG_GPR) % GPR_BYTES;
    return byte / GPR_BYTES < HV_CENSUS_A64_GPRS ? (int)(byte / GPR_BYTES) : -1;
}

void hv_census_describe(const struct hv_census_decoded *decoded,
                        struct hv_block_builder *out)
{
    hv_block_begin(out);
    (void)hv_block_append(out, &decoded->decoded, false);
}

/* More of a register that a piece has the beginning of: what follows it in memory too,
 * or the next of elements that lie equally far apart. */
static bool extend(struct hv_census_piece *piece, unsigned from, unsigned at,
                   unsigned bytes)
{
    struct hv_census_origin *o = &piece->origin;
    if (from != piece->from + o->bytes)
        return false;
    if (!o->element && at != (unsigned)o->at + o->bytes) {
        if (bytes != o->bytes || at <= (unsigned)o->at + bytes)
            return false;
        o->element = (uint8_t)bytes;
        o->stride = (uint8_t)(at - o->at);
    } else if (o->element && (bytes != o->element ||
                              at != (unsigned)o->at + o->bytes / bytes * o->stride)) {
        return false;
    }
    o->bytes = (uint8_t)(o->bytes + bytes);
    return true;
}

unsigned hv_census_pieces(const struct hv_block_builder *insn, enum hv_flow_kind kind,
                          struct hv_census_piece pieces[HV_CENSUS_PIECES])
{
    unsigned n = 0;
    for (unsigned i = 0; i < insn->n_flow; i++) {
        const struct hv_flow *flow = &insn->flow[i];
        unsigned from, k = 0;
        if (flow->kind != kind)
            continue;
        const int reg =
            hv_census_reg_of(kind == HV_FLOW_LOAD ? flow->dst : flow->src, &from);
        while (k < n && (pieces[k].reg != (unsigned)reg ||
                         !extend(&pieces[k], from, flow->at, flow->bytes)))
            k++;
        if (k == n && n < HV_CENSUS_PIECES && reg >= 0)
            pieces[n++] = (struct hv_census_piece){
                .reg = (unsigned)reg,
                .from = from,
                .access = flow->access,
                .origin = {.at = flow->at, .bytes = (uint8_t)flow->bytes},
            };
    }
    return n;
}
