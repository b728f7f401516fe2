#include "domain/probe.h"

#include "base/arena.h"
#include "base/error.h"

const char *const probe_kinds[] = {"http", "tcp", "tls", NULL};
const char *const probe_states[] = {"unknown", "passing", "failing", NULL};

#define INPUT                                                                                      \
    FIELD(struct probe, name, .flags = FIELD_REQUIRED, .max = 80, .doc = "What it shows", .example = "a visitor can pay"), \
    FIELD(struct probe, kind, .flags = FIELD_REQUIRED, .choices = probe_kinds, .doc = "http, tcp or tls"), \
    FIELD(struct probe, target, .flags = FIELD_REQUIRED, .max = 1000, .doc = "The URL of an http probe, host:port of the others", .example = "https://shop.example.org/health"), \
    FIELD(struct probe, status, .min = 0, .max = 599, .doc = "http: the status that is expected; 0: any from 200 to 299"), \
    FIELD(struct probe, contains, .flags = FIELD_NULLABLE, .max = 200, .doc = "http: what the body must contain"), \
    FIELD(struct probe, latency, .flags = FIELD_DURATION, .min = 0, .max = PROBE_LATENCY_MAX, .doc = "http, tcp: how long it may take; 0s: as long as it takes", .example = "500ms"), \
    FIELD(struct probe, days, .min = 0, .max = 3650, .doc = "tls: how many days the certificate must have left", .example = "14")

const struct field probe_input_fields[] = {INPUT, {0}};

const struct field probe_fields[] = {
    FIELD(struct probe, id, .flags = FIELD_READONLY, .doc = "Probe id, `prb_…`"),
    FIELD(struct probe, service_id, .flags = FIELD_READONLY, .doc = "Service it looks at"),
    INPUT,
    FIELD(struct probe, state, .flags = FIELD_READONLY, .choices = probe_states, .doc = "unknown, passing or failing"),
    FIELD(struct probe, detail, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "What the last run showed"),
    FIELD(struct probe, checked_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it last ran"),
    FIELD(struct probe, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    {0},
};

static bool host_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* name:port, 192.0.2.1:port or [2001:db8::1]:port */
static bool host_and_port(struct str s)
{
    size_t colon = s.len;
    int64_t port;

    while (colon && s.ptr[colon - 1] != ':')
        colon--;
    if (colon < 2 || !str_int(str_slice(s, colon, s.len), &port) || port < 1 || port > 65535)
        return false;
    struct str host = str_slice(s, 0, colon - 1);
    bool bracketed = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    if (bracketed)
        host = str_slice(host, 1, host.len - 1);
    for (size_t k = 0; k < host.len; k++)
        if (!host_character(host.ptr[k]) && !(bracketed && host.ptr[k] == ':'))
            return false;
    return host.len > 0;
}

bool probe_valid(struct probe *p, struct error *err)
{
    bool http = str_eq(p->kind, S("http"));
    bool url = str_starts(p->target, S("http://")) || str_starts(p->target, S("https://"));

    p->contains = http && p->contains.len ? p->contains : STR_NONE;
    if (http && !url)
        return fail_field(err, "target", "must begin with https:// or http://");
    if (!http && !host_and_port(p->target))
        return fail_field(err, "target", "must be host:port");
    return true;
}

struct probe probe_copy(struct arena *a, const struct probe *p)
{
    struct probe copy = *p;

    for (const struct field *f = probe_fields; f->name; f++)
        if (f->type == FIELD_TEXT) {
            struct str *s = (struct str *)(void *)((char *)&copy + f->offset);
            *s = str_copy(a, *s);
        }
    return copy;
}

struct str probe_url(struct arena *a, const struct probe *p)
{
    if (str_eq(p->kind, S("http")))
        return p->target;
    return str_printf(a, "%s://%.*s/", str_eq(p->kind, S("tls")) ? "https" : "http", STR(p->target));
}

static bool judge_http(struct arena *a, const struct probe *p, const struct probe_seen *s, struct str *detail)
{
    bool good = p->status ? s->status == p->status : s->status >= 200 && s->status < 300;

    *detail = str_printf(a, "HTTP %lld in %lld ms", (long long)s->status, (long long)(s->took_us / MILLISECOND_US));
    if (good && p->contains.len && !str_contains(s->body, p->contains)) {
        *detail = str_printf(a, "%.*s, without \"%.*s\"", STR(*detail), STR(p->contains));
        return false;
    }
    return good;
}

static bool judge_tls(struct arena *a, const struct probe *p, const struct probe_seen *s, instant now, struct str *detail)
{
    int64_t left = floor_div(s->certificate_ends.us - now.us, DAY_US);

    if (!instant_is_set(s->certificate_ends)) {
        *detail = S("no certificate was shown");
        return false;
    }
    *detail = str_printf(a, "the certificate ends in %lld days", (long long)left);
    return left >= p->days;
}

bool probe_judge(struct arena *a, const struct probe *p, const struct probe_seen *s, instant now, struct str *detail)
{
    if (!s->answered) {
        *detail = s->problem.len ? s->problem : S("no answer");
        return false;
    }
    if (str_eq(p->kind, S("tls")))
        return judge_tls(a, p, s, now, detail);
    bool good = true;
    if (str_eq(p->kind, S("http")))
        good = judge_http(a, p, s, detail);
    else
        *detail = str_printf(a, "connected in %lld ms", (long long)(s->took_us / MILLISECOND_US));
    if (p->latency && s->took_us > p->latency) {
        *detail = str_printf(a, "%.*s: too slow", STR(*detail));
        return false;
    }
    return good;
}
