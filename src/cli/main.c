/* SPDX-License-Identifier: MIT */
/* Entry: a worker if it was started as one, else the command of argv. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/commands.h"
#include "src/measure/spawn.h"
#include "src/measure/worker/worker.h"

static const struct hv_command commands[] = {
    {"run",     NULL,   NULL,     "measure, judge, report (the default)",                  hv_cmd_run    },
    {"trace",   "PAIR", NULL,     "what an iteration of each arm does, by instruction",
     hv_cmd_trace                                                                                        },
    {"inspect", "PAIR", NULL,     "the arms' machine code, and what it says",
     hv_cmd_inspect                                                                                      },
    {"sweep",   NULL,   NULL,     "what copies and operations cost here, by size and ISA",
     hv_cmd_sweep                                                                                        },
    {"report",  "DUMP", NULL,     "render a dump again; - reads standard input",
     hv_cmd_report                                                                                       },
    {"verify",  "DUMP", "REPORT",
     "compute a dump, and its report, again from the raw data",                            hv_cmd_verify },
    {"list",    NULL,   NULL,     "pairs, ISAs, counter sets and events",                  hv_cmd_list   },
    {"doctor",  NULL,   NULL,     "what this machine can measure, what not, and why",
     hv_cmd_doctor                                                                                       },
    {"version", NULL,   NULL,     "version and build",                                     hv_cmd_version},
    {"help",    NULL,   NULL,     "this text",                                             hv_cmd_help   },
};

const struct hv_command *hv_commands(size_t *n)
{
    *n = HV_LEN(commands);
    return commands;
}

/* With 0, 1 or 2 closed, the next file opened would be taken for a standard stream, and
 * our own messages would end up in it. */
static void fill_standard_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int main(int argc, char **argv)
{
    if (argc == 1 && strcmp(argv[0], HV_WORKER_NAME) == 0)
        return hv_worker_main();
    fill_standard_descriptors();
    signal(SIGXFSZ, SIG_IGN); /* a file too large is an error with words */
    struct hv_options options;
    struct hv_error error = {""};
    setlocale(LC_CTYPE, ""); /* UTF-8 or not; numbers keep their decimal point */
    if (hv_options_parse(argc, argv, &options, &error)) {
        fprintf(stderr, "hvperf: %s\n", error.text);
        return HV_EXIT_USAGE;
    }
    int code = options.help      ? hv_cmd_help(&options, argc, argv)
               : options.version ? hv_cmd_version(&options, argc, argv)
                                 : options.command->run(&options, argc, argv);
    return hv_cli_flush(code);
}
