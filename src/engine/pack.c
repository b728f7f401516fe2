#include "engine/pack.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/json.h"
#include "domain/incident.h"
#include "domain/service.h"
#include "engine/incident.h"
#include "store/incident.h"
#include "store/pack.h"
#include "store/service.h"
#include "text/mustache.h"
#include "text/yaml.h"

#define SETTING "pack"
#define DEFAULT_PACK "sev"
#define BATCH 500

/* One that was in use, or is. */
struct loaded {
    struct loaded *next;
    struct arena arena;
    struct str key; /* the setting's value */
    struct pack pack;
};

struct packs {
    const struct embedded *built_in;
    struct loaded *loaded; /* of the writer's thread */
    struct str key;        /* of the one in use */
};

/* --- reading --- */

struct compiling {
    struct arena *arena;
    struct error *err;
};

static bool compiles(void *ctx, const char *what, struct str id, struct str body)
{
    struct template_env env = {.plain = true, .no_raw = true};
    struct compiling *c = ctx;
    struct template *t;
    struct error bad = {0};

    return template_compile(c->arena, &env, id, body, &t, &bad) ||
        fail(c->err, INVALID, "%s%s%.*s%s: %s", what, id.len ? "[" : "", STR(id), id.len ? "]" : "", bad.message);
}

bool pack_parse(struct arena *a, struct str yaml, struct pack *out, struct error *err)
{
    struct json *doc;

    *out = (struct pack){0};
    return yaml_parse(a, yaml, &doc, err) && pack_read(a, doc, yaml_line, out, err) &&
        pack_each_template(out, compiles, &(struct compiling){a, err});
}

/* --- what there is --- */

static const struct embedded *built_in(const struct env *env, struct str id)
{
    for (const struct embedded *e = env->packs ? env->packs->built_in : NULL; e && e->name.ptr; e++)
        if (str_ends(e->name, S(".yaml")) && str_eq(str_slice(e->name, 0, e->name.len - 5), id))
            return e;
    return NULL;
}

/* Its name is read from the text: the line that begins with it. */
static struct str top_level(struct str yaml, const char *key)
{
    struct str line, prefix = str_from(key);

    while (yaml.ptr) {
        yaml = str_cut(yaml, '\n', &line);
        if (str_starts(line, prefix))
            return str_trim(str_slice(line, prefix.len, line.len));
    }
    return STR_NONE;
}

static struct pack_version from_built_in(const struct embedded *e)
{
    return (struct pack_version){.id = str_slice(e->name, 0, e->name.len - 5), .name = top_level(e->data, "name:"),
        .origin = S(""), .yaml = e->data, .note = S(""), .author_id = S(""), .author_name = S("")};
}

bool pack_source(const struct env *env, struct db *db, struct arena *a, struct str id, int64_t version,
    struct pack_version *out, struct error *err)
{
    const struct embedded *e = built_in(env, id);

    if (!e)
        return version ? pack_get(db, a, id, version, out, err) : pack_newest(db, a, id, out, err);
    if (version)
        return fail(err, NOT_FOUND, "a built-in pack has no versions");
    *out = from_built_in(e);
    return true;
}

bool pack_all(const struct env *env, struct db *db, struct arena *a, struct list *out, struct error *err)
{
    const struct embedded *table = env->packs ? env->packs->built_in : NULL;
    struct list own;
    size_t n = 0;

    if (!pack_list(db, a, &own, err))
        return false;
    for (const struct embedded *e = table; e && e->name.ptr; e++)
        n += str_ends(e->name, S(".yaml"));
    struct pack_version *v = arena_array(a, struct pack_version, n + own.n + 1);
    *out = (struct list){.v = v};
    for (const struct embedded *e = table; e && e->name.ptr; e++)
        if (str_ends(e->name, S(".yaml")))
            v[out->n++] = from_built_in(e);
    for (size_t i = 0; i < own.n; i++)
        v[out->n++] = ((const struct pack_version *)own.v)[i];
    return true;
}

/* --- the one in use --- */

/* "sev", or "team 3". */
static struct str key_of(struct arena *a, struct str id, int64_t version)
{
    return version ? str_printf(a, "%.*s %lld", STR(id), (long long)version) : str_copy(a, id);
}

static void key_split(struct str key, struct str *id, int64_t *version)
{
    struct str rest = str_cut(key, ' ', id);

    if (!str_int(rest, version))
        *version = 0;
}

bool pack_in_use(struct db *db, struct arena *a, struct str *id, int64_t *version, struct error *err)
{
    struct str key;

    if (!setting_get(db, a, S(SETTING), &key, err))
        return false;
    key_split(key.len ? key : S(DEFAULT_PACK), id, version);
    return true;
}

static struct loaded *load(struct env *env, struct db *db, struct str key, struct error *err)
{
    struct loaded *l = calloc(1, sizeof *l);
    struct pack_version source = {0};
    struct str id;
    int64_t version;

    if (!l)
        abort();
    arena_init(&l->arena, (size_t)16 << 20);
    l->key = str_copy(&l->arena, key);
    key_split(l->key, &id, &version);
    if (pack_source(env, db, &l->arena, id, version, &source, err) &&
        pack_parse(&l->arena, source.yaml, &l->pack, err))
        return l;
    arena_deinit(&l->arena);
    free(l);
    return NULL;
}

static bool use(struct env *env, struct db *db, struct str key, struct error *err)
{
    struct packs *p = env->packs;
    struct loaded *l = p->loaded;

    while (l && !str_eq(l->key, key))
        l = l->next;
    if (!l) {
        l = load(env, db, key, err);
        if (!l)
            return false;
        l->next = p->loaded;
        p->loaded = l;
    }
    p->key = l->key;
    env->pack = &l->pack;
    return true;
}

bool packs_open(struct env *env, const struct embedded *table, struct error *err)
{
    env->packs = calloc(1, sizeof *env->packs);
    if (!env->packs)
        abort();
    env->packs->built_in = table;
    return use(env, NULL, S(DEFAULT_PACK), err);
}

void packs_close(struct env *env)
{
    struct loaded *next;

    for (struct loaded *l = env->packs ? env->packs->loaded : NULL; l; l = next) {
        next = l->next;
        arena_deinit(&l->arena);
        free(l);
    }
    free(env->packs);
    env->packs = NULL;
    env->pack = NULL;
}

bool packs_follow(struct env *env, struct db *db, struct error *err)
{
    CLEANUP(arena_deinit) struct arena a;
    struct str key;

    if (!env->packs)
        return true;
    arena_init(&a, 1 << 20);
    if (!setting_get(db, &a, S(SETTING), &key, err))
        return false;
    if (!key.len)
        key = S(DEFAULT_PACK);
    return str_eq(key, env->packs->key) || use(env, db, key, err);
}

bool engine_pack_choose(struct op *op, struct str id, struct error *err)
{
    if (!built_in(op->env, id))
        return fail_field(err, "pack", "there is no built-in policy pack '%.*s'", STR(id));
    return setting_put(op->db, S(SETTING), id, err);
}

/* --- making and editing --- */

static bool said(struct op *op, struct str id, struct error *err, const char *what, struct str more)
{
    return op_say(op, str_printf(op->arena, "pack:%.*s", STR(id)), "configured", err, "%s%.*s", what, STR(more));
}

/* Reads what was sent under `field`, so that the form shows it there. */
static bool parse_field(struct op *op, struct str yaml, struct pack *out, struct error *err)
{
    struct error bad = {0};

    return pack_parse(op->arena, yaml, out, &bad) || fail_field(err, "yaml", "%s", bad.message);
}

/* The text with the value of a top-level key replaced; unchanged if no line begins with it. */
static struct str replaced(struct arena *a, struct str yaml, const char *key, struct str value)
{
    struct str rest = yaml, line, prefix = str_from(key);

    while (rest.ptr) {
        size_t at = (size_t)(rest.ptr - yaml.ptr);
        rest = str_cut(rest, '\n', &line);
        if (str_starts(line, prefix))
            return str_printf(a, "%.*s%s %.*s%.*s", (int)at, yaml.ptr, key, STR(value),
                STR(str_slice(yaml, at + line.len, yaml.len)));
    }
    return yaml;
}

static bool put(struct op *op, struct pack_version *v, struct error *err)
{
    v->author_id = op->actor.id;
    v->author_name = op->actor.name;
    v->created_at = op->now;
    return pack_add(op->db, v, err);
}

bool engine_pack_fork(struct op *op, const struct pack_fork *in, struct pack_version *out, struct error *err)
{
    struct pack_version from = {0}, taken = {0};
    struct error looked = {0};
    struct list own;
    struct pack p;

    if (!pack_source(op->env, op->db, op->arena, in->from, 0, &from, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "from", "is not a policy pack") : false;
    if (str_eq(in->id, S("compare")))
        return fail_field(err, "id", "is an address of its own");
    if (built_in(op->env, in->id) || pack_newest(op->db, op->arena, in->id, &taken, &looked))
        return fail_field(err, "id", "is taken by another policy pack");
    if (looked.kind != ERROR_NOT_FOUND) {
        *err = looked;
        return false;
    }
    if (!pack_list(op->db, op->arena, &own, err))
        return false;
    if (own.n >= PACK_MAX_OWN)
        return fail(err, CONFLICT, "there are %d policy packs already", PACK_MAX_OWN);
    struct str yaml = replaced(op->arena, from.yaml, "id:", in->id);
    if (in->name.len) /* as JSON, which is YAML: whatever is in it */
        yaml = replaced(op->arena, yaml, "name:", json_text(op->arena, json_string(op->arena, in->name)));
    looked = (struct error){0};
    if (!pack_parse(op->arena, yaml, &p, &looked))
        return fail_name(err, str_contains(str_from(looked.message), S(": name")) ? S("name") : S("id"), "%s", looked.message);
    if (!str_eq(p.id, in->id))
        return fail_field(err, "from", "does not have its id on a line of its own");
    *out = (struct pack_version){.id = in->id, .version = 1, .name = p.name, .origin = in->from, .yaml = yaml,
        .note = str_printf(op->arena, "Forked from %.*s", STR(in->from))};
    return put(op, out, err) && said(op, in->id, err, "Policy pack forked from ", in->from);
}

bool engine_pack_edit(struct op *op, struct str id, const struct pack_edit *in, struct pack_version *out,
    struct error *err)
{
    struct pack_version old = {0};
    struct pack p;

    if (built_in(op->env, id))
        return fail(err, CONFLICT, "a built-in pack does not change: fork it and edit the fork");
    if (!pack_newest(op->db, op->arena, id, &old, err))
        return false;
    if (in->version != old.version)
        return fail(err, CONFLICT, "somebody saved version %lld while you were editing version %lld; "
            "your text was not saved: copy it, reload and merge", (long long)old.version, (long long)in->version);
    if (old.version >= PACK_MAX_VERSIONS)
        return fail(err, CONFLICT, "%d versions are enough: fork it", PACK_MAX_VERSIONS);
    if (!parse_field(op, in->yaml, &p, err))
        return false;
    if (!str_eq(p.id, id))
        return fail_field(err, "yaml", "the id must stay '%.*s': fork the pack to give it another", STR(id));
    *out = (struct pack_version){.id = id, .version = old.version + 1, .name = p.name, .origin = old.origin,
        .yaml = in->yaml, .note = in->note.len ? in->note : S("")};
    return put(op, out, err) &&
        said(op, id, err, "Policy pack edited: ", str_printf(op->arena, "version %lld. %.*s", (long long)out->version, STR(out->note)));
}

/* --- putting into use --- */

struct move {
    struct op op;                /* with the new pack in its env, which followers look at */
    struct env env;
    const struct pack *from, *to;
    const struct json *mapping;  /* an object, or NULL */
    struct str what;             /* "Policy pack: sev → p0-p4" */
};

static struct str mapped(const struct move *m, struct str severity)
{
    struct str to = json_get_str(m->mapping, severity);

    return to.len ? to : pack_counterpart(m->from, m->to, severity);
}

static bool check_mapping(const struct move *m, struct error *err)
{
    if (m->mapping && !json_is(m->mapping, JSON_OBJECT))
        return fail_field(err, "mapping", "must be an object such as {\"SEV1\":\"P0\"}");
    for (const struct json *v = m->mapping ? m->mapping->first : NULL; v; v = v->next) {
        if (!pack_severity_find(m->from, v->key))
            return fail_field(err, "mapping", "'%.*s' is not a severity of the pack in use", STR(v->key));
        if (!pack_severity_find(m->to, json_str(v)))
            return fail_field(err, "mapping", "'%.*s' must go to a severity of the new pack", STR(v->key));
    }
    return true;
}

static bool move_incident(struct move *m, struct incident *i, struct error *err)
{
    struct op *op = &m->op;
    struct str to = mapped(m, i->severity);

    if (!to.len || str_eq(to, i->severity)) {
        if (!op_say(op, i->id, "pack", err, "%.*s. %s%.*s", STR(m->what),
                i->severity.len ? "The severity stays " : "It has no severity", STR(i->severity)))
            return false;
        if (!to.len)
            return true;
        i->severity_rank = 0; /* the same word may have another rank */
        return incident_save(op, i, err);
    }
    struct incident_change change = {.severity = to, .reason = m->what};
    return engine_severity(op, i->id, &change, i, err);
}

static bool move_incidents(struct move *m, struct error *err)
{
    struct str after = S("");
    struct list page;

    do {
        if (!store_list(m->op.db, m->op.arena, Q_PACK_OPEN_INCIDENTS, ARGS(v_text(after), v_int(BATCH)),
                incident_fields, sizeof(struct incident), &page, err))
            return false;
        struct incident *i = page.v;
        for (size_t k = 0; k < page.n; k++) {
            after = i[k].id;
            if (!move_incident(m, &i[k], err))
                return false;
        }
    } while (page.n == BATCH);
    return true;
}

static bool move_services(struct move *m, struct error *err)
{
    struct str after = S("");
    struct list page;

    do {
        if (!service_list(m->op.db, m->op.arena, after, BATCH, &page, err))
            return false;
        struct service *s = page.v;
        for (size_t k = 0; k < page.n; k++) {
            struct str to = mapped(m, s[k].default_severity);
            after = s[k].name;
            if (!to.len || str_eq(to, s[k].default_severity))
                continue;
            s[k].default_severity = to;
            s[k].updated_at = m->op.now;
            s[k].version++;
            if (!service_put(m->op.db, &s[k], err))
                return false;
        }
    } while (page.n == BATCH);
    return true;
}

static bool move_routes(struct move *m, struct error *err)
{
    struct list all;

    if (!route_all(m->op.db, m->op.arena, &all, err))
        return false;
    const struct route *r = all.v;
    for (size_t k = 0; k < all.n; k++) {
        struct str to = mapped(m, r[k].severity);
        if (to.len && !str_eq(to, r[k].severity) &&
            !db_exec(m->op.db, Q_PACK_ROUTE_SEVERITY, NULL, ARGS(v_text(r[k].id), v_text(to)), err))
            return false;
    }
    return true;
}

bool engine_pack_activate(struct op *op, struct str id, const struct pack_activate *in, struct pack_version *out,
    struct error *err)
{
    struct str old_id, key;
    int64_t old_version;
    struct json *mapping = NULL;
    struct pack to;

    if (!pack_source(op->env, op->db, op->arena, id, in->version, out, err) ||
        !pack_in_use(op->db, op->arena, &old_id, &old_version, err) ||
        !pack_parse(op->arena, out->yaml, &to, err) ||
        (in->mapping.len && !json_parse(op->arena, in->mapping, &mapping, err)))
        return false;
    key = key_of(op->arena, out->id, out->version);
    if (str_eq(key, key_of(op->arena, old_id, old_version)))
        return true;
    struct move m = {.op = *op, .env = *op->env, .from = op->env->pack, .to = &to, .mapping = mapping};
    m.env.pack = &to;
    m.op.env = &m.env;
    m.what = str_printf(op->arena, "Policy pack: %.*s → %.*s", STR(key_of(op->arena, old_id, old_version)), STR(key));
    op->fx->config_changed = true;
    return check_mapping(&m, err) && move_incidents(&m, err) && move_services(&m, err) && move_routes(&m, err) &&
        setting_put(op->db, S(SETTING), key, err) && said(op, out->id, err, "", m.what);
}
