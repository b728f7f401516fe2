#include "domain/event.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"

const struct field event_fields[] = {
    FIELD(struct event, seq, .doc = "Global order"),
    FIELD(struct event, subject, .doc = "What it is about"),
    FIELD(struct event, number, .doc = "1, 2, 3… on the subject"),
    FIELD(struct event, kind, .doc = "declared, alert, page, acknowledged, note, status, severity, role, impact, service, …"),
    FIELD(struct event, at, .doc = "When it happened"),
    FIELD(struct event, recorded_at, .doc = "When it was written down"),
    FIELD(struct event, actor_kind, .doc = "user, system, sender or link"),
    FIELD(struct event, actor_id, .doc = "Who"),
    FIELD(struct event, actor_name, .doc = "Their name then"),
    FIELD(struct event, corrects, .flags = FIELD_NULLABLE, .doc = "Number of the entry it corrects"),
    FIELD(struct event, data, .flags = FIELD_JSON, .doc = "Text and details"),
    FIELD(struct event, hash, .doc = "Chain over the subject's events"),
    {0},
};

static void part(struct buf *b, struct str s)
{
    buf_int(b, (int64_t)s.len);
    buf_addc(b, ':');
    buf_add(b, s);
}

struct str event_hash(struct arena *a, struct str previous, const struct event *e)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    buf_printf(&b, "v1 %lld %lld %lld %lld %lld ", (long long)e->seq, (long long)e->number,
        (long long)e->at.us, (long long)e->recorded_at.us, (long long)e->corrects);
    part(&b, previous);
    part(&b, e->subject);
    part(&b, e->kind);
    part(&b, e->actor_kind);
    part(&b, e->actor_id);
    part(&b, e->actor_name);
    part(&b, e->data);
    return sha256_hex(a, buf_str(&b));
}
