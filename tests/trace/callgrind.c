/* SPDX-License-Identifier: MIT */
/* Runs every kernel of a catalogue once under callgrind, each on a profile of its own:
 *
 *     valgrind --tool=callgrind ... trace_callgrind CATALOGUE.so
 *
 * It begins as a trace does: after a warm-up call, on a stack of its own that begins as
 * far from the end of a page, with an empty cache (switching instrumentation on empties
 * it). The profile named "-" is that of a kernel which only returns: what is counted
 * there besides its `ret` is counted everywhere. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <valgrind/callgrind.h>

#include "tests/trace/catalogue.h"

enum { STACK = 1 << 20, HEAD = 1024 };

void only_return(void *ctx, uint64_t n);
__asm__("only_return:\n\tret");

/* rbx, since every kernel must keep it. */
static void call_on(unsigned char *top, void (*run)(void *ctx, uint64_t n), void *ctx)
{
    uint64_t n = 1;
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "mov %[top], %%rsp\n\t"
                     "call *%[run]\n\t"
                     "mov %%rbx, %%rsp"
                     : "+D"(ctx), "+S"(n)
                     : [top] "r"(top), [run] "r"(run)
                     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory",
                       "cc");
}

static void measure(const char *name, unsigned char *top,
                    void (*run)(void *ctx, uint64_t n), void *ctx)
{
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
    call_on(top, run, ctx);
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(name);
    CALLGRIND_STOP_INSTRUMENTATION;
}

int main(int argc, char **argv)
{
    void *object = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    const struct trace_catalogue *catalogue =
        object ? dlsym(object, TRACE_CATALOGUE) : NULL;
    if (!catalogue) {
        fprintf(stderr, "no catalogue: %s\n", dlerror());
        return 2;
    }
    void *ctx = mmap(NULL, catalogue->context_bytes, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned char *stack =
        mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (ctx == MAP_FAILED || stack == MAP_FAILED)
        return 1;
    unsigned stack_id = VALGRIND_STACK_REGISTER(stack, stack + STACK);
    unsigned char *top = stack + STACK - HEAD;
    measure("-", top, only_return, ctx);
    for (unsigned i = 0; i < catalogue->n_rows; i++) {
        const struct trace_row *row = &catalogue->row[i];
        if (row->avx512)
            continue; /* valgrind has none of it */
        memset(ctx, 0, catalogue->context_bytes);
        if (catalogue->setup)
            catalogue->setup(ctx);
        row->run(ctx, 1);
        measure(row->name, top, row->run, ctx);
    }
    VALGRIND_STACK_DEREGISTER(stack_id);
    return 0;
}
