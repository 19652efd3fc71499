/* SPDX-License-Identifier: MIT */
/* The steps of a verification. */
#include "src/verify/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/analyse/analyse.h"
#include "src/dump/dump.h"
#include "src/verify/parts.h"

void hv_finding_add(struct hv_verification *out, struct hv_arena *arena, bool in_report,
                    const char *text)
{
    const size_t n = out->n_findings++;
    struct hv_finding *more = hv_arena_array(arena, n + 1, sizeof *more);
    if (n)
        memcpy(more, out->findings, n * sizeof *more);
    char *safe = hv_arena_text(arena, text);
    for (char *c = safe; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    more[n] = (struct hv_finding){.in_report = in_report, .text = safe};
    out->findings = more;
}

/* The values are equal, and yet the bytes are not. */
static void tell_spelling(struct hv_span found, struct hv_span expected,
                          struct hv_arena *arena, struct hv_verification *out)
{
    hv_finding_add(out, arena, false,
                   hv_arena_printf(arena,
                                   "all values are as computed again, but not written "
                                   "as hvperf writes them (blanks, order of members, "
                                   "digits, escapes): %s",
                                   hv_diff_lines(found, expected, arena)));
}

static int compare_dump(struct hv_span found, struct hv_span expected,
                        struct hv_arena *arena, struct hv_verification *out)
{
    if (found.n == expected.n && !memcmp(found.bytes, expected.bytes, found.n))
        return 0;
    const int differing = hv_diff_members(found, expected, arena, out);
    if (!differing)
        tell_spelling(found, expected, arena, out);
    return differing < 0 ? differing : 0;
}

/* The raw part says it all again. *again is then what a report is to be made from. */
static int check_dump(struct hv_span dump, const struct hv_run *run,
                      struct hv_arena *arena, struct hv_verification *out,
                      struct hv_result **again)
{
    struct hv_error error = {""};
    char *bytes;
    size_t n;
    *again = hv_analyse(run, arena);
    int rc = hv_dump_encode(run, *again, arena, &bytes, &n, &error);
    if (rc == -EDOM) { /* numbers that no measurement gives */
        hv_finding_add(out, arena, false,
                       hv_arena_printf(arena, "computed again: %s", error.text));
        return 0;
    }
    if (rc)
        return rc;
    rc = compare_dump(dump, (struct hv_span){bytes, n}, arena, out);
    free(bytes);
    return rc;
}

static void tell_version(const char *theirs, const char *ours, struct hv_arena *arena,
                         struct hv_verification *out)
{
    if (strcmp(theirs, ours) != 0)
        hv_finding_add(
            out, arena, false,
            hv_arena_printf(arena,
                            "it was made by hvperf %.60s, and this is %.60s: another "
                            "version may compute and word differently",
                            theirs, ours));
}

static int check_both(const struct hv_verify_input *in, const struct hv_run *run,
                      const struct hv_result *told, struct hv_arena *arena,
                      struct hv_verification *out)
{
    const struct hv_span dump = {in->dump, in->n_dump};
    const struct hv_span report = {in->report, in->n_report};
    struct hv_result *again;
    int rc = check_dump(dump, run, arena, out, &again);
    again->dump_sha256 = told->dump_sha256; /* of the file there is */
    if (!rc && in->report)
        rc = hv_check_report(again, report, arena, out);
    if (!rc && out->n_findings)
        tell_version(run->version, in->version, arena, out);
    else if (!rc)
        out->checked = hv_count_members(dump, arena);
    return rc;
}

int hv_verify(const struct hv_verify_input *in, struct hv_arena *arena,
              struct hv_verification *out, struct hv_error *error)
{
    struct hv_error inner = {""};
    struct hv_run *run;
    struct hv_result *told;
    *out = (struct hv_verification){.n_findings = 0};
    int rc = hv_dump_decode(in->dump, in->n_dump, arena, &run, &told, &inner);
    if (rc == -EBADMSG) {
        hv_finding_add(out, arena, false, inner.text);
        return 0;
    }
    if (rc)
        return hv_fail(error, rc, "%s", inner.text);
    rc = check_both(in, run, told, arena, out);
    return rc ? hv_fail(error, rc, "cannot compute it again: %s", strerror(-rc)) : 0;
}
