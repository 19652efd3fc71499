/* SPDX-License-Identifier: MIT */
/* Dump to bytes and back, its hash, its file. */
#include "src/dump/dump.h"

#include <errno.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/dump/doc.h"
#include "src/dump/scan.h"

struct buffer {
    char *bytes;
    size_t n, size;
};

static int to_buffer(void *to, const char *bytes, size_t n)
{
    struct buffer *buffer = to;
    if (n > buffer->size - buffer->n) {
        const size_t size = (buffer->size + n) * 2;
        char *bigger = realloc(buffer->bytes, size);
        if (!bigger)
            return -ENOMEM;
        buffer->bytes = bigger;
        buffer->size = size;
    }
    memcpy(buffer->bytes + buffer->n, bytes, n);
    buffer->n += n;
    return 0;
}

static int to_sha256(void *to, const char *bytes, size_t n)
{
    sha256_update(to, n, (const uint8_t *)bytes);
    return 0;
}

static int fail_encoding(struct hv_error *error, int rc)
{
    return hv_fail(error, rc, "cannot encode the dump: %s",
                   rc == -EDOM ? "a number in it is not finite" : strerror(-rc));
}

static void finish_hash(struct sha256_ctx *context, char text[HV_SHA256_TEXT])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

/* What sha256sum prints for these bytes. */
static const char *hash_bytes(const char *bytes, size_t n, struct hv_arena *arena)
{
    char text[HV_SHA256_TEXT];
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, n, (const uint8_t *)bytes);
    finish_hash(&context, text);
    return hv_arena_text(arena, text);
}

static int hash_doc(const struct hv_doc *doc, char text[HV_SHA256_TEXT],
                    struct hv_error *error)
{
    struct sha256_ctx context;
    sha256_init(&context);
    struct hv_emit emit = {.put = to_sha256, .to = &context, .compact = true};
    hv_encode_json(&emit, NULL, &hv_doc_shape, doc, true);
    if (emit.rc)
        return fail_encoding(error, emit.rc);
    finish_hash(&context, text);
    return 0;
}

/* The hash reads no derived member, so a result that only names the pairs will do. */
int hv_dump_sha256(const struct hv_run *run, char text[HV_SHA256_TEXT],
                   struct hv_error *error)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_result result = {.n_pairs = run->n_pairs};
    result.pairs = hv_arena_array(arena, run->n_pairs, sizeof *result.pairs);
    for (size_t i = 0; i < run->n_pairs; i++)
        result.pairs[i].name = run->pairs[i].name;
    result.n_experiments = run->n_experiments;
    result.experiments =
        hv_arena_array(arena, run->n_experiments, sizeof *result.experiments);
    for (size_t i = 0; i < run->n_experiments; i++)
        result.experiments[i].name = run->experiments[i].name;
    struct hv_doc doc;
    int rc = hv_doc_join(run, &result, arena, &doc, error);
    if (!rc)
        rc = hash_doc(&doc, text, error);
    hv_arena_close(arena);
    return rc;
}

int hv_dump_encode(const struct hv_run *run, struct hv_result *result,
                   struct hv_arena *arena, char **bytes, size_t *n,
                   struct hv_error *error)
{
    struct hv_doc doc;
    char hash[HV_SHA256_TEXT];
    struct buffer buffer = {NULL, 0, 0};
    int rc = hv_doc_join(run, result, arena, &doc, error);
    if (!rc)
        rc = hash_doc(&doc, hash, error);
    if (rc)
        return rc;
    doc.result.raw_sha256 = result->raw_sha256 = hv_arena_text(arena, hash);
    struct hv_emit emit = {.put = to_buffer, .to = &buffer};
    hv_encode_json(&emit, NULL, &hv_doc_shape, &doc, false);
    if (emit.rc) {
        free(buffer.bytes);
        return fail_encoding(error, emit.rc);
    }
    result->dump_sha256 = hash_bytes(buffer.bytes, buffer.n, arena);
    *bytes = buffer.bytes;
    *n = buffer.n;
    return 0;
}

int hv_dump_write(const char *dir, const char *name, const struct hv_run *run,
                  struct hv_result *result, struct hv_arena *arena, char **path_out,
                  struct hv_error *error)
{
    char *bytes;
    size_t n;
    int rc = hv_dump_encode(run, result, arena, &bytes, &n, error);
    if (rc)
        return rc;
    rc = hv_file_replace(dir, name, bytes, n, error);
    free(bytes);
    if (rc)
        result->dump_sha256 = NULL; /* there is no such file */
    else if (path_out)
        *path_out = hv_arena_printf(arena, "%s/%s", dir, name);
    return rc;
}

static int check_schema(const json_t *root, struct hv_error *error)
{
    const json_t *schema = json_object_get(json_object_get(root, "hvperf"), "schema");
    if (!json_is_integer(schema))
        return hv_fail(error, -EINVAL,
                       "hvperf.schema is missing: this is no dump of hvperf");
    if (json_integer_value(schema) != HV_DUMP_SCHEMA)
        return hv_fail(error, -EINVAL,
                       "hvperf.schema is %lld, and this hvperf reads %d only",
                       (long long)json_integer_value(schema), HV_DUMP_SCHEMA);
    return 0;
}

static int check_hash(const struct hv_doc *doc, const struct hv_run *run,
                      struct hv_error *error)
{
    char hash[HV_SHA256_TEXT];
    const int rc = hv_dump_sha256(run, hash, error);
    if (rc || !strcmp(hash, doc->result.raw_sha256))
        return rc;
    return hv_fail(
        error, -EBADMSG,
        "raw_sha256 is %.12s... but the raw data give %.12s...: the dump was "
        "changed after it was written",
        doc->result.raw_sha256, hash);
}

static int decode_root(json_t *root, struct hv_arena *arena, struct hv_run **run,
                       struct hv_result **result, struct hv_error *error)
{
    struct hv_doc *doc = hv_arena_alloc(arena, sizeof *doc);
    int rc = check_schema(root, error);
    if (!rc)
        rc = hv_decode_json(root, &hv_doc_shape, doc, arena, error);
    if (!rc)
        rc = hv_doc_split(doc, arena, run, result, error);
    if (!rc)
        rc = check_hash(doc, *run, error);
    return rc;
}

static int decode_bytes(const char *bytes, size_t n, struct hv_arena *arena,
                        struct hv_run **run, struct hv_result **result,
                        struct hv_error *error)
{
    int rc = hv_scan(bytes, n, HV_DUMP_MAX_DEPTH, HV_DUMP_MAX_VALUES, error);
    if (rc)
        return rc;
    json_error_t parse;
    json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &parse);
    if (!root)
        return hv_fail(error, -EINVAL, "line %d, column %d: no valid JSON: %s",
                       parse.line, parse.column, parse.text);
    rc = decode_root(root, arena, run, result, error);
    json_decref(root);
    return rc;
}

/* Messages quote the file, and the file may hold escape sequences for a terminal. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

int hv_dump_decode(const char *bytes, size_t n, struct hv_arena *arena,
                   struct hv_run **run, struct hv_result **result,
                   struct hv_error *error)
{
    const int rc = decode_bytes(bytes, n, arena, run, result, error);
    if (!rc)
        (*result)->dump_sha256 = hash_bytes(bytes, n, arena);
    else if (error)
        make_printable(error->text);
    return rc;
}

int hv_dump_read(const char *path, struct hv_arena *arena, struct hv_run **run,
                 struct hv_result **result, struct hv_error *error)
{
    char *bytes;
    size_t n;
    int rc = hv_file_read(path, HV_DUMP_MAX_BYTES, &bytes, &n, error);
    if (rc)
        return rc;
    struct hv_error inner = {""};
    rc = hv_dump_decode(bytes, n, arena, run, result, &inner);
    free(bytes);
    if (rc)
        return hv_fail(error, rc, "cannot use the dump %s: %.400s",
                       strcmp(path, "-") ? path : "from standard input", inner.text);
    return 0;
}
