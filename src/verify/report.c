/* SPDX-License-Identifier: MIT */
/* Which format is this report, and is it the one that this result gives? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/report/writer.h"
#include "src/verify/parts.h"

/* How a run writes its file, and how a terminal without UTF-8 gets it. */
static const struct hv_style styles[] = {{.ascii = false}, {.ascii = true}};

static int render(const struct hv_result *result, const struct hv_writer *writer,
                  const struct hv_style *style, struct hv_arena *arena,
                  struct hv_span *text)
{
    char *bytes = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&bytes, &n);
    if (!memory)
        return -errno;
    int rc = writer->write(result, memory, style);
    if (fclose(memory) && !rc)
        rc = -errno;
    char *copy = hv_arena_alloc(arena, n + 1);
    if (n)
        memcpy(copy, bytes, n);
    free(bytes);
    *text = (struct hv_span){copy, n};
    return rc;
}

static bool same_first_line(struct hv_span a, struct hv_span b)
{
    const size_t n = hv_common(a, b);
    return memchr(a.bytes, '\n', n) != NULL;
}

/* One format's text, and how far the report goes along with it. */
struct candidate {
    const struct hv_writer *writer;
    struct hv_span text;
    size_t common;
};

/* The one that the report seems to be: begins with the same line and goes along the
 * furthest; without any such it is taken for what a run writes. */
static int find_nearest(const struct hv_result *result, struct hv_span report,
                        struct hv_arena *arena, struct candidate *nearest)
{
    *nearest = (struct candidate){.writer = hv_writer_find("markdown")};
    int rc = render(result, nearest->writer, &styles[0], arena, &nearest->text);
    for (size_t i = 0; i < hv_n_writers * HV_LEN(styles) && !rc; i++) {
        struct candidate here = {.writer = &hv_writers[i / HV_LEN(styles)]};
        rc =
            render(result, here.writer, &styles[i % HV_LEN(styles)], arena, &here.text);
        if (rc)
            break;
        here.common = hv_common(report, here.text);
        if (same_first_line(report, here.text) && here.common > nearest->common)
            *nearest = here;
    }
    return rc;
}

static bool holds(struct hv_span text, const char *word)
{
    return word && text.bytes && memmem(text.bytes, text.n, word, strlen(word));
}

static void tell(const struct hv_result *result, struct hv_span report,
                 const struct candidate *nearest, struct hv_arena *arena,
                 struct hv_verification *out)
{
    const char *hash = result->dump_sha256;
    if (holds(nearest->text, hash) && !holds(report, hash))
        hv_finding_add(out, arena, true,
                       hv_arena_printf(arena,
                                       "it does not name this dump, whose SHA-256 is "
                                       "%s: it was made from another one, or changed",
                                       hash));
    hv_finding_add(out, arena, true,
                   hv_arena_printf(arena, "as %s, %s", nearest->writer->name,
                                   hv_diff_lines(report, nearest->text, arena)));
}

int hv_check_report(const struct hv_result *result, struct hv_span report,
                    struct hv_arena *arena, struct hv_verification *out)
{
    struct candidate nearest;
    const int rc = find_nearest(result, report, arena, &nearest);
    if (rc)
        return rc;
    if (report.n == nearest.text.n && nearest.common == report.n)
        out->format = nearest.writer->name;
    else
        tell(result, report, &nearest, arena, out);
    return 0;
}
