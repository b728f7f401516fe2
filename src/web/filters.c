#include "web/filters.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "domain/pack.h"
#include "web/language.h"

static bool when(const struct json *v, instant *out)
{
    return time_parse(json_str(v), out);
}

static const char *const months[] = {N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
    N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")};

struct str month_short(const struct language *l, int month)
{
    return language_text(l, months[month - 1]);
}

static void as_time(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    struct civil c = zone_civil(r->zone, t, NULL, NULL);
    buf_printf(out, "%02d:%02d", c.hour, c.minute);
}

static void as_date(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    struct str text = json_str(v);
    instant t;

    if (text.len == 10) /* a day, not an instant */
        text = str_printf(r->arena, "%.*sT00:00:00Z", STR(text));
    if (!time_parse(text, &t))
        return;
    struct civil c = zone_civil(json_str(v).len == 10 ? r->utc : r->zone, t, NULL, NULL);
    buf_add(out, language_date(r->language, r->arena, &c));
}

static void as_datetime(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    struct civil c = zone_civil(r->zone, t, NULL, NULL);
    buf_add(out, language_datetime(r->language, r->arena, &c));
}

static void span(const struct reader *r, struct buf *out, int64_t us)
{
    buf_add(out, language_span(r->language, r->arena, us));
}

struct str duration_words(const struct language *l, struct arena *a, int64_t us)
{
    return language_span(l, a, us);
}

static void as_duration(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    if (json_int(v, &us))
        span(ctx, out, us);
}

/* A duration as packs write it, "15m" or "15m to 30m", in the reader's words. */
static void as_span(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    struct str rest = json_str(v), word;
    int64_t us;

    if (str_eq(rest, S("next business day"))) {
        buf_add(out, language_text(r->language, "next business day"));
        return;
    }
    while (rest.ptr) {
        rest = str_cut(rest, ' ', &word);
        if (duration_parse(word, &us))
            span(r, out, us);
        else if (str_eq(word, S("to")))
            buf_add(out, S(" – "));
    }
}

static void clock_of(const struct reader *r, struct buf *out, int64_t us)
{
    int64_t s = us / SECOND_US;

    if (s < 0) {
        buf_add(out, S("−"));
        s = -s;
    }
    if (s >= 86400)
        buf_printf(out, "%lld%.*s ", (long long)(s / 86400), STR(language_text(r->language, "d")));
    if (s >= 3600)
        buf_printf(out, "%02lld:%02lld:%02lld", (long long)(s % 86400 / 3600), (long long)(s % 3600 / 60), (long long)(s % 60));
    else
        buf_printf(out, "%02lld:%02lld", (long long)(s / 60), (long long)(s % 60));
}

static void as_clock(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    if (json_int(v, &us))
        clock_of(ctx, out, us);
}

static void as_elapsed(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (when(v, &t))
        clock_of(r, out, r->now.us - t.us);
}

static void as_remaining(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (when(v, &t))
        clock_of(r, out, t.us - r->now.us);
}

static void as_ago(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    const struct language *l = r->language;
    int64_t us = r->now.us - t.us;
    if (us < 0) {
        struct buf ahead;
        buf_init(&ahead, r->arena, 200);
        span(r, &ahead, us);
        buf_add(out, language_format(l, r->arena, "in %.*s", STR(buf_str(&ahead))));
    } else if (us < MINUTE_US) {
        buf_add(out, language_text(l, "just now"));
    } else if (us < HOUR_US) {
        buf_add(out, language_format(l, r->arena, "%lld min ago", (long long)(us / MINUTE_US)));
    } else if (us < DAY_US) {
        buf_add(out, language_format(l, r->arena, "%lld h ago", (long long)(us / HOUR_US)));
    } else {
        buf_add(out, language_format(l, r->arena, "%lld d ago", (long long)(us / DAY_US)));
    }
}

/* T+25m since the incident began; seconds only within the first minute. */
static void as_offset(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    if (!json_int(v, &us))
        return;
    buf_add(out, us < 0 ? S("T−") : S("T+"));
    if (us >= MINUTE_US || us <= -MINUTE_US)
        us -= us % MINUTE_US;
    span(ctx, out, us);
}

static void as_count(void *ctx, const struct json *v, struct buf *out)
{
    char digits[24];
    int64_t n;

    (void)ctx;
    if (!json_int(v, &n))
        return;
    int len = snprintf(digits, sizeof digits, "%lld", (long long)(n < 0 ? -n : n));
    if (n < 0)
        buf_add(out, S("−"));
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_add(out, S("\u202f"));
        buf_addc(out, digits[i]);
    }
}

/* The words of the API that pages show. Others (a channel of a fork, the severity label of somebody's alert) are shown in the
 * same way, untranslated. */
static const struct {
    const char *word, *text;
} words[] = {
    {"above", N_("Above")}, {"accepted", N_("Accepted")}, {"access", N_("Access")}, {"account", N_("Account")},
    {"acknowledged", N_("Acknowledged")}, {"action", N_("Action")}, {"admin", N_("Admin")},
    {"against", N_("Against")}, {"alert", N_("Alert")}, {"approved", N_("Approved")},
    {"assessment", N_("Assessment")}, {"at_least", N_("At least")}, {"at_most", N_("At most")},
    {"below", N_("Below")}, {"better", N_("Better")}, {"brief", N_("Brief")}, {"cancelled", N_("Cancelled")},
    {"change", N_("Change")}, {"chase", N_("Severity is missing")}, {"check_in", N_("Check-in")},
    {"check_in_missed", N_("Check-in missed")}, {"class", N_("Class")}, {"clock", N_("Legal deadline")},
    {"closed", N_("Closed")}, {"complete", N_("Complete")}, {"completed", N_("Completed")},
    {"component", N_("Component")}, {"configuration", N_("Configuration")}, {"configured", N_("Configured")},
    {"confirmation", N_("Verification")}, {"confirmed", N_("Confirmed")}, {"correction", N_("Correction")},
    {"critical", N_("Critical")}, {"decision", N_("Decision")}, {"declared", N_("Declared")},
    {"declined", N_("Declined")}, {"degraded_performance", N_("Degraded performance")},
    {"delivery", N_("Delivery")}, {"delivery_failed", N_("Delivery failed")},
    {"delivery_sent", N_("Delivery sent")}, {"deployment", N_("Deployment")}, {"done", N_("Done")},
    {"draft", N_("Draft")}, {"dropped", N_("Dropped")}, {"edited", N_("Edited")}, {"email", N_("Email")},
    {"error", N_("Error")}, {"escalated", N_("Escalated")}, {"evidence", N_("Evidence")},
    {"exhausted", N_("Exhausted")}, {"failed", N_("Failed")}, {"failing", N_("Failing")},
    {"failover", N_("Failover")}, {"feature_flag", N_("Feature flag")}, {"finding", N_("Finding")},
    {"firing", N_("Firing")}, {"fix_forward", N_("Fix forward")}, {"for", N_("For")}, {"higher", N_("Higher")},
    {"hotfix", N_("Hotfix")}, {"hypothesis", N_("Hypothesis")}, {"identified", N_("Identified")},
    {"impact", N_("Impact")}, {"in_progress", N_("In progress")}, {"in_review", N_("In review")},
    {"incident", N_("Incident")}, {"info", N_("Info")}, {"infrastructure", N_("Infrastructure")},
    {"installed", N_("Installed")}, {"investigating", N_("Investigating")}, {"kept", N_("Kept")},
    {"kill_switch", N_("Kill switch")}, {"known", N_("Known")}, {"learning", N_("Learning")},
    {"lower", N_("Lower")}, {"maintenance", N_("Maintenance")}, {"major", N_("Major")},
    {"major_outage", N_("Major outage")}, {"manager", N_("Manager")}, {"merge", N_("Merge")},
    {"merged", N_("Merged")}, {"migration", N_("Migration")}, {"minor", N_("Minor")}, {"missed", N_("Missed")},
    {"mitigating", N_("Mitigating")}, {"mitigation", N_("Mitigation")}, {"monitoring", N_("Monitoring")},
    {"mtbf", "MTBF"}, {"mtta", "MTTA"}, {"mttd", "MTTD"}, {"mttr", "MTTR"}, {"no", N_("No")},
    {"none", N_("None")}, {"not_applicable", N_("Does not apply")}, {"note", N_("Note")}, {"open", N_("Open")},
    {"operational", N_("Operational")}, {"other", N_("Other")}, {"page", N_("Page")}, {"paging", N_("Paging")},
    {"partial_outage", N_("Partial outage")}, {"passing", N_("Passing")}, {"playbook", N_("Playbook")},
    {"postmortem", N_("Postmortem")}, {"proposed", N_("Proposed")}, {"public", N_("Public")},
    {"published", N_("Published")}, {"question", N_("Question")}, {"queued", N_("Queued")},
    {"quiet", N_("Quiet")}, {"rate_limit", N_("Rate limit")}, {"refuted", N_("Refuted")},
    {"release", N_("Release")}, {"request", N_("Request")}, {"resolved", N_("Resolved")},
    {"resource", N_("Work")}, {"responder", N_("Responder")}, {"restart", N_("Restart")},
    {"retracted", N_("Taken back")}, {"role", N_("Role")}, {"rollback", N_("Rollback")},
    {"rolled_back", N_("Rolled back")}, {"rollout", N_("Rollout")}, {"room", N_("War room")},
    {"runbook", N_("Runbook")}, {"running", N_("Running")}, {"scale", N_("Scale")},
    {"scheduled", N_("Scheduled")}, {"sending", N_("Sending")}, {"sent", N_("Sent")},
    {"service", N_("Service")}, {"severity", N_("Severity")}, {"signed_in", N_("Signed in")},
    {"skipped", N_("Skipped")}, {"started", N_("Started")}, {"status", N_("Status")},
    {"stop_writes", N_("Stop writes")}, {"stopped", N_("Stopped")}, {"succeeded", N_("Succeeded")},
    {"superseded", N_("Superseded")}, {"supported", N_("Supported")}, {"suspected", N_("Suspected")},
    {"task", N_("Task")}, {"testing", N_("Testing")}, {"threshold", N_("Threshold")},
    {"token", N_("Secret link")}, {"triage", N_("Triage")}, {"unclear", N_("Unclear")},
    {"under_maintenance", N_("Under maintenance")}, {"unknown", N_("Unknown")},
    {"unreachable", N_("Unreachable")}, {"update", N_("Update")}, {"update_draft", N_("Draft of an update")},
    {"update_due", N_("Update due")}, {"verification", N_("Verification")}, {"verifying", N_("Verifying")},
    {"viewer", N_("Viewer")}, {"void", N_("Void")}, {"warning", N_("Warning")}, {"webhook", N_("Webhook")},
    {"worse", N_("Worse")}, {"yes", N_("Yes")},
};

/* A machine's word as a person's: in_progress → In progress. */
static void as_name(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    struct str s = json_str(v);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_from(words[i].word))) {
            buf_add(out, language_text(r->language, words[i].text));
            return;
        }
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] == '_' ? ' ' : s.ptr[i];
        buf_addc(out, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

/* A core status in the words of the policy pack; other statuses as `name` has them. */
static void as_status(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    const struct pack_status *s = r->pack ? pack_status_find(r->pack, json_str(v)) : NULL;

    if (s)
        buf_add(out, s->name);
    else
        as_name(ctx, v, out);
}

/* Of several people ("A, B") the first one's. */
static void as_initials(void *ctx, const struct json *v, struct buf *out)
{
    struct str rest = json_str(v), word;
    struct str first = STR_NONE, last = STR_NONE;

    (void)ctx;
    rest = str_trim(str_slice(rest, 0, str_find(rest, ',')));
    while (rest.ptr) {
        rest = str_cut(rest, ' ', &word);
        if (!word.len)
            continue;
        if (!first.len)
            first = word;
        else
            last = word;
    }
    buf_add(out, utf8_truncate(first, 1));
    buf_add(out, utf8_truncate(last, 1));
}

const struct template_filter_entry web_filters[] = {
    {"ago", as_ago},
    {"clock", as_clock},
    {"count", as_count},
    {"date", as_date},
    {"datetime", as_datetime},
    {"duration", as_duration},
    {"elapsed", as_elapsed},
    {"initials", as_initials},
    {"name", as_name},
    {"offset", as_offset},
    {"remaining", as_remaining},
    {"span", as_span},
    {"status", as_status},
    {"time", as_time},
    {0},
};
