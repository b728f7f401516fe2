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

/* On one line and out of Markdown's syntax; what nobody has written yet is shown as such. */
static struct str plain(struct arena *a, struct str s)
{
    struct buf b;

    if (!s.len)
        return S("_…_");
    buf_init(&b, a, 2 * s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
        if (c == '|' || c == '*' || c == '_' || c == '`' || c == '[' || c == ']' || c == '<' ||
            c == '\\' || c == '#')
            buf_addc(&b, '\\');
        buf_addc(&b, c);
    }
    return buf_str(&b);
}

static struct str minute_text(struct arena *a, instant t)
{
    struct str full = time_text(a, t);

    return instant_is_set(t) ? str_printf(a, "%.*s %.*s", STR(str_slice(full, 0, 10)), STR(str_slice(full, 11, 16)))
                             : S("_…_");
}

/* What was done to stop the harm, and what it did: the entries of the action log. */
static struct json *mitigations(struct arena *a, const struct event *events, size_t n)
{
    struct json *list = json_array(a);
    size_t size = 0;

    for (size_t i = 0; i < n && size < POSTMORTEM_MAX_TIMELINE / 4; i++) {
        struct json *data = NULL;
        struct error ignored = {0};
        if (!str_eq(events[i].kind, S("mitigation")) || !json_parse(a, events[i].data, &data, &ignored))
            continue;
        struct str text = plain(a, json_get_str(data, S("text")));
        json_set_str(a, json_push(list, json_object(a)), S("text"), text);
        size += text.len;
    }
    return list;
}

/* Entries that somebody wrote; the others name people themselves. */
static bool prose(struct str kind)
{
    return str_eq(kind, S("note")) || str_eq(kind, S("update")) || str_eq(kind, S("decision")) ||
        str_eq(kind, S("correction"));
}

static int by_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    return x->at.us != y->at.us ? (x->at.us < y->at.us ? -1 : 1) : (x->number > y->number) - (x->number < y->number);
}

static void line(struct arena *a, struct json *list, struct str at, struct str text)
{
    struct json *o = json_push(list, json_object(a));

    json_set_str(a, o, S("at"), at);
    json_set_str(a, o, S("text"), text);
}

/* In the order things happened, not the order they were written; as many as fit. */
static struct json *timeline(struct arena *a, const struct event *written, size_t n)
{
    struct event *events = arena_array(a, struct event, n + 1);
    struct json *list = json_array(a);
    size_t size = 0;
    int64_t day = -1;

    for (size_t i = 0; i < n; i++)
        events[i] = written[i];
    qsort(events, n, sizeof *events, by_time);
    for (size_t i = 0; i < n; i++) {
        struct json *data = NULL;
        struct error ignored = {0};
        if (str_eq(events[i].kind, S("postmortem")) || !json_parse(a, events[i].data, &data, &ignored))
            continue;
        struct str text = plain(a, json_get_str(data, S("text"))), at = minute_text(a, events[i].at);
        if (prose(events[i].kind))
            text = str_printf(a, "%.*s (%.*s)", STR(text), STR(plain(a, events[i].actor_name)));
        size += text.len + 40;
        if (size > POSTMORTEM_MAX_TIMELINE) {
            line(a, list, S("…"), str_printf(a, "+%zu", n - i));
            break;
        }
        line(a, list, events[i].at.us / DAY_US == day ? str_slice(at, 11, 16) : at, text);
        day = events[i].at.us / DAY_US;
    }
    return list;
}

/* The people whose names the timeline holds. */
static struct str participants(struct arena *a, const struct event *e, size_t n)
{
    struct str *names = arena_array(a, struct str, n + 1);
    struct buf b;
    size_t known = 0;

    buf_init(&b, a, 4000);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < known && !str_eq(names[k], e[i].actor_name))
            k++;
        if (!str_eq(e[i].actor_kind, S("user")) || k < known || b.len + 2 * e[i].actor_name.len + 10 > b.max)
            continue;
        names[known++] = e[i].actor_name;
        buf_printf(&b, "%s%.*s", b.len ? ", " : "", STR(plain(a, e[i].actor_name)));
    }
    return b.len ? buf_str(&b) : S("_…_");
}

static struct json *incident_names(struct arena *a, const struct incident *i, struct str status_name)
{
    struct json *o = json_object(a);
    long long users = i->impact_users, percent = i->impact_percent;
    struct str affected = S("_…_");

    if (users != INT_NONE && percent != INT_NONE)
        affected = str_printf(a, "%lld (%lld %%)", users, percent);
    else if (users != INT_NONE)
        affected = str_printf(a, "%lld", users);
    else if (percent != INT_NONE)
        affected = str_printf(a, "%lld %%", percent);
    json_set_str(a, o, S("number"), i->number);
    json_set_str(a, o, S("title"), plain(a, i->title));
    json_set_str(a, o, S("severity"), plain(a, i->severity));
    json_set_str(a, o, S("status_name"), status_name);
    json_set_str(a, o, S("summary"), plain(a, i->summary));
    json_set_str(a, o, S("cause"), plain(a, i->cause));
    json_set_str(a, o, S("impact_text"), plain(a, i->impact_text));
    json_set_str(a, o, S("impact_users"), affected);
    json_set_str(a, o, S("impact_revenue"), plain(a, i->impact_revenue));
    return o;
}

struct json *postmortem_names(struct arena *a, const struct incident *i, const struct event *events, size_t n,
    const struct postmortem_words *w)
{
    struct json *o = json_object(a);
    int64_t us = incident_lasted(i);

    json_set(o, S("incident"), incident_names(a, i, w->incident_status));
    json_set_str(a, o, S("commander"), plain(a, w->commander));
    json_set_str(a, o, S("author"), plain(a, w->commander));
    json_set_str(a, o, S("status_name"), w->status);
    json_set_str(a, o, S("services"), plain(a, w->services));
    json_set_str(a, o, S("participants"), participants(a, events, n));
    json_set_str(a, o, S("date"), str_slice(time_text(a, i->declared_at), 0, 10));
    json_set_str(a, o, S("started"), minute_text(a, instant_is_set(i->started_at) ? i->started_at : i->detected_at));
    json_set_str(a, o, S("resolved"), minute_text(a, i->resolved_at));
    json_set_str(a, o, S("duration"), us < 0 ? S("_…_") : w->duration);
    json_set_str(a, o, S("downtime_minutes"), us < 0 ? S("_…_") : str_printf(a, "%lld", (long long)(us / MINUTE_US)));
    json_set_str(a, o, S("budget_percent"), S("_…_"));
    json_set(o, S("timeline"), timeline(a, events, n));
    json_set(o, S("mitigations"), mitigations(a, events, n));
    return o;
}

int64_t incident_lasted(const struct incident *i)
{
    instant from = instant_is_set(i->started_at) ? i->started_at : i->detected_at;

    return instant_is_set(from) && instant_is_set(i->resolved_at) && i->resolved_at.us >= from.us
        ? i->resolved_at.us - from.us
        : -1;
}

struct json *action_names(struct arena *a, const struct action_item *v, size_t n, const struct str *owners)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < n; i++) {
        struct json *o = json_push(list, json_object(a));
        json_set_str(a, o, S("title"), plain(a, v[i].title));
        json_set_str(a, o, S("owner"), plain(a, owners[i]));
        json_set_str(a, o, S("priority"), v[i].priority);
        json_set_str(a, o, S("due_on"), v[i].due_on);
        json_set_str(a, o, S("status"), v[i].status);
    }
    return list;
}
