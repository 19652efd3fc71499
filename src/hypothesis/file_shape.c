/* SPDX-License-Identifier: MIT */
/* Every key of a hypothesis file. docs/hvperf.1 tells of them in the same order. */
#include "src/base/error.h"
#include "src/hypothesis.h"
#include "src/hypothesis/shape.h"

/* A member of another type than the row says does not compile. */
#define AT(type, member, ctype)                                                        \
    (offsetof(type, member) + 0 * sizeof(_Generic(((type *)0)->member, ctype : 1)))
#define SHAPE(rows, type, ...)                                                         \
    {                                                                                  \
        .keys = rows, .n_keys = HV_LEN(rows), .size = sizeof(type), __VA_ARGS__        \
    }
#define NO_LINE    .line = 0
#define LINE(type) .line = AT(type, line, uint32_t) + 1

#define KEY(word, key_kind, bits, offset, ...)                                         \
    {                                                                                  \
        .name = word, .kind = key_kind, .flags = bits, .at = offset, __VA_ARGS__       \
    }
#define TEXT(word, type, member, bytes, bits)                                          \
    KEY(word, HV_KEY_TEXT, bits, AT(type, member, const char *), .high = bytes)
#define NAME(word, type, member, bits)                                                 \
    KEY(word, HV_KEY_NAME, bits, AT(type, member, const char *), .high = 0)
#define NUMBER(word, type, member, q, least, most, told, bits)                         \
    KEY(word, HV_KEY_NUMBER, bits, AT(type, member, double), .quantity = q,            \
        .low = least, .high = most, .range = told)
#define WHOLE(word, type, member, least, most, told, bits)                             \
    KEY(word, HV_KEY_WHOLE, bits, AT(type, member, uint32_t), .quantity = HV_COUNT,    \
        .low = least, .high = most, .range = told)
#define MAP(word, offset, part, bits)                                                  \
    KEY(word, HV_KEY_MAP, bits, offset, .shape = &(part))
#define LIST(word, list_kind, type, member, n, ctype, part, most, bits)                \
    KEY(word, list_kind, bits, AT(type, member, ctype), .count = AT(type, n, size_t),  \
        .shape = &(part), .high = most)

/* The least that is above 0 in the units used here. */
#define ABOVE_0 1e-6
#define TOLD    "must be above 0, and at most 1e9"
#define LONG_NS 1e15
#define TOLD_NS "must be above 0, and at most 11 days"
enum { SENTENCE = 400, STEPS = 16, SCENARIOS = 3, MANY_BYTES = 1 << 30 };

/* ---- predictions */

#define TIME(word, type, member)                                                       \
    NUMBER(word, type, member, HV_TIME, ABOVE_0, LONG_NS, TOLD_NS, 0)
static const struct hv_key time_keys[] = {
    TIME("baseline", struct hv_predicted, time_ns[0]),
    TIME("candidate", struct hv_predicted, time_ns[1]),
};
static const struct hv_key_shape time_shape =
    SHAPE(time_keys, struct hv_predicted, NO_LINE);

#define BYTES(word, arm)                                                               \
    KEY(word, HV_KEY_NUMBER, 0, AT(struct hv_predicted, bytes[arm], double),           \
        .quantity = HV_BYTES, .low = 0, .high = 1e15,                                  \
        .range = "must be 0 or more, and at most 1e15 bytes",                          \
        .has = AT(struct hv_predicted, tells_bytes[arm], bool))
static const struct hv_key bytes_keys[] = {BYTES("baseline", 0), BYTES("candidate", 1)};
static const struct hv_key_shape bytes_shape =
    SHAPE(bytes_keys, struct hv_predicted, NO_LINE);

static const struct hv_key predicted_keys[] = {
    NUMBER("speedup", struct hv_predicted, speedup, HV_FACTOR, ABOVE_0, 1e9, TOLD,
           HV_KEY_MUST),
    MAP("time", 0, time_shape, 0),
    MAP("bytes", 0, bytes_shape, 0),
};
static const struct hv_key_shape predicted_shape = SHAPE(
    predicted_keys, struct hv_predicted,
    .name = AT(struct hv_predicted, pair, const char *), LINE(struct hv_predicted));

/* ---- what was thought of single operations, thresholds */

static const struct hv_key thought_keys[] = {
    TIME("bind", struct hv_thought, bind_ns),
    TIME("copy", struct hv_thought, copy_ns),
    NUMBER("copy_bytes", struct hv_thought, copy_bytes, HV_BYTES, 1, MANY_BYTES,
           "must be 1 B to 1024 MiB", 0),
    TIME("copy_in_l1", struct hv_thought, copy_in_l1_ns),
};
static const struct hv_key_shape thought_shape =
    SHAPE(thought_keys, struct hv_thought, NO_LINE);

static const struct hv_key thresholds_keys[] = {
    NUMBER("match_share", struct hv_thresholds, match_share, HV_SHARE, ABOVE_0, 1,
           "must be above 0, and at most 1", 0),
    NUMBER("partial_from", struct hv_thresholds, partial_from, HV_FACTOR, 1, 1e9,
           "must be at least 1", 0),
};
static const struct hv_key_shape thresholds_shape =
    SHAPE(thresholds_keys, struct hv_thresholds, NO_LINE);

/* ---- scenarios and matrix */

static const struct hv_key rule_keys[] = {
    WHOLE("pairs", struct hv_count_rule, pairs, 1, HV_MAX_PREDICTIONS,
          "must be 1 to 16", HV_KEY_MUST),
    NUMBER("from", struct hv_count_rule, from, HV_FACTOR, ABOVE_0, 1e9, TOLD, 0),
    NUMBER("below", struct hv_count_rule, below, HV_FACTOR, ABOVE_0, 1e9, TOLD, 0),
};
static const struct hv_key_shape rule_shape =
    SHAPE(rule_keys, struct hv_count_rule, LINE(struct hv_count_rule));

static const struct hv_key step_keys[] = {
    TEXT("text", struct hv_step, text, SENTENCE, HV_KEY_MUST),
    NAME("measured_by", struct hv_step, measured_by, HV_KEY_COLON),
};
static const struct hv_key_shape step_shape =
    SHAPE(step_keys, struct hv_step, LINE(struct hv_step));

static const struct hv_key scenario_keys[] = {
    KEY("id", HV_KEY_SCENARIO, HV_KEY_MUST,
        AT(struct hv_scenario_row, id, enum hv_scenario), .high = 0),
    TEXT("words", struct hv_scenario_row, words, SENTENCE, HV_KEY_MUST),
    NAME("action", struct hv_scenario_row, action, HV_KEY_MUST),
    MAP("rule", offsetof(struct hv_scenario_row, rule), rule_shape, HV_KEY_MUST),
    MAP("also", offsetof(struct hv_scenario_row, also), rule_shape, 0),
    LIST("steps", HV_KEY_LIST, struct hv_scenario_row, steps, n_steps, struct hv_step *,
         step_shape, STEPS, HV_KEY_MUST),
};
static const struct hv_key_shape scenario_shape =
    SHAPE(scenario_keys, struct hv_scenario_row, LINE(struct hv_scenario_row));

static const struct hv_key matrix_keys[] = {
    MAP("rule", offsetof(struct hv_matrix_row, rule), rule_shape, HV_KEY_MUST),
    TEXT("words", struct hv_matrix_row, words, SENTENCE, HV_KEY_MUST),
    NAME("action", struct hv_matrix_row, action, HV_KEY_MUST),
    TEXT("step", struct hv_matrix_row, step, SENTENCE, HV_KEY_MUST),
};
static const struct hv_key_shape matrix_shape =
    SHAPE(matrix_keys, struct hv_matrix_row, LINE(struct hv_matrix_row));

/* ---- what a GPU is assumed to do */

#define ASSUMPTION(stem, q, most, told)                                                \
    static const struct hv_key stem##_keys[] = {                                       \
        NUMBER("value", struct hv_assumption, value, q, ABOVE_0, most, told,           \
               HV_KEY_MUST),                                                           \
        TEXT("source", struct hv_assumption, source, SENTENCE, HV_KEY_MUST),           \
    };                                                                                 \
    static const struct hv_key_shape stem##_shape =                                    \
        SHAPE(stem##_keys, struct hv_assumption, NO_LINE)

ASSUMPTION(launch, HV_TIME, LONG_NS, TOLD_NS);
ASSUMPTION(rate, HV_RATE, 1e9, TOLD);
ASSUMPTION(item, HV_BYTES, MANY_BYTES, "must be 1 B to 1024 MiB");

static const struct hv_key gpu_keys[] = {
    MAP("launch", offsetof(struct hv_gpu, launch_ns), launch_shape, 0),
    MAP("transfer", offsetof(struct hv_gpu, transfer_gb_per_s), rate_shape, 0),
    MAP("memory", offsetof(struct hv_gpu, memory_gb_per_s), rate_shape, 0),
    MAP("item", offsetof(struct hv_gpu, item_bytes), item_shape, 0),
};
static const struct hv_key_shape gpu_shape = SHAPE(gpu_keys, struct hv_gpu, NO_LINE);

/* ---- the file */

static const struct hv_key file_keys[] = {
    NAME("name", struct hv_hypothesis, name, HV_KEY_MUST),
    TEXT("claim", struct hv_hypothesis, claim, SENTENCE, HV_KEY_MUST),
    NUMBER("share", struct hv_hypothesis, share, HV_SHARE, ABOVE_0, 0.999999,
           "must be above 0 and below 1", 0),
    WHOLE("bits", struct hv_hypothesis, bits, 1, HV_HYPOTHESIS_MAX_BITS,
          "must be 1 to 65536", 0),
    LIST("predictions", HV_KEY_NAMED, struct hv_hypothesis, predictions, n_predictions,
         struct hv_predicted *, predicted_shape, HV_MAX_PREDICTIONS,
         HV_KEY_MUST | HV_KEY_COLON),
    MAP("thought", offsetof(struct hv_hypothesis, thought), thought_shape, 0),
    MAP("thresholds", offsetof(struct hv_hypothesis, thresholds), thresholds_shape, 0),
    LIST("scenarios", HV_KEY_LIST, struct hv_hypothesis, scenarios, n_scenarios,
         struct hv_scenario_row *, scenario_shape, SCENARIOS, HV_KEY_MUST),
    LIST("otherwise", HV_KEY_LIST, struct hv_hypothesis, otherwise, n_otherwise,
         struct hv_step *, step_shape, STEPS, 0),
    LIST("matrix", HV_KEY_LIST, struct hv_hypothesis, matrix, n_matrix,
         struct hv_matrix_row *, matrix_shape, HV_MAX_RULES, HV_KEY_MUST),
    MAP("gpu", offsetof(struct hv_hypothesis, gpu), gpu_shape, 0),
};
const struct hv_key_shape hv_file_shape =
    SHAPE(file_keys, struct hv_hypothesis, NO_LINE);
