/* SPDX-License-Identifier: MIT */
/* The atomic writer: nameless file where the system has them, else a hidden name. */
#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 16 };

struct temp {
    int dir, fd;
    char name[256]; /* empty: the file has no name (yet) */
};

static int open_dir(const char *dir, struct hv_error *error)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    const int rc = -errno;
    return hv_fail(error, rc, "cannot open the folder %s: %s", dir, strerror(-rc));
}

static int hidden_name(struct temp *temp, const char *name)
{
    unsigned long long tag;
    if (getrandom(&tag, sizeof tag, 0) != sizeof tag)
        return -EIO;
    const int n = snprintf(temp->name, sizeof temp->name, ".%.200s.%016llx", name, tag);
    return n < 0 ? -EIO : 0;
}

/* A process killed while it writes leaves nothing: the file has no name until it is
 * complete. Not every file system can do that. */
static int open_nameless(struct temp *temp)
{
    temp->name[0] = '\0';
    temp->fd = openat(temp->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    return temp->fd < 0 ? -errno : 0;
}

static int open_named(struct temp *temp, const char *name)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        const int rc = hidden_name(temp, name);
        if (rc)
            return rc;
        temp->fd = openat(temp->dir, temp->name,
                          O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (temp->fd >= 0)
            return 0;
        temp->name[0] = '\0';
        if (errno != EEXIST)
            return -errno;
    }
    return -EEXIST;
}

/* Gives a nameless file a hidden name, through /proc as link(2) needs it without
 * privilege. */
static int name_it(struct temp *temp, const char *name)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", temp->fd);
    for (int i = 0; i < ATTEMPTS; i++) {
        const int rc = hidden_name(temp, name);
        if (rc)
            return rc;
        if (!linkat(AT_FDCWD, self, temp->dir, temp->name, AT_SYMLINK_FOLLOW))
            return 0;
        temp->name[0] = '\0';
        if (errno != EEXIST)
            return -errno;
    }
    return -EEXIST;
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        const ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done ? -errno : -EIO;
        bytes += done;
        n -= (size_t)done;
    }
    return fsync(fd) ? -errno : 0;
}

static void discard(struct temp *temp)
{
    if (temp->fd >= 0)
        close(temp->fd);
    if (temp->name[0])
        unlinkat(temp->dir, temp->name, 0);
    temp->fd = -1;
    temp->name[0] = '\0';
}

static int fill(struct temp *temp, const char *name, bool nameless, const char *bytes,
                size_t n)
{
    int rc = nameless ? open_nameless(temp) : open_named(temp, name);
    if (!rc)
        rc = write_all(temp->fd, bytes, n);
    if (!rc && nameless)
        rc = name_it(temp, name);
    return rc;
}

static bool wants_a_name(int rc)
{
    return rc == -EOPNOTSUPP || rc == -EISDIR || rc == -ENOENT || rc == -EINVAL ||
           rc == -EPERM || rc == -EXDEV;
}

int hv_file_replace(const char *dir, const char *name, const char *bytes, size_t n,
                    struct hv_error *error)
{
    struct temp temp = {.fd = -1};
    temp.dir = open_dir(dir, error);
    if (temp.dir < 0)
        return temp.dir;
    int rc = fill(&temp, name, true, bytes, n);
    if (wants_a_name(rc)) {
        discard(&temp);
        rc = fill(&temp, name, false, bytes, n);
    }
    if (!rc && renameat(temp.dir, temp.name, temp.dir, name))
        rc = -errno;
    if (!rc)
        temp.name[0] = '\0';
    /* Some file systems cannot sync a folder; the file itself is safe by then. */
    if (!rc && fsync(temp.dir) && errno != EINVAL && errno != EROFS)
        rc = -errno;
    discard(&temp);
    close(temp.dir);
    if (rc)
        return hv_fail(error, rc, "cannot write %s/%s: %s", dir, name, strerror(-rc));
    return 0;
}

/* In a sticky folder (/tmp) a stranger's file cannot be replaced even though the folder
 * can be written to. */
static bool is_strangers(const struct stat *folder, const struct stat *file)
{
    const uid_t me = geteuid();
    return (folder->st_mode & S_ISVTX) && me && folder->st_uid != me &&
           file->st_uid != me;
}

int hv_file_writable(const char *dir, const char *name, struct hv_error *error)
{
    const int fd = open_dir(dir, error);
    if (fd < 0)
        return fd;
    struct stat folder, file;
    int rc = 0;
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) || fstat(fd, &folder))
        rc = -errno;
    else if (!fstatat(fd, name, &file, AT_SYMLINK_NOFOLLOW))
        rc = S_ISDIR(file.st_mode)          ? -EISDIR
             : is_strangers(&folder, &file) ? -EPERM
                                            : 0;
    else if (errno != ENOENT)
        rc = -errno;
    close(fd);
    if (rc)
        return hv_fail(error, rc, "cannot write %s/%s: %s (choose a folder with -o)",
                       dir, name, strerror(-rc));
    return 0;
}
