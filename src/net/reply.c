#include "net/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "net/server.h"

/* A body up to this size travels with the head in one piece: a copy is cheaper than a vector. */
#define SMALL_BODY 4096

void answer_header(struct answer *a, struct str name, struct str value)
{
    if (a->nheaders == ANSWER_MAX_HEADERS)
        abort();
    a->headers[a->nheaders++] = (struct http_header){name, value};
}

static bool name_safe(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((s.ptr[i] | 0x20) < 'a' || (s.ptr[i] | 0x20) > 'z')
            if (s.ptr[i] != '-' && (s.ptr[i] < '0' || s.ptr[i] > '9'))
                return false;
    return s.len > 0;
}

static bool value_safe(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
            return false;
    return true;
}

static char *put(char *p, struct str s)
{
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return p + s.len;
}

static char *put_field(char *p, struct str name, struct str value)
{
    p = put(put(put(p, name), S(": ")), value);
    return put(p, S("\r\n"));
}

static struct str decimal(uint64_t v, char out[24])
{
    char *p = out + 24;

    do
        *--p = (char)('0' + v % 10);
    while (v /= 10);
    return (struct str){p, (size_t)(out + 24 - p)};
}

static char *put_status(char *p, int status)
{
    char digits[24];

    p = put(put(p, S("HTTP/1.1 ")), decimal((uint64_t)status, digits));
    return put(put(put(p, S(" ")), http_reason(status)), S("\r\n"));
}

bool reply_build(struct arena *a, const struct answer *answer, const struct reply_frame *frame,
    struct str pieces[2])
{
    bool bodiless = answer->status == 204 || answer->status == 304;
    struct str body = bodiless || frame->head_only ? STR_NONE : answer->body;
    size_t size = 256;
    char digits[24];

    if (answer->status < 200 || answer->status > 599)
        return false;
    for (size_t i = 0; i < answer->nheaders; i++) {
        const struct http_header *h = &answer->headers[i];
        if (!name_safe(h->name) || !value_safe(h->value))
            return false;
        size += h->name.len + h->value.len + 4;
    }
    bool join = body.len <= SMALL_BODY;
    char *start = arena_alloc(a, size + (join ? body.len : 0), 1),
         *p = put_status(start, answer->status);
    p = put_field(p, S("Date"), frame->date);
    for (size_t i = 0; i < answer->nheaders; i++)
        p = put_field(p, answer->headers[i].name, answer->headers[i].value);
    if (!answer->stream && !bodiless)
        p = put_field(p, S("Content-Length"), decimal(answer->body.len, digits));
    if (frame->connection != REPLY_KEEP)
        p = put_field(
            p, S("Connection"), frame->connection == REPLY_CLOSE ? S("close") : S("keep-alive"));
    p = put(p, S("\r\n"));
    if (join)
        p = put(p, body);
    pieces[0] = (struct str){start, (size_t)(p - start)};
    pieces[1] = join ? STR_NONE : body;
    return true;
}

struct str reply_date(int64_t unix_seconds, char out[REPLY_DATE_LENGTH + 1])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = floor_div(unix_seconds, 86400);
    int second = (int)(unix_seconds - day * 86400);
    struct date d = date_of_days(day);
    char text[64]; /* room for years that no header can show */

    snprintf(text, sizeof text, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
        days + 3 * weekday_of_days(day), d.day, months + 3 * (d.month - 1), d.year, second / 3600,
        second / 60 % 60, second % 60);
    memcpy(out, text, REPLY_DATE_LENGTH);
    out[REPLY_DATE_LENGTH] = '\0';
    return (struct str){out, REPLY_DATE_LENGTH};
}
