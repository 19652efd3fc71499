/* SPDX-License-Identifier: MIT */
/* The commands, and what they share. */
#ifndef HV_CLI_COMMANDS_H
#define HV_CLI_COMMANDS_H

#include "src/base/arena.h"
#include "src/cli/options.h"

enum {
    HV_EXIT_DONE = 0,
    HV_EXIT_FAILED = 1,
    HV_EXIT_USAGE = 2,
    HV_EXIT_INTERRUPTED = 130
};

/* Each returns an exit code. */
int hv_cmd_run(const struct hv_options *options, int argc, char **argv);
int hv_cmd_report(const struct hv_options *options, int argc, char **argv);
int hv_cmd_verify(const struct hv_options *options, int argc, char **argv);
int hv_cmd_trace(const struct hv_options *options, int argc, char **argv);
int hv_cmd_inspect(const struct hv_options *options, int argc, char **argv);
int hv_cmd_sweep(const struct hv_options *options, int argc, char **argv);
int hv_cmd_list(const struct hv_options *options, int argc, char **argv);
int hv_cmd_doctor(const struct hv_options *options, int argc, char **argv);
int hv_cmd_version(const struct hv_options *options, int argc, char **argv);
int hv_cmd_help(const struct hv_options *options, int argc, char **argv);

/* argv as it was given, for the dump. */
void hv_cli_keep_command(struct hv_run *run, struct hv_arena *arena, int argc,
                         char **argv);

/* Flushes stdout: a full disk behind it is a failure, with words. Returns code, or
 * HV_EXIT_FAILED. */
int hv_cli_flush(int code);

/* "hvperf: text" on stderr; the exit code that -errno stands for. */
int hv_cli_fail(int rc, const struct hv_error *error);

/* Version and build, for `version` and the dump. */
#ifndef HV_VERSION
#define HV_VERSION "0"
#endif
#ifndef HV_BUILD_INFO
#define HV_BUILD_INFO "unknown"
#endif

#endif
