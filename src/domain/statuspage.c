#include "domain/statuspage.h"

#include "base/error.h"

const char *const component_states[] = {"operational", "under_maintenance", "degraded_performance", "partial_outage",
    "major_outage", NULL};
const char *const public_impacts[] = {"none", "minor", "major", "critical", "maintenance", NULL};
const char *const public_statuses[] = {"investigating", "identified", "monitoring", "resolved", "scheduled",
    "in_progress", "verifying", "completed", NULL};
const char *const page_visibilities[] = {"public", "token", "signed_in", NULL};

#define FIRST_PLANNED 4 /* of public_statuses: from here on they are a maintenance's */
static const char *const languages[] = {"en", "ru", NULL};
static const char *const chosen_impacts[] = {"none", "minor", "major", "critical", NULL};
static const char *const subscriber_kinds[] = {"email", "webhook", NULL};

#define PAGE(m, ...) FIELD(struct status_page, m, __VA_ARGS__)
#define PAGE_INPUT(required)                                                                                           \
    PAGE(slug, .flags = required, .max = 40, .doc = "In its address: /status/SLUG/", .example = "main"),               \
        PAGE(title, .flags = required, .max = 100, .doc = "Name of the page", .example = "Lumo Pay status"),           \
        PAGE(about, .flags = FIELD_NULLABLE, .max = 500, .doc = "A sentence under the title"),                         \
        PAGE(language, .choices = languages, .doc = "Language of its texts: en or ru"),                                \
        PAGE(zone, .max = 64, .doc = "Time zone of its times", .example = "Europe/Berlin"),                            \
        PAGE(host, .flags = FIELD_NULLABLE, .max = 253, .doc = "Its own domain, where it is served at /",              \
            .example = "status.example.org"),                                                                          \
        PAGE(logo_url, .flags = FIELD_NULLABLE, .max = 500, .doc = "Picture beside the title, an https:// address"),   \
        PAGE(home_url, .flags = FIELD_NULLABLE, .max = 500, .doc = "Where the title leads"),                           \
        PAGE(visibility, .choices = page_visibilities, .doc = "public, token (by a secret link) or signed_in"),        \
        PAGE(components, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 20000,                                           \
            .doc = "Ids of the components it shows; empty: all that are shown"),                                       \
        PAGE(is_default, .doc = "Served at /status/")

const struct field status_page_fields[] = {
    PAGE(id, .flags = FIELD_READONLY, .doc = "Page id, `page_…`"),
    PAGE_INPUT(0),
    PAGE(token_hash, .flags = FIELD_NULLABLE | FIELD_SECRET | FIELD_READONLY),
    PAGE(created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    PAGE(updated_at, .flags = FIELD_READONLY, .doc = "When it was changed last"),
    PAGE(version, .flags = FIELD_READONLY, .doc = "Version, rises with every change"),
    {0},
};
const struct field status_page_input_fields[] = {PAGE_INPUT(FIELD_REQUIRED), {0}};

#define PART(m, ...) FIELD(struct component, m, __VA_ARGS__)
#define PART_INPUT(required)                                                                                           \
    PART(group_id, .flags = FIELD_NULLABLE, .doc = "Group it is in"),                                                  \
        PART(is_group, .doc = "It is a group, and has no state of its own"),                                           \
        PART(name, .flags = required, .max = 100, .doc = "Name as customers know it", .example = "Card payments"),     \
        PART(description, .flags = FIELD_NULLABLE, .max = 300, .doc = "What it does, in a sentence"),                  \
        PART(position, .min = 0, .max = 100000, .doc = "Lower stands first"),                                          \
        PART(services, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 4000, .doc = "Ids of the services behind it"),     \
        PART(shown, .doc = "Visible on pages")

const struct field component_fields[] = {
    PART(id, .flags = FIELD_READONLY, .doc = "Component id, `cmp_…`"),
    PART_INPUT(0),
    PART(state, .flags = FIELD_READONLY, .choices = component_states, .doc = "What open incidents and maintenance make of it"),
    PART(state_since, .flags = FIELD_READONLY, .doc = "Since when"),
    PART(state_cause, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Published incident that made it so"),
    PART(created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    PART(updated_at, .flags = FIELD_READONLY, .doc = "When it was changed last"),
    PART(version, .flags = FIELD_READONLY, .doc = "Version, rises with every change"),
    {0},
};
const struct field component_input_fields[] = {PART_INPUT(FIELD_REQUIRED), {0}};

const struct field public_incident_fields[] = {
    FIELD(struct public_incident, id, .doc = "Id of what is published, `pub_…`"),
    FIELD(struct public_incident, kind, .doc = "incident or maintenance"),
    FIELD(struct public_incident, incident_id, .flags = FIELD_NULLABLE, .doc = "Incident it is about; never shown to the public"),
    FIELD(struct public_incident, title, .doc = "Title for the public"),
    FIELD(struct public_incident, status, .choices = public_statuses, .doc = "investigating, identified, monitoring, resolved; of maintenance scheduled, in_progress, verifying, completed"),
    FIELD(struct public_incident, impact, .choices = public_impacts, .doc = "none, minor, major, critical or maintenance"),
    FIELD(struct public_incident, is_open, .doc = "It is not over"),
    FIELD(struct public_incident, automatic, .doc = "Timers move it through its plan"),
    FIELD(struct public_incident, scheduled_for, .flags = FIELD_NULLABLE, .doc = "Planned beginning"),
    FIELD(struct public_incident, scheduled_until, .flags = FIELD_NULLABLE, .doc = "Planned end"),
    FIELD(struct public_incident, next_update_at, .flags = FIELD_NULLABLE, .doc = "When the next update was promised"),
    FIELD(struct public_incident, started_at, .doc = "When it began"),
    FIELD(struct public_incident, monitoring_at, .flags = FIELD_NULLABLE, .doc = "When a fix was there to be watched"),
    FIELD(struct public_incident, resolved_at, .flags = FIELD_NULLABLE, .doc = "When it was over"),
    FIELD(struct public_incident, postmortem, .flags = FIELD_NULLABLE, .doc = "Public postmortem, Markdown"),
    FIELD(struct public_incident, postmortem_at, .flags = FIELD_NULLABLE, .doc = "When it was published"),
    FIELD(struct public_incident, created_at, .doc = "When it was published first"),
    FIELD(struct public_incident, updated_at, .doc = "Last change"),
    FIELD(struct public_incident, version, .doc = "Version, rises with every change"),
    {0},
};

const struct field public_update_fields[] = {
    FIELD(struct public_update, id, .doc = "Update id, `pup_…`"),
    FIELD(struct public_update, public_id, .doc = "What it belongs to"),
    FIELD(struct public_update, number, .doc = "From 1"),
    FIELD(struct public_update, status, .choices = public_statuses, .doc = "Status from then on"),
    FIELD(struct public_update, body, .doc = "Text, Markdown; empty: the standard sentence of the status"),
    FIELD(struct public_update, components, .flags = FIELD_JSON, .doc = "Components whose state it changed"),
    FIELD(struct public_update, created_by, .flags = FIELD_NULLABLE | FIELD_HIDDEN),
    FIELD(struct public_update, created_at, .doc = "When it was published"),
    {0},
};

const struct field component_impact_fields[] = {
    FIELD(struct component_impact, public_id, .doc = "Published incident"),
    FIELD(struct component_impact, component_id, .doc = "Component"),
    FIELD(struct component_impact, state, .choices = component_states, .doc = "State while it is open"),
    {0},
};

const struct field component_span_fields[] = {
    FIELD(struct component_span, component_id, .doc = "Component"),
    FIELD(struct component_span, started_at, .doc = "From"),
    FIELD(struct component_span, ended_at, .flags = FIELD_NULLABLE, .doc = "To; null: still"),
    FIELD(struct component_span, state, .doc = "State"),
    FIELD(struct component_span, public_id, .flags = FIELD_NULLABLE, .doc = "Published incident that caused it"),
    {0},
};

#define SAY(m, ...) FIELD(struct public_input, m, __VA_ARGS__)
#define SAY_COMPONENTS                                                                                                 \
    SAY(components, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 20000,                                                \
        .doc = "Components by id and their state from now on; others keep theirs", .example = "{\"cmp_…\":\"partial_outage\"}")
#define SAY_TEXT(more)                                                                                                 \
    SAY(text, .flags = FIELD_MULTILINE | (more), .max = 10000, .doc = "What the public reads, Markdown")

const struct field public_input_fields[] = {
    SAY(title, .flags = FIELD_NULLABLE, .max = 200, .doc = "Title for the public; required the first time"),
    SAY(status, .flags = FIELD_REQUIRED, .choices = public_statuses, .doc = "investigating, identified, monitoring or resolved; of maintenance scheduled, in_progress, verifying or completed"),
    SAY(impact, .flags = FIELD_NULLABLE, .choices = chosen_impacts, .doc = "none, minor, major or critical; that of the worst component if not given"),
    SAY_TEXT(FIELD_REQUIRED),
    SAY_COMPONENTS,
    SAY(next_update_at, .flags = FIELD_NULLABLE, .doc = "When the next update is promised"),
    {0},
};

const struct field maintenance_input_fields[] = {
    SAY(title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is done, for the public"),
    SAY_TEXT(FIELD_REQUIRED),
    SAY_COMPONENTS,
    SAY(scheduled_for, .flags = FIELD_REQUIRED, .doc = "When it begins"),
    SAY(scheduled_until, .flags = FIELD_REQUIRED, .doc = "When it ends"),
    SAY(automatic, .doc = "Move it through its plan without anybody's hand"),
    {0},
};

const struct field public_edit_fields[] = {
    SAY(title, .max = 200, .doc = "Title for the public"),
    SAY(scheduled_for, .doc = "When it begins"),
    SAY(scheduled_until, .doc = "When it ends"),
    SAY(automatic, .doc = "Move it through its plan without anybody's hand"),
    {0},
};

const struct field subscriber_fields[] = {
    FIELD(struct subscriber, id, .doc = "Subscriber id, `sub_…`"),
    FIELD(struct subscriber, page_id, .doc = "Page"),
    FIELD(struct subscriber, kind, .choices = subscriber_kinds, .doc = "email or webhook"),
    FIELD(struct subscriber, address, .doc = "Where it goes"),
    FIELD(struct subscriber, secret, .flags = FIELD_NULLABLE | FIELD_SECRET),
    FIELD(struct subscriber, components, .flags = FIELD_JSON, .doc = "Only these components; empty: all"),
    FIELD(struct subscriber, confirmed_at, .flags = FIELD_NULLABLE, .doc = "When the address's owner agreed"),
    FIELD(struct subscriber, asked_at, .doc = "When somebody asked last"),
    FIELD(struct subscriber, created_at, .doc = "When somebody asked first"),
    {0},
};

static int place(const char *const *names, struct str s)
{
    for (int i = 0; names[i]; i++)
        if (str_eq(s, str_from(names[i])))
            return i;
    return -1;
}

int component_rank(struct str state)
{
    return place(component_states, state);
}

struct str impact_of_rank(int rank)
{
    return rank <= RANK_MAINTENANCE ? S("none") : str_from(public_impacts[rank - RANK_MAINTENANCE]);
}

int rank_of_impact(struct str impact)
{
    int i = place(chosen_impacts, impact);

    return i <= 0 ? RANK_OPERATIONAL : i + RANK_MAINTENANCE;
}

bool public_status_check(struct str kind, struct str from, struct str to, struct error *err)
{
    bool planned = str_eq(kind, S("maintenance"));
    int was = place(public_statuses, from), is = place(public_statuses, to);

    if (is < 0 || (is >= FIRST_PLANNED) != planned)
        return fail_field(err, "status", planned ? "must be scheduled, in_progress, verifying or completed"
                                                 : "must be investigating, identified, monitoring or resolved");
    if (planned && was > is)
        return fail(err, CONFLICT, "a maintenance goes from scheduled to completed, and not back");
    if (planned && str_eq(from, S("completed")))
        return fail(err, CONFLICT, "this maintenance is completed");
    return true;
}

bool public_status_open(struct str status)
{
    return !str_eq(status, S("resolved")) && !str_eq(status, S("completed"));
}

int overall_rank(const int *ranks, size_t n, int loose)
{
    int worst = loose;

    for (size_t i = 0; i < n; i++)
        worst = ranks[i] > worst ? ranks[i] : worst;
    return worst;
}

/* One state from `from` to `to`, spread over the days it touches. */
static void count_span(int rank, int64_t from, int64_t to, int64_t first_day, int days, struct uptime *out)
{
    if (from >= to)
        return;
    if (rank >= RANK_PARTIAL)
        out->down_us += to - from;
    int64_t a = floor_div(from, DAY_US) - first_day, b = floor_div(to - 1, DAY_US) - first_day;
    for (int64_t d = a < 0 ? 0 : a; d <= b && d < days; d++)
        out->worst[d] = rank > out->worst[d] ? rank : out->worst[d];
}

void uptime_count(const struct component_span *spans, size_t n, instant since, instant now, int days,
    struct uptime *out)
{
    int64_t today = floor_div(now.us, DAY_US), first = today - days + 1;
    int64_t begin = since.us > first * DAY_US ? since.us : first * DAY_US;

    *out = (struct uptime){0};
    for (int d = 0; d < STATUS_DAYS; d++)
        out->worst[d] = -1;
    count_span(RANK_OPERATIONAL, begin, now.us > begin ? now.us : begin + 1, first, days, out);
    out->measured_us = now.us > begin ? now.us - begin : 0;
    for (size_t i = 0; i < n; i++) {
        int64_t from = spans[i].started_at.us, to = instant_is_set(spans[i].ended_at) ? spans[i].ended_at.us : now.us;
        int rank = component_rank(spans[i].state);
        if (rank > RANK_OPERATIONAL)
            count_span(rank, from > begin ? from : begin, to < now.us ? to : now.us, first, days, out);
    }
    for (int d = 0; d < days; d++)
        out->problem_days += out->worst[d] > RANK_MAINTENANCE;
}

int64_t uptime_basis_points(const struct uptime *u)
{
    /* 90 days are 7.8e12 µs: times 10,000 still fits. */
    return u->measured_us ? (u->measured_us - u->down_us) * 10000 / u->measured_us : 10000;
}

bool status_slug_valid(struct str s)
{
    static const char *const reserved[] = {"api", "history", "incidents", "subscribe", "confirm", "unsubscribe", "assets", NULL};

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
            return false;
    }
    return s.len > 0 && s.len <= 40 && place(reserved, s) < 0;
}

bool status_host_valid(struct str s)
{
    bool dot = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool edge = i == 0 || i + 1 == s.len || s.ptr[i - 1] == '.';
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (!edge && (c == '-' || c == '.'))))
            return false;
        dot |= c == '.';
    }
    return dot && s.len <= 253;
}

bool status_url_valid(struct str s)
{
    if (!str_starts(s, S("https://")) || s.len < 12)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7f || s.ptr[i] == '"' || s.ptr[i] == ';' || s.ptr[i] == ',' ||
            s.ptr[i] == '\'')
            return false;
    return true;
}

bool id_list_has(struct str list, struct str id)
{
    for (size_t i = 0; id.len && i + id.len + 2 <= list.len; i++)
        if (list.ptr[i] == '"' && list.ptr[i + id.len + 1] == '"' && str_eq(str_slice(list, i + 1, i + 1 + id.len), id))
            return true;
    return false;
}
