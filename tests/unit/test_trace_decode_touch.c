/* SPDX-License-Identifier: MIT */
/* The described accesses against page faults: an access that ends where nothing may be
 * touched goes well, one byte further it does not; the same before it; what is no write
 * goes well where nothing may be written; and what a mask hides is not touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__x86_64__)

#include <signal.h>
#include <sys/mman.h>

#include "tests/unit/decode_world.h"

enum { DIRECTION = 0x400 };

struct probe {
    struct decode_world world;
    struct native_state state; /* all masks full, one iteration of a rep, forwards */
    struct native_fault fault;
};

static void fail_at(const struct probe *probe, const char *what, unsigned access)
{
    fail_msg("%s: access %u %s (signal %d, address %#llx)", probe->world.form.text,
             access, what, probe->fault.signal,
             (unsigned long long)probe->fault.address);
}

static enum native_end run(struct probe *probe)
{
    struct native_state after;
    const struct decode_form *form = &probe->world.form;
    return native_run(form->code, form->length, &probe->state, &after, &probe->fault);
}

/* Memory of zeros: whatever loads its state from there likes it. */
static void fill(struct probe *probe)
{
    decode_world_fill(&probe->world, &probe->state);
    memset(native_memory, 0, NATIVE_MEMORY);
    probe->state.gpr[1] = 1;
    probe->state.flags &= ~(uint64_t)DIRECTION;
    for (unsigned i = 0; i < 8; i++)
        probe->state.mask[i] = UINT64_MAX;
}

/* The register that an access stands at; moving it moves the access. */
static uint64_t *base_of(struct probe *probe, const struct hv_access *access)
{
    const struct hv_word *word = &probe->world.block.word[access->word];
    return &probe->state.gpr[word->base];
}

/* True if no other place depends on the same register. */
static bool is_alone(const struct probe *probe, const struct hv_access *access)
{
    const struct hv_block *block = &probe->world.block;
    const struct hv_word *mine = &block->word[access->word];
    for (unsigned i = 0; i < block->n_accesses; i++) {
        const struct hv_access *other = &block->access[i];
        const struct hv_word *word = &block->word[other->word];
        bool same = other->word == access->word && other->disp == access->disp;
        if (!same && word->base == mine->base)
            return false;
    }
    return true;
}

/* Puts the first byte of the access there. */
static void put(struct probe *probe, const struct hv_access *access, uint64_t address)
{
    fill(probe);
    uint64_t now = decode_world_address(&probe->world, access, &probe->state);
    *base_of(probe, access) += address - now;
}

/* A fault without an address is of an instruction that wants an aligned one: it proves
 * nothing. */
static void expect_fine(struct probe *probe, unsigned access, const char *what)
{
    if (run(probe) == NATIVE_FAULT && probe->fault.signal == SIGSEGV &&
        probe->fault.address)
        fail_at(probe, what, access);
}

static void expect_fault(struct probe *probe, unsigned access, const char *what)
{
    if (run(probe) != NATIVE_FAULT)
        fail_at(probe, what, access);
    uint64_t first = (uint64_t)(uintptr_t)native_memory;
    uint64_t at = probe->fault.address;
    if (at >= first && at < first + NATIVE_MEMORY)
        fail_at(probe, "faults where it may", access);
}

/* ---- sizes and directions -------------------------------------------------------- */

static void probe_ends(struct probe *probe, unsigned i)
{
    const struct hv_access *access = &probe->world.block.access[i];
    uint64_t first = (uint64_t)(uintptr_t)native_memory;
    uint64_t end = first + NATIVE_MEMORY;
    put(probe, access, end - access->bytes);
    expect_fine(probe, i, "touches more behind");
    put(probe, access, end - access->bytes + 1);
    expect_fault(probe, i, "touches less behind");
    put(probe, access, first);
    expect_fine(probe, i, "touches more before");
    put(probe, access, first - 1);
    expect_fault(probe, i, "touches less before");
}

static void probe_direction(struct probe *probe)
{
    const struct hv_block *block = &probe->world.block;
    bool writes = false;
    for (unsigned i = 0; i < block->n_accesses; i++)
        writes |= block->access[i].flags & HV_ACCESS_WRITE;
    fill(probe);
    mprotect(native_memory, NATIVE_MEMORY, PROT_READ);
    enum native_end end = run(probe);
    mprotect(native_memory, NATIVE_MEMORY, PROT_READ | PROT_WRITE);
    bool did =
        end == NATIVE_FAULT && probe->fault.signal == SIGSEGV && probe->fault.address;
    if (did != writes)
        fail_at(probe, writes ? "writes nothing" : "writes", 0);
    if (did && !probe->fault.write)
        fail_at(probe, "faults otherwise", 0);
}

/* ---- masks ----------------------------------------------------------------------- */

static void set_mask(struct probe *probe, const struct hv_access *access, uint64_t bits)
{
    probe->state.mask[probe->world.block.word[access->mask_word].base] = bits;
}

/* Only the first element may be touched; then the second one shall be, too. */
static void probe_elements(struct probe *probe, unsigned i)
{
    const struct hv_access *access = &probe->world.block.access[i];
    uint64_t end = (uint64_t)(uintptr_t)native_memory + NATIVE_MEMORY;
    put(probe, access, end - access->element);
    set_mask(probe, access, 1);
    expect_fine(probe, i, "touches hidden elements");
    if (access->bytes == access->element)
        return;
    set_mask(probe, access, 3);
    expect_fault(probe, i, "touches less than two elements");
    put(probe, access, end - access->bytes);
    set_mask(probe, access, UINT64_MAX);
    expect_fine(probe, i, "touches more than its elements");
}

/* No mask described, though there is one: all is read whatever the mask, but for a
 * broadcast's single element. */
static void probe_unguarded(struct probe *probe, unsigned i)
{
    const struct hv_access *access = &probe->world.block.access[i];
    const ZydisDecodedInstructionAvx *avx = &probe->world.decoded.insn.avx;
    if (avx->mask.mode <= ZYDIS_MASK_MODE_DISABLED ||
        avx->broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID)
        return;
    put(probe, access,
        (uint64_t)(uintptr_t)native_memory + NATIVE_MEMORY - access->bytes + 1);
    memset(probe->state.mask, 0, sizeof probe->state.mask);
    expect_fault(probe, i, "is guarded by its mask");
}

/* ---- tests ----------------------------------------------------------------------- */

static bool can_probe(struct probe *probe)
{
    return !decode_world_refuses(&probe->world) && probe->world.block.n_accesses &&
           !(probe->world.insn->flags & HV_INSN_UNSUPPORTED);
}

/* The processor has the instruction and likes its data. */
static bool works(struct probe *probe)
{
    fill(probe);
    return run(probe) == NATIVE_RAN;
}

static unsigned probe_all(struct probe *probe)
{
    unsigned n = 0;
    for (unsigned i = 0; i < probe->world.block.n_accesses; i++) {
        const struct hv_access *access = &probe->world.block.access[i];
        if (!is_alone(probe, access))
            continue;
        probe_ends(probe, i);
        if (access->mask_word != HV_NO_WORD)
            probe_elements(probe, i);
        else
            probe_unguarded(probe, i);
        n++;
    }
    probe_direction(probe);
    return n;
}

static void probe_list(enum decode_list list, unsigned least)
{
    static struct probe probe;
    struct decode_form form;
    unsigned probed = 0;
    const char *here = native_open();
    if (here) {
        native_close();
        print_message("%s\n", here);
        skip();
    }
    for (size_t i = 0; !decode_form(list, i, &form); i++) {
        decode_world_begin(&probe.world, &form, i);
        if (!can_probe(&probe))
            continue;
        if (works(&probe))
            probed += probe_all(&probe);
        else
            print_message("not run: %s\n", form.text);
    }
    native_close();
    print_message("%u accesses\n", probed);
    assert_in_range(probed, least, 1000);
}

static void general_registers(void **state)
{
    (void)state;
    probe_list(DECODE_GENERAL, 60);
}

static void stack_and_strings(void **state)
{
    (void)state;
    probe_list(DECODE_STACK, 40);
}

static void vectors(void **state)
{
    (void)state;
    probe_list(DECODE_VECTOR, 50);
}

static void masked_vectors(void **state)
{
    (void)state;
    probe_list(DECODE_EVEX, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_registers),
        cmocka_unit_test(stack_and_strings),
        cmocka_unit_test(vectors),
        cmocka_unit_test(masked_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
