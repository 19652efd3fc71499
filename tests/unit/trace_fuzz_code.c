/* SPDX-License-Identifier: MIT */
/* Random instructions: bytes that decode, that run here, and that can be repeated. */
#include "tests/unit/trace_fuzz.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)

#include "counters/trace/decode.h"

struct piece {
    unsigned char bytes[32];
    size_t length;
    size_t relative;  /* where a distance from the end stands; 0: nowhere */
    uintptr_t target; /* of it */
};

/* ---- what is left out -------------------------------------------------------------
 */

/* What differs from run to run, tells where code stands, changes what the test itself
 * stands on, waits, or transfers control (which is added later). */
static const uint8_t no_categories[] = {
    ZYDIS_CATEGORY_SYSTEM,    ZYDIS_CATEGORY_SYSCALL,   ZYDIS_CATEGORY_SYSRET,
    ZYDIS_CATEGORY_INTERRUPT, ZYDIS_CATEGORY_IO,        ZYDIS_CATEGORY_IOSTRINGOP,
    ZYDIS_CATEGORY_VTX,       ZYDIS_CATEGORY_WAITPKG,   ZYDIS_CATEGORY_RDPID,
    ZYDIS_CATEGORY_RDPRU,     ZYDIS_CATEGORY_RDRAND,    ZYDIS_CATEGORY_RDSEED,
    ZYDIS_CATEGORY_RDWRFSGS,  ZYDIS_CATEGORY_SEGOP,     ZYDIS_CATEGORY_SGX,
    ZYDIS_CATEGORY_XSAVE,     ZYDIS_CATEGORY_XSAVEOPT,  ZYDIS_CATEGORY_PKU,
    ZYDIS_CATEGORY_UINTR,     ZYDIS_CATEGORY_RET,       ZYDIS_CATEGORY_CALL,
    ZYDIS_CATEGORY_UNCOND_BR, ZYDIS_CATEGORY_COND_BR,   ZYDIS_CATEGORY_PT,
    ZYDIS_CATEGORY_HRESET,    ZYDIS_CATEGORY_KEYLOCKER, ZYDIS_CATEGORY_KEYLOCKER_WIDE,
    ZYDIS_CATEGORY_PADLOCK,   ZYDIS_CATEGORY_ENQCMD,    ZYDIS_CATEGORY_SMAP,
};
static const uint16_t no_mnemonics[] = {
    ZYDIS_MNEMONIC_CPUID,    ZYDIS_MNEMONIC_POPF,   ZYDIS_MNEMONIC_POPFQ,
    ZYDIS_MNEMONIC_FNSTENV,  ZYDIS_MNEMONIC_FNSAVE, ZYDIS_MNEMONIC_FXSAVE,
    ZYDIS_MNEMONIC_FXSAVE64, ZYDIS_MNEMONIC_XBEGIN, ZYDIS_MNEMONIC_MONITORX,
    ZYDIS_MNEMONIC_MWAITX,   ZYDIS_MNEMONIC_RDTSC,  ZYDIS_MNEMONIC_RDTSCP,
};

/* What stands at fs belongs to the C library. */
static bool writes_thread(const struct hv_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++)
        if (decoded->operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
            decoded->operand[i].mem.segment == ZYDIS_REGISTER_FS &&
            decoded->operand[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
            return true;
    return false;
}

static bool is_left_out(const struct hv_decoded *decoded)
{
    for (size_t i = 0; i < sizeof no_categories; i++)
        if (no_categories[i] == decoded->insn.meta.category)
            return true;
    for (size_t i = 0; i < sizeof no_mnemonics / sizeof *no_mnemonics; i++)
        if (no_mnemonics[i] == decoded->insn.mnemonic)
            return true;
    if (writes_thread(decoded))
        return true;
    return decoded->operand[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
           ZydisRegisterGetClass(decoded->operand[0].reg.value) ==
               ZYDIS_REGCLASS_SEGMENT;
}

/* ---- one instruction --------------------------------------------------------------
 */

static bool chance(struct fuzz *fuzz, unsigned percent)
{
    return fuzz_below(fuzz, 100) < percent;
}

static void put(struct piece *piece, unsigned byte)
{
    piece->bytes[piece->length++] = (unsigned char)byte;
}

static void put_legacy(struct fuzz *fuzz, struct piece *piece)
{
    static const unsigned char prefix[] = {0x66, 0xf2, 0xf3};
    static const unsigned char third[] = {0x38, 0x3a};
    if (chance(fuzz, 30))
        put(piece, prefix[fuzz_below(fuzz, sizeof prefix)]);
    if (chance(fuzz, 60))
        put(piece, 0x40 | fuzz_below(fuzz, 16));
    if (chance(fuzz, 55)) {
        put(piece, 0x0f);
        if (chance(fuzz, 30))
            put(piece, third[fuzz_below(fuzz, sizeof third)]);
    }
}

static void put_vex(struct fuzz *fuzz, struct piece *piece)
{
    const bool small = chance(fuzz, 30);
    put(piece, small ? 0xc5 : 0xc4);
    if (!small)
        put(piece, fuzz_below(fuzz, 8) << 5 | (1 + fuzz_below(fuzz, 3)));
    put(piece, fuzz_below(fuzz, 256));
}

static void put_evex(struct fuzz *fuzz, struct piece *piece)
{
    static const unsigned char maps[] = {1, 1, 2, 2, 3, 5, 6};
    put(piece, 0x62);
    put(piece, fuzz_below(fuzz, 16) << 4 | maps[fuzz_below(fuzz, sizeof maps)]);
    put(piece, fuzz_below(fuzz, 256) | 4);
    put(piece, fuzz_below(fuzz, 256));
}

static void put_random(struct fuzz *fuzz, struct piece *piece)
{
    *piece = (struct piece){.length = 0};
    const unsigned kind = fuzz_below(fuzz, 100);
    if (kind < 40)
        put_legacy(fuzz, piece);
    else if (kind < 65)
        put_vex(fuzz, piece);
    else
        put_evex(fuzz, piece);
    while (piece->length < ZYDIS_MAX_INSTRUCTION_LENGTH)
        put(piece, fuzz_below(fuzz, 256));
}

static void put_32(unsigned char *at, int32_t value)
{
    memcpy(at, &value, sizeof value);
}

/* Leads its address into the memory, where that is decided by bytes. */
static void aim(struct fuzz *fuzz, struct piece *piece,
                const struct hv_decoded *decoded)
{
    const ZydisDecodedInstructionRaw *raw = &decoded->insn.raw;
    if (!(decoded->insn.attributes & ZYDIS_ATTRIB_HAS_MODRM) || raw->modrm.mod == 3)
        return;
    if (raw->modrm.rm == 4) /* rcx or r9 as index */
        piece->bytes[raw->sib.offset] =
            (unsigned char)((piece->bytes[raw->sib.offset] & 0xc7) | 1 << 3);
    if (raw->disp.size != 32)
        return;
    put_32(&piece->bytes[raw->disp.offset], (int32_t)fuzz_below(fuzz, 4096) - 2048);
    if (raw->modrm.mod || raw->modrm.rm != 5)
        return;
    piece->relative = raw->disp.offset;
    piece->target =
        (uintptr_t)fuzz->memory + 4096 + fuzz_below(fuzz, FUZZ_MEMORY - 8192);
}

static bool decode(struct piece *piece, struct hv_decoded *decoded)
{
    if (hv_decode(piece->bytes, ZYDIS_MAX_INSTRUCTION_LENGTH, 0, decoded))
        return false;
    piece->length = decoded->insn.length;
    return true;
}

static bool put_insn(struct fuzz *fuzz, struct piece *piece)
{
    struct hv_decoded decoded;
    put_random(fuzz, piece);
    if (!decode(piece, &decoded) || is_left_out(&decoded))
        return false;
    aim(fuzz, piece, &decoded);
    return decode(piece, &decoded);
}

/* mov register, an address in the memory: instructions wear pointers out. */
static void put_pointer(struct fuzz *fuzz, struct piece *piece)
{
    const uint64_t value = fuzz->in->gpr[4] / 4096 * 4096 + fuzz_below(fuzz, 8192);
    unsigned reg = fuzz_below(fuzz, 16);
    if (reg == 4)
        reg = 3;
    *piece = (struct piece){.length = 0};
    put(piece, 0x48 | reg >> 3);
    put(piece, 0xb8 | (reg & 7));
    memcpy(piece->bytes + 2, &value, sizeof value);
    piece->length = 10;
}

/* A string instruction with a small count; rdi and rsi may be anywhere. */
static void put_string(struct fuzz *fuzz, struct piece *piece)
{
    static const unsigned char rep[] = {0xf2, 0xf3};
    static const unsigned char opcode[] = {0xa4, 0xa5, 0xa6, 0xa7, 0xaa,
                                           0xab, 0xac, 0xad, 0xae, 0xaf};
    *piece = (struct piece){.length = 0};
    put(piece, 0xb9); /* mov ecx */
    put_32(piece->bytes + 1, (int32_t)fuzz_below(fuzz, 20));
    piece->length = 5;
    if (chance(fuzz, 50))
        put(piece, 0xfc | fuzz_below(fuzz, 2)); /* cld, std */
    if (chance(fuzz, 80))
        put(piece, rep[fuzz_below(fuzz, 2)]);
    if (chance(fuzz, 30))
        put(piece, 0x48);
    put(piece, opcode[fuzz_below(fuzz, sizeof opcode)]);
}

static void place(struct fuzz *fuzz, const struct piece *piece)
{
    unsigned char *at = fuzz->writable + fuzz->used;
    fuzz_emit(fuzz, piece->bytes, piece->length);
    if (piece->relative)
        put_32(at + piece->relative,
               (int32_t)(piece->target - (uintptr_t)(fuzz->code + fuzz->used)));
}

/* Runs it alone; the state that it leaves is where the next one begins. */
static bool is_usable(struct fuzz *fuzz, const struct piece *piece)
{
    fuzz_emit_head(fuzz);
    place(fuzz, piece);
    fuzz_emit_tail(fuzz);
    if (!fuzz_run_native(fuzz))
        return false;
    if (fuzz->out->gpr[4] >> 47) /* a kernel does not come back to such a stack */
        return false;
    *fuzz->in = *fuzz->out;
    fuzz->in->flags = (fuzz->out->flags & 0xcd5) | 0x202;
    return true;
}

static void find_piece(struct fuzz *fuzz, struct piece *piece)
{
    for (;;) {
        const unsigned kind = fuzz_below(fuzz, 100);
        if (kind < 3)
            put_string(fuzz, piece);
        else if (kind < 6)
            put_pointer(fuzz, piece);
        else if (!put_insn(fuzz, piece))
            continue;
        if (is_usable(fuzz, piece))
            return;
    }
}

/* ---- transfers of control -----------------------------------------------------------
 */

static void emit_8(struct fuzz *fuzz, unsigned opcode, size_t distance)
{
    const unsigned char bytes[] = {(unsigned char)opcode, (unsigned char)distance};
    fuzz_emit(fuzz, bytes, sizeof bytes);
}

static void emit_32(struct fuzz *fuzz, unsigned opcode, intptr_t distance)
{
    const unsigned char first[] = {0x0f, (unsigned char)opcode};
    const int32_t rest = (int32_t)distance;
    fuzz_emit(fuzz, opcode < 0x90 ? first : first + 1, opcode < 0x90 ? 2 : 1);
    fuzz_emit(fuzz, &rest, sizeof rest);
}

/* mov reg, the address behind `distance` bytes after itself and `more`; reg: no rsp */
static unsigned emit_address(struct fuzz *fuzz, size_t distance)
{
    static const unsigned char registers[] = {0, 1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 15};
    const unsigned reg = registers[fuzz_below(fuzz, sizeof registers)];
    const unsigned char bytes[] = {(unsigned char)(0x48 | reg >> 3),
                                   (unsigned char)(0xb8 | (reg & 7))};
    const uint64_t target = (uintptr_t)fuzz->code + fuzz->used + 10 + distance;
    fuzz_emit(fuzz, bytes, sizeof bytes);
    fuzz_emit(fuzz, &target, sizeof target);
    return reg;
}

static void emit_indirect(struct fuzz *fuzz, unsigned reg, unsigned modrm)
{
    const unsigned char bytes[] = {(unsigned char)(0x40 | reg >> 3), 0xff,
                                   (unsigned char)(modrm | (reg & 7))};
    fuzz_emit(fuzz, bytes, sizeof bytes);
}

enum { JMP_8 = 0xeb, JMP_32 = 0xe9, CALL = 0xe8 };
static const char drop[] = "\x48\x8d\x64\x24\x08"; /* lea rsp, [rsp + 8] */

static void skip_if(struct fuzz *fuzz, const struct piece *piece)
{
    emit_8(fuzz, 0x70 | fuzz_below(fuzz, 16), piece->length);
    place(fuzz, piece);
}

static void skip_if_32(struct fuzz *fuzz, const struct piece *piece)
{
    emit_32(fuzz, 0x80 | fuzz_below(fuzz, 16), (intptr_t)piece->length);
    place(fuzz, piece);
}

static void skip_counted(struct fuzz *fuzz, const struct piece *piece)
{
    emit_8(fuzz, 0xe0 | fuzz_below(fuzz, 4), piece->length);
    place(fuzz, piece);
}

static void skip(struct fuzz *fuzz, const struct piece *piece)
{
    if (chance(fuzz, 50))
        emit_8(fuzz, JMP_8, piece->length);
    else
        emit_32(fuzz, JMP_32, (intptr_t)piece->length);
    place(fuzz, piece);
}

static void call_next(struct fuzz *fuzz, const struct piece *piece)
{
    emit_32(fuzz, CALL, 0);
    place(fuzz, piece);
    fuzz_emit(fuzz, drop, sizeof drop - 1);
}

/* jmp over the function; function: the instruction, ret; call of it */
static void call_function(struct fuzz *fuzz, const struct piece *piece)
{
    const bool wide = chance(fuzz, 50);
    const size_t length = piece->length + (wide ? 3 : 1);
    emit_8(fuzz, JMP_8, length);
    place(fuzz, piece);
    fuzz_emit(fuzz, wide ? "\xc2\x08\x00" : "\xc3", wide ? 3 : 1);
    if (wide)
        fuzz_emit(fuzz, "\x6a\x55", 2); /* push */
    emit_32(fuzz, CALL, -(intptr_t)(length + 5 + (wide ? 2 : 0)));
}

static void jump_register(struct fuzz *fuzz, const struct piece *piece)
{
    emit_indirect(fuzz, emit_address(fuzz, 3 + piece->length), 0xe0);
    place(fuzz, piece);
}

static void call_register(struct fuzz *fuzz, const struct piece *piece)
{
    emit_indirect(fuzz, emit_address(fuzz, 3 + piece->length), 0xd0);
    place(fuzz, piece);
    fuzz_emit(fuzz, drop, sizeof drop - 1);
}

/* Its target lies behind it: jmp [rip + 0], or call of it. */
static void jump_memory(struct fuzz *fuzz, const struct piece *piece)
{
    const bool call = chance(fuzz, 50);
    fuzz_emit(fuzz, call ? "\xff\x15\0\0\0\0" : "\xff\x25\0\0\0\0", 6);
    const uint64_t target = (uintptr_t)fuzz->code + fuzz->used + sizeof target;
    fuzz_emit(fuzz, &target, sizeof target);
    place(fuzz, piece);
    if (call)
        fuzz_emit(fuzz, drop, sizeof drop - 1);
}

static void (*const transfers[])(struct fuzz *, const struct piece *) = {
    skip_if,       skip_if_32,    skip_counted,  skip,        call_next,
    call_function, jump_register, call_register, jump_memory,
};

void fuzz_generate(struct fuzz *fuzz, uint64_t seed)
{
    struct piece piece[FUZZ_INSNS];
    fuzz_begin(fuzz, seed);
    for (unsigned i = 0; i < FUZZ_INSNS; i++)
        find_piece(fuzz, &piece[i]);
    fuzz_emit_head(fuzz);
    for (unsigned i = 0; i < FUZZ_INSNS; i++)
        if (chance(fuzz, 20))
            transfers[fuzz_below(fuzz, sizeof transfers / sizeof *transfers)](
                fuzz, &piece[i]);
        else
            place(fuzz, &piece[i]);
    fuzz_emit_tail(fuzz);
}

void fuzz_print(const struct fuzz *fuzz)
{
    struct hv_decoded decoded;
    char text[128];
    for (const unsigned char *at = fuzz->begin; at < fuzz->end;
         at += decoded.insn.length) {
        if (hv_decode(at, (size_t)(fuzz->end - at), (uintptr_t)at, &decoded))
            break;
        fprintf(stderr, "# %p %s\n", (const void *)at,
                hv_decoded_text(&decoded, text, sizeof text));
    }
}

#endif
