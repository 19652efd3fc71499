/* SPDX-License-Identifier: MIT */
/* What the figures rest on: controls, machine, settings, data. */
#include <inttypes.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

void hv_md_controls(const struct hv_md *md)
{
    static const char *const heads[] = {"Control", "What it is", "Expected",
                                        "Got",     "Tolerance",  "Result"};
    if (!md->result->n_controls) {
        fputs("\nNo control was run.\n", md->file);
        return;
    }
    hv_md_heads(md, heads, HV_LEN(heads));
    for (size_t i = 0; i < md->result->n_controls; i++) {
        const struct hv_control *control = &md->result->controls[i];
        const char *unit = hv_md_escape(md, control->unit);
        const char *word = !control->ran     ? "did not run"
                           : control->passed ? "passed"
                                             : "FAILED";
        const char *const cells[] = {
            hv_md_escape(md, control->name),
            hv_md_escape(md, control->what),
            hv_arena_printf(md->arena, "%s %s",
                            hv_format_number(md->arena, control->expected), unit),
            control->ran ? hv_arena_printf(md->arena, "%.5g %s", control->got, unit)
                         : "",
            hv_arena_printf(md->arena, "%.3g %%", 100 * control->tolerance),
            hv_arena_printf(md->arena, "%s%s%s", word, control->why ? ": " : "",
                            hv_md_escape(md, control->why)),
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
}

void hv_md_environment(const struct hv_md *md)
{
    static const char *const heads[] = {"Fact", "Value"};
    if (!md->result->n_environment) {
        fputs("\nNothing is known about the machine.\n", md->file);
        return;
    }
    hv_md_heads(md, heads, HV_LEN(heads));
    for (size_t i = 0; i < md->result->n_environment; i++) {
        const struct hv_fact *fact = &md->result->environment[i];
        const char *unknown = hv_arena_printf(
            md->arena, "unknown: %s",
            hv_md_escape(md, fact->why ? fact->why : "no reason given"));
        const char *const cells[] = {
            hv_md_escape(md, fact->key),
            fact->value ? hv_md_escape(md, fact->value) : unknown,
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
}

static void put_command(const struct hv_md *md)
{
    const char *line = "";
    for (size_t i = 0; i < md->result->n_command; i++)
        line = hv_arena_printf(md->arena, "%s%s%s", line, i ? " " : "",
                               md->result->command[i]);
    if (*line)
        fprintf(md->file, "- Command: %s\n", hv_md_code(md, line));
    if (md->result->version)
        fprintf(md->file, "- Version: %s\n", hv_md_escape(md, md->result->version));
}

static void put_settings(const struct hv_md *md)
{
    const struct hv_settings *settings = &md->result->settings;
    fprintf(md->file, "- Seed: %" PRIu64 "\n", settings->seed);
    if (settings->dim_bits)
        fprintf(md->file, "- Dimension: %" PRIu32 " bits\n", settings->dim_bits);
    else
        fputs("- Dimension: unknown\n", md->file);
    if (settings->precision > 0)
        fprintf(md->file, "- Precision asked for: %.3g %%\n",
                100 * settings->precision);
    if (settings->budget_seconds > 0)
        fprintf(md->file, "- Budget: %.3g s of timing per pair\n",
                settings->budget_seconds);
    if (settings->layouts)
        fprintf(md->file, "- Layouts asked for: %" PRIu32 "\n", settings->layouts);
    if (settings->quick)
        fputs("- Quick run: shorter, so the intervals are wider\n", md->file);
}

static void put_clock(const struct hv_md *md)
{
    const struct hv_clock *clock = &md->result->clock;
    if (clock->source)
        fprintf(md->file, "- Clock: %s", hv_md_escape(md, clock->source));
    if (clock->source && clock->ticks_per_ns > 0)
        fprintf(md->file, ", %.6g ticks per ns, smallest step %" PRIu32 " ticks",
                clock->ticks_per_ns, clock->granule);
    if (clock->source)
        fputc('\n', md->file);
    if (clock->adders > 0)
        fprintf(
            md->file,
            "- Gate: a sample counts when the throughput probes on both sides of it "
            "run at %.4g adds a cycle (%s)\n",
            clock->adders,
            clock->adders_verified ? "from the CPU table" : "learned in this run");
    else
        fputs("- Gate: the probe's speed on a quiet core is unknown\n", md->file);
}

enum { COLUMNS = 9 };

static void how_row(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const struct hv_speedup *quiet = hv_quiet_speedup(pair);
    const struct hv_speedup *told = quiet ? quiet : &pair->contended;
    const bool any = told->present;
    const char *const cells[COLUMNS] = {
        hv_md_escape(md, hv_pair_title(md->arena, pair)),
        hv_md_escape(md, pair->isa),
        hv_state_name(pair->state),
        pair->has_kept_share ? hv_format_share(md->arena, pair->kept_share) : "",
        any ? hv_arena_printf(md->arena, "%" PRIu32, told->layouts) : "",
        any ? hv_arena_printf(md->arena, "%" PRIu32, told->rounds) : "",
        any ? hv_md_escape(md, told->statistic) : "",
        any ? hv_format_band(md->arena, told->layout_band, " to ") : "",
        pair->stop == HV_STOP_NONE ? "" : hv_stop_name(pair->stop),
    };
    hv_md_row(md, cells, COLUMNS);
}

void hv_md_method(const struct hv_md *md)
{
    static const char *const heads[COLUMNS] = {
        "Pair",   "ISA",       "State",       "Quiet samples",      "Layouts",
        "Rounds", "Statistic", "Layout band", "Stopped because of",
    };
    fputc('\n', md->file);
    put_command(md);
    put_settings(md);
    put_clock(md);
    if (md->result->n_pairs)
        hv_md_heads(md, heads, COLUMNS);
    for (size_t i = 0; i < md->result->n_pairs; i++)
        how_row(md, &md->result->pairs[i]);
    fputs("\nA layout is a process of its own, with its own addresses. Layouts, rounds "
          "and band of a contended pair are those of its contended figure.\n",
          md->file);
}

void hv_md_data(const struct hv_md *md)
{
    if (md->result->raw_sha256)
        fprintf(md->file,
                "\nSHA-256 of the raw data in the dump: %s. It covers every sample, "
                "probe, count and setting; docs/hvperf-dump.schema.json tells how to "
                "compute it.\n",
                hv_md_code(md, md->result->raw_sha256));
    if (md->result->dump_sha256)
        fprintf(md->file,
                "\nSHA-256 of the dump this report was made from, as sha256sum prints "
                "it: %s. `hvperf verify hvperf-counters.json hvperf-report.md` "
                "computes every figure and verdict again from the raw samples, and "
                "compares dump and report byte by byte.\n",
                hv_md_code(md, md->result->dump_sha256));
    fputs(
        "\n`hvperf report --format markdown hvperf-counters.json` renders this report "
        "again from the dump alone.\n",
        md->file);
}
