/* SPDX-License-Identifier: MIT */
/* The table of report formats. */
#include <errno.h>
#include <string.h>

#include "src/base/error.h"
#include "src/report/formats.h"
#include "src/report/writer.h"

const struct hv_writer hv_writers[] = {
    {"text",     "tables for a terminal, at most 100 columns wide", ".txt", hv_report_text    },
    {"markdown", "the whole investigation as a document",           ".md",  hv_report_markdown},
    {"csv",      "one figure a line, for spreadsheets and scripts", ".csv", hv_report_csv     },
};
const size_t hv_n_writers = HV_LEN(hv_writers);

const struct hv_writer *hv_writer_find(const char *name)
{
    for (size_t i = 0; i < hv_n_writers; i++)
        if (!strcmp(hv_writers[i].name, name))
            return &hv_writers[i];
    return NULL;
}

int hv_report_finish(FILE *file)
{
    if (fflush(file))
        return -errno;
    return ferror(file) ? -EIO : 0;
}
