#include "web/alert.h"

#include "domain/alert.h"
#include "domain/matcher.h"
#include "net/url.h"
#include "store/alert.h"
#include "web/alert_view.h"
#include "web/language.h"

#define PAGE 50
#define PAGE_MAX 500
#define PAST 20    /* resolved ones below the firing ones */
#define CHUNK 500  /* rows read at a time while filtering */
#define SCAN 10000 /* rows a filter looks at for one page */

/* The engine takes an alert as over that much after its end. */
#define END_GRACE_US SECOND_US

/* What the person typed: label matchers if it reads as such, words otherwise. */
struct filter {
    struct matcher *matchers;
    size_t nmatchers;
    struct str words; /* lower case */
};

static bool filter_read(struct request *req, struct str q, struct filter *out, struct error *err)
{
    struct error why = {0};

    *out = (struct filter){0};
    if (!str_contains(q, S("=")) && !str_contains(q, S("!~"))) {
        out->words = str_lower(req->arena, q);
        return true;
    }
    return matchers_parse(req->arena, q, &out->matchers, &out->nmatchers, &why) ||
           fail_field(err, "q", "%s", why.message);
}

static bool has_words(const struct alert_names *n, const struct alert *a, struct str words)
{
    struct arena *arena = n->req->arena;
    struct str text = str_lower(
        arena, str_printf(arena, "%.*s %.*s %.*s %.*s", STR(a->name),
                   STR(alert_service_name(n, a->service_id)), STR(a->labels), STR(a->annotations)));
    struct str word;

    while (words.ptr) {
        words = str_cut(words, ' ', &word);
        if (!str_contains(text, word))
            return false;
    }
    return true;
}

static bool passes(const struct alert_names *n, const struct filter *f, const struct alert *a)
{
    struct labels labels;

    if (!f->nmatchers)
        return !f->words.len || has_words(n, a, f->words);
    return labels_read(n->req->arena, a->labels, &labels) &&
           matchers_match(f->matchers, f->nmatchers, &labels) == REGEX_YES;
}

/* One page of a query over ids below `before`: rows of mine first, each group newest first. *next
 * is the id to go on from, 0 at the end. */
static bool collect(struct alert_names *n, const struct filter *f, enum query q, int64_t before,
    int64_t limit, struct json **out, int64_t *next, struct error *err)
{
    struct arena *a = n->req->arena;
    struct json *mine = *out = json_array(a), *others = json_array(a), *row;
    bool all = !f->nmatchers && !f->words.len;
    int64_t chunk = all ? limit + 1 : CHUNK, seen = 0, found = 0;
    struct list page;

    *next = 0;
    do {
        if (!alert_list(n->req->db, a, q, ARGS(v_int(before), v_int(chunk)), &page, err))
            return false;
        const struct alert *v = page.v;
        for (size_t i = 0; i < page.n && found <= limit; i++) {
            if (!passes(n, f, &v[i])) {
                before = v[i].id;
                continue;
            }
            if (found++ == limit) {
                *next = before;
                break;
            }
            before = v[i].id;
            if (!alert_row_view(n, &v[i], &row, err))
                return false;
            json_push(json_bool(json_get(row, S("mine")), false) ? mine : others, row);
        }
        seen += (int64_t)page.n;
    } while (page.n == (size_t)chunk && found <= limit && seen < SCAN);
    if (page.n == (size_t)chunk && found <= limit)
        *next = before;
    for (struct json *r = others->first, *after; r; r = after) {
        after = r->next;
        r->next = NULL;
        json_push(mine, r);
    }
    return true;
}

struct asked {
    struct str q, state;
    int64_t before, limit;
    struct filter filter;
};

static struct str list_address(struct request *req, const struct asked *in, int64_t before)
{
    struct buf b;

    buf_init(&b, req->arena, 32 << 10);
    buf_add(&b, S("/alerts?"));
    if (in->q.len) {
        buf_add(&b, S("q="));
        url_encode(&b, in->q);
        buf_add(&b, S("&"));
    }
    if (in->state.len)
        buf_printf(&b, "state=%.*s&", STR(in->state));
    if (in->limit != PAGE)
        buf_printf(&b, "limit=%lld&", (long long)in->limit);
    if (before)
        buf_printf(&b, "before=%lld", (long long)before);
    struct str text = buf_str(&b);
    return str_ends(text, S("&")) || str_ends(text, S("?")) ? str_slice(text, 0, text.len - 1)
                                                            : text;
}

/* When did the newest alert speak last? */
static bool last_word(struct request *req, struct json *v, struct error *err)
{
    struct list newest;

    if (!alert_list(
            req->db, req->arena, Q_ALERT_PAGE, ARGS(v_int(INT64_MAX), v_int(1)), &newest, err))
        return false;
    instant at = newest.n ? ((const struct alert *)newest.v)->updated_at : (instant){0};
    json_set_str(req->arena, v, S("last_at"), time_text(req->arena, at));
    return true;
}

/* A filter that cannot be read is the API client's error; a person gets the list with the
 * complaint. */
static bool asked_read(struct request *req, struct asked *out, struct error *err)
{
    struct error bad = {0};

    out->q = str_trim(web_query(req, "q"));
    out->state = web_query(req, "state");
    if (out->state.len && !str_eq(out->state, S("firing")) && !str_eq(out->state, S("resolved")) &&
        !str_eq(out->state, S("all")))
        return fail_field(err, "state", "must be one of firing, resolved, all");
    if (str_eq(out->state, S("all")))
        out->state = S("");
    if (!web_query_int(req, "before", INT64_MAX, 1, INT64_MAX, &out->before, err) ||
        !web_query_int(req, "limit", PAGE, 1, PAGE_MAX, &out->limit, err))
        return false;
    if (filter_read(req, out->q, &out->filter, &bad))
        return true;
    if (!req->html) {
        *err = bad;
        return false;
    }
    struct error *shown = arena_new(req->arena, struct error);
    *shown = bad;
    req->failure = shown;
    return true;
}

/* For API clients: both lists as one. */
static struct json *together(
    struct arena *a, const struct json *firing, const struct json *resolved)
{
    struct json *items = json_array(a);
    const struct json *const lists[] = {firing, resolved};

    for (size_t i = 0; i < 2; i++)
        for (const struct json *r = lists[i]->first; r; r = r->next) {
            struct json *copy = arena_new(a, struct json);
            *copy = *r;
            copy->next = NULL;
            json_push(items, copy);
        }
    return items;
}

bool get_alerts(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    struct alert_names names;
    struct asked in = {0};
    struct json *firing = json_array(a), *resolved = json_array(a);
    int64_t count, next = 0, more = 0;

    if (!asked_read(req, &in, err) || !alert_names_load(&names, req, err) ||
        !store_count(req->db, Q_ALERT_COUNT_FIRING, NO_ARGS, &count, err))
        return false;
    bool past = str_eq(in.state, S("resolved")), first = in.before == INT64_MAX;
    if (!past &&
        !collect(&names, &in.filter, Q_ALERT_PAGE_FIRING, in.before, in.limit, &firing, &next, err))
        return false;
    if ((past || (!in.state.len && first)) &&
        !collect(&names, &in.filter, Q_ALERT_PAGE_RESOLVED, in.before, past ? in.limit : PAST,
            &resolved, &more, err))
        return false;
    if (past)
        next = more;
    struct json *v = out->view = json_object(a);
    if (!req->html)
        json_set(v, S("items"), together(a, firing, resolved));
    json_set(v, S("firing_alerts"), firing);
    json_set(v, S("resolved_alerts"), resolved);
    json_set_int(a, v, S("firing_count"), count);
    json_set_str(a, v, S("q"), in.q.len ? in.q : STR_NONE);
    struct str here = list_address(req, &in, first ? 0 : in.before);
    json_set_str(a, v, S("query"), here.len > 7 ? str_slice(here, 7, here.len) : STR_NONE);
    json_set_str(a, v, S("next"), next ? list_address(req, &in, next) : STR_NONE);
    out->title = web_text(req, "Alerts");
    return last_word(req, v, err);
}

static bool find(struct request *req, struct alert *out, struct error *err)
{
    int64_t id;

    if (!str_int(req->params[0], &id))
        return fail(err, NOT_FOUND, "no such alert");
    return alert_get(req->db, req->arena, id, out, err);
}

bool get_alert(struct request *req, struct reply *out, struct error *err)
{
    struct alert v = {0};

    if (!find(req, &v, err) || !alert_view(req, &v, &out->view, err))
        return false;
    out->title = v.name.len ? v.name : web_text(req, "Alert");
    return true;
}

/* A person's word that it is over. The end is moved to now and the engine, which runs in the same
 * batch, resolves it as it resolves alerts that nobody repeats: it owns the table of what fires. A
 * sender that reported it within the last second wins, as one that reports it later does with a new
 * episode. */
bool post_alert_resolve(struct request *req, struct reply *out, struct error *err)
{
    struct alert v = {0};

    if (!find(req, &v, err))
        return false;
    if (!v.firing)
        return fail(err, CONFLICT, "this alert is resolved already");
    instant end = instant_add(req->now, -END_GRACE_US);
    v.ends_at = end.us < v.starts_at.us ? v.starts_at : end;
    if (!db_exec(req->db, Q_ALERT_END, NULL, ARGS(v_int(v.id), v_int(v.ends_at.us)), err))
        return false;
    effects_wake(req->op->fx, req->now);
    if (v.incident_id.len && !op_say(req->op, v.incident_id, "alert", err,
                                 "%.*s says that %.*s is over", STR(req->user.name), STR(v.name)))
        return false;
    out->status = 202;
    reply_see(req, out, "/alerts/%lld%s", (long long)v.id, req->html ? "?said=saved" : "");
    return req->html || alert_view(req, &v, &out->view, err);
}
