#include "domain/am.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/alert.h"

/* What clients that ask for our version may count on. */
#define API_LIKE "0.25.0"

#define MESSAGE_MAX 16384
#define QUOTE_MAX 200

struct str am_quote(struct arena *a, struct str s)
{
    static const char names[] = "abfnrtv\"\\", values[] = "\a\b\f\n\r\t\v\"\\";
    const char *special;
    struct str shown = utf8_truncate(s, QUOTE_MAX);
    struct buf b;

    buf_init(&b, a, 4 * shown.len + 8);
    buf_addc(&b, '"');
    for (size_t i = 0; i < shown.len; i++) {
        char c = shown.ptr[i];
        special = memchr(values, c, sizeof values - 1);
        if (special)
            buf_add(&b, (struct str){(char[]){'\\', names[special - values]}, 2});
        else if ((unsigned char)c < 0x20 || c == 0x7f)
            buf_printf(&b, "\\x%02x", (unsigned)c);
        else
            buf_addc(&b, c);
    }
    buf_add(&b, shown.len < s.len ? S("…\"") : S("\""));
    return buf_str(&b);
}

/* The message as text that JSON can carry: paths and headers may hold any byte. */
__attribute__((format(printf, 2, 0)))
static struct str message(struct arena *a, const char *fmt, va_list ap)
{
    char *p = arena_alloc(a, MESSAGE_MAX, 1);
    int n = vsnprintf(p, MESSAGE_MAX, fmt, ap);
    struct str s = {p, n < 0 ? 0 : n < MESSAGE_MAX ? (size_t)n : MESSAGE_MAX - 1};

    if (!utf8_valid(s))
        for (size_t i = 0; i < s.len; i++)
            if ((unsigned char)p[i] >= 0x80)
                p[i] = '?';
    return s;
}

static bool refuse(struct am_error *err, int status, struct str body)
{
    *err = (struct am_error){status, body, S("application/json")};
    return false;
}

bool am_say(struct arena *a, struct am_error *err, int status, const char *fmt, ...)
{
    struct buf b;
    va_list ap;

    va_start(ap, fmt);
    struct str text = message(a, fmt, ap);
    va_end(ap);
    buf_init(&b, a, a->size);
    json_write_string(&b, text);
    buf_addc(&b, '\n');
    return refuse(err, status, buf_str(&b));
}

bool am_code(struct arena *a, struct am_error *err, int status, int code, const char *fmt, ...)
{
    struct buf b;
    va_list ap;

    va_start(ap, fmt);
    struct str text = message(a, fmt, ap);
    va_end(ap);
    buf_init(&b, a, a->size);
    buf_printf(&b, "{\"code\":%d,\"message\":", code);
    json_write_string(&b, text);
    buf_addc(&b, '}');
    return refuse(err, status, buf_str(&b));
}

bool am_not_found(struct arena *a, struct am_error *err, struct str path)
{
    return am_code(a, err, 404, 404, "path %.*s was not found", STR(path));
}

bool am_method(struct arena *a, struct am_error *err, struct str method, struct str allowed)
{
    return am_code(a, err, 405, 405, "method %.*s is not allowed, but [%.*s] are", STR(method),
        STR(allowed));
}

bool am_not_acceptable(struct arena *a, struct am_error *err)
{
    return am_code(a, err, 406, 406,
        "unsupported media type requested, only [application/json] are available");
}

/* A media type without its parameters. */
static struct str bare_type(struct str type)
{
    struct str head;

    str_cut(type, ';', &head);
    return str_trim(head);
}

bool am_unsupported(struct arena *a, struct am_error *err, struct str type)
{
    struct str bare = bare_type(type);
    struct str shown = am_quote(a, bare.len ? str_lower(a, bare) : S("application/octet-stream"));

    return am_code(a, err, 415, 415,
        "unsupported media type %.*s, only [application/json] are allowed", STR(shown));
}

bool am_v1_gone(struct arena *a, struct am_error *err)
{
    (void)a;
    return refuse(err, 410,
        S("{\"status\":\"deprecated\",\"error\":\"The Alertmanager v1 API was deprecated in "
          "version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 "
          "API\"}"));
}

bool am_is_json(struct str type)
{
    return str_eq_nocase(bare_type(type), S("application/json"));
}

bool am_accepts_json(struct str accept)
{
    struct str rest = str_trim(accept), one;

    if (!rest.len)
        return true;
    while (rest.ptr) {
        rest = str_cut(rest, ',', &one);
        struct str type = bare_type(one);
        if (str_eq(type, S("*/*")) || str_eq_nocase(type, S("application/*")) || am_is_json(type))
            return true;
    }
    return false;
}

static void write_time(struct buf *out, instant t)
{
    char *p = buf_room(out, 24);

    if (!p)
        return;
    time_write_ms(p, t);
    out->len += 24;
}

static void write_hex(struct buf *out, uint64_t v)
{
    char *p = buf_room(out, 16);

    if (!p)
        return;
    for (int i = 15; i >= 0; i--, v >>= 4)
        p[i] = "0123456789abcdef"[v & 15];
    out->len += 16;
}

static void write_strings(struct buf *out, const struct str *v, size_t n)
{
    buf_addc(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_addc(out, ',');
        json_write_string(out, v[i]);
    }
    buf_addc(out, ']');
}

static void write_status(struct buf *out, const struct am_status *status)
{
    static const char *const states[] = {
        [AM_ACTIVE] = "active", [AM_SUPPRESSED] = "suppressed", [AM_UNPROCESSED] = "unprocessed"};

    buf_add(out, S(",\"status\":{\"inhibitedBy\":"));
    write_strings(out, status->inhibited_by, status->ninhibited);
    buf_add(out, S(",\"mutedBy\":[],\"silencedBy\":"));
    write_strings(out, status->silenced_by, status->nsilenced);
    buf_add(out, S(",\"state\":\""));
    buf_add(out, str_from(states[status->state]));
    buf_add(out, S("\"}"));
}

void am_write_alert(struct buf *out, const struct alert *alert, struct str receiver,
    const struct am_status *status)
{
    buf_add(out, S("{\"annotations\":"));
    buf_add(out, alert->annotations);
    buf_add(out, S(",\"endsAt\":\""));
    write_time(out, alert->ends_at);
    buf_add(out, S("\",\"fingerprint\":\""));
    write_hex(out, (uint64_t)alert->fingerprint);
    buf_add(out, S("\",\"receivers\":[{\"name\":"));
    json_write_string(out, receiver);
    buf_add(out, S("}],\"startsAt\":\""));
    write_time(out, alert->starts_at);
    buf_addc(out, '"');
    write_status(out, status);
    buf_add(out, S(",\"updatedAt\":\""));
    write_time(out, alert->updated_at);
    buf_addc(out, '"');
    if (alert->generator_url.len) {
        buf_add(out, S(",\"generatorURL\":"));
        json_write_string(out, alert->generator_url);
    }
    buf_add(out, S(",\"labels\":"));
    buf_add(out, alert->labels);
    buf_addc(out, '}');
}

void am_group_begin(struct buf *out)
{
    buf_add(out, S("{\"alerts\":["));
}

void am_group_end(struct buf *out, struct str labels, struct str receiver)
{
    buf_add(out, S("],\"labels\":"));
    buf_add(out, labels);
    buf_add(out, S(",\"receiver\":{\"name\":"));
    json_write_string(out, receiver);
    buf_add(out, S("}}"));
}

void am_write_receivers(struct buf *out, const struct str *names, size_t n)
{
    buf_addc(out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_add(out, i ? S(",{\"name\":") : S("{\"name\":"));
        json_write_string(out, names[i]);
        buf_addc(out, '}');
    }
    buf_add(out, S("]\n"));
}

/* amtool reads this as YAML, of which a JSON string is a scalar. */
static struct str config_text(struct buf *out, const struct str *receivers, size_t n)
{
    struct buf b;

    buf_init(&b, out->arena, out->max);
    buf_add(&b, S("route:\n  receiver: "));
    json_write_string(&b, receivers[0]);
    buf_add(&b, S("\nreceivers:\n"));
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, S("- name: "));
        json_write_string(&b, receivers[i]);
        buf_addc(&b, '\n');
    }
    return buf_str(&b);
}

void am_write_status(struct buf *out, instant started, const struct str *receivers, size_t n)
{
    buf_add(out, S("{\"cluster\":{\"peers\":[],\"status\":\"disabled\"},"
                   "\"config\":{\"original\":"));
    json_write_string(out, config_text(out, receivers, n));
    buf_add(out, S("},\"uptime\":\""));
    write_time(out, started);
    buf_add(out, S("\",\"versionInfo\":{\"branch\":\"tocsin\",\"buildDate\":\"\","
                   "\"buildUser\":\"\",\"goVersion\":\"\",\"revision\":\"tocsin-" TOCSIN_VERSION
                   "\",\"version\":\"" API_LIKE "\"}}\n"));
}
