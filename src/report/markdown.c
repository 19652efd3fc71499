/* SPDX-License-Identifier: MIT */
/* The report as a document: a title and a table of sections. */
#include "src/base/error.h"
#include "src/report/claim.h"
#include "src/report/format.h"
#include "src/report/formats.h"
#include "src/report/md.h"

static const struct {
    const char *heading;
    void (*write)(const struct hv_md *md);
    bool (*is_wanted)(const struct hv_result *result); /* NULL: always */
} sections[] = {
    {"Hypothesis Verification", hv_md_verification, NULL           },
    {"Benchmark Results",       hv_md_results,      NULL           },
    {"Key Findings",            hv_md_findings,     NULL           },
    {"Why",                     hv_md_why,          NULL           },
    {"Next Steps",              hv_md_next_steps,   NULL           },
    {"Lessons Learned",         hv_md_lessons,      NULL           },
    {"What Things Cost Here",   hv_md_insights,     hv_has_insights},
    {"Root Causes",             hv_md_checklist,    NULL           },
    {"Experiments",             hv_md_experiments,  NULL           },
    {"Counters",                hv_md_counters,     NULL           },
    {"Warnings",                hv_md_warnings,     NULL           },
    {"Controls",                hv_md_controls,     NULL           },
    {"Environment",             hv_md_environment,  NULL           },
    {"How It Was Measured",     hv_md_method,       NULL           },
    {"Data",                    hv_md_data,         NULL           },
};

static const char *title(enum hv_scenario scenario)
{
    static const char *const titles[] = {
        [HV_SCENARIO_UNDECIDED] = "UNDECIDED",
        [HV_SCENARIO_NONE] = HV_NO_SCENARIO,
        [HV_PESSIMISTIC] = "PIVOT",
        [HV_REALISTIC] = "PARTIAL",
        [HV_OPTIMISTIC] = "SUCCESS",
    };
    return (size_t)scenario < HV_LEN(titles) ? titles[scenario] : "UNDECIDED";
}

static void head(const struct hv_md *md)
{
    const struct hv_result *result = md->result;
    fprintf(md->file, "# Verification: %s%s\n", title(result->decision.scenario),
            hv_md_escape(md, hv_matrix_remark(md->arena, &result->decision, true)));
    if (result->interrupted)
        fputs("\n**Interrupted**: this is what had been measured until then.\n",
              md->file);
    if (result->settings.aa)
        fputs(
            "\n**A/A run**: both arms of every pair are the same code, and every true "
            "speedup is 1.\n",
            md->file);
}

int hv_report_markdown(const struct hv_result *result, FILE *file,
                       const struct hv_style *style)
{
    const struct hv_md md = {file, style, hv_arena_open(), result};
    head(&md);
    for (size_t i = 0; i < HV_LEN(sections); i++) {
        if (sections[i].is_wanted && !sections[i].is_wanted(result))
            continue;
        fprintf(file, "\n## %s\n", sections[i].heading);
        sections[i].write(&md);
    }
    hv_arena_close(md.arena);
    return hv_report_finish(file);
}
