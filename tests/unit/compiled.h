/* SPDX-License-Identifier: MIT */
/* Shared objects that a test compiles with $CC and loads. */
#ifndef HV_TESTS_COMPILED_H
#define HV_TESTS_COMPILED_H

#include <stdbool.h>
#include <stddef.h>

#include "counters/trace/symbols.h"
#include "tests/unit/fixture_tree.h"

struct compiled {
    struct fixture_tree tree;
    char path[96];
    void *handle;
    struct hv_symbols *symbols; /* of all that was loaded then */
};

/* name: "x.c", "x.S" (of this architecture). Compiles
 * with these flags and loads lazily. False: no compiler here, or another architecture:
 * the caller skips. A source that does not compile ends the test. */
bool compiled_open(struct compiled *out, const char *name, const char *source,
                   const char *flags);
void compiled_close(struct compiled *object);

/* Only compiles, to tree.root/name.so; out must be zeroed before the first time. */
bool compiled_build(struct compiled *out, const char *name, const char *source,
                    const char *flags);
/* The same with another compiler, which takes `flags -o OUT IN`. */
bool compiled_by(struct compiled *out, const char *tool, const char *flags,
                 const char *name, const char *source);
/* Loads it; ends the test if that fails. */
void compiled_load(struct compiled *object);

/* A function in assembly, of x86-64 in Intel's syntax; `;` ends an instruction.
 * "-name": local. */
struct compiled_function {
    const char *name, *body;
};
/* Compiles them in this order and loads them; data: what else is in the file, or NULL.
 * Calls between them are direct (-Bsymbolic). */
bool compiled_functions(struct compiled *out, const struct compiled_function *functions,
                        size_t n, const char *data, const char *flags);

/* The address of an exported symbol; ends the test if there is none. */
void *compiled_at(const struct compiled *object, const char *symbol);

#endif
