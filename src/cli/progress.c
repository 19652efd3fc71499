/* SPDX-License-Identifier: MIT */
/* One line that overwrites itself. */
#include "src/cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 20 };

struct hv_progress {
    bool drawn;
};

struct hv_progress *hv_progress_open(bool off)
{
    const char *terminal = getenv("TERM");
    if (off || !isatty(STDERR_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
        return NULL;
    return calloc(1, sizeof(struct hv_progress));
}

void hv_progress_close(struct hv_progress *progress)
{
    hv_progress_clear(progress);
    free(progress);
}

void hv_progress_step(struct hv_progress *progress, size_t done, size_t all,
                      const char *name)
{
    if (!progress || !all)
        return;
    const int filled = (int)(done * BAR / all);
    fprintf(stderr, "\r\033[K[%.*s%.*s] %zu/%zu %s", filled, "####################",
            BAR - filled, "....................", done + 1, all, name);
    fflush(stderr);
    progress->drawn = true;
}

void hv_progress_clear(struct hv_progress *progress)
{
    if (!progress || !progress->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->drawn = false;
}
