#include "engine/update_text.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/brief.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/promise.h"
#include "engine/room.h"
#include "store/incident.h"
#include "text/language.h"
#include "text/mustache.h"

struct writing {
    struct op *op;
    struct arena *a;
    const struct pack *pack;
    const struct incident *i;
    const struct update *u;
    const struct list *earlier;
};

struct str update_span(struct op *op, struct str language, int64_t us)
{
    const struct language *l = language_find(op->env->languages, language);
    int64_t minutes = (us + MINUTE_US - 1) / MINUTE_US;

    if (minutes >= 2 * 24 * 60 && minutes % (24 * 60) == 0)
        return language_count(l, op->arena, "%lld day", "%lld days", minutes / (24 * 60));
    if (minutes % 60 == 0)
        return language_count(l, op->arena, "%lld hour", "%lld hours", minutes / 60);
    return language_count(l, op->arena, "%lld minute", "%lld minutes", minutes);
}

struct str update_clock(struct op *op, instant t)
{
    struct str text = time_text(op->arena, t);

    if (!text.len)
        return text;
    if (floor_div(t.us, DAY_US) == floor_div(op->now.us, DAY_US))
        return str_printf(op->arena, "%.*s UTC", STR(str_slice(text, 11, 16)));
    return str_printf(op->arena, "%.*s %.*s UTC", STR(str_slice(text, 0, 10)), STR(str_slice(text, 11, 16)));
}

/* --- the names of packs/README.md --- */

static void set(struct writing *w, struct json *o, const char *key, struct str v)
{
    json_set_str(w->a, o, str_from(key), v.ptr ? v : S(""));
}

static struct str status_word(struct writing *w, struct str status)
{
    if (w->u->external) {
        for (size_t k = 0; k < w->pack->npublic_statuses; k++)
            if (str_eq(w->pack->public_statuses[k].id, status))
                return w->pack->public_statuses[k].name;
        return status;
    }
    const struct pack_status *s = pack_status_find(w->pack, status);
    return s ? s->name : status;
}

static struct str cause_word(struct writing *w, struct str state)
{
    const struct language *l = language_find(w->op->env->languages, w->u->language);

    return language_text(l, str_eq(state, S("known")) ? "Known" : str_eq(state, S("suspected")) ? "Suspected"
                                                                                                  : "Under investigation");
}

static struct json *lines(struct writing *w, struct str text)
{
    struct json *list = json_array(w->a);
    struct str line, owner;

    while (update_line(&text, &line)) {
        struct json *o = json_push(list, json_object(w->a));
        struct str step = update_step(line, &owner);
        set(w, o, "text", owner.len ? str_printf(w->a, "%.*s — %.*s", STR(step), STR(owner)) : step);
    }
    return list;
}

/* What the audience was told before, and now, oldest first. */
static struct json *history(struct writing *w)
{
    struct json *list = json_array(w->a), *o;
    const struct update *v = w->earlier->v;

    for (size_t k = w->earlier->n; k-- > 0;) {
        if (!str_eq(v[k].state, S("published")) || str_eq(v[k].id, w->u->id))
            continue;
        o = json_push(list, json_object(w->a));
        set(w, o, "at", update_clock(w->op, v[k].published_at));
        set(w, o, "text", v[k].summary);
    }
    o = json_push(list, json_object(w->a));
    set(w, o, "at", update_clock(w->op, w->op->now));
    set(w, o, "text", w->u->summary);
    return list;
}

static struct str rendered(struct writing *w, struct str name, struct str body, const struct json *view, struct error *err);

static bool incident_names(struct writing *w, struct json *o, struct error *err)
{
    const struct incident *i = w->i;
    struct json *v = json_set(o, S("incident"), json_object(w->a));
    struct list roles;

    if (!role_list(w->op->db, w->a, i->id, &roles, err))
        return false;
    set(w, v, "number", i->number);
    set(w, v, "title", i->title);
    set(w, v, "severity", i->severity);
    set(w, v, "status_name", status_word(w, w->u->status));
    set(w, v, "summary", i->summary);
    set(w, v, "cause", w->u->cause);
    set(w, v, "impact_text", w->u->impact);
    set(w, v, "impact_users", i->impact_users == INT_NONE ? S("") : str_printf(w->a, "%lld", (long long)i->impact_users));
    set(w, v, "impact_revenue", i->impact_revenue);
    struct str commander = S("—");
    const struct role_holder *r = roles.v;
    for (size_t k = 0; k < roles.n; k++)
        if (str_eq(r[k].role, w->pack->commander))
            commander = r[k].name;
    set(w, o, "commander", commander);
    set(w, o, "date", str_slice(time_text(w->a, i->declared_at), 0, 10));
    set(w, o, "slug", brief_slug(w->a, i->title));
    set(w, o, "timestamp", time_text(w->a, w->op->now));
    set(w, o, "started", update_clock(w->op, instant_is_set(i->started_at) ? i->started_at : i->detected_at));
    set(w, o, "resolved", update_clock(w->op, i->resolved_at));
    instant end = instant_is_set(i->resolved_at) ? i->resolved_at : w->op->now;
    instant begin = instant_is_set(i->started_at) ? i->started_at : i->detected_at;
    set(w, o, "duration", update_span(w->op, w->u->language, end.us - begin.us));
    struct str channel;
    if (!room_channel_name(w->a, w->pack, i, &channel, err))
        return false;
    set(w, o, "channel", channel);
    return true;
}

static void update_names(struct writing *w, struct json *o)
{
    struct json *v = json_set(o, S("update"), json_object(w->a));

    json_set_int(w->a, v, S("number"), w->u->number);
    set(w, v, "at", update_clock(w->op, w->op->now));
    set(w, v, "text", w->u->summary);
    set(w, v, "cause_state", cause_word(w, w->u->cause_state));
    set(w, v, "eta", w->u->eta);
    json_set(v, S("since"), lines(w, w->u->since));
    json_set(v, S("next_steps"), lines(w, w->u->next_steps));
    json_set(o, S("updates"), history(w));
}

static void public_names(struct writing *w, struct json *o)
{
    const struct pack_severity *s = w->i->severity.len ? pack_severity_find(w->pack, w->i->severity) : NULL;
    const struct pack_audience *a = pack_audience_find(w->pack, w->u->audience);
    struct json *v = json_set(o, S("public"), json_object(w->a));
    instant next = w->u->next_update_at;
    int64_t every = s && a ? promise_wait(w->pack, s, a, false) : 0;

    set(w, v, "service", w->u->service);
    set(w, v, "status_name", status_word(w, w->u->status));
    set(w, v, "impact", w->u->impact);
    set(w, v, "text", w->u->summary);
    set(w, v, "doing", w->u->next_steps);
    set(w, v, "cause", w->u->cause.len ? w->u->cause : cause_word(w, w->u->cause_state));
    set(w, v, "eta", w->u->eta);
    set(w, v, "at", update_clock(w->op, w->op->now));
    set(w, v, "next_at", update_clock(w->op, next));
    set(w, v, "next_in", instant_is_set(next) ? update_span(w->op, w->u->language, next.us - w->op->now.us) : S(""));
    set(w, v, "every", update_span(w->op, w->u->language, every ? every : HOUR_US));
    set(w, v, "started", update_clock(w->op, instant_is_set(w->i->started_at) ? w->i->started_at : w->i->detected_at));
    set(w, v, "ended", update_clock(w->op, instant_is_set(w->i->resolved_at) ? w->i->resolved_at : w->op->now));
    json_set(v, S("timeline"), history(w));
}

/* --- filling --- */

static struct str no_partials(void *ctx, struct str name)
{
    (void)ctx, (void)name;
    return STR_NONE;
}

static struct str rendered(struct writing *w, struct str name, struct str body, const struct json *view, struct error *err)
{
    struct template_env env = {.source = no_partials, .plain = true};
    struct template *t;
    struct buf out;

    buf_init(&out, w->a, UPDATE_MAX_TEXT);
    if (!template_compile(w->a, &env, name, body, &t, err))
        return S("");
    if (!template_render(t, view, NULL, &out, err)) {
        if (out.full) { /* not our fault */
            *err = (struct error){0};
            fail_field(err, "summary", "makes the whole text longer than %d bytes", UPDATE_MAX_TEXT);
        }
        return S("");
    }
    return str_trim(buf_str(&out));
}

bool update_text(struct op *op, const struct incident *i, const struct update *u, const struct list *earlier,
    struct str *out, struct error *err)
{
    struct writing w = {op, op->arena, op->env->pack, i, u, earlier};
    const struct pack_severity *s = i->severity.len ? pack_severity_find(w.pack, i->severity) : NULL;
    const struct pack_audience *a = pack_audience_find(w.pack, u->audience);
    const struct pack_template *t = a ? update_template(w.pack, a, s ? s->rank : 0, u->moment) : NULL;
    struct json *view = json_object(op->arena);

    if (u->external)
        public_names(&w, view);
    else if (!incident_names(&w, view, err))
        return false;
    else
        update_names(&w, view);
    set(&w, view, "next_update_at", instant_is_set(u->next_update_at) ? update_clock(op, u->next_update_at) : S(""));
    *out = t ? rendered(&w, t->id, t->body, view, err) : u->summary;
    return err->kind == ERROR_NONE;
}
