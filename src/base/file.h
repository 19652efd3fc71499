/* SPDX-License-Identifier: MIT */
/* Files that appear whole or not at all. */
#ifndef HV_BASE_FILE_H
#define HV_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/error.h"

/* Puts n bytes into dir/name, replacing what is there: complete on disk before the name
 * points to it (temp file in the same folder, fsync, rename, fsync of the folder). On
 * failure the old file is untouched and nothing is left behind. 0 or -errno. */
int hv_file_replace(const char *dir, const char *name, const char *bytes, size_t n,
                    struct hv_error *error);

/* 0 if hv_file_replace(dir, name) can be expected to work, so that nobody waits for a
 * measurement that cannot be saved; else -errno. Writes nothing. A full disk is only
 * found out by writing. */
int hv_file_writable(const char *dir, const char *name, struct hv_error *error);

/* Reads path ("-": standard input) up to limit bytes into *bytes, which the caller
 * frees and which has a 0 behind its *n bytes. -EFBIG beyond the limit, -EISDIR for a
 * folder. */
int hv_file_read(const char *path, size_t limit, char **bytes, size_t *n,
                 struct hv_error *error);

/* The same, but a longer file is no error: the first limit bytes are read, no more than
 * one beyond them, and *more tells that there are others. */
int hv_file_read_start(const char *path, size_t limit, char **bytes, size_t *n,
                       bool *more, struct hv_error *error);

#endif
