#include "domain/change.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"

const char *const change_kinds[] = {"deployment", "feature_flag", "configuration", "migration", "infrastructure",
    "release", "merge", NULL};
const char *const change_statuses[] = {"started", "succeeded", "failed", "rolled_back", NULL};
const char *const change_reversibles[] = {"yes", "no", "unknown", NULL};

#define LINE_MAX 200

const struct field change_fields[] = {
    FIELD(struct change, id, .flags = FIELD_READONLY, .doc = "Change id, `chg_…`"),
    FIELD(struct change, source, .flags = FIELD_READONLY, .doc = "Who told of it: api, github or gitlab"),
    FIELD(struct change, external_id, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "The sender's own id of it"),
    FIELD(struct change, kind, .choices = change_kinds, .flags = FIELD_READONLY, .doc = "What was changed: deployment, feature_flag, configuration, migration, infrastructure, release (published, not running yet) or merge (to the default branch)"),
    FIELD(struct change, service_id, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Service it touches"),
    FIELD(struct change, environment, .flags = FIELD_READONLY, .doc = "Where: production, staging…; empty if there is only one"),
    FIELD(struct change, version, .flags = FIELD_READONLY, .doc = "What runs afterwards: a tag, a branch, a flag's value"),
    FIELD(struct change, commit_from, .flags = FIELD_READONLY, .doc = "Commit that ran before"),
    FIELD(struct change, commit_to, .flags = FIELD_READONLY, .doc = "Commit that runs afterwards"),
    FIELD(struct change, author, .flags = FIELD_READONLY, .doc = "Who did it"),
    FIELD(struct change, title, .flags = FIELD_READONLY, .doc = "What it is about"),
    FIELD(struct change, link, .flags = FIELD_READONLY, .doc = "Where there is more"),
    FIELD(struct change, status, .choices = change_statuses, .flags = FIELD_READONLY, .doc = "started, succeeded, failed or rolled_back"),
    FIELD(struct change, reversible, .choices = change_reversibles, .flags = FIELD_READONLY, .doc = "Can it be taken back: yes, no or unknown"),
    FIELD(struct change, started_at, .flags = FIELD_READONLY, .doc = "When it began"),
    FIELD(struct change, finished_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it ended"),
    FIELD(struct change, at, .flags = FIELD_READONLY, .doc = "When it took effect: its end, or its start while it lasts"),
    FIELD(struct change, created_at, .flags = FIELD_READONLY, .doc = "When it was first heard of"),
    FIELD(struct change, updated_at, .flags = FIELD_READONLY, .doc = "When it was last heard of"),
    {0},
};

const struct field change_input_fields[] = {
    FIELD(struct change, title, .flags = FIELD_REQUIRED, .doc = "What it is about", .example = "Checkout 2.4.1: new rounding"),
    FIELD(struct change, external_id, .flags = FIELD_NULLABLE, .doc = "Your own id of it: a second report with the same one updates the first", .example = "pipeline-8812"),
    FIELD(struct change, kind, .flags = FIELD_NULLABLE, .choices = change_kinds, .doc = "What was changed; a deployment if not given"),
    FIELD(struct change, service_id, .flags = FIELD_NULLABLE, .doc = "Service it touches, by id or name", .example = "checkout"),
    FIELD(struct change, environment, .flags = FIELD_NULLABLE, .max = 60, .doc = "Where", .example = "production"),
    FIELD(struct change, version, .flags = FIELD_NULLABLE, .max = 100, .doc = "What runs afterwards: a tag, a branch, a flag's value", .example = "2.4.1"),
    FIELD(struct change, commit_from, .flags = FIELD_NULLABLE, .max = 64, .doc = "Commit that ran before; that of the last deployment if not given"),
    FIELD(struct change, commit_to, .flags = FIELD_NULLABLE, .max = 64, .doc = "Commit that runs afterwards"),
    FIELD(struct change, author, .flags = FIELD_NULLABLE, .max = 100, .doc = "Who did it; whoever reports it if not given"),
    FIELD(struct change, link, .flags = FIELD_NULLABLE, .max = 2000, .doc = "Where there is more, https://…"),
    FIELD(struct change, status, .flags = FIELD_NULLABLE, .choices = change_statuses, .doc = "started, succeeded, failed or rolled_back; succeeded if not given"),
    FIELD(struct change, reversible, .flags = FIELD_NULLABLE, .choices = change_reversibles, .doc = "Can it be taken back; unknown if not given"),
    FIELD(struct change, started_at, .flags = FIELD_NULLABLE, .doc = "When it began; now if not given"),
    FIELD(struct change, finished_at, .flags = FIELD_NULLABLE, .doc = "When it ended; with an end in `status`, now if not given"),
    {0},
};

static void absent(struct str *s, struct str value)
{
    if (!s->len)
        *s = value;
}

static bool running(const struct change *c)
{
    return str_eq(c->status, S("started"));
}

bool change_complete(struct change *c, instant now, struct error *err)
{
    struct str *texts[] = {&c->environment, &c->version, &c->commit_from, &c->commit_to, &c->author, &c->link};

    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        absent(texts[k], S(""));
    absent(&c->kind, S("deployment"));
    absent(&c->status, S("succeeded"));
    absent(&c->reversible, S("unknown"));
    if (!c->external_id.len)
        c->external_id = STR_NONE;
    if (!c->service_id.len)
        c->service_id = STR_NONE;
    if (running(c))
        c->finished_at = (instant){0};
    else if (!instant_is_set(c->finished_at))
        c->finished_at = instant_is_set(c->started_at) && c->started_at.us > now.us ? c->started_at : now;
    if (!instant_is_set(c->started_at))
        c->started_at = instant_is_set(c->finished_at) ? c->finished_at : now;
    if (c->started_at.us > now.us + MINUTE_US)
        fail_field(err, "started_at", "must not be in the future");
    if (c->finished_at.us > now.us + MINUTE_US)
        fail_field(err, "finished_at", "must not be in the future");
    if (instant_is_set(c->finished_at) && c->finished_at.us < c->started_at.us)
        fail_field(err, "finished_at", "must not be before started_at");
    if (c->link.len && !str_starts(c->link, S("https://")) && !str_starts(c->link, S("http://")))
        fail_field(err, "link", "must begin with https:// or http://");
    c->at = instant_is_set(c->finished_at) ? c->finished_at : c->started_at;
    return err->kind == ERROR_NONE;
}

static void take(struct str *known, struct str in)
{
    if (in.len)
        *known = in;
}

void change_merge(struct change *known, const struct change *in)
{
    bool late = str_eq(in->status, S("started")) && !running(known);

    take(&known->kind, in->kind);
    take(&known->service_id, in->service_id);
    take(&known->environment, in->environment);
    take(&known->version, in->version);
    take(&known->commit_from, in->commit_from);
    take(&known->commit_to, in->commit_to);
    take(&known->author, in->author);
    take(&known->title, in->title);
    take(&known->link, in->link);
    take(&known->reversible, in->reversible);
    if (instant_is_set(in->started_at) && (late || in->started_at.us < known->started_at.us))
        known->started_at = in->started_at;
    if (late || !in->status.len)
        return;
    bool moved = !str_eq(known->status, in->status);
    known->status = in->status;
    if (instant_is_set(in->finished_at) || moved)
        known->finished_at = in->finished_at;
}

bool change_live(struct str environment)
{
    static const char *const rehearsals[] = {"stag", "test", "dev", "qa", "uat", "preview", "sandbox", "review",
        "demo", "local", "ci"};

    for (size_t k = 0; k < sizeof rehearsals / sizeof *rehearsals; k++) {
        struct str word = str_from(rehearsals[k]);
        if (str_eq_nocase(str_slice(environment, 0, word.len), word))
            return false;
    }
    return true;
}

void change_suspicions(const struct change *c, const bool *affected, size_t n, instant began,
    enum change_suspicion *out)
{
    size_t nearest = n;
    bool near = false;

    for (size_t k = 0; k < n; k++) {
        bool possible = affected[k] && change_live(c[k].environment) && c[k].started_at.us <= began.us &&
            c[k].at.us >= began.us - CHANGE_WINDOW_US;
        out[k] = possible ? CHANGE_POSSIBLE : CHANGE_CLEAR;
        if (!possible)
            continue;
        if (c[k].at.us >= began.us - CHANGE_NEAR_US) {
            out[k] = CHANGE_PRIME;
            near = true;
        }
        if (nearest == n || c[k].at.us > c[nearest].at.us)
            nearest = k;
    }
    if (!near && nearest < n)
        out[nearest] = CHANGE_PRIME;
}

struct str change_line(struct arena *a, const struct change *c)
{
    struct buf b;

    buf_init(&b, a, 4000);
    buf_printf(&b, "%c", c->kind.ptr[0] - 'a' + 'A');
    for (size_t k = 1; k < c->kind.len; k++)
        buf_addc(&b, c->kind.ptr[k] == '_' ? ' ' : c->kind.ptr[k]);
    if (c->version.len)
        buf_printf(&b, " %.*s", STR(c->version));
    if (c->environment.len)
        buf_printf(&b, " (%.*s)", STR(c->environment));
    if (c->author.len)
        buf_printf(&b, " by %.*s", STR(c->author));
    buf_printf(&b, ": %.*s", STR(c->title));
    return utf8_truncate(buf_str(&b), LINE_MAX);
}
