/* SPDX-License-Identifier: MIT */
/* Shared objects that a test compiles with $CC and loads. */
#include "tests/unit/compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>

static const char *compiler(void)
{
    const char *cc = getenv("CC");
    return cc && cc[0] ? cc : "cc";
}

static bool is_there(const char *tool)
{
    char command[600];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", tool);
    if (!system(command)) /* NOLINT(cert-env33-c): the words are the maker's own */
        return true;
    print_message("# skip: there is no %s\n", tool);
    return false;
}

bool compiled_by(struct compiled *out, const char *tool, const char *flags,
                 const char *name, const char *source)
{
    char command[2048], path[64];
    if (!is_there(tool))
        return false;
    if (!out->tree.root[0])
        fixture_tree_open(&out->tree);
    snprintf(path, sizeof path, "/%s", name);
    fixture_tree_write(&out->tree, path, source);
    snprintf(out->path, sizeof out->path, "%s/%s.so", out->tree.root, name);
    snprintf(command, sizeof command, "%s %s -o %s %s%s", tool, flags, out->path,
             out->tree.root, path);
    if (system(command)) /* NOLINT(cert-env33-c) */
        fail_msg("this failed: %s", command);
    return true;
}

bool compiled_build(struct compiled *out, const char *name, const char *source,
                    const char *flags)
{
    char all[1024];
#if !defined(__x86_64__) && !defined(__aarch64__)
    if (strstr(name, ".S")) {
        print_message("# skip: assembly of another architecture\n");
        return false;
    }
#endif
    snprintf(all, sizeof all, "-shared -fPIC -w %s", flags);
    return compiled_by(out, compiler(), all, name, source);
}

void compiled_load(struct compiled *object)
{
    object->handle = dlopen(object->path, RTLD_LAZY | RTLD_LOCAL);
    if (!object->handle)
        fail_msg("%s", dlerror());
    assert_int_equal(hv_symbols_open(&object->symbols, NULL, 0), 0);
}

bool compiled_open(struct compiled *out, const char *name, const char *source,
                   const char *flags)
{
    memset(out, 0, sizeof *out);
    if (!compiled_build(out, name, source, flags))
        return false;
    compiled_load(out);
    return true;
}

void compiled_close(struct compiled *object)
{
    hv_symbols_close(object->symbols);
    if (object->handle)
        dlclose(object->handle);
    if (object->tree.root[0])
        fixture_tree_close(&object->tree);
    memset(object, 0, sizeof *object);
}

void *compiled_at(const struct compiled *object, const char *symbol)
{
    void *address = dlsym(object->handle, symbol);
    if (!address)
        fail_msg("%s", dlerror());
    return address;
}

bool compiled_functions(struct compiled *out, const struct compiled_function *functions,
                        size_t n, const char *data, const char *flags)
{
    char *text = NULL, all[256];
    size_t bytes;
    FILE *source = open_memstream(&text, &bytes);
    assert_non_null(source);
    fputs(".section .note.GNU-stack,\"\",%progbits\n.text\n", source);
#if defined(__x86_64__)
    fputs(".intel_syntax noprefix\n", source);
#else
    fputs(".p2align 2\n", source);
#endif
    for (size_t i = 0; i < n; i++) {
        const bool is_local = functions[i].name[0] == '-';
        const char *name = functions[i].name + is_local;
        fprintf(source, "%s %s\n.type %s, %%function\n%s: %s\n.size %s, . - %s\n",
                is_local ? ".local" : ".globl", name, name, name, functions[i].body,
                name, name);
    }
    fprintf(source, "%s\n", data ? data : "");
    assert_int_equal(fclose(source), 0);
    snprintf(all, sizeof all, "-Wl,-Bsymbolic %s", flags);
    const bool is_loaded = compiled_open(out, "functions.S", text, all);
    free(text);
    return is_loaded;
}
