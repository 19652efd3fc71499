/* SPDX-License-Identifier: MIT */
/* Finding a job's kernels: in this binary, or in a plugin reached by descriptor. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernels/builtin.h"
#include "kernels/isa.h"
#include "src/base/error.h"
#include "src/measure/worker/worker.h"

/* A copy of a file that only this process can reach. A second copy of the same plugin
 * has its own addresses; the copy can also be loaded where the file may be read through
 * the descriptor only. */
static int copy_to_memory(int file)
{
    struct stat status;
    if (fstat(file, &status))
        return -errno;
    int copy = memfd_create("hvperf-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy < 0)
        return -errno;
    off_t at = 0;
    while (at < status.st_size) {
        ssize_t moved = sendfile(copy, file, &at, (size_t)(status.st_size - at));
        if (moved <= 0) {
            int rc = moved < 0 ? -errno : -EIO;
            close(copy);
            return rc;
        }
    }
    /* Code that runs from it must not be cut off under itself. */
    (void)fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    return copy;
}

static void *load_object(int file)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static bool is_arm(const struct hv_arm *arm)
{
    return arm->name && arm->run;
}

/* Every placement has the same experiments, whole ones. */
static int check_experiments(const struct hv_kernel_row *row, uint32_t number)
{
    const struct hv_pair *first = row->at[0];
    for (unsigned p = 0; p < HV_MAX_PLACES; p++) {
        const struct hv_pair *pair = row->at[p];
        if (!pair)
            continue;
        bool whole = pair->n_experiments == first->n_experiments &&
                     pair->n_experiments <= HV_EXPERIMENTS &&
                     (pair->experiments || !pair->n_experiments);
        for (uint32_t i = 0; whole && i < pair->n_experiments; i++)
            whole = pair->experiments[i].name &&
                    is_arm(&pair->experiments[i].baseline) &&
                    is_arm(&pair->experiments[i].candidate);
        if (!whole)
            return hv_worker_fail(-EINVAL,
                                  "row %u of its table: more than %d experiments, one "
                                  "without a name or an arm, or not the same at every "
                                  "placement",
                                  number, HV_EXPERIMENTS);
    }
    return 0;
}

static int check_set(const struct hv_kernel_set *set)
{
    if (set->abi != HV_ABI)
        return hv_worker_fail(-EINVAL,
                              "it was built against kernel ABI %u, this hvperf has %u: "
                              "build it again with this hvperf.h",
                              set->abi, HV_ABI);
    if (!set->name || !set->rows || !set->n_rows || set->n_rows > HV_WIRE_ROWS)
        return hv_worker_fail(-EINVAL,
                              "its hv_kernel_set has no name, or not 1 to %d rows",
                              HV_WIRE_ROWS);
    for (uint32_t i = 0; i < set->n_rows; i++) {
        const struct hv_pair *pair = set->rows[i].at[0];
        if (!pair || !pair->name || !pair->isa || !pair->baseline.run ||
            !pair->baseline.name || !pair->candidate.run || !pair->candidate.name ||
            !pair->setup)
            return hv_worker_fail(
                -EINVAL,
                "row %u of its table lacks a first placement, a name, an "
                "arm or setup",
                i);
        const int rc = check_experiments(&set->rows[i], i);
        if (rc)
            return rc;
    }
    return 0;
}

int hv_worker_load_set(struct hv_worker *w)
{
    if (w->job.set == 0) {
        w->set = &hv_builtin_kernels;
        w->object = HV_FD_TOOL;
        return 0;
    }
    w->object = HV_FD_PLUGIN;
    void *object = load_object(w->object);
    if (!object) {
        int copy = copy_to_memory(w->object);
        object = copy < 0 ? NULL : load_object(copy);
    }
    if (!object)
        return hv_worker_fail(-ENOEXEC, "it is no shared object: %s", dlerror());
    w->set = dlsym(object, "hv_kernel_set");
    if (!w->set)
        return hv_worker_fail(-EINVAL,
                              "it exports no hv_kernel_set: is it built against "
                              "hvperf.h?");
    return check_set(w->set);
}

/* The rows of a second copy of the set: its own twins, or the plugin loaded again. */
static int load_twin(struct hv_worker *w, const struct hv_kernel_row *row,
                     const struct hv_pair *const **twin)
{
    *twin = row->twin;
    if (row->twin[0] || w->job.set == 0)
        return row->twin[0] ? 0 : -ENOTSUP;
    int copy = copy_to_memory(w->object);
    void *object = copy < 0 ? NULL : load_object(copy);
    const struct hv_kernel_set *set = object ? dlsym(object, "hv_kernel_set") : NULL;
    if (!set || set == w->set)
        return -ENOTSUP;
    *twin = set->rows[w->job.row].at;
    return 0;
}

/* The function of one arm: the pair's own, or the job's experiment's. */
static hv_run_fn *arm_of(const struct hv_worker *w, const struct hv_pair *pair,
                         enum hv_arm_id arm)
{
    const struct hv_arm *arms[HV_ARMS] = {&pair->baseline, &pair->candidate};
    if (w->job.experiment) {
        const struct hv_experiment *e = &pair->experiments[w->job.experiment - 1];
        arms[HV_BASELINE] = &e->baseline;
        arms[HV_CANDIDATE] = &e->candidate;
    }
    return arms[arm]->run;
}

int hv_worker_load(struct hv_worker *w)
{
    int rc = hv_worker_load_set(w);
    if (rc)
        return rc;
    if (w->job.row >= w->set->n_rows)
        return hv_worker_fail(-EINVAL, "the set has no row %u any more", w->job.row);
    const struct hv_kernel_row *row = &w->set->rows[w->job.row];
    const struct hv_pair *const *twin = NULL;
    if (w->job.aa && load_twin(w, row, &twin))
        return hv_worker_fail(-ENOTSUP, "no second copy of its code could be loaded");
    if (w->job.experiment > row->at[0]->n_experiments)
        return hv_worker_fail(-EINVAL, "the pair has no experiment %u any more",
                              w->job.experiment);
    w->pair = row->at[0];
    for (unsigned i = 0; i < HV_MAX_PLACES; i++) {
        if (!row->at[i] || (twin && !twin[i]))
            continue;
        w->run[HV_BASELINE][w->places] =
            arm_of(w, row->at[i], twin ? HV_CANDIDATE : HV_BASELINE);
        w->run[HV_CANDIDATE][w->places] =
            arm_of(w, twin ? twin[i] : row->at[i], HV_CANDIDATE);
        w->places++;
    }
    return 0;
}

int hv_worker_setup(struct hv_worker *w)
{
    const struct hv_size size = {.dim_bits = w->job.dim_bits,
                                 .seed = w->job.seed,
                                 .footprint = w->job.footprint};
    hv_worker_note(w, HV_PHASE_SETUP, HV_BASELINE, 0);
    memset(&w->work, 0, sizeof w->work);
    int rc = w->pair->setup(&w->work, &size);
    if (rc)
        return hv_worker_fail(rc < 0 ? rc : -EINVAL, "its setup failed: %s",
                              strerror(rc < 0 ? -rc : rc));
    return 0;
}

void hv_worker_teardown(struct hv_worker *w)
{
    if (w->pair->teardown)
        w->pair->teardown(&w->work);
}

static void put(char *field, size_t bytes, const char *text)
{
    snprintf(field, bytes, "%s", text ? text : "");
}

static bool available(const struct hv_pair *pair)
{
    const struct hv_isa *isa = hv_isa_find(pair->isa);
    return !isa || hv_isa_available(isa); /* an ISA of the plugin's own: its business */
}

static int describe_experiment(const struct hv_pair *pair, uint32_t row, uint32_t i)
{
    const struct hv_experiment *e = &pair->experiments[i];
    struct hv_experiment_frame frame = {
        .row = row, .experiment = i + 1, .differs = e->differs != 0};
    put(frame.name, sizeof frame.name, e->name);
    put(frame.arm[HV_BASELINE], sizeof frame.arm[0], e->baseline.name);
    put(frame.arm[HV_CANDIDATE], sizeof frame.arm[1], e->candidate.name);
    return hv_worker_send(HV_FRAME_EXPERIMENT, &frame, sizeof frame);
}

int hv_worker_describe(struct hv_worker *w)
{
    int rc = hv_worker_load_set(w);
    for (uint32_t i = 0; !rc && i < w->set->n_rows; i++) {
        const struct hv_pair *pair = w->set->rows[i].at[0];
        struct hv_row_frame row = {.row = i,
                                   .available = available(pair),
                                   .control = pair->control != 0,
                                   .purpose = (uint32_t)pair->purpose,
                                   .sweeps = pair->sweeps != 0,
                                   .predicted = pair->predicted};
        for (unsigned p = 0; p < HV_MAX_PLACES; p++)
            row.places += w->set->rows[i].at[p] != NULL;
        put(row.pair, sizeof row.pair, pair->name);
        put(row.isa, sizeof row.isa, pair->isa);
        put(row.set, sizeof row.set, w->set->name);
        put(row.arm[HV_BASELINE], sizeof row.arm[0], pair->baseline.name);
        put(row.arm[HV_CANDIDATE], sizeof row.arm[1], pair->candidate.name);
        put(row.question, sizeof row.question, pair->question);
        put(row.build, sizeof row.build, w->set->build);
        rc = hv_worker_send(HV_FRAME_ROW, &row, sizeof row);
        for (uint32_t e = 0; !rc && e < pair->n_experiments; e++)
            rc = describe_experiment(pair, i, e);
    }
    return rc;
}
