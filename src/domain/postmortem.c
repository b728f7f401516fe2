#include "domain/postmortem.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "domain/event.h"
#include "domain/incident.h"

const char *const postmortem_statuses[] = {"draft", "in_review", "complete", NULL};
const char *const action_statuses[] = {"open", "in_progress", "done", "dropped", NULL};
const char *const action_priorities[] = {"P1", "P2", "P3", "P4", NULL};

const struct field postmortem_fields[] = {
    FIELD(struct postmortem, id, .flags = FIELD_READONLY, .doc = "Postmortem id, `pm_…`"),
    FIELD(struct postmortem, incident_id, .flags = FIELD_READONLY, .doc = "Incident it is about"),
    FIELD(struct postmortem, status, .choices = postmortem_statuses, .doc = "draft, in_review or complete"),
    FIELD(struct postmortem, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "Title"),
    FIELD(struct postmortem, body, .flags = FIELD_MULTILINE, .max = POSTMORTEM_MAX_BODY, .doc = "Text, Markdown"),
    FIELD(struct postmortem, due_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it is due, by the pack"),
    FIELD(struct postmortem, author_id, .flags = FIELD_NULLABLE, .doc = "Who writes it"),
    FIELD(struct postmortem, created_at, .flags = FIELD_READONLY, .doc = "When it was drafted"),
    FIELD(struct postmortem, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    FIELD(struct postmortem, completed_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was completed"),
    FIELD(struct postmortem, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field postmortem_edit_fields[] = {
    FIELD(struct postmortem_edit, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "Title"),
    FIELD(struct postmortem_edit, body, .flags = FIELD_MULTILINE | FIELD_REQUIRED, .max = POSTMORTEM_MAX_BODY, .doc = "Text, Markdown"),
    FIELD(struct postmortem_edit, status, .choices = postmortem_statuses, .doc = "draft, in_review or complete"),
    FIELD(struct postmortem_edit, version, .flags = FIELD_REQUIRED, .min = 1, .max = INT64_MAX, .doc = "Version you started from; refused if it has changed since"),
    {0},
};

const struct field action_item_fields[] = {
    FIELD(struct action_item, id, .flags = FIELD_READONLY, .doc = "Action item id, `act_…`"),
    FIELD(struct action_item, postmortem_id, .flags = FIELD_READONLY, .doc = "Postmortem it came from"),
    FIELD(struct action_item, title, .flags = FIELD_REQUIRED, .max = 300, .doc = "What will be different afterwards"),
    FIELD(struct action_item, owner_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Who sees to it"),
    FIELD(struct action_item, priority, .choices = action_priorities, .doc = "P1 is most urgent"),
    FIELD(struct action_item, due_on, .flags = FIELD_NULLABLE, .max = 10, .doc = "Day it is due, YYYY-MM-DD"),
    FIELD(struct action_item, status, .choices = action_statuses, .doc = "open, in_progress, done or dropped"),
    FIELD(struct action_item, created_at, .flags = FIELD_READONLY, .doc = "When it was added"),
    FIELD(struct action_item, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    {0},
};

bool date_valid(struct str s)
{
    int64_t y, m, d;

    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || !str_int(str_slice(s, 0, 4), &y) ||
        !str_int(str_slice(s, 5, 7), &m) || !str_int(str_slice(s, 8, 10), &d) || y < 1 || m < 1 || d < 1)
        return false;
    struct date given = {(int)y, (int)m, (int)d};
    struct date real = date_of_days(days_of_date(given));
    return real.year == given.year && real.month == given.month && real.day == given.day;
}

/* Keeps text on one line and out of Markdown's syntax. */
static void plain(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
        if (c == '|' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']' || c == '<' ||
            c == '\\' || c == '#')
            buf_addc(b, '\\');
        buf_addc(b, c);
    }
}

static void or_blank(struct buf *b, struct str s, const char *blank)
{
    if (s.len)
        plain(b, s);
    else
        buf_add(b, str_from(blank));
}

static struct str clock_text(struct arena *a, instant t)
{
    struct str full = time_text(a, t);

    return str_slice(full, 11, 16);
}

/* Entries that somebody wrote; the others name people themselves. */
static bool prose(struct str kind)
{
    return str_eq(kind, S("note")) || str_eq(kind, S("update")) || str_eq(kind, S("decision")) ||
        str_eq(kind, S("correction"));
}

/* Kept free for what comes after the timeline: every text at its limit, and escaped. */
#define AFTER_TIMELINE 80000

static int by_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    return x->at.us != y->at.us ? (x->at.us < y->at.us ? -1 : 1) : (x->number > y->number) - (x->number < y->number);
}

/* In the order things happened, not the order they were written. */
static void timeline(struct buf *b, struct arena *a, const struct event *written, size_t n)
{
    struct event *events = arena_array(a, struct event, n + 1);
    int64_t day = -1;

    for (size_t i = 0; i < n; i++)
        events[i] = written[i];
    qsort(events, n, sizeof *events, by_time);

    buf_add(b, S("## Timeline\n\n| Time (UTC) | Event |\n| --- | --- |\n"));
    for (size_t i = 0; i < n; i++) {
        struct json *data = NULL;
        struct error ignored = {0};
        if (str_eq(events[i].kind, S("postmortem")) || !json_parse(a, events[i].data, &data, &ignored))
            continue;
        struct str text = json_get_str(data, S("text"));
        if (b->len + 2 * text.len + AFTER_TIMELINE > b->max) {
            buf_printf(b, "| … | %zu more entries |\n", n - i);
            return;
        }
        buf_add(b, S("| "));
        if (events[i].at.us / DAY_US != day) {
            buf_add(b, str_slice(time_text(a, events[i].at), 0, 10));
            buf_addc(b, ' ');
            day = events[i].at.us / DAY_US;
        }
        buf_add(b, clock_text(a, events[i].at));
        buf_add(b, S(" | "));
        plain(b, text);
        if (prose(events[i].kind)) {
            buf_add(b, S(" ("));
            plain(b, events[i].actor_name);
            buf_addc(b, ')');
        }
        buf_add(b, S(" |\n"));
    }
}

static struct str duration_of(struct arena *a, const struct incident *i)
{
    instant from = instant_is_set(i->started_at) ? i->started_at : i->detected_at;

    if (!instant_is_set(from) || !instant_is_set(i->resolved_at) || i->resolved_at.us < from.us)
        return S("unknown");
    int64_t us = i->resolved_at.us - from.us;
    return duration_text(a, us < MINUTE_US ? us - us % SECOND_US : us - us % MINUTE_US);
}

static void impact(struct buf *b, struct arena *a, const struct incident *i)
{
    buf_add(b, S("\n## Impact\n\n- Users affected: "));
    if (i->impact_users != INT_NONE)
        buf_int(b, i->impact_users);
    else
        buf_add(b, S("_how many?_"));
    if (i->impact_percent != INT_NONE)
        buf_printf(b, " (%lld %%)", (long long)i->impact_percent);
    buf_add(b, S("\n- Duration: "));
    buf_add(b, duration_of(a, i));
    buf_add(b, S("\n- Revenue: "));
    or_blank(b, i->impact_revenue, "_if any_");
    buf_add(b, S("\n- What people saw: "));
    or_blank(b, i->impact_text, "_describe it_");
    buf_addc(b, '\n');
}

struct str postmortem_draft(struct arena *a, const struct incident *i, const struct event *events,
    size_t nevents, struct str commander)
{
    struct buf b;

    buf_init(&b, a, POSTMORTEM_MAX_BODY);
    buf_add(&b, S("Date: "));
    buf_add(&b, str_slice(time_text(a, i->declared_at), 0, 10));
    buf_printf(&b, " | Severity: %.*s | Duration: %.*s | Incident: %.*s | Commander: ",
        STR(i->severity.len ? i->severity : S("not assigned")), STR(duration_of(a, i)), STR(i->number));
    or_blank(&b, commander, "nobody");
    buf_add(&b, S("\n\n## Summary\n\n"));
    or_blank(&b, i->summary, "_Two or three sentences: what happened, whom it hurt, how it ended._");
    buf_add(&b, S("\n\n"));
    timeline(&b, a, events, nevents);
    buf_add(&b, S("\n## Root cause\n\n"));
    or_blank(&b, i->cause, "_What in the system made this possible? Systems, not people._");
    buf_add(&b, S("\n\n1. Why did it happen? _…_\n2. Why was that so? _…_\n3. Why? _…_\n4. Why? _…_\n"
                  "5. Why? _…_\n"));
    impact(&b, a, i);
    buf_add(&b, S("\n## What went well\n\n- _…_\n\n## What went poorly\n\n- _…_\n\n"
                  "## Where we got lucky\n\n- _…_\n"));
    return buf_str(&b);
}
