/* SPDX-License-Identifier: MIT */
/* Hypothesis files: text in, struct hv_hypothesis out. */
#include "src/hypothesis/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/hypothesis/bytes.h"
#include "src/hypothesis/shape.h"

static void set_defaults(struct hv_hypothesis *hypothesis)
{
    struct hv_thresholds *thresholds = &hypothesis->thresholds;
    if (!(thresholds->match_share > 0))
        thresholds->match_share = HV_MATCH_SHARE;
    if (!(thresholds->partial_from > 0))
        thresholds->partial_from = HV_PARTIAL_FROM;
}

int hv_hypothesis_parse(const char *bytes, size_t n, struct hv_arena *arena,
                        struct hv_hypothesis *hypothesis, struct hv_error *error)
{
    struct hv_arena *scratch = hv_arena_open();
    struct hv_node *root;
    *hypothesis = (struct hv_hypothesis){.present = false};
    int rc = hv_tree_read(bytes, n, scratch, &root, error);
    if (!rc)
        rc = hv_shape_read(root, &hv_file_shape, hypothesis, arena, error);
    if (!rc) {
        set_defaults(hypothesis);
        rc = hv_hypothesis_check(hypothesis, error);
    }
    hypothesis->present = !rc;
    hv_arena_close(scratch);
    return rc;
}

int hv_hypothesis_read(const char *path, struct hv_arena *arena,
                       struct hv_hypothesis *hypothesis, struct hv_error *error)
{
    const char *name = strcmp(path, "-") ? path : "standard input";
    struct hv_error inner = {""};
    char *bytes;
    size_t n;
    bool more;
    int rc =
        hv_file_read_start(path, HV_HYPOTHESIS_MAX_BYTES, &bytes, &n, &more, error);
    if (rc)
        return rc;
    if (more)
        rc = hv_fail(&inner, -EINVAL,
                     "line %zu: here the file passes %d KiB, the most a hypothesis may "
                     "have",
                     hv_bytes_lines(bytes, n), HV_HYPOTHESIS_MAX_BYTES >> 10);
    else
        rc = hv_hypothesis_parse(bytes, n, arena, hypothesis, &inner);
    free(bytes);
    return rc ? hv_fail(error, rc, "%.160s: %s", name, inner.text) : 0;
}

int hv_hypothesis_builtin(struct hv_arena *arena, struct hv_hypothesis *hypothesis,
                          struct hv_error *error)
{
    size_t n;
    const char *text = hv_hypothesis_builtin_text(&n);
    struct hv_error inner = {""};
    const int rc = hv_hypothesis_parse(text, n, arena, hypothesis, &inner);
    return rc ? hv_fail(error, rc, "the built-in hypothesis: %s", inner.text) : 0;
}
