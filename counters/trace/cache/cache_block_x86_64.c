/* SPDX-License-Identifier: MIT */
/* Translates a block: decodes it, chooses two registers, writes its code. */
#include <errno.h>
#include <string.h>

#include "counters/trace/cache/cache_emit.h"

/* ---- what belongs to the block ----------------------------------------------------
 */

/* The log's address may be in any register that has a plain encoding as a base; the
 * spare one is low as well, so that no instruction gets another prefix for it. */
enum { PLAIN_BASES = 0xefef, LOW = 0x00ef };

/* Chooses two registers that are not used. If there are none, an earlier choice stays:
 * it is still right for the instructions so far. */
static bool choose(struct hv_cache *cache, uint32_t used)
{
    const uint32_t low = ~used & LOW;
    if (!low)
        return false;
    const uint32_t others = ~used & PLAIN_BASES & ~(low & -low);
    if (!others)
        return false;
    cache->spare = (uint8_t)__builtin_ctz(low);
    cache->log_register = (uint8_t)(31 - __builtin_clz(others));
    return true;
}

static uint32_t registers_of(const struct hv_decoded *decoded, bool entry)
{
    enum {
        ENTRY = 1 << RSP | 1 << RDI | 1 << RSI | 1 << RDX,
        STRING = 1 << RCX | 1 << RSI | 1 << RDI
    };
    const uint64_t rep =
        ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
    if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL)
        return 0; /* all are as the kernel left them when it is made */
    return (uint32_t)hv_decoded_gprs(decoded) | (entry ? ENTRY : 0) |
           (decoded->insn.attributes & rep ? STRING : 0);
}

static const char no_code[] = "no code";

/* length 0: there is no instruction. */
static const char *decode(struct hv_cache *cache, uint64_t pc, struct hv_decoded *out)
{
    const char *why;
    out->insn.length = 0;
    uint64_t end = hv_cache_code_end(cache, pc, &why);
    if (!end)
        return why ? why : no_code;
    int rc = hv_decode(hv_bytes_at(pc), end - pc, pc, out);
    if (rc == -EMSGSIZE && (end = hv_cache_code_end(cache, end, &why)))
        rc = hv_decode(hv_bytes_at(pc), end - pc, pc, out); /* its second half */
    if (!rc)
        return hv_cache_refuses(out);
    out->insn.length = 0;
    return "no instruction that is known";
}

/* Tells why nothing can be run at pc. */
static void refuse(struct hv_cache *cache, uint64_t pc, const char *why)
{
    char text[96] = "code";
    const struct hv_decoded *decoded = &cache->decoded[0];
    const struct hv_symbol symbol = hv_symbols_find(cache->child->symbols, pc);
    if (decoded->insn.length)
        hv_decoded_text(decoded, text, sizeof text);
    hv_cache_end(cache, HV_TRACE_REFUSED, pc, "%s at %#lx (%s in %s): %s", text, pc,
                 symbol.name, symbol.object ? symbol.object : "?", why);
}

/* What the processor would do. */
static void fault(struct hv_cache *cache, uint64_t pc)
{
    cache->child->out->signal = SIGSEGV;
    cache->child->out->address = pc;
    hv_cache_end(cache, HV_TRACE_CRASHED, pc,
                 "it jumped to %#lx, where there is no code", pc);
}

/* Appends the instruction at pc as number i. NULL: it is in the block. */
static const char *append(struct hv_cache *cache, unsigned i, uint64_t pc,
                          uint32_t *used)
{
    struct hv_decoded *decoded = &cache->decoded[i];
    const bool entry = hv_roles_at(cache->child->roles, pc);
    if (i && entry)
        return "another function begins";
    const char *why = decode(cache, pc, decoded);
    if (why)
        return why;
    if (i && decoded->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL)
        return "a syscall has a block of its own";
    const uint32_t needed = *used | registers_of(decoded, entry);
    if (!choose(cache, needed))
        return "it uses too many registers";
    if (hv_block_append(&cache->builder, decoded, entry))
        return "it has too many operands";
    *used = needed;
    return NULL;
}

/* Decodes from pc as far as a block goes. 0: not one instruction. */
static unsigned gather(struct hv_cache *cache, uint64_t pc)
{
    cache->function = hv_trace_function(cache->child, pc);
    uint32_t used = 0;
    unsigned n = 0;
    hv_block_begin(&cache->builder);
    while (n < HV_BLOCK_INSNS &&
           (!n || hv_trace_function(cache->child, pc) == cache->function)) {
        const char *why = append(cache, n, pc, &used);
        if (why) {
            if (!n)
                (why == no_code ? fault(cache, pc) : refuse(cache, pc, why));
            break;
        }
        pc += cache->decoded[n].insn.length;
        if (hv_ends_block(&cache->decoded[n++]))
            break;
    }
    return n;
}

/* ---- its description --------------------------------------------------------------
 */

static void *keep(struct hv_cache *cache, const void *data, size_t bytes)
{
    void *copy = cache->arena + cache->arena_used;
    memcpy(copy, data, bytes);
    cache->arena_used += (bytes + 7) & ~(size_t)7;
    return copy;
}

static struct hv_block describe(struct hv_cache *cache)
{
    struct hv_block view = hv_block_view(&cache->builder);
    view.insn = keep(cache, view.insn, view.n_insns * sizeof *view.insn);
    view.word = keep(cache, view.word, view.n_words * sizeof *view.word);
    view.access = keep(cache, view.access, view.n_accesses * sizeof *view.access);
    view.flow = keep(cache, view.flow, view.n_flow * sizeof *view.flow);
    view.function = cache->function;
    return view;
}

/* ---- its code ------------------------------------------------------------------- */

static void emit_words(struct hv_cache *cache, const struct hv_block *view, unsigned i,
                       bool after)
{
    const unsigned first = view->insn[i].first_word;
    for (unsigned k = first; k < first + view->insn[i].n_words; k++)
        if ((view->word[k].kind == HV_WORD_AFTER) == after)
            hv_emit_word(cache, &view->word[k], 1 + k);
}

/* A record: the block's number and its words. */
static void emit_head(struct hv_cache *cache, uint32_t number)
{
    const unsigned reg = cache->log_register;
    hv_emit_field(cache, HV_OP_STORE, reg, &cache->gpr[reg]);
    hv_emit_field(cache, HV_OP_STORE, cache->spare, &cache->gpr[cache->spare]);
    hv_emit_field(cache, HV_OP_LOAD, reg, &cache->log_end);
    /* mov qword [reg + 0], number: rbp and r13 are no base without a displacement */
    hv_emit_bytes(cache, (uint8_t)(0x48 | reg >> 3), 0xc7, (uint8_t)(0x40 | (reg & 7)),
                  0);
    hv_emit(cache, &number, sizeof number);
}

static void emit_tail(struct hv_cache *cache, unsigned words)
{
    const unsigned reg = cache->log_register;
    hv_emit_at(cache, HV_OP_LEA, reg, reg, (int32_t)(8 * (1 + words)));
    hv_emit_field(cache, HV_OP_STORE, reg, &cache->log_end);
    hv_emit_field(cache, HV_OP_LOAD, reg, &cache->gpr[reg]);
    hv_emit_field(cache, HV_OP_LOAD, cache->spare, &cache->gpr[cache->spare]);
}

/* What may fault comes before the tail: an instruction that did is not in the log. */
static bool emit(struct hv_cache *cache, struct hv_cache_block *block, uint32_t number)
{
    const struct hv_block *view = &block->view;
    const unsigned n = view->n_insns;
    const struct hv_decoded *last = &cache->decoded[n - 1];
    const struct hv_transfer *transfer = hv_transfer_of(last);
    uint16_t at[HV_BLOCK_INSNS] = {0};
    emit_head(cache, number);
    for (unsigned i = 0; i < n; i++) {
        at[i] = (uint16_t)(cache->code_used - block->code_at);
        emit_words(cache, view, i, false);
        if (transfer && i == n - 1)
            transfer->prepare(cache, last);
        else if (!hv_emit_copy(cache, &cache->decoded[i]))
            return false;
        emit_words(cache, view, i, true);
    }
    emit_tail(cache, view->n_words);
    if (transfer)
        transfer->leave(cache, last);
    else
        hv_emit_exit(cache, last->pc + last->insn.length);
    block->insn_at = keep(cache, at, n * sizeof at[0]);
    return true;
}

static struct hv_cache_block *translate(struct hv_cache *cache, uint64_t pc)
{
    if (cache->n_blocks + 1 >= HV_CACHE_BLOCKS ||
        cache->code_used + HV_CACHE_MARGIN > cache->code_room ||
        cache->arena_used + HV_CACHE_MARGIN > cache->arena_room) {
        cache->decoded[0].insn.length = 0;
        refuse(cache, pc, "the code cache is full");
        return NULL;
    }
    if (!gather(cache, pc))
        return NULL;
    const uint32_t number = cache->n_blocks + 1;
    uint32_t *bucket = &cache->bucket[pc % HV_CACHE_TABLE];
    struct hv_cache_block *block = &cache->block[number];
    block->pc = pc;
    block->code_at = (uint32_t)cache->code_used;
    block->view = describe(cache);
    if (!emit(cache, block, number)) {
        refuse(cache, pc, "its block's addresses cannot be moved");
        return NULL;
    }
    block->system_at = cache->system_at;
    block->next = *bucket;
    *bucket = cache->n_blocks = number;
    return block;
}

struct hv_cache_block *hv_cache_block_at(struct hv_cache *cache, uint64_t pc)
{
    for (uint32_t i = cache->bucket[pc % HV_CACHE_TABLE]; i; i = cache->block[i].next)
        if (cache->block[i].pc == pc)
            return &cache->block[i];
    return translate(cache, pc);
}
