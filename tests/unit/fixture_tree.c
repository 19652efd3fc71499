/* SPDX-License-Identifier: MIT */
/* A folder that plays /proc and /sys for a test. */
#include "tests/unit/fixture_tree.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void require(int done, const char *what)
{
    if (done)
        return;
    perror(what);
    exit(1);
}

void fixture_tree_open(struct fixture_tree *tree)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || strlen(folder) > 40)
        folder = "/tmp";
    snprintf(tree->root, sizeof tree->root, "%s/hv_tree_XXXXXX", folder);
    require(mkdtemp(tree->root) != NULL, tree->root);
}

void fixture_tree_write(struct fixture_tree *tree, const char *path, const char *text)
{
    char name[512];
    snprintf(name, sizeof name, "%s%s", tree->root, path);
    for (char *slash = name + strlen(tree->root) + 1; (slash = strchr(slash, '/'));
         slash++) {
        *slash = '\0';
        mkdir(name, 0700); /* may be there already */
        *slash = '/';
    }
    FILE *file = fopen(name, "w");
    require(file != NULL, name);
    require(fputs(text, file) >= 0 && !fclose(file), name);
}

void fixture_tree_write_all(struct fixture_tree *tree, const struct fixture_file *files,
                            unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        fixture_tree_write(tree, files[i].path, files[i].text);
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

void fixture_tree_close(struct fixture_tree *tree)
{
    require(!nftw(tree->root, remove_one, 8, FTW_DEPTH | FTW_PHYS), tree->root);
}
