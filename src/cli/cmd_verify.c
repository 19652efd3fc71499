/* SPDX-License-Identifier: MIT */
/* hvperf verify: does the dump follow from its raw data, and the report from the dump?
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/base/file.h"
#include "src/cli/commands.h"
#include "src/dump/dump.h"
#include "src/verify/verify.h"

struct file {
    const char *path;
    char *bytes;
    size_t n;
};

static int read_file(struct file *file, struct hv_error *error)
{
    return hv_file_read(file->path, HV_DUMP_MAX_BYTES, &file->bytes, &file->n, error);
}

static int read_files(struct file *dump, struct file *report, struct hv_error *error)
{
    if (report->path && !strcmp(dump->path, "-") && !strcmp(report->path, "-"))
        return hv_fail(error, -EINVAL,
                       "only one of dump and report can come from standard input");
    const int rc = read_file(dump, error);
    return rc || !report->path ? rc : read_file(report, error);
}

static const char *name_of(const struct file *file)
{
    return strcmp(file->path, "-") ? file->path : "standard input";
}

static int tell(const struct hv_verification *told, const struct file *dump,
                const struct file *report)
{
    for (size_t i = 0; i < told->n_findings; i++)
        fprintf(stderr, "hvperf: %s: %s\n",
                name_of(told->findings[i].in_report ? report : dump),
                told->findings[i].text);
    if (told->n_findings)
        return HV_EXIT_FAILED;
    printf("verified: %s%s%s\n", told->checked, told->format ? "; the report, as " : "",
           told->format ? told->format : "");
    return HV_EXIT_DONE;
}

int hv_cmd_verify(const struct hv_options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct hv_error error = {""}, inner = {""};
    struct hv_arena *arena = hv_arena_open();
    struct file dump = {.path = options->operand}, report = {.path = options->extra};
    struct hv_verification told;
    int code;
    int rc = read_files(&dump, &report, &error);
    if (!rc) {
        const struct hv_verify_input in = {
            .dump = dump.bytes,
            .n_dump = dump.n,
            .report = report.bytes,
            .n_report = report.n,
            .version = HV_VERSION,
        };
        rc = hv_verify(&in, arena, &told, &inner);
        if (rc)
            hv_fail(&error, rc, "cannot use the dump %s: %.400s", name_of(&dump),
                    inner.text);
    }
    code = rc ? hv_cli_fail(rc, &error) : tell(&told, &dump, &report);
    free(dump.bytes);
    free(report.bytes);
    hv_arena_close(arena);
    return code;
}
