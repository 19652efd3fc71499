/* SPDX-License-Identifier: MIT */
/* Sweeps and insights as tables. */
#include "src/report/sweep.h"

#include <errno.h>
#include <inttypes.h>

#include "src/report/format.h"
#include "src/report/out.h"

static const char *size_of(const struct hv_out *out, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    unsigned unit = 0;
    while (bytes >= 1024 && bytes % 1024 == 0 && unit < 3) {
        bytes /= 1024;
        unit++;
    }
    return hv_arena_printf(out->arena, "%" PRIu64 " %s", bytes, units[unit]);
}

static const char *time_of(const struct hv_out *out, const struct hv_evidence *time)
{
    return time->provenance == HV_ABSENT ? hv_format_absent(time)
                                         : hv_format_time(out->arena, time->value);
}

static const char *per_byte_of(const struct hv_out *out, const struct hv_evidence *cost)
{
    return cost->provenance == HV_ABSENT
               ? hv_format_absent(cost)
               : hv_arena_printf(out->arena, "%.4f", cost->value);
}

/* bytes / ns is GB/s. */
static const char *rate_of(const struct hv_out *out, const struct hv_evidence *cost)
{
    return cost->provenance == HV_ABSENT || !(cost->value > 0)
               ? "-"
               : hv_arena_printf(out->arena, "%.4g", 1 / cost->value);
}

static void put_points(const struct hv_out *out, const struct hv_sweep *sweep)
{
    enum { COLUMNS = 8 };
    static const struct hv_column columns[COLUMNS] = {
        {"Size",    true },
        {"first",   true },
        {"ns/byte", true },
        {"GB/s",    true },
        {"second",  true },
        {"ns/byte", true },
        {"GB/s",    true },
        {"Core",    false},
    };
    struct hv_cell *cells =
        hv_arena_array(out->arena, sweep->n_points * COLUMNS, sizeof *cells);
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct hv_sweep_point *point = &sweep->points[i];
        struct hv_cell *row = &cells[i * COLUMNS];
        row[0].text = size_of(out, point->bytes);
        for (unsigned arm = 0; arm < HV_ARMS; arm++) {
            row[1 + 3 * arm].text = time_of(out, &point->time[arm]);
            row[2 + 3 * arm].text = per_byte_of(out, &point->per_byte[arm]);
            row[3 + 3 * arm].text = rate_of(out, &point->per_byte[arm]);
        }
        row[COLUMNS - 1] =
            (struct hv_cell){hv_state_name(point->state),
                             point->state == HV_QUIET ? HV_GREEN : HV_YELLOW};
    }
    hv_out_table(out, columns, COLUMNS, cells, sweep->n_points);
}

static void put_knees(const struct hv_out *out, const struct hv_sweep *sweep)
{
    for (size_t i = 0; i < sweep->n_knees; i++) {
        const struct hv_knee *knee = &sweep->knees[i];
        hv_out_wrapped(
            out, HV_BOLD, "  Knee: ",
            hv_arena_printf(
                out->arena,
                "between %s and %s a byte goes from %.4f, the least so far, to %.4f "
                "ns%s%s.",
                size_of(out, knee->from), size_of(out, knee->to), knee->before,
                knee->after, knee->level ? "; sizes up to it: " : "",
                knee->level ? knee->level : ""));
    }
    if (!sweep->n_knees)
        hv_out_wrapped(out, HV_PLAIN, "  ",
                       "No knee: no size of this sweep makes a byte a quarter dearer.");
}

static void put_sweep(const struct hv_out *out, const struct hv_sweep *sweep)
{
    hv_out_heading(out,
                   hv_arena_printf(out->arena, "%s (%s)", sweep->pair, sweep->isa));
    hv_out_wrapped(out, HV_PLAIN, "  first: ", sweep->arm[HV_BASELINE]);
    hv_out_wrapped(out, HV_PLAIN, "  second: ", sweep->arm[HV_CANDIDATE]);
    put_points(out, sweep);
    put_knees(out, sweep);
}

static bool is_single(const struct hv_pair_result *pair)
{
    return pair->purpose == HV_PURPOSE_INSIGHT && !pair->asked_footprint;
}

static void put_singles(const struct hv_out *out, const struct hv_result *result)
{
    enum { COLUMNS = 6 };
    static const struct hv_column columns[COLUMNS] = {
        {"Insight", false},
        {"ISA",     false},
        {"first",   true },
        {"second",  true },
        {"ratio",   true },
        {"95 %",    false},
    };
    struct hv_cell *cells =
        hv_arena_array(out->arena, result->n_experiments * COLUMNS, sizeof *cells);
    size_t rows = 0;
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct hv_pair_result *pair = &result->experiments[i];
        if (!is_single(pair))
            continue;
        struct hv_cell *row = &cells[rows++ * COLUMNS];
        const struct hv_speedup *speedup = hv_quiet_speedup(pair);
        row[0].text = pair->name;
        row[1].text = pair->isa;
        for (unsigned arm = 0; arm < HV_ARMS; arm++) {
            const struct hv_evidence *time = hv_arm_figure(&pair->arm[arm], "time");
            row[2 + arm].text = time ? time_of(out, time) : "-";
        }
        row[4].text = speedup ? hv_format_speedup(out->arena, speedup)
                              : hv_state_name(pair->state);
        row[5].text = speedup ? hv_format_interval(out->arena, speedup, " to ") : "";
    }
    if (!rows)
        return;
    hv_out_heading(out,
                   "Operations against their ceilings, and memory from the system");
    hv_out_table(out, columns, COLUMNS, cells, rows);
}

int hv_report_sweep(const struct hv_result *result, FILE *file,
                    const struct hv_style *style)
{
    struct hv_arena *arena = hv_arena_open();
    const struct hv_out out = {file, style, arena};
    for (size_t i = 0; i < result->n_sweeps; i++)
        put_sweep(&out, &result->sweeps[i]);
    put_singles(&out, result);
    hv_arena_close(arena);
    return fflush(file) || ferror(file) ? -EIO : 0;
}
