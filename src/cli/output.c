/* SPDX-License-Identifier: MIT */
/* Sends a report to stdout or to a file. */
#include "src/cli/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/report/sweep.h"
#include "src/report/trace.h"
#include "src/report/writer.h"

int hv_cli_check_format(const char *format, struct hv_error *error)
{
    char names[128] = "";
    if (hv_writer_find(format))
        return 0;
    for (size_t i = 0; i < hv_n_writers; i++) {
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                 hv_writers[i].name);
    }
    return hv_fail(error, -EINVAL, "unknown format \"%s\": want %s", format, names);
}

/* no-color.org: set and not empty, whatever the value. */
static bool wants_color(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

static struct hv_style style_of_stdout(void)
{
    return (struct hv_style){.color = wants_color(),
                             .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0};
}

static int say_unwritten(int rc, struct hv_error *error)
{
    return rc ? hv_fail(error, rc, "cannot write to stdout: %s", strerror(-rc)) : 0;
}

int hv_cli_print(const struct hv_result *result, const char *format,
                 struct hv_error *error)
{
    const struct hv_style style = style_of_stdout();
    return say_unwritten(hv_writer_find(format)->write(result, stdout, &style), error);
}

int hv_cli_print_sweep(const struct hv_result *result, struct hv_error *error)
{
    const struct hv_style style = style_of_stdout();
    return say_unwritten(hv_report_sweep(result, stdout, &style), error);
}

int hv_cli_print_trace(const struct hv_result *result, struct hv_error *error)
{
    const struct hv_style style = style_of_stdout();
    return say_unwritten(hv_report_trace(result, stdout, &style), error);
}

int hv_cli_write_report(const struct hv_result *result, const char *dir,
                        const char *name, struct hv_error *error)
{
    const struct hv_style style = {0};
    char *text = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&text, &bytes);
    if (!memory)
        return hv_fail(error, -errno, "cannot render the report: %s", strerror(errno));
    int rc = hv_writer_find("markdown")->write(result, memory, &style);
    if (fclose(memory) && !rc)
        rc = -errno;
    rc = rc ? hv_fail(error, rc, "cannot render the report: %s", strerror(-rc))
            : hv_file_replace(dir, name, text, bytes, error);
    free(text);
    return rc;
}
