#include "domain/runbook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/postmortem.h"

const char *const runbook_kinds[] = {"runbook", "playbook", NULL};

#define NAMES_MAX 2000

const struct field runbook_fields[] = {
    FIELD(struct runbook, id, .flags = FIELD_READONLY, .doc = "Runbook id, `rb_…`"),
    FIELD(struct runbook, slug, .flags = FIELD_READONLY, .doc = "Its name in addresses and commands"),
    FIELD(struct runbook, kind, .choices = runbook_kinds, .flags = FIELD_READONLY, .doc = "runbook, or playbook: of a kind of incident, started by hand"),
    FIELD(struct runbook, title, .flags = FIELD_READONLY, .doc = "What it is for"),
    FIELD(struct runbook, services, .flags = FIELD_READONLY, .max = NAMES_MAX, .doc = "Services it is about, comma-separated"),
    FIELD(struct runbook, alerts, .flags = FIELD_READONLY, .max = NAMES_MAX, .doc = "Alerts that it answers, comma-separated"),
    FIELD(struct runbook, severities, .flags = FIELD_READONLY, .max = NAMES_MAX, .doc = "Severities it is for, comma-separated"),
    FIELD(struct runbook, owner, .flags = FIELD_READONLY, .doc = "Who keeps it true"),
    FIELD(struct runbook, tested_on, .flags = FIELD_READONLY, .doc = "Day when somebody last followed it; empty: nobody has"),
    FIELD(struct runbook, body, .flags = FIELD_NULLABLE | FIELD_READONLY | FIELD_MULTILINE, .max = RUNBOOK_MAX_BODY, .doc = "The document: Markdown with front matter; null in lists"),
    FIELD(struct runbook, updated_by, .flags = FIELD_READONLY, .doc = "Who wrote this version"),
    FIELD(struct runbook, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    FIELD(struct runbook, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    FIELD(struct runbook, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field runbook_input_fields[] = {
    FIELD(struct runbook, body, .flags = FIELD_REQUIRED | FIELD_MULTILINE, .max = RUNBOOK_MAX_BODY, .doc = "The document: Markdown with front matter (title, kind, services, alerts, severities, owner, tested)"),
    FIELD(struct runbook, version, .min = 0, .max = INT64_MAX, .doc = "Version you started from; refused if somebody saved meanwhile"),
    {0},
};

struct str runbook_front(struct str body, struct str *text)
{
    struct str line, rest = str_cut(body, '\n', &line), front = rest;

    *text = body;
    if (!str_eq(str_trim(line), S("---")))
        return STR_NONE;
    while (rest.ptr) {
        struct str from = rest;
        rest = str_cut(rest, '\n', &line);
        if (!str_eq(str_trim(line), S("---")))
            continue;
        *text = rest.ptr ? rest : S("");
        return (struct str){front.ptr, (size_t)(from.ptr - front.ptr)};
    }
    return STR_NONE;
}

/* Placeholders of a template that nobody has filled in yet are nothing. */
static bool filled(struct str s)
{
    return s.len && s.ptr[0] != '[';
}

/* Adds the names of a text with commas, or of one name. */
static void add_names(struct buf *out, struct str names)
{
    struct str one;

    while (names.ptr) {
        names = str_cut(names, ',', &one);
        one = str_trim(one);
        if (filled(one))
            buf_printf(out, "%s%.*s", out->len ? ", " : "", STR(one));
    }
}

static bool names_of(struct arena *a, const struct json *front, const char *many, const char *one, struct str *out,
    struct error *err)
{
    const struct json *v = json_get(front, str_from(many));
    struct buf b;

    if (!v)
        v = json_get(front, str_from(one));
    if (!v || json_is(v, JSON_NULL))
        return true;
    buf_init(&b, a, NAMES_MAX);
    if (json_is(v, JSON_ARRAY) && v->count > RUNBOOK_MAX_NAMES)
        return fail_field(err, "body", "%s: at most %d names", many, RUNBOOK_MAX_NAMES);
    if (json_is(v, JSON_ARRAY))
        for (const struct json *e = v->first; e; e = e->next)
            add_names(&b, e->text);
    else
        add_names(&b, v->text);
    if (b.full)
        return fail_field(err, "body", "%s: too long", many);
    *out = buf_str(&b);
    return true;
}

static bool take_text(const struct json *front, const char *name, const char *other, size_t max, struct str *out,
    struct error *err)
{
    const struct json *v = json_get(front, str_from(name));

    if (!v)
        v = json_get(front, str_from(other));
    if (!v || json_is(v, JSON_NULL))
        return true;
    struct str s = str_trim(v->text);
    if (json_is(v, JSON_ARRAY) || json_is(v, JSON_OBJECT) || utf8_length(s) > max)
        return fail_field(err, "body", "%s: must be a text of at most %d characters", name, (int)max);
    *out = s;
    return true;
}

/* "- **Alert Name**: HighCPU" → name and value. */
static bool bullet(struct str line, struct str *name, struct str *value)
{
    line = str_trim(line);
    if (!str_starts(line, S("- **")) && !str_starts(line, S("* **")))
        return false;
    line = str_slice(line, 4, line.len);
    *value = str_cut(line, '*', name);
    while (value->len && (value->ptr[0] == '*' || value->ptr[0] == ':' || value->ptr[0] == ' '))
        *value = str_slice(*value, 1, value->len);
    *value = str_trim(*value);
    if (str_ends(*name, S(":")))
        name->len--;
    return value->ptr && filled(*value);
}

static void from_bullets(struct arena *a, struct str text, struct runbook *r)
{
    struct str line, name, value;
    const struct {
        const char *name;
        struct str *to;
        bool list;
    } known[] = {{"Severity", &r->severities, true}, {"Services Affected", &r->services, true},
        {"Services", &r->services, true}, {"Alert Name", &r->alerts, true}, {"Alerts", &r->alerts, true},
        {"Author", &r->owner, false}, {"Owner", &r->owner, false}};

    while (text.ptr) {
        text = str_cut(text, '\n', &line);
        if (!bullet(line, &name, &value))
            continue;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
            if (!str_eq_nocase(name, str_from(known[k].name)) || known[k].to->len)
                continue;
            struct buf b;
            buf_init(&b, a, NAMES_MAX);
            add_names(&b, value);
            *known[k].to = known[k].list ? buf_str(&b) : utf8_truncate(value, 100);
        }
    }
}

static struct str first_heading(struct str text)
{
    struct str line, head;

    while (text.ptr) {
        text = str_cut(text, '\n', &line);
        if (!str_starts(line, S("# ")))
            continue;
        line = str_trim(str_slice(line, 2, line.len));
        struct str rest = str_cut(line, ':', &head);
        bool says_what = rest.ptr && (str_eq_nocase(head, S("runbook")) || str_eq_nocase(head, S("playbook")));
        return str_trim(says_what ? rest : line);
    }
    return STR_NONE;
}

static struct str slug_of(struct arena *a, struct str title)
{
    struct str s = str_lower(a, title);
    struct buf b;

    buf_init(&b, a, 1000);
    for (size_t k = 0; k < s.len; k++) {
        unsigned char c = (unsigned char)s.ptr[k];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            buf_addc(&b, (char)c);
        else if (b.len && b.ptr[b.len - 1] != '-')
            buf_addc(&b, '-');
    }
    while (b.len && b.ptr[b.len - 1] == '-')
        b.len--;
    return buf_str(&b);
}

bool runbook_describe(struct arena *a, const struct json *front, struct str text, struct runbook *r, struct error *err)
{
    r->title = r->services = r->alerts = r->severities = r->owner = r->tested_on = S("");
    r->kind = S("runbook");
    r->slug = STR_NONE;
    if (!take_text(front, "title", "name", 200, &r->title, err) || !take_text(front, "kind", "type", 20, &r->kind, err) ||
        !take_text(front, "slug", "id", 60, &r->slug, err) || !take_text(front, "owner", "author", 100, &r->owner, err) ||
        !take_text(front, "tested", "last_tested", 10, &r->tested_on, err) ||
        !names_of(a, front, "services", "service", &r->services, err) ||
        !names_of(a, front, "alerts", "alert", &r->alerts, err) ||
        !names_of(a, front, "severities", "severity", &r->severities, err))
        return false;
    from_bullets(a, text, r);
    if (!r->title.len)
        r->title = utf8_truncate(first_heading(text), 200);
    r->slug = slug_of(a, r->slug.len ? r->slug : r->title);
    if (!r->slug.len)
        return fail_field(err, "body", "needs a title: in the front matter, or as its first heading");
    if (!r->title.len)
        r->title = r->slug;
    if (!str_eq(r->kind, S("runbook")) && !str_eq(r->kind, S("playbook")))
        return fail_field(err, "body", "kind: must be runbook or playbook");
    if (r->tested_on.len && !date_valid(r->tested_on))
        return fail_field(err, "body", "tested: must be a day such as 2026-12-24");
    return true;
}

static bool names(struct str list, struct str name)
{
    struct str one;

    while (list.ptr) {
        list = str_cut(list, ',', &one);
        if (str_eq_nocase(str_trim(one), name))
            return true;
    }
    return false;
}

static bool names_any(struct str list, const struct str *v, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (names(list, v[k]))
            return true;
    return false;
}

enum runbook_match runbook_matches(const struct runbook *r, const struct runbook_case *c)
{
    bool service = !r->services.len || names_any(r->services, c->services, c->nservices);
    bool severity = !r->severities.len || (c->severity.len && names(r->severities, c->severity));

    if (r->alerts.len)
        return service && names_any(r->alerts, c->alerts, c->nalerts) ? RUNBOOK_BY_ALERT : RUNBOOK_NO;
    if (r->services.len)
        return service && severity ? RUNBOOK_BY_SERVICE : RUNBOOK_NO;
    return r->severities.len && severity ? RUNBOOK_BY_SEVERITY : RUNBOOK_NO;
}
