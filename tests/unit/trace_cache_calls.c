/* SPDX-License-Identifier: MIT */
/* Kernels of known behaviour, in C. */
#include "tests/unit/trace_cache_kernels.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)

static uint64_t fibonacci(uint64_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

void kernel_recursion(void *ctx, uint64_t n)
{
    *(volatile uint64_t *)ctx = fibonacci(n);
}

static uint64_t step_of(uint64_t i, uint64_t sum)
{
    switch (i % 9) {
    case 0: return sum + 3;
    case 1: return sum * 5;
    case 2: return sum ^ i;
    case 3: return sum >> 1;
    case 4: return sum - i;
    case 5: return ~sum;
    case 6: return sum << 3;
    case 7: return sum | 0x10;
    default: return sum & 0xffffff;
    }
}

void kernel_jump_table(void *ctx, uint64_t n)
{
    uint64_t sum = 1;
    for (uint64_t i = 0; i < n; i++)
        sum = step_of(i, sum);
    *(volatile uint64_t *)ctx = sum;
}

static int by_value(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void kernel_sorting(void *ctx, uint64_t n)
{
    uint32_t *values = ctx;
    for (uint32_t i = 0; i < n; i++)
        values[i] = i * 2654435761U;
    qsort(values, n, sizeof *values, by_value);
}

void kernel_printing(void *ctx, uint64_t n)
{
    snprintf(ctx, 256, "%Lf %s %.17g %llx", 3.25L, "words", 0.1, (unsigned long long)n);
}

static uint64_t jump(jmp_buf *to, volatile uint64_t *depth)
{
    if (!*depth)
        longjmp(*to, 7);
    if (--*depth > 1000)
        return 0;
    return jump(to, depth) + 1;
}

void kernel_jumping(void *ctx, uint64_t n)
{
    jmp_buf here;
    volatile uint64_t *words = ctx;
    words[0] = n;
    const int came = setjmp(here);
    words[1 + came] = 1;
    if (!came)
        words[2] = jump(&here, words);
}

void kernel_allocating(void *ctx, uint64_t n)
{
    uint64_t sum = 0;
    for (uint64_t i = 1; i <= n; i++) {
        unsigned char *block = malloc(i * 40);
        if (!block)
            return;
        memset(block, (int)i, i * 40);
        sum += block[i];
        free(block);
    }
    *(volatile uint64_t *)ctx = sum;
}

/* Six arguments, results, and an error with its errno. */
void kernel_syscalls(void *ctx, uint64_t n)
{
    uint64_t *words = ctx;
    for (uint64_t i = 0; i < n; i++)
        words[0] += syscall(SYS_getppid) > 0;
    char *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    words[1] = page != MAP_FAILED;
    page[17] = 5;
    words[2] = (uint64_t)munmap(page, 4096);
    words[3] = (uint64_t)close(12345);
    words[4] = getpid() == syscall(SYS_gettid);
}

void kernel_telling_time(void *ctx, uint64_t n)
{
    struct timespec now;
    for (uint64_t i = 0; i < n; i++)
        clock_gettime(CLOCK_MONOTONIC, &now);
    *(volatile uint64_t *)ctx = now.tv_sec > 0;
}

/* rep stosb of 1 MiB, three times, over fresh memory */
void kernel_filling(void *ctx, uint64_t n)
{
    enum { BYTES = 1 << 20 };
    unsigned char *pages =
        mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uint64_t i = 0; i < n; i++) {
        unsigned char *to = pages;
        uint64_t count = BYTES;
        __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(7 + i) : "memory");
    }
    ((unsigned char *)ctx)[0] = pages[BYTES - 1];
    munmap(pages, BYTES);
}

/* Two functions whose addresses differ by 64 KiB: they add 1 and 100. */
void kernel_colliding(void *ctx, uint64_t n)
{
    static const unsigned char code[][8] = {
        "\x48\x8d\x46\x01\xc3", /* lea 1(%rsi), %rax; ret */
        "\x48\x8d\x46\x64\xc3",
    };
    enum { APART = 1 << 16, BYTES = APART + 4096 };
    uint64_t (*function[2])(void *, uint64_t), sum = 0;
    unsigned char *pages =
        mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < 2; i++) {
        unsigned char *at = pages + i * APART;
        memcpy(at, code[i], sizeof code[i]);
        memcpy(&function[i], &at, sizeof at);
    }
    mprotect(pages, BYTES, PROT_READ | PROT_EXEC);
    for (uint64_t i = 0; i < n; i++)
        sum = function[i % 2](ctx, sum);
    *(uint64_t *)ctx = sum;
}

#endif
