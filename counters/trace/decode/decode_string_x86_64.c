/* SPDX-License-Identifier: MIT */
/* String instructions, with and without rep: by hand, because Zydis 4.0.0 does not say
 * that cmps and scas write rsi and rdi. */
#include "counters/trace/decode/decode_draft.h"

/* Which way each goes, and what it moves. */
struct string_row {
    ZydisMnemonic mnemonic[4]; /* of 1, 2, 4, 8 bytes */
    bool reads_rsi, reads_rdi, writes_rdi, loads;
};

#define FOUR(name)                                                                     \
    {                                                                                  \
        ZYDIS_MNEMONIC_##name##B, ZYDIS_MNEMONIC_##name##W, ZYDIS_MNEMONIC_##name##D,  \
            ZYDIS_MNEMONIC_##name##Q                                                   \
    }
static const struct string_row rows[] = {
    {FOUR(MOVS), true,  false, true,  false},
    {FOUR(STOS), false, false, true,  false},
    {FOUR(LODS), true,  false, false, true },
    {FOUR(CMPS), true,  true,  false, false},
    {FOUR(SCAS), false, true,  false, false},
};

static const struct string_row *find(ZydisMnemonic mnemonic, unsigned *bytes)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned size = 0; size < 4; size++)
            if (rows[i].mnemonic[size] == mnemonic) {
                *bytes = 1u << size;
                return &rows[i];
            }
    return NULL;
}

static unsigned gpr(unsigned number)
{
    return HV_REG_GPR + 8 * number;
}

static void clear_written(struct hv_draft *draft, const struct string_row *row,
                          bool rep)
{
    if (rep)
        hv_draft_clear(draft, gpr(HV_RCX), 8);
    if (row->reads_rsi)
        hv_draft_clear(draft, gpr(HV_RSI), 8);
    if (row->reads_rdi || row->writes_rdi)
        hv_draft_clear(draft, gpr(HV_RDI), 8);
}

/* Only the source of movs, lods and cmps can have another segment. */
static ZydisRegister source_segment(const struct hv_decoded *in)
{
    for (unsigned i = 0; i < in->insn.operand_count; i++)
        if (in->operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
            in->operand[i].mem.base == ZYDIS_REGISTER_RSI)
            return in->operand[i].mem.segment;
    return ZYDIS_REGISTER_NONE;
}

/* Words of a rep: rcx rsi rdi before, then after. Returns the first. */
static uint8_t add_rep_words(struct hv_draft *draft)
{
    static const uint8_t number[] = {HV_RCX, HV_RSI, HV_RDI};
    uint8_t first = draft->n_words;
    for (unsigned i = 0; i < 6; i++)
        hv_draft_word(draft, (struct hv_word){i < 3 ? HV_WORD_REGISTER : HV_WORD_AFTER,
                                              number[i % 3], HV_NO_REG, 1});
    return first;
}

/* The word that holds rsi or rdi. */
static uint8_t pointer_word(struct hv_draft *draft, uint8_t number, bool rep,
                            uint8_t first)
{
    if (rep)
        return (uint8_t)(first + (number == HV_RSI ? 1 : 2));
    return hv_draft_word(draft,
                         (struct hv_word){HV_WORD_ADDRESS, number, HV_NO_REG, 1});
}

static void add_accesses(struct hv_draft *draft, const struct string_row *row,
                         unsigned bytes, bool rep)
{
    uint8_t first = rep ? add_rep_words(draft) : 0;
    struct hv_access access = {.bytes = (uint16_t)bytes,
                               .mask_word = HV_NO_WORD,
                               .flags = rep ? HV_ACCESS_REP : 0};
    if (row->reads_rsi) {
        struct hv_access read = access;
        if (source_segment(draft->in) == ZYDIS_REGISTER_FS)
            read.disp = (int64_t)draft->fs_base;
        read.word = pointer_word(draft, HV_RSI, rep, first);
        hv_draft_access(draft, read);
    }
    if (row->reads_rdi || row->writes_rdi) {
        access.word = pointer_word(draft, HV_RDI, rep, first);
        if (row->writes_rdi)
            access.flags |= HV_ACCESS_WRITE;
        hv_draft_access(draft, access);
    }
}

static void add_flow(struct hv_draft *draft, const struct string_row *row,
                     unsigned bytes)
{
    if (row->reads_rsi && row->writes_rdi) {
        hv_draft_load(draft, HV_REG_TEMP, 0, bytes);
        hv_draft_store(draft, 1, HV_REG_TEMP, bytes);
    } else if (row->writes_rdi) {
        hv_draft_store(draft, 0, gpr(HV_RAX), bytes);
    } else if (row->loads) {
        hv_draft_load(draft, gpr(HV_RAX), 0, bytes);
        if (bytes == 4)
            hv_draft_clear(draft, gpr(HV_RAX) + 4, 4);
    }
}

/* Many loads into one register leave the last one, if there was one. */
static void add_rep_flow(struct hv_draft *draft, const struct string_row *row,
                         unsigned bytes)
{
    if (row->reads_rsi && row->writes_rdi)
        hv_draft_flow(draft, (struct hv_flow){.kind = HV_FLOW_REP,
                                              .access = 0,
                                              .mask_word = HV_NO_WORD,
                                              .bytes = (uint16_t)bytes});
    if (row->loads)
        hv_draft_clear(draft, gpr(HV_RAX), bytes == 4 ? 8 : bytes);
}

void hv_draft_string(struct hv_draft *draft)
{
    const ZydisDecodedInstruction *insn = &draft->in->insn;
    unsigned bytes = 0;
    const struct string_row *row = find(insn->mnemonic, &bytes);
    bool rep = insn->attributes &
               (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE);
    if (insn->address_width != 64 || source_segment(draft->in) == ZYDIS_REGISTER_GS) {
        draft->flags |= HV_INSN_UNSUPPORTED;
        hv_draft_clear_written(draft, false);
    } else {
        draft->flags |= rep ? HV_INSN_REP : 0;
        add_accesses(draft, row, bytes, rep);
        if (rep)
            add_rep_flow(draft, row, bytes);
        else
            add_flow(draft, row, bytes);
    }
    clear_written(draft, row, rep);
}
