#include "domain/incident.h"

#include "base/error.h"

enum status {
    TRIAGE, INVESTIGATING, IDENTIFIED, MITIGATING, MONITORING,
    RESOLVED, LEARNING, CLOSED, DECLINED, MERGED, CANCELLED, NSTATUS
};

const char *const incident_statuses[] = {"triage", "investigating", "identified", "mitigating",
    "monitoring", "resolved", "learning", "closed", "declined", "merged", "cancelled", NULL};

#define BIT(s) (1u << (s))
#define WORKING (BIT(INVESTIGATING) | BIT(IDENTIFIED) | BIT(MITIGATING) | BIT(MONITORING))

static const unsigned allowed[NSTATUS] = {
    [TRIAGE] = WORKING | BIT(RESOLVED) | BIT(DECLINED) | BIT(CANCELLED),
    [INVESTIGATING] = WORKING | BIT(RESOLVED) | BIT(DECLINED) | BIT(CANCELLED),
    [IDENTIFIED] = WORKING | BIT(RESOLVED) | BIT(CANCELLED),
    [MITIGATING] = WORKING | BIT(RESOLVED) | BIT(CANCELLED),
    [MONITORING] = WORKING | BIT(RESOLVED) | BIT(CANCELLED),
    [RESOLVED] = BIT(INVESTIGATING) | BIT(LEARNING) | BIT(CLOSED),
    [LEARNING] = BIT(INVESTIGATING) | BIT(CLOSED),
};

#define LONG_TEXT 4000
#define INCIDENT_TEXTS(T)                                                                          \
    FIELD(T, summary, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "What is happening, for somebody who just arrived"), \
    FIELD(T, cause, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "Likely cause"),              \
    FIELD(T, actions_now, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "What is being done now"), \
    FIELD(T, next_decision, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "The next decision and its time")
#define INCIDENT_IMPACT(T)                                                                         \
    FIELD(T, impact_text, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "Impact in plain words"), \
    FIELD(T, impact_users, .flags = FIELD_NULLABLE, .min = 0, .max = INT64_C(100000000000), .doc = "People affected"), \
    FIELD(T, impact_percent, .flags = FIELD_NULLABLE, .min = 0, .max = 100, .doc = "Share of users affected, per cent"), \
    FIELD(T, impact_revenue, .max = 200, .doc = "Revenue at stake, with its unit", .example = "12 000 EUR per hour")

const struct field incident_fields[] = {
    FIELD(struct incident, id, .flags = FIELD_READONLY, .doc = "Incident id, `inc_…`"),
    FIELD(struct incident, number, .flags = FIELD_READONLY, .doc = "Number people use, `INC-YYYYMMDD-NNN`"),
    FIELD(struct incident, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is broken, in one line"),
    FIELD(struct incident, status, .choices = incident_statuses, .doc = "Core status"),
    FIELD(struct incident, severity, .flags = FIELD_NULLABLE, .max = 16, .doc = "Severity of the policy pack"),
    INCIDENT_TEXTS(struct incident),
    INCIDENT_IMPACT(struct incident),
    FIELD(struct incident, service_id, .flags = FIELD_NULLABLE, .doc = "Service it began on"),
    FIELD(struct incident, group_key, .flags = FIELD_NULLABLE | FIELD_HIDDEN),
    FIELD(struct incident, is_open, .doc = "Not resolved, declined or cancelled"),
    FIELD(struct incident, started_at, .flags = FIELD_NULLABLE, .doc = "When the impact began"),
    FIELD(struct incident, detected_at, .flags = FIELD_NULLABLE, .doc = "When an alert or a person noticed"),
    FIELD(struct incident, declared_at, .doc = "When the incident was opened"),
    FIELD(struct incident, acknowledged_at, .flags = FIELD_NULLABLE, .doc = "First human response"),
    FIELD(struct incident, acknowledged_by, .flags = FIELD_NULLABLE, .doc = "Who responded first"),
    FIELD(struct incident, mitigated_at, .flags = FIELD_NULLABLE, .doc = "When the impact was stopped"),
    FIELD(struct incident, resolved_at, .flags = FIELD_NULLABLE, .doc = "When it was resolved"),
    FIELD(struct incident, verified_at, .flags = FIELD_NULLABLE, .doc = "When the fix was verified"),
    FIELD(struct incident, closed_at, .flags = FIELD_NULLABLE, .doc = "When nothing was left to do"),
    FIELD(struct incident, next_update_at, .flags = FIELD_NULLABLE, .doc = "When the next update is due"),
    FIELD(struct incident, class, .flags = FIELD_NULLABLE, .doc = "Class of the policy pack"),
    FIELD(struct incident, restricted, .doc = "Only its members may know of it"),
    FIELD(struct incident, evidence_hold, .doc = "Nothing of it may be deleted"),
    FIELD(struct incident, aware_at, .flags = FIELD_NULLABLE, .doc = "Since when legal clocks run"),
    FIELD(struct incident, confirmed_at, .flags = FIELD_NULLABLE, .doc = "When it was verified that it is real"),
    FIELD(struct incident, confirmed_by, .flags = FIELD_NULLABLE, .doc = "Who verified it"),
    FIELD(struct incident, created_by, .doc = "User id, or `alert`"),
    FIELD(struct incident, updated_at, .doc = "When it last changed"),
    FIELD(struct incident, version, .doc = "Rises with every change"),
    FIELD(struct incident, severity_rank, .flags = FIELD_HIDDEN, .doc = "Rank of the severity when it was assigned"),
    {0},
};

const struct field incident_declare_fields[] = {
    FIELD(struct incident_declare, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is broken, in one line", .example = "Card payments fail at checkout"),
    FIELD(struct incident_declare, severity, .flags = FIELD_NULLABLE, .max = 16, .doc = "Severity of the policy pack; chased if not given", .example = "SEV2"),
    FIELD(struct incident_declare, summary, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "What is happening"),
    FIELD(struct incident_declare, service_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Service it is about"),
    FIELD(struct incident_declare, impact_text, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "Impact in plain words"),
    FIELD(struct incident_declare, started_at, .flags = FIELD_NULLABLE, .doc = "When the impact began, if known"),
    FIELD(struct incident_declare, detected_at, .flags = FIELD_NULLABLE, .doc = "When it was noticed, for a record made afterwards; nobody is paged then"),
    FIELD(struct incident_declare, acknowledged_at, .flags = FIELD_NULLABLE, .doc = "First human response, for a record made afterwards"),
    FIELD(struct incident_declare, page, .doc = "Page the service's escalation policy, if it has one; true unless said otherwise"),
    FIELD(struct incident_declare, alert_id, .flags = FIELD_NULLABLE, .max = 20, .doc = "Alert that made you declare it; it is linked"),
    {0},
};

const struct field incident_edit_fields[] = {
    FIELD(struct incident_edit, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is broken, in one line"),
    INCIDENT_TEXTS(struct incident_edit),
    INCIDENT_IMPACT(struct incident_edit),
    FIELD(struct incident_edit, started_at, .flags = FIELD_NULLABLE, .doc = "When the impact began"),
    FIELD(struct incident_edit, at, .flags = FIELD_NULLABLE, .doc = "When that was known, if not now"),
    FIELD(struct incident_edit, version, .min = 0, .max = INT64_MAX, .doc = "Version you saw; refused if it has changed since"),
    {0},
};

static const char *const note_kinds[] = {"note", "decision", "update", NULL};

const struct field incident_note_fields[] = {
    FIELD(struct incident_note, text, .flags = FIELD_REQUIRED | FIELD_MULTILINE, .max = LONG_TEXT, .doc = "What happened, what you see, what you decided"),
    FIELD(struct incident_note, at, .flags = FIELD_NULLABLE, .doc = "When it happened, if not now"),
    FIELD(struct incident_note, corrects, .min = 0, .max = INT64_MAX, .doc = "Number of the entry this one corrects"),
    FIELD(struct incident_note, kind, .choices = note_kinds, .doc = "`note`, `decision`, or `update`: the next update is then due its time from now"),
    {0},
};

#define REASON FIELD(struct incident_change, reason, .flags = FIELD_MULTILINE, .max = 1000, .doc = "Why")
#define VERSION FIELD(struct incident_change, version, .min = 0, .max = INT64_MAX, .doc = "Version you saw; refused if it has changed since")

#define TEXT(about) FIELD(struct incident_change, text, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = about)

const struct field incident_status_fields[] = {
    FIELD(struct incident_change, status, .flags = FIELD_REQUIRED, .choices = incident_statuses, .doc = "Status to move to"),
    TEXT("What changed, for those who read the timeline"),
    FIELD(struct incident_change, at, .flags = FIELD_NULLABLE, .doc = "When it happened, if not now"),
    FIELD(struct incident_change, waive, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "With resolved: why without the verification"),
    VERSION, {0},
};
const struct field incident_resolve_fields[] = {
    TEXT("How you know that it is over"),
    FIELD(struct incident_change, cause, .flags = FIELD_MULTILINE, .max = LONG_TEXT, .doc = "Cause, as far as you know"),
    FIELD(struct incident_change, at, .flags = FIELD_NULLABLE, .doc = "When it ended, if not now"),
    FIELD(struct incident_change, waive, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why it is resolved without the verification that its severity asks for; the commander's to say"),
    VERSION, {0},
};
const struct field incident_severity_fields[] = {
    FIELD(struct incident_change, severity, .flags = FIELD_REQUIRED, .max = 16, .doc = "Severity of the policy pack"),
    FIELD(struct incident_change, reason, .flags = FIELD_MULTILINE | FIELD_REQUIRED, .max = 1000, .doc = "Why"),
    VERSION, {0},
};
const struct field incident_role_fields[] = {
    FIELD(struct incident_change, role, .flags = FIELD_REQUIRED, .max = 32, .doc = "Role of the policy pack", .example = "commander"),
    FIELD(struct incident_change, user_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Who takes it; empty to take it away"),
    FIELD(struct incident_change, at, .flags = FIELD_NULLABLE, .doc = "When it happened, if not now"),
    FIELD(struct incident_change, reason, .flags = FIELD_MULTILINE, .max = 1000, .doc = "Why it is handed over"),
    {0},
};
const struct field incident_service_fields[] = {
    FIELD(struct incident_change, service_id, .flags = FIELD_REQUIRED, .max = 64, .doc = "Service that is affected"),
    {0},
};
const struct field incident_ack_fields[] = {
    REASON,
    FIELD(struct incident_change, delivery_id, .max = 64, .doc = "The page that is answered, if it was one"),
    {0},
};
const struct field incident_page_fields[] = {
    FIELD(struct incident_change, user_id, .flags = FIELD_REQUIRED, .max = 64, .doc = "Whom to page"),
    FIELD(struct incident_change, text, .flags = FIELD_MULTILINE, .max = 500, .doc = "What you need from them"),
    {0},
};
const struct field incident_version_fields[] = {
    VERSION, {0},
};

static enum status status_of(struct str s)
{
    for (int i = 0; i < NSTATUS; i++)
        if (str_eq(s, str_from(incident_statuses[i])))
            return (enum status)i;
    return NSTATUS;
}

bool incident_status_known(struct str status)
{
    return status_of(status) != NSTATUS;
}

bool incident_status_open(struct str status)
{
    return status_of(status) <= MONITORING;
}

bool incident_status_allowed(struct str from, struct str to)
{
    enum status f = status_of(from), t = status_of(to);

    return f != NSTATUS && t != NSTATUS && f != t && (allowed[f] & BIT(t));
}

static void stamp(instant *at, instant now)
{
    if (!instant_is_set(*at))
        *at = now;
}

bool incident_move(struct incident *i, struct str to, instant now, struct error *err)
{
    enum status t = status_of(to);

    if (!incident_status_allowed(i->status, to))
        return fail(err, CONFLICT, "an incident that is %.*s cannot become %.*s", STR(i->status), STR(to));
    bool reopened = !i->is_open && incident_status_open(to);
    i->status = str_from(incident_statuses[t]);
    i->is_open = incident_status_open(to);
    if (reopened)
        i->resolved_at = i->verified_at = i->closed_at = i->mitigated_at = (instant){0};
    if (t == MONITORING || t == RESOLVED)
        stamp(&i->mitigated_at, now);
    if (t == RESOLVED)
        stamp(&i->resolved_at, now);
    if (t == CLOSED || t == DECLINED || t == CANCELLED)
        stamp(&i->closed_at, now);
    if (!i->is_open)
        i->next_update_at = (instant){0};
    return true;
}

bool incident_acknowledge(struct incident *i, struct str user_id, instant now)
{
    if (instant_is_set(i->acknowledged_at))
        return false;
    i->acknowledged_at = now;
    i->acknowledged_by = user_id;
    if (status_of(i->status) == TRIAGE)
        i->status = str_from(incident_statuses[INVESTIGATING]);
    return true;
}

static int64_t day_number(instant now)
{
    struct date d = date_of_days(now.us / DAY_US);

    return d.year * INT64_C(10000) + d.month * 100 + d.day;
}

struct str incident_number(struct arena *a, instant now, int64_t n)
{
    return str_printf(a, "INC-%lld-%03lld", (long long)day_number(now), (long long)n);
}

struct str incident_counter(struct arena *a, instant now)
{
    return str_printf(a, "incident:%lld", (long long)day_number(now));
}

bool incident_number_valid(struct str s)
{
    if (s.len < 16 || s.len > 24 || !str_starts(s, S("INC-")) || s.ptr[12] != '-')
        return false;
    for (size_t i = 4; i < s.len; i++)
        if (i != 12 && (s.ptr[i] < '0' || s.ptr[i] > '9'))
            return false;
    return true;
}

int severity_rank_of_label(struct str label)
{
    static const struct {
        const char *word;
        int rank;
    } words[] = {
        {"critical", 1}, {"page", 1}, {"emergency", 1}, {"fatal", 1}, {"disaster", 1}, {"alert", 1},
        {"p1", 1}, {"sev1", 1}, {"error", 2}, {"high", 2}, {"major", 2}, {"p2", 2}, {"sev2", 2},
        {"warning", 3}, {"warn", 3}, {"medium", 3}, {"minor", 3}, {"p3", 3}, {"sev3", 3},
        {"info", 4}, {"informational", 4}, {"none", 4}, {"low", 4}, {"notice", 4}, {"p4", 4},
        {"sev4", 4}, {"debug", 4},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(label, str_from(words[i].word)))
            return words[i].rank;
    return 0;
}
