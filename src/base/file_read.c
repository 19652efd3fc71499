/* SPDX-License-Identifier: MIT */
/* Reading a whole file, or standard input, up to a limit. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/file.h"

enum { FIRST_BYTES = 64 * 1024 };

/* Grows towards limit + 1 bytes: one more than allowed proves that there is more. */
static int grow(char **bytes, size_t *size, size_t limit)
{
    const size_t most = limit + 1;
    const size_t next = *size > most / 2 ? most : *size * 2;
    char *bigger = realloc(*bytes, next + 1);
    if (!bigger)
        return -ENOMEM;
    *bytes = bigger;
    *size = next;
    return 0;
}

static int read_all(int fd, size_t limit, char **bytes, size_t *n)
{
    size_t size = limit < FIRST_BYTES ? limit + 1 : FIRST_BYTES;
    *n = 0;
    *bytes = malloc(size + 1);
    if (!*bytes)
        return -ENOMEM;
    for (;;) {
        const ssize_t got = read(fd, *bytes + *n, size - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        *n += (size_t)got;
        if (*n > limit)
            return -EFBIG;
        if (!got)
            break;
        const int rc = *n == size ? grow(bytes, &size, limit) : 0;
        if (rc)
            return rc;
    }
    (*bytes)[*n] = '\0';
    return 0;
}

int hv_file_read_start(const char *path, size_t limit, char **bytes, size_t *n,
                       bool *more, struct hv_error *error)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    *bytes = NULL;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int rc = fd < 0 ? -errno : read_all(fd, limit, bytes, n);
    if (fd >= 0 && !is_stdin)
        close(fd);
    *more = rc == -EFBIG && *bytes;
    if (*more) {
        *n = limit;
        (*bytes)[limit] = '\0';
        return 0;
    }
    if (!rc)
        return 0;
    free(*bytes);
    *bytes = NULL;
    return hv_fail(error, rc, "cannot read %s: %s", name, strerror(-rc));
}

int hv_file_read(const char *path, size_t limit, char **bytes, size_t *n,
                 struct hv_error *error)
{
    bool more;
    const int rc = hv_file_read_start(path, limit, bytes, n, &more, error);
    if (rc || !more)
        return rc;
    free(*bytes);
    *bytes = NULL;
    return hv_fail(error, -EFBIG, "cannot read %s: more than %zu MiB",
                   strcmp(path, "-") ? path : "standard input", limit >> 20);
}
