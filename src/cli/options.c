/* SPDX-License-Identifier: MIT */
/* The option table and its parser. */
#include "src/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "src/cli/options_table.h"
#include "src/cli/values.h"

static int take_counters(struct hv_options *o, const char *value,
                         struct hv_error *error)
{
    (void)value, (void)error;
    o->plan.settings.counters = true;
    return 0;
}

static int take_why(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->plan.settings.why = true;
    o->plan.settings.counters = true;
    return 0;
}

static int take_pairs(struct hv_options *o, const char *value, struct hv_error *error)
{
    if (!*value)
        return hv_fail(error, -EINVAL, "--pairs wants names: see `hvperf list`");
    o->plan.pairs = value;
    return 0;
}

static int take_isa(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)error;
    o->plan.isa = value;
    return 0;
}

static int take_dim(struct hv_options *o, const char *value, struct hv_error *error)
{
    uint64_t bits;
    if (hv_value_whole(value, 512, 65536, &bits) || bits % 512)
        return hv_fail(error, -EINVAL,
                       "--dim %s: want a multiple of 512 bits, 512 to 65536", value);
    o->plan.settings.dim_bits = (uint32_t)bits;
    return 0;
}

static int take_kernels(struct hv_options *o, const char *value, struct hv_error *error)
{
    if (o->plan.n_plugins == HV_MAX_PLUGINS)
        return hv_fail(error, -EINVAL, "--kernels %s: at most %d plugins", value,
                       HV_MAX_PLUGINS);
    o->plan.plugins[o->plan.n_plugins++] = value;
    return 0;
}

static int take_precision(struct hv_options *o, const char *value,
                          struct hv_error *error)
{
    if (hv_value_share(value, &o->plan.settings.precision))
        return hv_fail(
            error, -EINVAL,
            "--precision %s: want a share above 0 and below 100%%, like 1%% or "
            "0.01",
            value);
    return 0;
}

static int take_budget(struct hv_options *o, const char *value, struct hv_error *error)
{
    double seconds;
    if (hv_value_seconds(value, &seconds) || seconds < 0.05 || seconds > 3600)
        return hv_fail(error, -EINVAL,
                       "--budget %s: want 50ms to 60m, like 10s, 500ms or 2m", value);
    o->plan.settings.budget_seconds = seconds;
    o->budget_given = true;
    return 0;
}

static int take_layouts(struct hv_options *o, const char *value, struct hv_error *error)
{
    uint64_t n;
    if (hv_value_whole(value, HV_MIN_LAYOUTS, HV_MAX_LAYOUTS, &n))
        return hv_fail(error, -EINVAL, "--layouts %s: want %d to %d fresh processes",
                       value, HV_MIN_LAYOUTS, HV_MAX_LAYOUTS);
    o->plan.settings.layouts = (uint32_t)n;
    return 0;
}

static int take_cpu(struct hv_options *o, const char *value, struct hv_error *error)
{
    uint64_t cpu;
    if (hv_value_whole(value, 0, 65535, &cpu))
        return hv_fail(error, -EINVAL, "--cpu %s: want a CPU number, like 0", value);
    o->plan.cpu = (int)cpu;
    return 0;
}

static int take_quick(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->plan.settings.quick = true;
    return 0;
}

static int take_seed(struct hv_options *o, const char *value, struct hv_error *error)
{
    if (hv_value_whole(value, 0, UINT64_MAX, &o->plan.settings.seed))
        return hv_fail(error, -EINVAL, "--seed %s: want a whole number", value);
    return 0;
}

static int take_aa(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->plan.settings.aa = true;
    return 0;
}

static int take_events(struct hv_options *o, const char *value, struct hv_error *error)
{
    if (!*value)
        return hv_fail(error, -EINVAL, "-e wants event names: see `hvperf list`");
    o->plan.events = value;
    o->plan.settings.counters = true;
    return 0;
}

static int take_kernel(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->plan.kernel_mode = true;
    return 0;
}

static int take_backend(struct hv_options *o, const char *value, struct hv_error *error)
{
    o->plan.backend = hv_backend_find(value);
    if (!o->plan.backend)
        return hv_fail(error, -EINVAL, "--backend %s: want perf, none or fake", value);
    return 0;
}

static int take_hang(struct hv_options *o, const char *value, struct hv_error *error)
{
    const char *rest;
    if (hv_value_number(value, 0.1, 3600, &rest, &o->plan.hang_seconds) ||
        (*rest && strcmp(rest, "s") != 0))
        return hv_fail(error, -EINVAL, "--hang %s: want 0.1s to 3600s", value);
    return 0;
}

static int take_dir(struct hv_options *o, const char *value, struct hv_error *error)
{
    if (!*value)
        return hv_fail(error, -EINVAL, "-o wants a folder");
    o->dir = value;
    return 0;
}

static int take_format(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)error;
    o->format = value;
    return 0;
}

static int take_json(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->json = true;
    return 0;
}

static int take_hypothesis(struct hv_options *o, const char *value,
                           struct hv_error *error)
{
    (void)error;
    o->hypothesis = value;
    return 0;
}

static int take_help(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->help = true;
    return 0;
}

static int take_version(struct hv_options *o, const char *value, struct hv_error *error)
{
    (void)value, (void)error;
    o->version = true;
    return 0;
}

static int take_no_progress(struct hv_options *o, const char *value,
                            struct hv_error *error)
{
    (void)value, (void)error;
    o->quiet = true;
    return 0;
}

static const struct hv_option_row rows[] = {
    {"counters",    'c', NULL,        "count as well: hardware and software events, copied bytes",
     take_counters                                                                                                    },
    {"why",         'w', NULL,        "every experiment on every cause, not only what is called for",
     take_why                                                                                                         },
    {"pairs",       'p', "LIST",      "only these pairs, comma-separated",                            take_pairs      },
    {"isa",         0,   "NAME",      "an ISA of `hvperf list`, or all (default: the best)",          take_isa        },
    {"dim",         0,   "BITS",      "vector dimension, a multiple of 512 (default 2048)",           take_dim        },
    {"kernels",     'k', "FILE.so",   "add the pairs of a plugin; repeatable",                        take_kernels    },
    {"hypothesis",  0,   "FILE",      "test what this YAML file claims, not what is built in",
     take_hypothesis                                                                                                  },
    {"precision",   0,   "P%",        "stop a pair once its interval is +-P% (default 0.5%)",
     take_precision                                                                                                   },
    {"budget",      'b', "TIME",      "wall time of timing per pair (default 4s)",                    take_budget     },
    {"layouts",     0,   "N",         "stop a pair after N complete layouts, 8 to 32",                take_layouts    },
    {"cpu",         0,   "N",         "measure on this CPU (default: the quietest allowed)",          take_cpu        },
    {"quick",       'q', NULL,        "1 s and 8 layouts a pair: wider intervals",                    take_quick      },
    {"seed",        0,   "N",         "of the layouts and of random inputs (default 42)",             take_seed       },
    {"aa",          0,   NULL,        "each candidate against a second copy of itself",               take_aa         },
    {"event",       'e', "EVENT,...", "count these too: libpfm4, perf or raw rXXXX names",
     take_events                                                                                                      },
    {"kernel",      0,   NULL,        "count kernel mode as well as user mode",                       take_kernel     },
    {"backend",     0,   "NAME",      "where counts come from: perf, none, fake (for tests)",
     take_backend                                                                                                     },
    {"hang",        0,   "SECONDS",   "kill a kernel that is silent so long (default 10s)",
     take_hang                                                                                                        },
    {"output",      'o', "DIR",       "folder for dump and report, made if missing (default: .)",
     take_dir                                                                                                         },
    {"format",      'f', "NAME",      "what stdout gets: text, markdown or csv",                      take_format     },
    {"json",        0,   NULL,        "trace: JSON, as in the dump, instead of tables",               take_json       },
    {"no-progress", 0,   NULL,        "no progress bar on stderr",                                    take_no_progress},
    {"help",        'h', NULL,        "this text",                                                    take_help       },
    {"version",     'V', NULL,        "version and build",                                            take_version    },
};

const struct hv_option_row *hv_option_rows(size_t *n)
{
    *n = HV_LEN(rows);
    return rows;
}

/* getopt_long's table and letters, from the rows. */
struct spelling {
    struct option longs[HV_LEN(rows) + 1];
    char letters[3 * HV_LEN(rows) + 2];
};

static void spell(struct spelling *s)
{
    char *letter = s->letters;
    *letter++ = ':'; /* a missing argument is told apart from an unknown option */
    memset(s->longs, 0, sizeof s->longs);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        s->longs[i].name = rows[i].name;
        s->longs[i].has_arg = rows[i].argument ? required_argument : no_argument;
        s->longs[i].val = 256 + (int)i;
        if (!rows[i].letter)
            continue;
        *letter++ = (char)rows[i].letter;
        if (rows[i].argument)
            *letter++ = ':';
    }
    *letter = 0;
}

static const struct hv_option_row *row_of(int code)
{
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (code == 256 + (int)i || (code < 256 && code == rows[i].letter))
            return &rows[i];
    return NULL;
}

static int take_command(struct hv_options *o, int argc, char **argv,
                        struct hv_error *error)
{
    size_t n;
    const struct hv_command *commands = hv_commands(&n);
    o->command = &commands[0];
    if (optind == argc)
        return 0;
    const char *name = argv[optind++];
    o->command = NULL;
    for (size_t i = 0; i < n; i++)
        if (strcmp(commands[i].name, name) == 0)
            o->command = &commands[i];
    if (!o->command)
        return hv_fail(error, -EINVAL, "unknown command \"%s\": see hvperf --help",
                       name);
    if (o->command->operand && optind < argc)
        o->operand = argv[optind++];
    if (o->command->operand && !o->operand)
        return hv_fail(error, -EINVAL, "%s wants %s", name, o->command->operand);
    if (o->command->extra && optind < argc)
        o->extra = argv[optind++];
    if (optind < argc)
        return hv_fail(error, -EINVAL, "unexpected argument \"%s\"", argv[optind]);
    return 0;
}

static void defaults(struct hv_options *o)
{
    memset(o, 0, sizeof *o);
    o->dir = ".";
    o->format = "text";
    o->plan.cpu = -1;
    o->plan.backend = hv_backend_find("perf");
    o->plan.hang_seconds = 10;
    o->plan.settings.seed = 42;
    o->plan.settings.dim_bits = 2048;
    o->plan.settings.precision = 0.005;
    o->plan.settings.budget_seconds = 4;
}

/* --quick changes what was not asked for in so many words. */
static void apply_quick(struct hv_options *o)
{
    if (!o->plan.settings.quick)
        return;
    if (!o->budget_given)
        o->plan.settings.budget_seconds = 1;
    if (!o->plan.settings.layouts)
        o->plan.settings.layouts = HV_MIN_LAYOUTS;
}

int hv_options_parse(int argc, char **argv, struct hv_options *o,
                     struct hv_error *error)
{
    struct spelling s;
    int rc = 0, code;
    spell(&s);
    defaults(o);
    opterr = 0;
    while (!rc && (code = getopt_long(argc, argv, s.letters, s.longs, NULL)) != -1) {
        const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "?";
        if (code == ':')
            return hv_fail(error, -EINVAL, "%s wants an argument: see hvperf --help",
                           word);
        const struct hv_option_row *row = row_of(code);
        if (code == '?' || !row)
            return hv_fail(error, -EINVAL, "unknown option %s: see hvperf --help",
                           word);
        rc = row->take(o, optarg, error);
    }
    apply_quick(o);
    return rc || o->help || o->version ? rc : take_command(o, argc, argv, error);
}
