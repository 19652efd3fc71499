/* SPDX-License-Identifier: MIT */
/* A folder that plays /proc and /sys for a test. */
#ifndef HV_TESTS_FIXTURE_TREE_H
#define HV_TESTS_FIXTURE_TREE_H

struct fixture_tree {
    char root[64];
};

struct fixture_file {
    const char *path, *text;
};

/* Ends the test when the disk will not have it. */
void fixture_tree_open(struct fixture_tree *tree);
void fixture_tree_write(struct fixture_tree *tree, const char *path, const char *text);
void fixture_tree_write_all(struct fixture_tree *tree, const struct fixture_file *files,
                            unsigned n);
void fixture_tree_close(struct fixture_tree *tree);

#endif
