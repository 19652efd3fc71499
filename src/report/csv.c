/* SPDX-License-Identifier: MIT */
/* One figure a line, for spreadsheets and scripts: RFC 4180, values in full. */
#include <math.h>
#include <string.h>

#include "src/base/error.h"
#include "src/base/number.h"
#include "src/report/format.h"
#include "src/report/formats.h"
#include "src/report/glyph.h"
#include "src/report/why.h"

struct csv {
    FILE *file;
    const struct hv_style *style;
    struct hv_arena *arena;
};

/* One line's cells; NULL is empty. */
struct line {
    const struct hv_pair_result *pair;
    const char *arm, *figure;
    struct hv_evidence evidence;
    const char *verdict; /* of a prediction; of a cause, its name */
};

/* Spreadsheets run cells that begin like a formula: an apostrophe keeps them text. */
static void put_text(const struct csv *csv, const char *text, char end)
{
    const char *safe = hv_text_fit(csv->arena, text, csv->style->ascii, 100000);
    const bool formula = *safe && strchr("=+-@", *safe);
    const bool quoted = formula || strpbrk(safe, ",\"");
    fprintf(csv->file, "%s%s", quoted ? "\"" : "", formula ? "'" : "");
    for (; *safe; safe++)
        fprintf(csv->file, *safe == '"' ? "%c\"" : "%c", *safe);
    fprintf(csv->file, "%s%c", quoted ? "\"" : "", end);
}

static void put_number(const struct csv *csv, bool has, double value, char end)
{
    char text[HV_NUMBER_BYTES] = "";
    if (has && isfinite(value))
        hv_number_text(value, text);
    fprintf(csv->file, "%s%c", text, end);
}

static void put_line(const struct csv *csv, const struct line *line)
{
    const struct hv_evidence *evidence = &line->evidence;
    const bool has = evidence->provenance != HV_ABSENT;
    put_text(csv, hv_pair_title(csv->arena, line->pair), ',');
    put_text(csv, line->pair->isa, ',');
    put_text(csv, hv_state_name(line->pair->state), ',');
    put_text(csv, hv_state_name(line->pair->times), ',');
    put_text(csv, line->arm, ',');
    put_text(csv, line->figure, ',');
    put_number(csv, has, evidence->value, ',');
    put_text(csv, evidence->unit, ',');
    put_text(csv, hv_provenance_name(evidence->provenance), ',');
    put_text(csv, evidence->source, ',');
    put_number(csv, has && evidence->has_ci, evidence->ci95[0], ',');
    put_number(csv, has && evidence->has_ci, evidence->ci95[1], ',');
    put_text(csv, hv_format_why(csv->arena, evidence->why), ',');
    put_text(csv, line->verdict, '\n');
}

static struct hv_evidence from_speedup(const struct csv *csv,
                                       const struct hv_pair_result *pair,
                                       const struct hv_speedup *speedup,
                                       const char *why)
{
    if (!speedup || !speedup->present)
        return (struct hv_evidence){.unit = "x",
                                    .why = pair->failure ? pair->failure : why};
    const char *source =
        hv_arena_printf(csv->arena, "%s of %u layouts and %u rounds",
                        speedup->statistic ? speedup->statistic : "statistic unknown",
                        (unsigned)speedup->layouts, (unsigned)speedup->rounds);
    return (struct hv_evidence){
        .provenance = HV_MEASURED,
        .value = speedup->value,
        .unit = "x",
        .source = source,
        .has_ci = true,
        .ci95 = {speedup->ci95[0], speedup->ci95[1]}
    };
}

/* The value at one end of a band; the band itself is no interval of confidence. */
static struct hv_evidence from_band(const struct hv_evidence *speedup, double value)
{
    struct hv_evidence end = *speedup;
    end.value = value;
    end.has_ci = false;
    return end;
}

static struct hv_evidence from_share(const struct hv_pair_result *pair)
{
    if (!pair->has_kept_share)
        return (struct hv_evidence){.why = "no sample was taken"};
    return (struct hv_evidence){.provenance = HV_MEASURED,
                                .value = pair->kept_share,
                                .source = "quiet samples / all samples"};
}

static struct hv_evidence from_prediction(const struct hv_pair_result *pair)
{
    if (!(pair->prediction.speedup > 0))
        return (struct hv_evidence){.unit = "x", .why = "nothing was predicted"};
    return (struct hv_evidence){.provenance = HV_DECLARED,
                                .value = pair->prediction.speedup,
                                .unit = "x",
                                .source = pair->control ? "the known answer"
                                                        : "the pair's hypothesis",
                                .why = pair->prediction.rule};
}

/* What belongs to the pair, not to an arm of it. */
static void put_own(const struct csv *csv, const struct hv_pair_result *pair,
                    const char *figure, struct hv_evidence evidence)
{
    const struct line line = {pair, NULL, figure, evidence, NULL};
    put_line(csv, &line);
}

static void put_prediction(const struct csv *csv, const struct hv_pair_result *pair)
{
    const bool any = pair->prediction.speedup > 0;
    const struct line line = {pair, NULL, "predicted_speedup", from_prediction(pair),
                              any ? hv_match_name(pair->prediction.verdict) : NULL};
    put_line(csv, &line);
}

static void put_speedups(const struct csv *csv, const struct hv_pair_result *pair)
{
    const struct hv_speedup *quiet = &pair->speedup;
    const double *places = quiet->placement_band, *layouts = quiet->layout_band;
    const struct hv_evidence speedup =
        from_speedup(csv, pair, hv_quiet_speedup(pair), "too few quiet samples");
    put_own(csv, pair, "speedup", speedup);
    put_own(csv, pair, "speedup_placement_low", from_band(&speedup, places[0]));
    put_own(csv, pair, "speedup_placement_high", from_band(&speedup, places[1]));
    put_own(csv, pair, "speedup_layout_low", from_band(&speedup, layouts[0]));
    put_own(csv, pair, "speedup_layout_high", from_band(&speedup, layouts[1]));
    put_own(csv, pair, "speedup_contended",
            from_speedup(csv, pair, &pair->contended, "too few contended samples"));
    put_prediction(csv, pair);
    put_own(csv, pair, "kept_share", from_share(pair));
}

/* The gap, each of its parts, and the cause: a word with its sentence, no number. */
static void put_gap(const struct csv *csv, const struct hv_pair_result *pair)
{
    const struct hv_gap *gap = &pair->gap;
    if (!pair->cause.id)
        return;
    put_own(csv, pair, "gap",
            gap->present
                ? gap->time
                : (struct hv_evidence){.unit = "ns", .why = hv_gap_absence(pair)});
    for (size_t i = 0; gap->present && i < gap->n_parts; i++)
        put_own(csv, pair,
                hv_arena_printf(csv->arena, "gap_%s", hv_part_name(gap->parts[i].part)),
                gap->parts[i].time);
    const struct line line = {
        pair,
        NULL,
        "cause",
        {.provenance = gap->time.provenance, .value = NAN, .why = pair->cause.because},
        pair->cause.id
    };
    put_line(csv, &line);
}

/* The figure and under it, by the same name, what other witnesses say. */
static void put_figure(const struct csv *csv, const struct line *line)
{
    put_line(csv, line);
    for (size_t i = 0; i < line->evidence.n_witnesses; i++) {
        struct line other = *line;
        other.evidence = line->evidence.witnesses[i];
        const char *source = other.evidence.source;
        other.evidence.source =
            source ? hv_arena_printf(csv->arena, "witness: %s", source) : "witness";
        put_figure(csv, &other);
    }
}

static const char *const arms[HV_ARMS] = {"baseline", "candidate"};

static void put_pair(const struct csv *csv, const struct hv_pair_result *pair)
{
    put_speedups(csv, pair);
    put_gap(csv, pair);
    for (unsigned a = 0; a < HV_ARMS; a++)
        for (size_t i = 0; i < pair->arm[a].n_figures; i++) {
            const struct hv_figure *figure = &pair->arm[a].figures[i];
            const struct line line = {pair, arms[a], figure->name, figure->evidence,
                                      NULL};
            put_figure(csv, &line);
        }
}

/* Beside the pairs: the speedup and both times, by purpose, experiment and arm. */
static void put_trial(const struct csv *csv, const struct hv_pair_result *trial)
{
    const char *name = hv_arena_printf(
        csv->arena, "%s:%s:%s", hv_purpose_name(trial->purpose),
        trial->experiment ? trial->experiment : "",
        trial->arm[HV_BASELINE].name ? trial->arm[HV_BASELINE].name : "");
    put_own(csv, trial, hv_arena_printf(csv->arena, "%s:speedup", name),
            from_speedup(csv, trial, hv_quiet_speedup(trial), "too few quiet samples"));
    for (unsigned a = 0; a < HV_ARMS; a++) {
        const struct hv_evidence *time = hv_arm_figure(&trial->arm[a], "time");
        if (!time)
            continue;
        const struct line line = {
            trial, arms[a], hv_arena_printf(csv->arena, "%s:time", name), *time, NULL};
        put_line(csv, &line);
    }
}

int hv_report_csv(const struct hv_result *result, FILE *file,
                  const struct hv_style *style)
{
    const struct csv csv = {file, style, hv_arena_open()};
    fputs("pair,isa,state,times_state,arm,figure,value,unit,provenance,source,ci_low,"
          "ci_high,why,verdict\n",
          file);
    for (size_t i = 0; i < result->n_pairs; i++)
        put_pair(&csv, &result->pairs[i]);
    for (size_t i = 0; i < result->n_experiments; i++)
        put_trial(&csv, &result->experiments[i]);
    hv_arena_close(csv.arena);
    return hv_report_finish(file);
}
