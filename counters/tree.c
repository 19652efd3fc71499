/* SPDX-License-Identifier: MIT */
/* Reads small text files of /proc and /sys, or of a tree recorded for tests. */
#include "counters/tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void trim(char *text)
{
    size_t len = strlen(text), skip = 0;
    while (len && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
    while (isspace((unsigned char)text[skip]))
        skip++;
    memmove(text, text + skip, len - skip + 1);
}

static __attribute__((format(printf, 4, 0))) int
read_line(const char *root, char *out, size_t size, const char *format, va_list args)
{
    char path[512], *cursor = path;
    const int prefix = snprintf(path, sizeof path, "%s", root);
    if (prefix < 0 || (size_t)prefix >= sizeof path)
        return -ENAMETOOLONG;
    const size_t left = sizeof path - (size_t)prefix;
    const int rest = vsnprintf(cursor + prefix, left, format, args);
    if (rest < 0 || (size_t)rest >= left)
        return -ENAMETOOLONG;

    FILE *file = fopen(path, "re");
    if (!file)
        return -errno;
    errno = 0;
    const bool got = fgets(out, (int)size, file);
    const int rc = got ? 0 : errno ? -errno : -ENODATA;
    fclose(file); /* read only: nothing can be lost */
    return rc;
}

int hv_tree_line(const char *root, char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int rc = read_line(root, out, size, format, args);
    va_end(args);
    if (rc) {
        out[0] = '\0';
        return rc;
    }
    trim(out);
    return out[0] ? 0 : -ENODATA;
}

int hv_tree_number(const char *root, long *out, const char *format, ...)
{
    char line[64], *end;
    va_list args;
    va_start(args, format);
    const int rc = read_line(root, line, sizeof line, format, args);
    va_end(args);
    if (rc)
        return rc;
    errno = 0;
    const long value = strtol(line, &end, 10);
    if (end == line || errno)
        return -EINVAL;
    *out = value;
    return 0;
}

bool hv_list_has(const char *list, int number)
{
    while (*list) {
        char *end;
        const long first = strtol(list, &end, 10);
        if (end == list)
            return false;
        long last = first;
        if (*end == '-') {
            list = end + 1;
            last = strtol(list, &end, 10);
            if (end == list)
                return false;
        }
        if (number >= first && number <= last)
            return true;
        list = *end == ',' ? end + 1 : end;
        if (list == end && *end && *end != '\n')
            return false;
        if (*list == '\n')
            return false;
    }
    return false;
}

void hv_put(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (vsnprintf(out, size, format, args) < 0 && size)
        out[0] = '\0';
    va_end(args);
}
