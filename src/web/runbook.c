#include "web/runbook.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/utf8.h"
#include "domain/pack.h"
#include "engine/runbook.h"
#include "store/runbook.h"
#include "text/markdown.h"
#include "web/language.h"
#include "web/view.h"

#define BODY_HTML (1u << 20)
#define STALE_US (183 * DAY_US) /* tested longer ago than half a year: it may not be true any more */

const struct field incident_runbook_fields[] = {
    FIELD(struct incident_runbook, runbook_id, .flags = FIELD_REQUIRED, .doc = "Runbook by id or name, or a built-in playbook by its name", .example = "database-outage"),
    {0},
};

static bool stale(const struct request *req, const struct runbook *r)
{
    instant tested;

    return !r->tested_on.len ||
        (time_parse(str_printf(req->arena, "%.*sT00:00:00Z", STR(r->tested_on)), &tested) &&
            req->now.us - tested.us > STALE_US);
}

static struct json *row_view(struct request *req, const struct runbook *r)
{
    struct json *o = fields_view(req->arena, runbook_fields, r);

    json_set_bool(req->arena, o, S("playbook"), str_eq(r->kind, S("playbook")));
    json_set_bool(req->arena, o, S("stale"), stale(req, r));
    return o;
}

static bool in_library(const struct list *library, struct str slug)
{
    const struct runbook *r = library->v;

    for (size_t k = 0; k < library->n; k++)
        if (str_eq(r[k].slug, slug))
            return true;
    return false;
}

static void offer(struct request *req, struct json *list, struct str slug, struct str title)
{
    struct json *o = json_push(list, json_object(req->arena));

    json_set_str(req->arena, o, S("slug"), slug);
    json_set_str(req->arena, o, S("title"), title);
}

/* Playbooks that come with the pack or the program and are not in the library yet. */
static struct json *built_in_view(struct request *req, const struct list *library)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < p->nrunbooks; k++)
        if (p->runbooks[k].nsteps && !in_library(library, p->runbooks[k].id))
            offer(req, list, p->runbooks[k].id, p->runbooks[k].title);
    for (const struct embedded *f = req->env->playbooks; f && f->name.ptr; f++) {
        struct str slug = str_slice(f->name, 0, f->name.len - 3);
        struct runbook r = {0};
        struct error ignored = {0};
        bool known = in_library(library, slug);
        for (const struct json *o = list->first; o; o = o->next)
            known |= str_eq(json_get_str(o, S("slug")), slug);
        if (!known && runbook_read(req->arena, f->data, &r, &ignored))
            offer(req, list, slug, r.title);
    }
    return list;
}

static bool has(struct request *req, const struct runbook *r, struct str folded)
{
    struct str all = str_printf(req->arena, "%.*s %.*s %.*s %.*s", STR(r->title), STR(r->alerts), STR(r->services), STR(r->owner));

    return !folded.len || str_contains(utf8_fold(req->arena, all), folded);
}

bool get_runbooks(struct request *req, struct reply *out, struct error *err)
{
    struct str q = web_query(req, "q"), folded = utf8_fold(req->arena, q.ptr ? q : S(""));
    struct json *v = out->view = json_object(req->arena), *items = json_set(v, S("items"), json_array(req->arena));
    struct list library;

    if (!runbook_list(req->db, req->arena, &library, err))
        return false;
    const struct runbook *r = library.v;
    for (size_t k = 0; k < library.n; k++)
        if (has(req, &r[k], folded))
            json_push(items, row_view(req, &r[k]));
    json_set_str(req->arena, v, S("next"), STR_NONE);
    json_set_str(req->arena, v, S("q"), q.ptr ? q : S(""));
    json_set(v, S("built_in"), built_in_view(req, &library));
    out->title = web_text(req, "Runbooks");
    return true;
}

/* Of the library, at the version that is asked for; or a built-in one, whose version is 0. */
static bool load(struct request *req, struct runbook *r, struct error *err)
{
    struct error looked = {0};
    int64_t version;

    if (!web_query_int(req, "version", 0, 0, INT64_MAX, &version, err))
        return false;
    if (runbook_find(req->db, req->arena, req->params[0], r, &looked))
        return !version || version == r->version || (runbook_at_version(req->db, req->arena, r->id, version, r, err) &&
            runbook_read(req->arena, r->body, r, err));
    struct str body = runbook_built_in(req->env, req->arena, req->params[0]);
    if (looked.kind != ERROR_NOT_FOUND || !body.len) {
        *err = looked;
        return false;
    }
    *r = (struct runbook){.id = req->params[0], .updated_by = S("Tocsin")};
    return runbook_read(req->arena, body, r, err);
}

static void steps_view(struct request *req, struct json *o, const struct runbook *r)
{
    struct runbook_step *step = arena_array(req->arena, struct runbook_step, RUNBOOK_MAX_STEPS);
    struct json *list = json_set(o, S("steps"), json_array(req->arena));
    size_t n = runbook_steps(req->arena, r->body, step, RUNBOOK_MAX_STEPS);
    struct runbook_escalation e;

    for (size_t k = 0; k < n; k++) {
        struct json *s = json_push(list, json_object(req->arena));
        json_set_str(req->arena, s, S("section"), step[k].section);
        json_set_str(req->arena, s, S("text"), step[k].text);
        json_set_str(req->arena, s, S("command"), step[k].command);
        json_set_str(req->arena, s, S("expected"), step[k].expected);
    }
    json_set_int(req->arena, o, S("step_count"), (int64_t)n);
    bool escalates = runbook_escalates(req->arena, r->body, &e);
    json_set_str(req->arena, o, S("escalate_after"), escalates ? duration_text(req->arena, e.after) : STR_NONE);
    json_set_str(req->arena, o, S("escalate_to"), escalates ? e.to : STR_NONE);
}

/* Without the front matter, and without the title if that is what it begins with: the page has both. */
static struct str below_title(struct str body)
{
    struct str text, line, rest;

    runbook_front(body, &text);
    text = str_trim(text);
    rest = str_cut(text, '\n', &line);
    return str_starts(line, S("# ")) ? rest : text;
}

static struct json *runbook_view(struct request *req, const struct runbook *r)
{
    struct json *o = row_view(req, r);
    struct buf html;

    steps_view(req, o, r);
    json_set_bool(req->arena, o, S("built_in"), r->version == 0);
    json_set_bool(req->arena, o, S("has_older"), r->version > 1);
    json_set_int(req->arena, o, S("older"), r->version - 1);
    buf_init(&html, req->arena, BODY_HTML);
    if (req->html)
        markdown_html(&html, below_title(r->body), 1);
    view_html(req, o, "html_body", buf_str(&html));
    return o;
}

bool get_runbook(struct request *req, struct reply *out, struct error *err)
{
    struct runbook r = {0};

    if (!load(req, &r, err))
        return false;
    out->view = runbook_view(req, &r);
    out->title = r.title;
    return true;
}

/* What a new one begins with: the pack's own template, if it has one. Mustache tags in it stand for
 * what nobody knows yet. */
static struct str skeleton(struct request *req)
{
    static const char front[] = "---\ntitle: \nkind: runbook\nservices: []\nalerts: []\nseverities: []\nowner: \ntested: \n---\n";
    static const char ours[] = "## Symptoms\n- \n\n## Impact\n- \n\n## Prerequisites\n- [ ] Access to …\n\n## Diagnosis\n\n"
        "### Step 1: Make sure that it is real\n```sh\ncurl -I https://service.example/health\n```\nExpected: 200\n"
        "If not: go on with step 2\n\n## Resolution\n\n### Option A: restart\n```sh\nsystemctl restart app\n```\n\n"
        "## Verification\n- [ ] The alert has cleared\n\n## Escalation\nIf not resolved in 30 minutes:\n- Escalate to: \n- Contact: \n";
    struct str t = req->env->pack->runbook_template, section = S("\n## Symptoms");
    struct buf b;

    buf_init(&b, req->arena, RUNBOOK_MAX_BODY);
    buf_add(&b, str_from(front));
    size_t k = 0;
    while (k < t.len && !str_starts(str_slice(t, k, t.len), section))
        k++;
    t = k < t.len ? str_slice(t, k + 1, t.len) : str_from(ours);
    for (k = 0; k < t.len; k++) {
        if (str_starts(str_slice(t, k, t.len), S("{{")))
            while (k < t.len && !str_starts(str_slice(t, k, t.len), S("}}")))
                k++;
        if (str_starts(str_slice(t, k, t.len), S("}}")))
            k++;
        else if (k < t.len)
            buf_addc(&b, t.ptr[k]);
    }
    return buf_str(&b);
}

static bool edit_form(struct request *req, struct reply *out, const struct runbook *r)
{
    struct str typed = json_get_str(req->input, S("body"));
    struct json *v = out->view = row_view(req, r);

    json_set_bool(req->arena, v, S("conflict"), req->failure && req->failure->kind == ERROR_CONFLICT);
    json_set_str(req->arena, v, S("draft"), req->failure && typed.ptr ? typed : r->body);
    json_set_bool(req->arena, v, S("is_new"), r->version == 0);
    return true;
}

bool get_runbook_new(struct request *req, struct reply *out, struct error *err)
{
    struct runbook r = {.id = S(""), .body = skeleton(req)};

    (void)err;
    out->title = web_text(req, "New runbook");
    return edit_form(req, out, &r);
}

bool get_runbook_edit(struct request *req, struct reply *out, struct error *err)
{
    struct runbook r = {0};

    if (!load(req, &r, err))
        return false;
    out->title = web_text(req, "Edit the runbook");
    return edit_form(req, out, &r);
}

bool post_runbooks(struct request *req, struct reply *out, struct error *err)
{
    struct runbook in = {0}, r = {0};

    if (!web_input(req, &in, NULL, err) || !engine_runbook_put(req->op, STR_NONE, in.body, 0, &r, err))
        return false;
    reply_created(req, out, "/runbooks/%.*s", STR(r.id));
    out->view = runbook_view(req, &r);
    return true;
}

bool post_runbook(struct request *req, struct reply *out, struct error *err)
{
    struct runbook in = {0}, r = {0};

    if (!web_input(req, &in, NULL, err) ||
        !engine_runbook_put(req->op, req->params[0], in.body, in.version, &r, err))
        return false;
    reply_see(req, out, "/runbooks/%.*s", STR(r.id));
    out->view = runbook_view(req, &r);
    return true;
}

bool post_runbook_tested(struct request *req, struct reply *out, struct error *err)
{
    struct runbook r = {0};

    if (!engine_runbook_tested(req->op, req->params[0], &r, err))
        return false;
    reply_see(req, out, "/runbooks/%.*s", STR(r.id));
    out->view = runbook_view(req, &r);
    return true;
}

/* --- of an incident --- */

/* attached: what is followed; playbooks: what can be started. */
bool runbook_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *v = json_object(req->arena), *followed = json_array(req->arena), *more = json_array(req->arena);
    struct list all, library;

    if (!attachment_list(req->db, req->arena, i->id, &all, err) || !runbook_list(req->db, req->arena, &library, err))
        return false;
    const struct attachment *a = all.v;
    for (size_t k = 0; k < all.n; k++)
        if (!a[k].removed)
            json_push(followed, fields_view(req->arena, attachment_fields, &a[k]));
    const struct runbook *r = library.v;
    for (size_t k = 0; k < library.n && more->count < 100; k++) {
        bool known = false;
        for (size_t m = 0; m < all.n; m++)
            known |= !a[m].removed && str_eq(a[m].runbook_id, r[k].id);
        if (!known)
            offer(req, more, r[k].slug, r[k].title);
    }
    json_set_bool(req->arena, v, S("has_attached"), followed->count > 0);
    json_set(v, S("attached"), followed);
    json_set(v, S("built_in"), built_in_view(req, &library));
    json_set(v, S("library"), more);
    json_set(o, S("runbooks"), v);
    json_set_bool(req->arena, o, S("has_runbooks"),
        followed->count > 0 || (i->is_open && instant_is_set(i->acknowledged_at)));
    return true;
}

bool post_incident_runbooks(struct request *req, struct reply *out, struct error *err)
{
    struct incident_runbook in = {0};
    struct incident i = {0};
    struct runbook r = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_runbook_attach(req->op, i.id, in.runbook_id, str_printf(req->arena, "by %.*s", STR(req->user.name)), &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#tasks", STR(i.id));
    out->view = row_view(req, &r);
    return true;
}

bool post_incident_runbook_remove(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct runbook r = {0};

    if (!incident_for(req, req->params[0], &i, err) || !engine_runbook_remove(req->op, i.id, req->params[1], err) ||
        !runbook_get(req->db, req->arena, req->params[1], &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#runbooks", STR(i.id));
    out->view = row_view(req, &r);
    return true;
}
