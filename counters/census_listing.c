/* SPDX-License-Identifier: MIT */
/* The disassembly of a function, with names and remarks. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counters/census.h"
#include "counters/census_text.h"
#include "counters/tree.h"

struct listing {
    hv_census_line_fn *tell;
    void *user;
};

void hv_census_address(const struct hv_census_walk *walk,
                       const struct hv_census_insn *insn, uint64_t address, char *text,
                       size_t bytes)
{
    uint64_t to;
    const struct hv_census_slot *slot = hv_census_slot_at(&walk->object, address);
    const struct hv_symbol symbol = hv_symbols_find(walk->object.symbols, address);
    const bool is_direct = hv_census_goes_to(insn->decoded, &to);
    if (insn->marks & HV_MARK_CALL && is_direct && strcmp(insn->target.name, "?"))
        hv_put(text, bytes, "%s%s", insn->target.name,
               insn->target.route == HV_ROUTE_PLT ? "@plt" : "");
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
        uint32_t copied = 0;
        for (unsigned i = 0; i < insn->n_pairs; i++)
            copied += insn->pair[i].bytes;
        hv_put(words, sizeof words, "copy store %u", copied);
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
    const struct hv_census_decoded *decoded = insn->decoded;
    char text[256], remark[256];
    hv_census_text(walk, insn, text, sizeof text);
    remark_on(insn, remark, sizeof remark);
    const struct hv_census_line line = {decoded->offset, decoded->length,
                                        walk->code + decoded->offset, text, remark};
    return listing->tell(&line, listing->user);
}

int hv_census_listing(const struct hv_symbols *symbols, const void *address,
                      hv_census_line_fn *tell, void *user, struct hv_error *error)
{
    struct listing listing = {.tell = tell, .user = user};
    struct hv_census_walk walk;
    uint32_t decoded;
    int rc = hv_census_walk_open(&walk, symbols, address, error);
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
