/* SPDX-License-Identifier: MIT */
/* A block's instruction in one line. */
#include "tests/unit/decode_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#if defined(__aarch64__)
static const char *const gpr[HV_GPRS] = {
    "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10",
    "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",
    "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp"};
#else
static const char *const gpr[HV_GPRS] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp",
                                         "rsi", "rdi", "r8",  "r9",  "r10", "r11",
                                         "r12", "r13", "r14", "r15"};
#endif

struct line {
    char *text;
    size_t bytes, used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line,
                                                      const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t left = line->bytes - line->used;
    int n = vsnprintf(line->text + line->used, left, format, list);
    va_end(list);
    if (n > 0)
        line->used += (size_t)n < left ? (size_t)n : left - 1;
}

static void add_register(struct line *line, unsigned at)
{
    static const struct {
        unsigned first, bytes;
        const char *name;
    } files[] = {
        {HV_REG_VECTOR, 64, "v"  },
        {HV_REG_TEMP,   64, "tmp"},
        {HV_REG_MMX,    8,  "mm" },
        {HV_REG_MASK,   8,  "k"  }
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (at < files[i].first)
            continue;
        unsigned number = (at - files[i].first) / files[i].bytes;
        add(line, "%s", files[i].name);
        if (files[i].first != HV_REG_TEMP)
            add(line, "%u", number);
        add(line, ".%u", (at - files[i].first) % files[i].bytes);
        return;
    }
    add(line, "%s.%u", gpr[at / 8], at % 8);
}

static void add_address(struct line *line, const struct hv_block *block,
                        const struct hv_access *access)
{
    if (access->word == HV_NO_WORD) {
        add(line, "[0x%" PRIx64 "]", (uint64_t)access->disp);
        return;
    }
    const struct hv_word *word = &block->word[access->word];
    add(line, "[");
    if (word->base != HV_NO_REG)
        add(line, "%s", gpr[word->base]);
    if (word->index != HV_NO_REG)
        add(line, "%s%s%s*%u", word->base != HV_NO_REG ? "+" : "", gpr[word->index],
            word->kind == HV_WORD_ADDRESS_UXTW   ? ".uxtw"
            : word->kind == HV_WORD_ADDRESS_SXTW ? ".sxtw"
                                                 : "",
            word->scale);
    if (word->kind == HV_WORD_ALIGNED)
        add(line, "&-%u", 1u << word->scale);
    if (access->disp)
        add(line, "%+" PRId64, access->disp);
    add(line, "]");
}

static void add_mask(struct line *line, const struct hv_block *block, unsigned word,
                     unsigned element, const char *suffix)
{
    if (word != HV_NO_WORD)
        add(line, "{k%u/%u%s}", block->word[word].base, element, suffix);
}

static void add_access(struct line *line, const struct hv_block *block,
                       const struct hv_access *access)
{
    add(line, "%c%u", access->flags & HV_ACCESS_WRITE ? 'W' : 'R', access->bytes);
    add_address(line, block, access);
    add_mask(line, block, access->mask_word, access->element, "");
    add(line, "%s%s ", access->flags & HV_ACCESS_NON_TEMPORAL ? ",nt" : "",
        access->flags & HV_ACCESS_COMPRESSED ? ",packed" : "");
}

/* "m0+8" where it is not the first byte. */
static void add_memory(struct line *line, unsigned access, unsigned at)
{
    add(line, "m%u", access);
    if (at)
        add(line, "+%u", at);
}

static void add_flow(struct line *line, const struct hv_block *block,
                     const struct hv_insn *insn, const struct hv_flow *flow)
{
    unsigned access = flow->access - (unsigned)insn->first_access;
    if (flow->kind == HV_FLOW_REP) {
        add(line, " m%u:=m%u", access + 1, access);
        return;
    }
    add(line, " ");
    if (flow->kind == HV_FLOW_STORE)
        add_memory(line, access, flow->at);
    else
        add_register(line, flow->dst);
    add(line, ":%u=", flow->bytes);
    if (flow->kind == HV_FLOW_LOAD)
        add_memory(line, access, flow->at);
    else if (flow->kind == HV_FLOW_CLEAR)
        add(line, "0");
    else
        add_register(line, flow->src);
    add_mask(line, block, flow->mask_word, flow->element,
             flow->flags & HV_FLOW_ZEROING ? "z" : "");
}

static void add_flags(struct line *line, const struct hv_insn *insn)
{
    static const char *const name[] = {"call", "ret",         "branch", "syscall",
                                       "rep",  "unsupported", "entry",  "link"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (insn->flags >> i & 1)
            add(line, "%s ", name[i]);
    if (insn->vector_bytes)
        add(line, "v%u ", insn->vector_bytes);
}

const char *decode_text(const struct hv_block *block, unsigned i, char *text,
                        size_t bytes)
{
    const struct hv_insn *insn = &block->insn[i];
    struct line line = {text, bytes, 0};
    text[0] = '\0';
    add_flags(&line, insn);
    for (unsigned n = 0; n < insn->n_accesses; n++)
        add_access(&line, block, &block->access[insn->first_access + n]);
    add(&line, "|");
    for (unsigned n = 0; n < insn->n_flow; n++)
        add_flow(&line, block, insn, &block->flow[insn->first_flow + n]);
    return text;
}
