#include "web/pack.h"

#include "domain/pack.h"
#include "domain/pack_diff.h"
#include "engine/pack.h"
#include "store/pack.h"
#include "web/language.h"
#include "web/view.h"

/* What the pages and the API say of a version: its row, and where it stands. */
static struct json *version_view(struct request *req, const struct pack_version *v, struct str used_id, int64_t used)
{
    struct json *o = fields_view(req->arena, pack_version_fields, v);

    json_set_bool(req->arena, o, S("built_in"), v->version == 0);
    json_set_bool(req->arena, o, S("active"), str_eq(v->id, used_id) && v->version == used);
    return o;
}

/* "sev", "team 3" */
static struct str version_name(struct request *req, const struct pack_version *v)
{
    return v->version ? str_printf(req->arena, "%.*s %lld", STR(v->id), (long long)v->version) : v->id;
}

static bool list_view(struct request *req, struct json **out, struct error *err)
{
    struct json *v = *out = json_object(req->arena), *items;
    struct str used_id;
    struct list list;
    int64_t used;

    if (!pack_all(req->env, req->db, req->arena, &list, err) ||
        !pack_in_use(req->db, req->arena, &used_id, &used, err))
        return false;
    items = json_set(v, S("items"), json_array(req->arena));
    const struct pack_version *p = list.v;
    for (size_t i = 0; i < list.n; i++) {
        struct json *o = json_push(items, version_view(req, &p[i], used_id, used));
        bool older = str_eq(p[i].id, used_id) && p[i].version != used;
        json_set(o, S("active_version"), older ? json_number(req->arena, used) : json_string(req->arena, STR_NONE));
    }
    json_set_str(req->arena, v, S("next"), STR_NONE);
    return true;
}

bool get_packs(struct request *req, struct reply *out, struct error *err)
{
    out->title = web_text(req, "Policy packs");
    return list_view(req, &out->view, err);
}

/* `version=` of the query, or `otherwise`. */
static bool source(struct request *req, struct str id, const char *param, struct pack_version *out,
    struct pack *pack, struct error *err)
{
    int64_t version = 0;

    return (!param || web_query_int(req, param, 0, 0, INT64_MAX, &version, err)) &&
        pack_source(req->env, req->db, req->arena, id, version, out, err) &&
        pack_parse(req->arena, out->yaml, pack, err);
}

/* For every severity in use: where it would go, and where else it could. */
static struct json *mapping_view(struct request *req, const struct pack *to)
{
    const struct pack *from = req->env->pack;
    struct json *list = json_array(req->arena);

    for (size_t i = 0; i < from->nseverities; i++) {
        struct json *o = json_push(list, json_object(req->arena)), *options;
        struct str target = pack_counterpart(from, to, from->severities[i].id);
        json_set_str(req->arena, o, S("severity"), from->severities[i].id);
        json_set_str(req->arena, o, S("severity_name"), from->severities[i].name);
        options = json_set(o, S("options"), json_array(req->arena));
        for (size_t k = 0; k < to->nseverities; k++) {
            struct json *option = json_push(options, json_object(req->arena));
            json_set_str(req->arena, option, S("severity"), to->severities[k].id);
            json_set_str(req->arena, option, S("severity_name"), to->severities[k].name);
            json_set_bool(req->arena, option, S("current"), str_eq(to->severities[k].id, target));
        }
    }
    return list;
}

/* Which parts the pack has at all: what it does not have takes no space on the page. */
static struct json *parts_there(struct request *req, const struct pack *p)
{
    struct json *has = json_object(req->arena);

    json_set_bool(req->arena, has, S("impact"), p->nimpact > 0);
    json_set_bool(req->arena, has, S("classes"), p->nclasses > 0);
    json_set_bool(req->arena, has, S("runbooks"), p->nrunbooks > 0);
    json_set_bool(req->arena, has, S("readiness"), p->nreadiness > 0);
    json_set_bool(req->arena, has, S("documents"), p->ndocuments > 0);
    json_set_bool(req->arena, has, S("brief"), p->nbrief > 0);
    json_set_bool(req->arena, has, S("on_call"), p->on_call.nexpectations + p->on_call.nauthority > 0);
    json_set_bool(req->arena, has, S("practices"), p->npractices + p->nanti_patterns > 0);
    return has;
}

static bool pack_view(struct request *req, const struct pack_version *v, const struct pack *p, struct json **out,
    struct error *err)
{
    struct str used_id;
    struct list versions = {0};
    int64_t used;

    if (!pack_in_use(req->db, req->arena, &used_id, &used, err) ||
        (v->version && !pack_versions(req->db, req->arena, v->id, &versions, err)))
        return false;
    struct json *o = *out = version_view(req, v, used_id, used);
    json_set(json_set(o, S("pack"), pack_json(req->arena, p)), S("has"), parts_there(req, p));
    if (!req->html) /* for programs that edit it */
        json_set_str(req->arena, o, S("yaml"), v->yaml);
    json_set_str(req->arena, o, S("active_id"), used_id);
    json_set_int(req->arena, o, S("active_version"), used);
    json_set(o, S("mapping"), mapping_view(req, p));
    struct json *list = json_set(o, S("versions"), json_array(req->arena));
    const struct pack_version *one = versions.v;
    for (size_t i = 0; i < versions.n; i++) {
        struct json *row = json_push(list, version_view(req, &one[i], used_id, used));
        bool first = one[i].version == 1;
        json_set(row, S("before"), first ? json_string(req->arena, STR_NONE) : json_number(req->arena, one[i].version - 1));
    }
    return true;
}

bool get_pack(struct request *req, struct reply *out, struct error *err)
{
    struct pack_version v = {0};
    struct pack p;

    if (!source(req, req->params[0], "version", &v, &p, err) || !pack_view(req, &v, &p, &out->view, err))
        return false;
    out->title = v.name;
    return true;
}

bool get_pack_yaml(struct request *req, struct reply *out, struct error *err)
{
    struct pack_version v = {0};
    int64_t version;

    if (!web_query_int(req, "version", 0, 0, INT64_MAX, &version, err) ||
        !pack_source(req->env, req->db, req->arena, req->params[0], version, &v, err))
        return false;
    out->raw = v.yaml;
    out->content_type = S("text/yaml; charset=utf-8");
    out->filename = str_printf(req->arena, "%.*s.yaml", STR(v.id));
    return true;
}

bool post_packs(struct request *req, struct reply *out, struct error *err)
{
    struct pack_fork in = {0};
    struct pack_version v = {0};
    struct pack p;

    if (!web_input(req, &in, NULL, err) || !engine_pack_fork(req->op, &in, &v, err) ||
        !pack_parse(req->arena, v.yaml, &p, err) || !pack_view(req, &v, &p, &out->view, err))
        return false;
    reply_created(req, out, "/packs/%.*s", STR(v.id));
    return true;
}

bool get_pack_edit(struct request *req, struct reply *out, struct error *err)
{
    struct pack_version v = {0};
    int64_t version;

    if (!web_query_int(req, "version", 0, 0, INT64_MAX, &version, err) ||
        !pack_source(req->env, req->db, req->arena, req->params[0], version, &v, err))
        return false;
    if (!v.version)
        return fail(err, CONFLICT, "a built-in pack does not change: fork it and edit the fork");
    struct json *o = out->view = fields_view(req->arena, pack_version_fields, &v);
    struct str typed = json_get_str(req->input, S("yaml"));
    json_set_str(req->arena, o, S("text"), req->failure && typed.len ? typed : v.yaml);
    out->title = web_format(req, "Edit %.*s", STR(v.name));
    return true;
}

bool post_pack(struct request *req, struct reply *out, struct error *err)
{
    struct pack_edit in = {0};
    struct pack_version v = {0};
    struct pack p;

    if (!web_input(req, &in, NULL, err) || !engine_pack_edit(req->op, req->params[0], &in, &v, err) ||
        !pack_parse(req->arena, v.yaml, &p, err) || !pack_view(req, &v, &p, &out->view, err))
        return false;
    reply_see(req, out, "/packs/%.*s?version=%lld", STR(v.id), (long long)v.version);
    return true;
}

#define MAP "map_"

/* A form has one field for each severity, map_SEV1=P0: they become the mapping. */
static void mapping_from_form(struct request *req)
{
    struct json *plain = json_object(req->arena), *mapping = json_object(req->arena);

    for (const struct json *v = req->input->first; v; v = v->next)
        if (str_starts(v->key, S(MAP)))
            json_set_str(req->arena, mapping, str_slice(v->key, sizeof MAP - 1, v->key.len), json_str(v));
        else
            json_set_str(req->arena, plain, v->key, json_str(v));
    if (mapping->count)
        json_set_str(req->arena, plain, S("mapping"), json_text(req->arena, mapping));
    req->input = plain;
}

bool post_pack_activate(struct request *req, struct reply *out, struct error *err)
{
    struct pack_activate in = {0};
    struct pack_version v = {0};

    if (req->source == FIELD_FROM_FORM)
        mapping_from_form(req);
    if (!web_input(req, &in, NULL, err) || !engine_pack_activate(req->op, req->params[0], &in, &v, err))
        return false;
    reply_see(req, out, "/packs?said=switched");
    out->view = version_view(req, &v, v.id, v.version);
    return true;
}

/* "team@3": a version; "team": the newest. */
static bool side(struct request *req, const char *param, struct str otherwise, struct pack_version *v, struct pack *p,
    struct error *err)
{
    struct str given = web_query(req, param), id, version = str_cut(given.len ? given : otherwise, '@', &id);
    int64_t n = 0;

    if (version.ptr && (!str_int(version, &n) || n < 0))
        return fail_name(err, str_from(param), "must be a pack's id, or ID@VERSION");
    return pack_source(req->env, req->db, req->arena, id, n, v, err) && pack_parse(req->arena, v->yaml, p, err);
}

/* The two side by side, rank by rank; `names` says which is which. */
static struct json *severity_rows(struct request *req, const struct json *a, const struct json *b, const struct str names[2])
{
    const struct json *left = json_get(a, S("severities")), *right = json_get(b, S("severities"));
    struct json *rows = json_array(req->arena);

    left = left->first;
    right = right->first;
    for (int64_t rank = 1; left || right; rank++) {
        struct json *o = json_push(rows, json_object(req->arena));
        struct json *sides = json_set(o, S("sides"), json_array(req->arena));
        for (int k = 0; k < 2; k++) {
            const struct json *s = k ? right : left;
            struct json *cell = json_push(sides, json_object(req->arena));
            json_set_int(req->arena, cell, S("severity_rank"), rank);
            json_set_str(req->arena, cell, S("pack"), names[k]);
            static const char *const keys[] = {"id", "name", "respond", "update", "soak", "postmortem", NULL};
            for (const char *const *key = keys; *key; key++)
                json_set_str(req->arena, cell, str_from(*key), json_get_str(s, str_from(*key)));
        }
        left = left ? left->next : NULL;
        right = right ? right->next : NULL;
    }
    return rows;
}

static struct str part_of(struct str path)
{
    struct str head = str_slice(path, 0, str_find(path, '['));

    return str_slice(head, 0, str_find(head, '.'));
}

/* Differences under the part of the pack they are in. */
static struct json *changes_view(struct request *req, const struct pack_change *v, size_t n)
{
    struct json *groups = json_array(req->arena);

    for (size_t i = 0; i < n;) {
        struct json *group = json_push(groups, json_object(req->arena));
        struct json *rows = json_set(group, S("changes"), json_array(req->arena));
        struct str part = part_of(v[i].path);
        for (; i < n && str_eq(part, part_of(v[i].path)); i++) {
            struct json *o = json_push(rows, json_object(req->arena));
            json_set_str(req->arena, o, S("path"), v[i].path);
            json_set_str(req->arena, o, S("from"), v[i].from);
            json_set_str(req->arena, o, S("to"), v[i].to);
        }
        json_set_str(req->arena, group, S("part"), part);
        json_set_int(req->arena, group, S("count"), rows->count);
    }
    return groups;
}

bool get_packs_compare(struct request *req, struct reply *out, struct error *err)
{
    struct pack_version a = {0}, b = {0};
    struct str used_id;
    struct pack p, q;
    int64_t used;
    size_t n;

    if (!pack_in_use(req->db, req->arena, &used_id, &used, err))
        return false;
    struct str in_use = str_printf(req->arena, "%.*s@%lld", STR(used_id), (long long)used);
    if (!side(req, "a", in_use, &a, &p, err) || !side(req, "b", in_use, &b, &q, err))
        return false;
    struct json *o = out->view = json_object(req->arena);
    json_set(o, S("a"), version_view(req, &a, used_id, used));
    json_set(o, S("b"), version_view(req, &b, used_id, used));
    const struct str names[2] = {version_name(req, &a), version_name(req, &b)};
    json_set(o, S("severities"), severity_rows(req, pack_json(req->arena, &p), pack_json(req->arena, &q), names));
    const struct pack_change *v = pack_diff(req->arena, &p, &q, &n);
    json_set(o, S("parts"), changes_view(req, v, n));
    json_set_int(req->arena, o, S("count"), (int64_t)n);
    json_set_bool(req->arena, o, S("has_parts"), n > 0);
    out->title = web_format(req, "%.*s and %.*s", STR(a.name), STR(b.name));
    return true;
}
