#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_MAX_BYTES 8192
#define VALUE_MAX_BYTES 1024

/* Process-wide by nature, set once at start by main. */
static atomic_int least_level = LOG_LEVEL_INFO;

struct line {
    char text[LINE_MAX_BYTES];
    size_t len;
};

static void put(struct line *l, struct str s)
{
    size_t room = sizeof l->text - 2 - l->len; /* keeps place for "}\n" */
    size_t n = s.len < room ? s.len : room;

    if (n)
        memcpy(l->text + l->len, s.ptr, n);
    l->len += n;
}

static void put_string(struct line *l, struct str s)
{
    if (s.len + 2 > sizeof l->text - 2 - l->len - 6 * 8)
        s = S("…");
    put(l, S("\""));
    for (size_t i = 0; i < s.len && i < VALUE_MAX_BYTES; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\' || c < 0x20) {
            char esc[8];
            int n = snprintf(esc, sizeof esc, "\\u%04x", c);
            put(l, (struct str){esc, (size_t)n});
        } else {
            put(l, (struct str){s.ptr + i, 1});
        }
    }
    put(l, S("\""));
}

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

void log_pairs(enum log_level level, const char *event, const struct log_pair *pairs, size_t n)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    struct line l = {.len = 0};
    char stamp[24];

    if ((int)level < atomic_load(&least_level))
        return;
    time_write_ms(stamp, clock_now());
    put(&l, S("{\"time\":\""));
    put(&l, (struct str){stamp, sizeof stamp});
    put(&l, S("\",\"level\":\""));
    put(&l, str_from(names[level]));
    put(&l, S("\",\"event\":"));
    put_string(&l, str_from(event));
    for (size_t i = 0; i < n; i++) {
        put(&l, S(","));
        put_string(&l, str_from(pairs[i].name));
        put(&l, S(":"));
        if (pairs[i].text.ptr) {
            put_string(&l, pairs[i].text);
        } else {
            char digits[24];
            int len = snprintf(digits, sizeof digits, "%lld", (long long)pairs[i].number);
            put(&l, (struct str){digits, (size_t)len});
        }
    }
    l.text[l.len++] = '}';
    l.text[l.len++] = '\n';
    /* One write per line, so that lines of threads never mix; a full pipe loses the line, not us. */
    ssize_t ignored = write(STDERR_FILENO, l.text, l.len);
    (void)ignored;
}
