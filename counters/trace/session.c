/* SPDX-License-Identifier: MIT */
/* Opens a trace session: all memory that a trace needs is reserved here. */
#include "counters/trace/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "counters/object.h"

enum {
    STACK_BYTES = 1 << 20,
    GUARD_BYTES = 1 << 16,
    /* Left above the first frame, where a callee may look for arguments. */
    STACK_HEAD = 1024,
    /* Words a prefix has room for, per instruction and beside them: most instructions
     * have none beside their pc, a rep string six. */
    PREFIX_WORDS = 4,
    PREFIX_SPARE = 4096,
};

static void *reserve(size_t bytes, int sharing)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Its top has the same offset in a page every time, and its first word is the way out.
 */
static int open_stack(struct hv_trace_session *session)
{
    session->stack_bytes = GUARD_BYTES + STACK_BYTES;
    session->stack = reserve(session->stack_bytes, MAP_PRIVATE);
    if (!session->stack)
        return -ENOMEM;
    if (mprotect(session->stack, GUARD_BYTES, PROT_NONE))
        return -errno;
    session->stack_top = session->stack + session->stack_bytes - STACK_HEAD;
    const uint64_t end = (uint64_t)(uintptr_t)hv_trace_end;
    memcpy(session->stack_top - sizeof end, &end, sizeof end);
    return 0;
}

static int open_shared(struct hv_trace_session *session, uint64_t instructions)
{
    session->shared = reserve(sizeof *session->shared, MAP_SHARED);
    if (!session->shared)
        return -ENOMEM;
    if (!instructions)
        return 0;
    session->prefix_instructions = instructions;
    session->prefix_words = instructions * PREFIX_WORDS + PREFIX_SPARE;
    for (int i = 0; i < HV_TRACERS; i++) {
        session->prefix[i] =
            reserve(session->prefix_words * sizeof(uint64_t), MAP_SHARED);
        if (!session->prefix[i])
            return -ENOMEM;
    }
    return 0;
}

/* The arms' object from its first segment to the end of its last. */
static int find_kernel(struct hv_trace_session *session, const void *address)
{
    struct hv_object object;
    const int rc = hv_object_at(address, &object);
    if (rc)
        return rc;
    uint64_t begin = UINT64_MAX, end = 0;
    for (size_t i = 0; i < object.n_segments; i++) {
        const ElfW(Phdr) *segment = &object.segments[i];
        if (segment->p_type != PT_LOAD)
            continue;
        if (segment->p_vaddr < begin)
            begin = segment->p_vaddr;
        if (segment->p_vaddr + segment->p_memsz > end)
            end = segment->p_vaddr + segment->p_memsz;
        /* the data may share a segment with the headers or with the code; all that
           nobody can write comes first */
        if (!(segment->p_flags & PF_W))
            session->constants[1] = object.base + end;
    }
    session->constants[0] = object.base + begin;
    session->kernel[0] = object.base + begin;
    session->kernel[1] = object.base + end;
    return 0;
}

static int open_analyser(struct hv_trace_session *session, struct hv_cache_shape l1)
{
    const struct hv_analyser_config config = {
        .roles = &session->roles,
        .l1 = l1,
        .object = {session->kernel[0],    session->kernel[1]   },
        .constants = {session->constants[0], session->constants[1]},
    };
    return hv_analyser_open(&session->analyser, &config);
}

/* Without executable memory there is still the other tracer. */
static int open_cache(struct hv_trace_session *session)
{
    session->no_cache = hv_cache_open(&session->cache);
    return session->no_cache == -ENOMEM ? -ENOMEM : 0;
}

static int open_parts(struct hv_trace_session *session,
                      const struct hv_trace_config *config, struct hv_error *error)
{
    int rc = find_kernel(session, config->object);
    if (rc)
        return hv_fail(error, rc, "no loaded object holds %p, the address of the arms",
                       config->object);
    hv_roles_resolve(&session->roles);
    rc = hv_symbols_open(&session->symbols, config->fds, config->n_fds);
    if (!rc)
        rc = open_stack(session);
    if (!rc)
        rc = open_shared(session, config->prefix_instructions);
    if (!rc)
        rc = open_analyser(session, config->l1);
    if (!rc)
        rc = open_cache(session);
    if (rc)
        return hv_fail(error, rc,
                       "cannot reserve the memory of a trace: %s; a limit on address "
                       "space (ulimit -v) must leave it some GiB",
                       strerror(-rc));
    return 0;
}

int hv_trace_open(struct hv_trace_session **session,
                  const struct hv_trace_config *config, struct hv_error *error)
{
    *session = NULL;
    struct hv_trace_session *opened = calloc(1, sizeof *opened);
    if (!opened)
        return hv_fail(error, -ENOMEM, "no memory for a trace");
    const int rc = open_parts(opened, config, error);
    if (rc) {
        hv_trace_close(opened);
        return rc;
    }
    *session = opened;
    return 0;
}

static void release(void *at, size_t bytes)
{
    if (at)
        (void)munmap(at, bytes);
}

void hv_trace_close(struct hv_trace_session *session)
{
    if (!session)
        return;
    if (session->cache)
        hv_cache_close(session->cache);
    if (session->analyser)
        hv_analyser_close(session->analyser);
    for (int i = 0; i < HV_TRACERS; i++)
        release(session->prefix[i], session->prefix_words * sizeof(uint64_t));
    release(session->shared, sizeof *session->shared);
    release(session->stack, session->stack_bytes);
    if (session->symbols)
        hv_symbols_close(session->symbols);
    free(session);
}

const struct hv_symbols *hv_trace_symbols(const struct hv_trace_session *session)
{
    return session->symbols;
}
