/* SPDX-License-Identifier: MIT */
/* Code that nobody here wrote, in the C++ library: throwing through frames that hold
 * destructors (the unwinder walks the traced stack), sorting, strings and maps. */
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/hvperf.h"
#include "tests/trace/catalogue.h"

namespace
{
struct guard {
    trace_context *context;
    ~guard()
    {
        context->moved++;
    }
};

__attribute__((noinline)) void fall(trace_context *context, unsigned depth)
{
    guard held{context};
    if (depth == 0)
        throw std::runtime_error("the bottom, which is far below");
    fall(context, depth - 1);
    HV_KEEP(&held);
}

void run_throw(void *ctx, uint64_t n)
{
    auto *context = static_cast<trace_context *>(ctx);
    for (; n; n--) {
        try {
            fall(context, 9);
        } catch (const std::exception &error) {
            context->sum += std::string(error.what()).size();
        }
    }
}

bool thrown(const void *ctx)
{
    auto *context = static_cast<const trace_context *>(ctx);
    return context->moved == 10 && context->sum == 30;
}

void run_sort(void *ctx, uint64_t n)
{
    auto *context = static_cast<trace_context *>(ctx);
    for (; n; n--) {
        std::vector<uint32_t> numbers;
        std::map<std::string, unsigned> words;
        for (uint32_t i = 0; i < 500; i++) {
            numbers.push_back(i * 2654435761u);
            words["word number " + std::to_string(i % 50)] += i;
        }
        std::sort(numbers.begin(), numbers.end());
        context->moved = std::is_sorted(numbers.begin(), numbers.end());
        for (const auto &word : words)
            context->sum += word.second;
    }
}

bool sorted(const void *ctx)
{
    auto *context = static_cast<const trace_context *>(ctx);
    return context->moved == 1 && context->sum == 500 * 499 / 2;
}

const trace_row rows[] = {
    {"C++ throw through destructors", run_throw, thrown, 0, TRACE_CODE, false, false},
    {"C++ std::sort, std::map",       run_sort,  sorted, 0, TRACE_CODE, false, false},
};
} // namespace

extern "C" {
const trace_catalogue hv_trace_catalogue = {sizeof(trace_context), nullptr, rows,
                                            sizeof rows / sizeof *rows};
}
