/* SPDX-License-Identifier: MIT */
/* What stands in argv, as one struct. The only place that reads it is options.c. */
#ifndef HV_CLI_OPTIONS_H
#define HV_CLI_OPTIONS_H

#include <stdio.h>

#include "src/base/error.h"
#include "src/measure/plan.h"

struct hv_command;

struct hv_options {
    const struct hv_command *command;
    struct hv_plan plan;
    const char *dir;        /* -o: where dump and report go */
    const char *format;     /* --format: a writer's name */
    const char *hypothesis; /* --hypothesis: a file; NULL: the built-in one */
    const char *operand;    /* what follows the command: a dump, pairs */
    const char *extra;      /* and what may follow that: a report; else NULL */
    bool help, version, quiet, json;
    bool budget_given, layouts_given;
};

/* A command is a row; the first is the default. */
struct hv_command {
    const char *name, *operand; /* NULL: takes none */
    const char *extra;          /* a second operand, which may be left out */
    const char *what;
    int (*run)(const struct hv_options *options, int argc, char **argv);
};
const struct hv_command *hv_commands(size_t *n);

/* 0, or -EINVAL and a sentence that names the argument. */
int hv_options_parse(int argc, char **argv, struct hv_options *options,
                     struct hv_error *error);

/* Usage, commands, options, examples: made from the same tables. */
void hv_options_help(FILE *to);

#endif
