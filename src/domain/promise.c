#include "domain/promise.h"

#include "domain/pack.h"

static const char *const kinds[] = {"first", "next", NULL};
static const char *const states[] = {"open", "kept", "missed", "void", NULL};

const struct field promise_fields[] = {
    FIELD(struct promise, id, .doc = "Promise id, `prm_…`"),
    FIELD(struct promise, incident_id, .doc = "Incident it is about"),
    FIELD(struct promise, audience, .doc = "Audience of the policy pack"),
    FIELD(struct promise, external, .doc = "The audience is outside"),
    FIELD(struct promise, severity, .doc = "Severity whose beat it follows"),
    FIELD(struct promise, kind, .choices = kinds, .doc = "`first` word or the `next` update"),
    FIELD(struct promise, since, .doc = "From when on they wait"),
    FIELD(struct promise, due_at, .doc = "When the update is due"),
    FIELD(struct promise, nag_at, .flags = FIELD_HIDDEN),
    FIELD(struct promise, stage, .flags = FIELD_HIDDEN),
    FIELD(struct promise, state, .choices = states, .doc = "open, kept, missed, or void: the severity changed or it was over before"),
    FIELD(struct promise, update_id, .flags = FIELD_NULLABLE, .doc = "The update that settled it; null: an entry of the timeline"),
    FIELD(struct promise, settled_at, .flags = FIELD_NULLABLE, .doc = "When it was settled; null while it runs"),
    FIELD(struct promise, created_at, .doc = "When it was made"),
    {0},
};

static const struct pack_cadence *cell(const struct pack_audience *a, int64_t rank)
{
    for (size_t i = 0; i < a->ncadence; i++)
        if (pack_applies(a->cadence[i].ranks, rank))
            return &a->cadence[i];
    return NULL;
}

/* True if no internal audience has a beat at this rank and `a` is the first internal one. */
static bool stands_in(const struct pack *p, int64_t rank, const struct pack_audience *a)
{
    const struct pack_audience *first = NULL;

    for (size_t i = 0; i < p->naudiences; i++) {
        const struct pack_cadence *c = cell(&p->audiences[i], rank);
        if (p->audiences[i].external)
            continue;
        if (c && (c->every_us || c->first_us))
            return false;
        first = first ? first : &p->audiences[i];
    }
    return first == a;
}

int64_t promise_wait(const struct pack *p, const struct pack_severity *s, const struct pack_audience *a, bool first)
{
    const struct pack_cadence *c = cell(a, s->rank);

    if (c && first && c->first_us)
        return c->first_us;
    if (c && c->every_us)
        return !a->external && s->update_us && s->update_us < c->every_us ? s->update_us : c->every_us;
    return stands_in(p, s->rank, a) ? s->update_us : 0;
}

instant promise_due(const struct pack_severity *s, instant from, int64_t wait_us)
{
    instant due = instant_add(from, wait_us);

    if (!s->business_hours)
        return due;
    int64_t day = floor_div(due.us, DAY_US), clock = due.us - day * DAY_US;
    if (clock >= 17 * HOUR_US) {
        day++;
        clock = 9 * HOUR_US;
    }
    for (int weekday; (weekday = weekday_of_days(day)) == 0 || weekday == 6; day++)
        clock = 9 * HOUR_US;
    return (instant){day * DAY_US + (clock < 9 * HOUR_US ? 9 * HOUR_US : clock)};
}

instant promise_earliest(const struct pack *p, const struct pack_severity *s, instant from)
{
    instant earliest = {0};

    for (size_t i = 0; s && i < p->naudiences; i++) {
        int64_t wait = p->audiences[i].external ? 0 : promise_wait(p, s, &p->audiences[i], true);
        instant due = promise_due(s, from, wait);
        if (wait && (!instant_is_set(earliest) || due.us < earliest.us))
            earliest = due;
    }
    return earliest;
}

static instant stage_time(const struct promise *p, enum promise_stage stage)
{
    switch (stage) {
    case PROMISE_QUIET:
        return p->created_at;
    case PROMISE_SOON:
        return instant_add(p->nag_at, -PROMISE_WARN_US);
    case PROMISE_DUE:
        return p->nag_at;
    case PROMISE_LATE:
        return instant_add(p->nag_at, PROMISE_GRACE_US);
    case PROMISE_ESCALATED:
        break;
    }
    return instant_add(p->nag_at, 2 * PROMISE_GRACE_US);
}

enum promise_stage promise_stage_at(const struct promise *p, instant now)
{
    int stage = PROMISE_ESCALATED;

    while (stage > PROMISE_QUIET && stage_time(p, (enum promise_stage)stage).us > now.us)
        stage--;
    return (enum promise_stage)stage;
}

instant promise_next_stage(const struct promise *p)
{
    return p->stage >= PROMISE_ESCALATED ? (instant){0} : stage_time(p, (enum promise_stage)(p->stage + 1));
}

struct str promise_verdict(const struct promise *p, instant at)
{
    return at.us <= p->due_at.us ? S("kept") : S("missed");
}
