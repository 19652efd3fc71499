/* SPDX-License-Identifier: MIT */
/* hvperf report, version, help: the commands that measure nothing. */
#include <errno.h>
#include <string.h>

#include "src/base/arena.h"
#include "src/cli/commands.h"
#include "src/cli/output.h"
#include "src/dump/dump.h"

int hv_cmd_report(const struct hv_options *options, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct hv_error error = {""};
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run;
    struct hv_result *result;
    int code = HV_EXIT_DONE;
    int rc = hv_cli_check_format(options->format, &error);
    if (!rc)
        rc = hv_dump_read(options->operand, arena, &run, &result, &error);
    if (rc) { /* whatever is wrong with a dump is wrong with the input */
        hv_cli_fail(rc, &error);
        code = HV_EXIT_USAGE;
    } else if ((rc = hv_cli_print(result, options->format, &error))) {
        hv_cli_fail(rc, &error);
        code = HV_EXIT_FAILED;
    }
    hv_arena_close(arena);
    return code;
}

int hv_cmd_version(const struct hv_options *options, int argc, char **argv)
{
    (void)options, (void)argc, (void)argv;
    printf("hvperf %s\nbuild: %s\n", HV_VERSION, HV_BUILD_INFO);
    return HV_EXIT_DONE;
}

int hv_cmd_help(const struct hv_options *options, int argc, char **argv)
{
    (void)options, (void)argc, (void)argv;
    hv_options_help(stdout);
    return HV_EXIT_DONE;
}

void hv_cli_keep_command(struct hv_run *run, struct hv_arena *arena, int argc,
                         char **argv)
{
    const char **command = hv_arena_array(arena, (size_t)argc, sizeof *command);
    for (int i = 0; i < argc; i++)
        command[i] = argv[i];
    run->command = command;
    run->n_command = (size_t)argc;
}

int hv_cli_fail(int rc, const struct hv_error *error)
{
    fprintf(stderr, "hvperf: %s\n", error->text);
    if (rc == -EINTR)
        return HV_EXIT_INTERRUPTED;
    /* What the user named is wrong; anything else went wrong. */
    static const int usage[] = {-EINVAL,  -EBADMSG, -ENOENT, -EACCES,
                                -EISDIR,  -E2BIG,   -ELOOP,  -EFBIG,
                                -ENOTDIR, -ENOEXEC, -EROFS,  -ENAMETOOLONG};
    for (size_t i = 0; i < HV_LEN(usage); i++)
        if (rc == usage[i])
            return HV_EXIT_USAGE;
    return HV_EXIT_FAILED;
}

int hv_cli_flush(int code)
{
    if (ferror(stdout) && code != HV_EXIT_DONE)
        return code; /* told already */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "hvperf: cannot write to stdout: %s\n", strerror(errno));
    return HV_EXIT_FAILED;
}
