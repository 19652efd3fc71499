/* SPDX-License-Identifier: MIT */
/* The disassembly of a function, with names and remarks (x86-64). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counters/census.h"
#include "counters/census_walk.h"
#include "counters/tree.h"

struct listing {
    ZydisFormatter formatter;
    hv_census_line_fn *tell;
    void *user;
};

/* What the formatter's hook is given. */
struct printing {
    const struct hv_census_walk *walk;
    const struct hv_census_insn *insn;
};

/* "memcpy@plt", "+0x40" within the function, "[memcpy@GOT]", "[0x4010]" in the file. */
static void name_address(const struct printing *printing, uint64_t address, char *text,
                         size_t bytes)
{
    const struct hv_census_walk *walk = printing->walk;
    const struct hv_census_slot *slot = hv_census_slot_at(&walk->object, address);
    const struct hv_symbol symbol = hv_symbols_find(walk->object.symbols, address);
    const bool is_direct =
        printing->insn->decoded->op[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;
    if (printing->insn->marks & HV_MARK_CALL && is_direct &&
        strcmp(printing->insn->target.name, "?"))
        hv_put(text, bytes, "%s%s", printing->insn->target.name,
               printing->insn->target.route == HV_ROUTE_PLT ? "@plt" : "");
    else if (address - walk->function.start < walk->size)
        hv_put(text, bytes, "+0x%" PRIx64, address - walk->function.start);
    else if (slot)
        hv_put(text, bytes, "%s%s", slot->name, slot->is_data ? "" : "@GOT");
    else if (symbol.start == address)
        hv_put(text, bytes, "%s", symbol.name);
    else if (symbol.start)
        hv_put(text, bytes, "%s+0x%" PRIx64, symbol.name, address - symbol.start);
    else
        hv_put(text, bytes, "0x%" PRIx64, address - walk->object.object.base);
}

/* ZyanStringAppend, which is in another library than Zydis. */
static bool append_to(ZyanString *string, const char *text)
{
    ZyanVector *vector = &string->vector; /* its size counts the final 0 */
    const size_t bytes = strlen(text);
    if (!vector->size || vector->capacity - vector->size < bytes)
        return false;
    memcpy((char *)vector->data + vector->size - 1, text, bytes + 1);
    vector->size += bytes;
    return true;
}

static ZyanStatus print_address(const ZydisFormatter *formatter,
                                ZydisFormatterBuffer *buffer,
                                ZydisFormatterContext *context)
{
    ZyanString *string;
    ZyanU64 address;
    char text[HV_CENSUS_NAME + 32];
    (void)formatter;
    ZYAN_CHECK(ZydisCalcAbsoluteAddress(context->instruction, context->operand,
                                        context->runtime_address, &address));
    name_address(context->user_data, address, text, sizeof text);
    ZYAN_CHECK(ZydisFormatterBufferAppend(buffer, ZYDIS_TOKEN_SYMBOL));
    ZYAN_CHECK(ZydisFormatterBufferGetString(buffer, &string));
    return append_to(string, text) ? ZYAN_STATUS_SUCCESS
                                   : ZYAN_STATUS_INSUFFICIENT_BUFFER_SIZE;
}

static int prepare(ZydisFormatter *formatter)
{
    ZydisFormatterFunc hook = print_address;
    const bool is_ready =
        ZYAN_SUCCESS(ZydisFormatterInit(formatter, ZYDIS_FORMATTER_STYLE_INTEL)) &&
        ZYAN_SUCCESS(ZydisFormatterSetProperty(
            formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE)) &&
        ZYAN_SUCCESS(ZydisFormatterSetProperty(
            formatter, ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_PADDING_DISABLED)) &&
        ZYAN_SUCCESS(ZydisFormatterSetProperty(
            formatter, ZYDIS_FORMATTER_PROP_IMM_PADDING, ZYDIS_PADDING_DISABLED)) &&
        ZYAN_SUCCESS(ZydisFormatterSetHook(
            formatter, ZYDIS_FORMATTER_FUNC_PRINT_ADDRESS_ABS, (const void **)&hook));
    return is_ready ? 0 : -ENOTSUP;
}

static const struct {
    unsigned mark;
    const char *words;
} remarks[] = {
    {HV_MARK_BACKWARD,     "loop"              },
    {HV_MARK_INDIRECT,     "switch"            },
    {HV_MARK_REP_MOVS,     "rep movs"          },
    {HV_MARK_REP_STOS,     "rep stos"          },
    {HV_MARK_COPY_LOAD,    "copy load"         },
    {HV_MARK_NON_TEMPORAL, "non-temporal store"},
    {HV_MARK_GATHER,       "gather"            },
    {HV_MARK_SCATTER,      "scatter"           },
};

static void append(char *text, size_t bytes, const char *words)
{
    const size_t used = strlen(text);
    hv_put(text + used, bytes - used, "%s%s", used ? "; " : "", words);
}

static void remark_on(const struct hv_census_insn *insn, char *text, size_t bytes)
{
    char words[HV_CENSUS_NAME + 32];
    text[0] = '\0';
    if (insn->marks & HV_MARK_CALL) {
        hv_put(words, sizeof words, "%s %s (%s)",
               insn->target.tail ? "tail call" : "call", insn->target.name,
               hv_call_route_name(insn->target.route));
        append(text, bytes, words);
    }
    if (insn->marks & HV_MARK_COPY_STORE) {
        hv_put(words, sizeof words, "copy store %u", insn->copied);
        append(text, bytes, words);
    }
    for (size_t i = 0; i < HV_LEN(remarks); i++)
        if (insn->marks & remarks[i].mark)
            append(text, bytes, remarks[i].words);
}

static int list(const struct hv_census_walk *walk, const struct hv_census_insn *insn,
                void *user)
{
    struct listing *listing = user;
    struct printing printing = {walk, insn};
    const struct hv_census_decoded *decoded = insn->decoded;
    char text[256], remark[256];
    if (!ZYAN_SUCCESS(ZydisFormatterFormatInstruction(
            &listing->formatter, &decoded->insn, decoded->op,
            decoded->insn.operand_count_visible, text, sizeof text, decoded->pc,
            &printing)))
        hv_put(text, sizeof text, "%s", ZydisMnemonicGetString(decoded->insn.mnemonic));
    remark_on(insn, remark, sizeof remark);
    const struct hv_census_line line = {decoded->offset, decoded->insn.length,
                                        walk->code + decoded->offset, text, remark};
    return listing->tell(&line, listing->user);
}

int hv_census_listing(const struct hv_symbols *symbols, const void *address,
                      hv_census_line_fn *tell, void *user, struct hv_error *error)
{
    struct listing listing = {.tell = tell, .user = user};
    struct hv_census_walk walk;
    uint32_t decoded;
    int rc = prepare(&listing.formatter);
    if (rc)
        return hv_fail(error, rc, "Zydis cannot print instructions");
    rc = hv_census_walk_open(&walk, symbols, address, error);
    if (rc)
        return rc;
    rc = hv_census_walk_visit(&walk, list, &listing, &decoded);
    if (!rc && decoded < walk.size) {
        const struct hv_census_line line = {decoded, walk.size - decoded,
                                            walk.code + decoded, "(undecoded)", ""};
        rc = tell(&line, user);
    }
    hv_census_walk_close(&walk);
    return rc;
}
