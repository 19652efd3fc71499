/* SPDX-License-Identifier: MIT */
/* The instructions that a stepped child met, each decoded once. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

/* Address space only: what is not met is not touched. */
static const size_t memory_bytes = (size_t)1 << 28;

/* Zeroed; NULL: full. */
static void *take(struct hv_step_code *code, size_t bytes)
{
    const size_t rounded = (bytes + 63) & ~(size_t)63;
    if (rounded > code->bytes - code->used)
        return NULL;
    void *at = code->memory + code->used;
    code->used += rounded;
    return at;
}

int hv_step_code_open(struct hv_step_code *code)
{
    memset(code, 0, sizeof *code);
    code->bytes = memory_bytes;
    code->memory = mmap(NULL, code->bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (code->memory == MAP_FAILED) {
        code->memory = NULL;
        return -ENOMEM;
    }
    code->builder = take(code, sizeof *code->builder);
    code->decoded = take(code, sizeof *code->decoded);
    code->bucket = take(code, HV_STEP_BUCKETS * sizeof(struct hv_step_entry *));
    return 0;
}

void hv_step_code_close(struct hv_step_code *code)
{
    if (code->memory)
        (void)munmap(code->memory, code->bytes);
    code->memory = NULL;
}

static const void *keep(struct hv_step_code *code, const void *from, size_t bytes)
{
    void *to = take(code, bytes);
    if (to && bytes)
        memcpy(to, from, bytes);
    return to;
}

static bool has_masks(const struct hv_block *block)
{
    for (unsigned i = 0; i < block->n_words; i++)
        if (block->word[i].kind == HV_WORD_MASK)
            return true;
    return false;
}

/* The builder's block, copied to stay. */
static bool keep_block(struct hv_step_code *code, struct hv_block *out)
{
    *out = hv_block_view(code->builder);
    out->insn = keep(code, out->insn, out->n_insns * sizeof *out->insn);
    out->word = keep(code, out->word, out->n_words * sizeof *out->word);
    out->access = keep(code, out->access, out->n_accesses * sizeof *out->access);
    out->flow = keep(code, out->flow, out->n_flow * sizeof *out->flow);
    return out->insn && out->word && out->access && out->flow;
}

int hv_step_build(struct hv_block_builder *builder, struct hv_decoded *decoded,
                  const struct hv_roles *roles, uint64_t pc, const unsigned char *bytes,
                  size_t room)
{
    const int rc = hv_decode(bytes, room, pc, decoded);
    if (rc)
        return rc;
    hv_block_begin(builder);
    return hv_block_append(builder, decoded, hv_roles_at(roles, pc) != NULL);
}

static const struct hv_step_entry *add(struct hv_stepper *s, uint64_t pc,
                                       const unsigned char *bytes, size_t room,
                                       bool *full)
{
    struct hv_step_code *code = &s->code;
    hv_step_prepare(s, code->builder);
    if (hv_step_build(code->builder, code->decoded, s->child->roles, pc, bytes, room))
        return NULL;
    struct hv_step_entry *entry = take(code, sizeof *entry);
    *full = !entry || !keep_block(code, &entry->block);
    if (*full)
        return NULL;
    entry->pc = pc;
    entry->length = entry->block.insn->length;
    memcpy(entry->code, bytes, entry->length);
    entry->kind = hv_step_kind_of(code->decoded, entry->block.insn);
    entry->wants_masks = has_masks(&entry->block);
    entry->block.function = hv_trace_function(s->child, pc);
    struct hv_step_entry **bucket = &code->bucket[pc % HV_STEP_BUCKETS];
    entry->next = *bucket;
    *bucket = entry;
    return entry;
}

const struct hv_step_entry *hv_step_code_at(struct hv_stepper *s, uint64_t pc,
                                            const unsigned char *bytes, size_t room,
                                            bool *full)
{
    const struct hv_step_entry *entry = s->code.bucket[pc % HV_STEP_BUCKETS];
    for (; entry; entry = entry->next)
        /* code may be written anew: then it is another instruction */
        if (entry->pc == pc && entry->length <= room &&
            !memcmp(entry->code, bytes, entry->length))
            return entry;
    return add(s, pc, bytes, room, full);
}

size_t hv_step_read(pid_t pid, uint64_t pc, unsigned char *bytes)
{
    const size_t page = 4096, left = page - pc % page;
    const size_t first = left < HV_STEP_CODE ? left : HV_STEP_CODE;
    const struct iovec here = {bytes, HV_STEP_CODE};
    const struct iovec there[2] = {
        {(void *)(uintptr_t)pc,           first               },
        {(void *)(uintptr_t)(pc + first), HV_STEP_CODE - first},
    };
    const ssize_t got = process_vm_readv(pid, &here, 1, there, 2, 0);
    return got < 0 ? 0 : (size_t)got;
}
