/* SPDX-License-Identifier: MIT */
/* --help, made from the tables of commands and options. */
#include <stdio.h>

#include "src/cli/options_table.h"

static void help_row(FILE *to, const struct hv_option_row *row)
{
    char left[40];
    snprintf(left, sizeof left, "%s%c%s--%s%s%s", row->letter ? "-" : " ",
             row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(to, "  %-26s %s\n", left, row->what);
}

static void help_command(FILE *to, const struct hv_command *command)
{
    char left[40];
    snprintf(left, sizeof left, "%s %s%s%s%s", command->name,
             command->operand ? command->operand : "", command->extra ? " [" : "",
             command->extra ? command->extra : "", command->extra ? "]" : "");
    fprintf(to, "  %-26s %s\n", left, command->what);
}

void hv_options_help(FILE *to)
{
    size_t n;
    const struct hv_command *commands = hv_commands(&n);
    fputs("usage: hvperf [options] [command]\n\n"
          "Times pairs of kernels, counts what they do, and says how sure it is.\n\n"
          "commands\n",
          to);
    for (size_t i = 0; i < n; i++)
        help_command(to, &commands[i]);
    fputs("\noptions\n", to);
    const struct hv_option_row *rows = hv_option_rows(&n);
    for (size_t i = 0; i < n; i++)
        help_row(to, &rows[i]);
    fputs("\nexamples\n"
          "  hvperf --counters                    the main job: dump and report, here\n"
          "  sudo hvperf --counters -o /tmp       with root: more counters may open\n"
          "  hvperf --pairs bind --isa all        one pair at every instruction set\n"
          "  hvperf --aa --budget 1s              how far can it be trusted here?\n"
          "  hvperf --kernels ./mine.so --pairs mine\n"
          "  hvperf --hypothesis mine.yaml        your own claim and predictions\n"
          "  hvperf --why --pairs bind            every experiment on why it is so\n"
          "  hvperf trace bind                    instructions, copies, who did it\n"
          "  hvperf sweep --quick                 what a copied byte costs, by size\n"
          "  hvperf report hvperf-counters.json --format csv\n"
          "  hvperf verify hvperf-counters.json hvperf-report.md\n"
          "  hvperf doctor                        what can this machine measure?\n\n"
          "exit codes: 0 done, 1 a measurement failed, 2 bad usage or input, 130 "
          "interrupted\n",
          to);
}
