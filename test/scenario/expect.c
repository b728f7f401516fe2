/* What a scenario expects to see: messages, rows, events. */
#include "investigate.h"
#include "room.h"
#include "scenario.h"
#include "talk.h"

static bool number_is(const struct scenario *s, const char *name, int64_t got)
{
    struct str text = word_after(s, 3, name);
    int64_t want;

    return !text.len || (str_int(text, &want) && want == got);
}

static void list_sent(struct scenario *s)
{
    for (size_t i = 0; i < s->w->nsent; i++) {
        const struct world_sent *m = &s->w->sent[i];
        if (!m->expected)
            printf("    unexpected so far: %.*s %.*s by %.*s, step %lld, loop %lld, attempt %lld\n",
                STR(m->kind), STR(m->recipient), STR(m->channel), (long long)m->step + 1,
                (long long)m->loop, (long long)m->attempt);
    }
}

/* page|over|nag|notice|told NAME [step N] [loop N] [attempt N] [via CHANNEL] */
static bool message(struct scenario *s)
{
    struct str kind = str_eq(s->words[1], S("over")) ? S("resolved")
                      : str_eq(s->words[1], S("told"))    ? S("update")
                      : str_eq(s->words[1], S("asked"))   ? S("subscribe")
                      : str_eq(s->words[1], S("news"))    ? S("status")
                                                          : s->words[1];
    struct str via = word_after(s, 3, "via");

    for (size_t i = 0; i < s->w->nsent; i++) {
        struct world_sent *m = &s->w->sent[i];
        if (m->expected || !str_eq(m->kind, kind) || !str_eq(m->recipient, s->words[2]) ||
            (via.len && !str_eq(via, m->channel)) || !number_is(s, "step", m->step + 1) ||
            !number_is(s, "loop", m->loop) || !number_is(s, "attempt", m->attempt))
            continue;
        m->expected = true;
        if (has_word(s, 3, "again")) { /* under the id of an earlier message */
            for (size_t k = 0; k < i; k++)
                if (str_eq(s->w->sent[k].delivery_id, m->delivery_id))
                    return true;
            return scenario_fail(s, "it came under a new id");
        }
        return true;
    }
    list_sent(s);
    return scenario_fail(s, "no %.*s to %.*s", STR(kind), STR(s->words[2]));
}

/* quiet: no message but reminders of updates; silence: none at all */
/* News for one person wake nobody and need not be expected; what pages does. */
static bool quiet(struct scenario *s)
{
    bool nags = str_eq(s->words[1], S("silence"));

    for (size_t i = 0; i < s->w->nsent; i++)
        if (!s->w->sent[i].expected && (nags || !str_eq(s->w->sent[i].kind, S("nag"))) &&
            !str_eq(s->w->sent[i].kind, S("notice"))) {
            list_sent(s);
            return scenario_fail(s, "something was sent that nobody expected");
        }
    return true;
}

static bool same(struct scenario *s, struct str got, struct str want)
{
    return str_eq(got, want) || scenario_fail(s, "it is %.*s", STR(got));
}

/* Open incidents. */
static bool incidents(struct scenario *s)
{
    return same(s, value_of(s, "SELECT COUNT(*) FROM incident WHERE is_open = 1"), s->words[2]);
}

static bool status(struct scenario *s)
{
    return same(s,
        value_of(s, "SELECT status FROM incident WHERE number = '%.*s'", STR(incident_ref(s))),
        s->words[2]);
}

/* incident COLUMN VALUE; "none" is NULL, a user's name stands for the id, -10m for a time */
static bool incident(struct scenario *s)
{
    struct str want = str_starts(s->words[3], S("\"")) ? quoted(s) : s->words[3];
    struct str got = value_of(s, "SELECT %.*s FROM incident WHERE number = '%.*s'",
        STR(s->words[2]), STR(incident_ref(s)));
    int64_t us, at;

    if (str_eq(want, S("none")))
        want = S("~");
    else if (str_starts(want, S("-")) && duration_parse(str_slice(want, 1, want.len), &us))
        return (str_int(got, &at) && at == s->w->now.us - us) ||
               scenario_fail(s, "it is %.*s (now is %lld)", STR(got), (long long)s->w->now.us);
    else if (str_starts(want, S("+")) && duration_parse(str_slice(want, 1, want.len), &us))
        return (str_int(got, &at) && at == s->w->now.us + us) ||
               scenario_fail(s, "it is %.*s (now is %lld)", STR(got), (long long)s->w->now.us);
    else if (user_id(s, want).len)
        want = user_id(s, want);
    return same(s, got, want);
}

/* event KIND ["part of its text"] [times N] */
static bool event(struct scenario *s)
{
    struct str part = quoted(s), times = word_after(s, 2, "times");
    struct str rows = raw_rows(s->w->raw, s->arena,
                   str_printf(s->arena,
                       "SELECT e.kind, e.data FROM event e JOIN incident i ON i.id = e.subject "
                       "WHERE i.number = '%.*s'"
                       " ORDER BY e.number",
                       STR(incident_ref(s)))
                       .ptr),
               line;
    int64_t found = 0, want = 0;

    for (struct str rest = rows; rest.ptr;) {
        struct str kind;
        rest = str_cut(rest, '\n', &line);
        struct str data = str_cut(line, '|', &kind);
        found += str_eq(kind, s->words[2]) && (!part.len || str_contains(data, part));
    }
    if (times.len ? str_int(times, &want) && found == want : found > 0)
        return true;
    return scenario_fail(s, "found %lld in:\n%.*s", (long long)found, STR(rows));
}

/* alert NAME firing|resolved|none [count N] [episodes N] [alone]: the latest episode */
static bool alert(struct scenario *s)
{
    struct str count = word_after(s, 4, "count"), episodes = word_after(s, 4, "episodes"), firing,
               counted;
    struct str row = value_of(s,
        "SELECT firing, count, COALESCE(incident_id, 'alone') FROM alert"
        " WHERE name = '%.*s' ORDER BY id DESC LIMIT 1",
        STR(s->words[2]));
    struct str belongs = str_cut(str_cut(row, '|', &firing), '|', &counted);
    struct str state = !row.len ? S("none") : str_eq(firing, S("1")) ? S("firing") : S("resolved");

    if (!same(s, state, s->words[3]) || (count.len && !same(s, counted, count)) ||
        (has_word(s, 4, "alone") && !same(s, belongs, S("alone"))))
        return false;
    return !episodes.len ||
           same(s, value_of(s, "SELECT COUNT(*) FROM alert WHERE name = '%.*s'", STR(s->words[2])),
               episodes);
}

/* escalation STATE [step N] [loop N]: steps taken in this loop */
static bool escalation(struct scenario *s)
{
    struct str step = word_after(s, 3, "step"), loop = word_after(s, 3, "loop"), state, steps;
    struct str row = value_of(s,
        "SELECT e.state, e.step, e.loop FROM escalation e"
        " JOIN incident i ON i.id = e.incident_id WHERE i.number = '%.*s'",
        STR(incident_ref(s)));
    struct str loops = str_cut(str_cut(row, '|', &state), '|', &steps);

    return same(s, row.len ? state : S("none"), s->words[2]) &&
           (!step.len || same(s, steps, step)) && (!loop.len || same(s, loops, loop));
}

/* deliveries STATE N, of all incidents */
static bool deliveries(struct scenario *s)
{
    return same(s,
        value_of(s, "SELECT COUNT(*) FROM delivery WHERE state = '%.*s'", STR(s->words[2])),
        s->words[3]);
}

/* attempts N since the beginning, failed ones included */
static bool attempts(struct scenario *s)
{
    return same(s, str_printf(s->arena, "%lld", (long long)s->w->attempts), s->words[2]);
}

/* postmortem STATUS ["part of its text"] */
static bool postmortem(struct scenario *s)
{
    struct str part = quoted(s);
    struct str got = value_of(s,
        "SELECT p.status FROM postmortem p JOIN incident i ON i.id = p.incident_id"
        " WHERE i.number = '%.*s'",
        STR(incident_ref(s)));

    if (!same(s, got.len ? got : S("none"), s->words[2]))
        return false;
    struct str body = value_of(s,
        "SELECT p.body FROM postmortem p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s'",
        STR(incident_ref(s)));
    return !part.len || str_contains(body, part) || scenario_fail(s, "it says:\n%.*s", STR(body));
}

static bool timers(struct scenario *s)
{
    return same(s, value_of(s, "SELECT COUNT(*) FROM timer WHERE kind = '%.*s'", STR(s->words[2])),
        s->words[3]);
}

/* briefs N: versions kept */
static bool briefs(struct scenario *s)
{
    return same(s,
        value_of(s, "SELECT COUNT(*) FROM brief b JOIN incident i ON i.id = b.incident_id WHERE i.number = '%.*s'",
            STR(incident_ref(s))),
        s->words[2]);
}

/* brief N [body|changes|file] ["part"] [iteration N] [times 0] */
static bool brief(struct scenario *s)
{
    struct str part = quoted(s), iteration = word_after(s, 3, "iteration");
    const char *column = has_word(s, 3, "changes") ? "changes" : has_word(s, 3, "file") ? "file" : "body";
    struct str got = raw_rows(s->w->raw, s->arena, str_printf(s->arena, "SELECT b.iteration, b.%s FROM brief b "
        "JOIN incident i ON i.id = b.incident_id WHERE i.number = '%.*s' AND b.version = %.*s", column,
        STR(incident_ref(s)), STR(s->words[2])).ptr), number;
    struct str text = str_cut(got, '|', &number);

    if (!got.len || (iteration.len && !same(s, number, iteration)))
        return got.len > 0 || scenario_fail(s, "there is no such version");
    bool wanted = !str_eq(word_after(s, 3, "times"), S("0"));
    return !part.len || str_contains(text, part) == wanted || scenario_fail(s, "it says:\n%.*s", STR(text));
}

static const struct scenario_expectation expectations[] = {
    {"alert", alert},
    {"asked", message},
    {"attempts", attempts},
    {"brief", brief},
    {"briefs", briefs},
    {"undone", expect_undone},
    {"component", expect_component},
    {"deliveries", deliveries},
    {"escalation", escalation},
    {"event", event},
    {"held", expect_held},
    {"incident", incident},
    {"incidents", incidents},
    {"news", message},
    {"notice", message},
    {"over", message},
    {"nag", message},
    {"page", message},
    {"person", expect_person},
    {"postmortem", postmortem},
    {"published", expect_published},
    {"quiet", quiet},
    {"silence", quiet},
    {"room", expect_room},
    {"status", status},
    {"timers", timers},
    {"told", message},
    {"works", expect_works},
    {0},
};

static const struct scenario_expectation *const tables[] = {expectations, investigate_expectations, talk_expectations};

bool scenario_expect(struct scenario *s)
{
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        for (const struct scenario_expectation *e = tables[k]; e->name; e++)
            if (s->n > 1 && str_eq(s->words[1], str_from(e->name)))
                return e->holds(s);
    return scenario_fail(s, "nobody knows how to expect that");
}
