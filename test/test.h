/* Tests: one binary per test file. TEST(name) registers itself; CHECK reports and goes on, REQUIRE
 * reports and leaves the test. `meson test` runs binaries in parallel with a time limit. A binary
 * prints each failure with its place and ends with "N passed, N failed, N skipped". */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct test {
    const char *name;
    void (*run)(struct test *t, struct arena *a);
    struct test *next;
    int failures;
    const char *skipped; /* why */
};

void test_register(struct test *t);
void test_fail(struct test *t, const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Folder of ../shared/data (or $TOCSIN_TEST_DATA); NULL when absent, and the test is marked skipped. */
const char *test_data(struct test *t, struct arena *a, const char *path);
struct str test_read_file(struct arena *a, const char *path); /* STR_NONE if it cannot be read */

#define TEST(id)                                                                                   \
    static void test_##id(struct test *t, struct arena *a);                                        \
    static struct test test_entry_##id = {.name = #id, .run = test_##id};                          \
    __attribute__((constructor)) static void test_add_##id(void)                                   \
    {                                                                                              \
        test_register(&test_entry_##id);                                                           \
    }                                                                                              \
    static void test_##id(struct test *t __attribute__((unused)),                                  \
        struct arena *a __attribute__((unused)))

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond))                                                                               \
            test_fail(t, __FILE__, __LINE__, "%s", #cond);                                         \
    } while (0)
#define REQUIRE(cond)                                                                              \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            test_fail(t, __FILE__, __LINE__, "%s", #cond);                                         \
            return;                                                                                \
        }                                                                                          \
    } while (0)
#define CHECK_INT(got, want)                                                                       \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (got_ != want_)                                                                         \
            test_fail(t, __FILE__, __LINE__, "%s is %lld, not %lld", #got, got_, want_);           \
    } while (0)
#define CHECK_STR(got, want)                                                                       \
    do {                                                                                           \
        struct str got_ = (got), want_ = (want);                                                   \
        if (!str_eq(got_, want_))                                                                  \
            test_fail(t, __FILE__, __LINE__, "%s is \"%.*s\", not \"%.*s\"", #got, STR(got_), STR(want_)); \
    } while (0)
/* For calls that fill `err`: says what it was. */
#define REQUIRE_OK(call)                                                                           \
    do {                                                                                           \
        if (!(call)) {                                                                             \
            test_fail(t, __FILE__, __LINE__, "%s: %s (%s)", #call, err.message,                    \
                err.origin ? err.origin : "?");                                                    \
            return;                                                                                \
        }                                                                                          \
    } while (0)
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        t->skipped = (why);                                                                        \
        return;                                                                                    \
    } while (0)
