/* SPDX-License-Identifier: MIT */
/* The trace of a pair for a person: what an iteration does, who does it, what is copied
 * where. */
#include "src/report/trace.h"

#include <inttypes.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/formats.h"
#include "src/report/out.h"

enum {
    TOP = 6,    /* functions, and places, that are listed */
    SHORT = 16, /* bytes */
};

static const char *number(const struct hv_out *out, double value)
{
    return hv_format_number(out->arena, value);
}

/* ---- an iteration of both arms, side by side */

/* A row holds one figure or two, "20 / 1056". */
static const struct {
    const char *title, *figure[2], *unit;
} lines[] = {
    {"instructions",                {"instructions", NULL},                         "instructions"},
    {"loads / their bytes",         {"loads", "load_bytes"},                        "loads"       },
    {"stores / their bytes",        {"stores", "store_bytes"},                      "stores"      },
    {"widest vector",               {"vector_width", NULL},                         "bits"        },
    {"bytes copied",                {"memcpy_bytes", NULL},                         "bytes"       },
    {"  by calls / in the library",
     {"memcpy_bytes_called", "memcpy_bytes_library"},
     "bytes"                                                                                      },
    {"  inlined / short runs",      {"memcpy_bytes_inlined", "memcpy_bytes_small"}, "bytes"       },
    {"allocations / their bytes",   {"allocations", "allocated_bytes"},             "calls"       },
    {"L1 misses, warm / cold",      {"l1d_misses", "l1d_misses_cold"},              "misses"      },
    {"L1 lines of a call",          {"l1d_lines", NULL},                            "lines"       },
    {"over stores / 4 KiB alias",   {"forward_spans", "alias_4k"},                  "loads"       },
    {"line splits / syscalls",      {"line_splits", "syscalls"},                    "accesses"    },
};

/* The row's figures of one arm; *weakest: the least of their provenances so far. */
static const char *values_of(const struct hv_out *out, const struct hv_arm_result *arm,
                             const char *const names[2], enum hv_provenance *weakest)
{
    const char *text = NULL;
    for (unsigned i = 0; i < 2 && names[i]; i++) {
        const struct hv_evidence *figure = hv_arm_figure(arm, names[i]);
        const char *value = figure ? hv_format_value(out->arena, figure) : "-";
        if (figure && figure->provenance < *weakest)
            *weakest = figure->provenance;
        text = text ? hv_arena_printf(out->arena, "%s / %s", text, value) : value;
    }
    return text;
}

static void iteration(const struct hv_out *out, const struct hv_result *result,
                      const struct hv_pair_result *pair)
{
    enum { COLUMNS = 5 };
    const struct hv_column columns[COLUMNS] = {
        {"Per iteration",       false       },
        {hv_arm_heading(result, HV_BASELINE), true},
        {hv_arm_heading(result,                     HV_CANDIDATE),             true},
        {"Unit",                 false                },
        {"Provenance",false},
    };
    struct hv_cell cells[HV_LEN(lines) * COLUMNS] = {
        {NULL, HV_PLAIN}
    };
    for (size_t i = 0; i < HV_LEN(lines); i++) {
        struct hv_cell *row = &cells[i * COLUMNS];
        enum hv_provenance weakest = HV_MEASURED;
        row[0].text = lines[i].title;
        for (unsigned a = 0; a < HV_ARMS; a++)
            row[1 + a].text = values_of(out, &pair->arm[a], lines[i].figure, &weakest);
        row[3].text = lines[i].unit;
        row[4].text = hv_provenance_name(weakest);
    }
    hv_out_table(out, columns, COLUMNS, cells, HV_LEN(lines));
}

/* ---- by function */

static void who_row(const struct hv_out *out, const struct hv_who *who,
                    struct hv_cell row[7])
{
    const bool timed = who->time.provenance != HV_ABSENT;
    row[0].text = who->name;
    row[1].text = who->group;
    row[2].text = number(out, who->calls);
    row[3].text = number(out, who->instructions);
    row[4].text = hv_arena_printf(out->arena, "%.3g %%", 100 * who->share);
    row[5].text = number(out, who->copied);
    row[6].text = timed ? hv_format_time(out->arena, who->time.value) : "-";
}

static void functions(const struct hv_out *out, const struct hv_breakdown *b)
{
    enum { COLUMNS = 7 };
    static const struct hv_column columns[COLUMNS] = {
        {"Function",     false},
        {"Group",        false},
        {"Calls",        true },
        {"Instructions", true },
        {"Share",        true },
        {"Copied",       true },
        {"Time, est.",   true },
    };
    struct hv_cell cells[(TOP + 1) * COLUMNS] = {
        {NULL, HV_PLAIN}
    };
    const size_t shown = b->n_who < TOP ? b->n_who : TOP;
    size_t rows = 0;
    for (; rows < shown; rows++)
        who_row(out, &b->who[rows], &cells[rows * COLUMNS]);
    if (b->n_who > shown) {
        struct hv_who rest = {
            .name = hv_arena_printf(out->arena, "%zu more", b->n_who - shown)};
        for (size_t i = shown; i < b->n_who; i++) {
            rest.calls += b->who[i].calls;
            rest.instructions += b->who[i].instructions;
            rest.share += b->who[i].share;
            rest.copied += b->who[i].copied;
        }
        who_row(out, &rest, &cells[rows++ * COLUMNS]);
    }
    hv_out_table(out, columns, COLUMNS, cells, rows);
}

/* ---- by place */

static void copying_row(const struct hv_out *out, const struct hv_copying *c,
                        struct hv_cell row[5])
{
    row[0].text = hv_place_name(out->arena, c);
    row[1].text = c->called ? "call" : "inlined";
    row[2].text = number(out, c->copies);
    row[3].text = number(out, c->bytes);
    row[4].text = c->smallest == c->largest
                      ? hv_arena_printf(out->arena, "%" PRIu64, c->largest)
                      : hv_arena_printf(out->arena, "%" PRIu64 "-%" PRIu64, c->smallest,
                                        c->largest);
}

/* Spills and single words are no copies that somebody wrote. */
static bool is_short(const struct hv_copying *c)
{
    return !c->called && c->largest < SHORT;
}

/* What the table leaves out, in one line; nothing if it leaves nothing out. */
static void left_out(const struct hv_out *out, const struct hv_breakdown *b,
                     size_t shown)
{
    size_t places = 0, shorts = 0, met = 0;
    double bytes = 0, short_bytes = 0;
    for (size_t i = 0; i < b->n_copying; i++) {
        const struct hv_copying *c = &b->copying[i];
        const bool brief = is_short(c);
        if (!brief && met++ < shown)
            continue;
        places += !brief;
        bytes += brief ? 0 : c->bytes;
        shorts += brief;
        short_bytes += brief ? c->bytes : 0;
    }
    if (places)
        hv_out_wrapped(out, HV_DIM, "",
                       hv_arena_printf(out->arena, "%s bytes at %zu more places.",
                                       number(out, bytes), places));
    if (shorts)
        hv_out_wrapped(
            out, HV_DIM, "",
            hv_arena_printf(out->arena,
                            "%s bytes in runs below %d bytes (spills, single "
                            "words) at %zu places.",
                            number(out, short_bytes), SHORT, shorts));
}

static void places(const struct hv_out *out, const struct hv_breakdown *b)
{
    enum { COLUMNS = 5 };
    static const struct hv_column columns[COLUMNS] = {
        {"Copies at",  false},
        {"How",        false},
        {"Copies",     true },
        {"Bytes",      true },
        {"Bytes each", true },
    };
    struct hv_cell cells[TOP * COLUMNS] = {
        {NULL, HV_PLAIN}
    };
    size_t shown = 0;
    for (size_t i = 0; i < b->n_copying && shown < TOP; i++)
        if (!is_short(&b->copying[i]))
            copying_row(out, &b->copying[i], &cells[shown++ * COLUMNS]);
    fputc('\n', out->file);
    if (shown)
        hv_out_table(out, columns, COLUMNS, cells, shown);
    else
        hv_out_wrapped(out, HV_PLAIN, "",
                       hv_arena_printf(out->arena,
                                       "No copy of %d bytes or more was seen.", SHORT));
    left_out(out, b, shown);
}

static void arm(const struct hv_out *out, const struct hv_arm_result *result)
{
    const struct hv_breakdown *b = &result->breakdown;
    hv_out_heading(out, result->name ? result->name : "arm");
    if (!b->present) {
        hv_out_wrapped(out, HV_PLAIN, "",
                       hv_arena_printf(out->arena, "Not traced: %s.",
                                       b->why ? b->why : "no reason was given"));
        return;
    }
    functions(out, b);
    if (b->n_who && b->who[0].time.provenance == HV_ABSENT)
        hv_out_wrapped(out, HV_DIM, "",
                       hv_arena_printf(out->arena, "No time: %s.",
                                       hv_format_why(out->arena, b->who[0].time.why)));
    places(out, b);
    hv_out_wrapped(out, HV_DIM, "", hv_arena_printf(out->arena, "(%s)", b->source));
}

int hv_report_trace(const struct hv_result *result, FILE *file,
                    const struct hv_style *style)
{
    const struct hv_out out = {file, style, hv_arena_open()};
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (i)
            fputc('\n', file);
        hv_out_text(&out, HV_BOLD,
                    hv_arena_printf(out.arena, "%s, %s", hv_pair_title(out.arena, pair),
                                    pair->isa));
        fputs("\n", file);
        if (pair->failure) {
            hv_out_wrapped(&out, HV_RED, "", pair->failure);
            continue;
        }
        iteration(&out, result, pair);
        for (unsigned a = 0; a < HV_ARMS; a++)
            arm(&out, &pair->arm[a]);
        for (size_t w = 0; w < pair->n_warnings; w++)
            hv_out_wrapped(&out, HV_YELLOW, "warning: ",
                           hv_arena_printf(out.arena, "%s %s", pair->warnings[w].text,
                                           pair->warnings[w].advice
                                               ? pair->warnings[w].advice
                                               : ""));
    }
    hv_arena_close(out.arena);
    return hv_report_finish(file);
}
