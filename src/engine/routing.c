#include "engine/routing.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "base/secret.h"
#include "domain/matcher.h"
#include "store/service.h"

static int by_hash(const void *a, const void *b)
{
    return str_cmp(((const struct integration_key *)a)->hash, ((const struct integration_key *)b)->hash);
}

static const struct service *service_by_id(const struct routing *r, struct str id)
{
    for (size_t i = 0; i < r->nservices; i++)
        if (str_eq(r->services[i].id, id))
            return &r->services[i];
    return NULL;
}

static void compile_routes(struct routing *r, const struct list *routes)
{
    const struct route *v = routes->v;

    r->routes = arena_array(&r->arena, struct routing_route, routes->n + 1);
    for (size_t i = 0; i < routes->n; i++) {
        struct routing_route *to = &r->routes[r->nroutes];
        struct error err = {0};
        *to = (struct routing_route){.route = v[i], .service = service_by_id(r, v[i].service_id)};
        if (to->service && matchers_parse(&r->arena, v[i].matchers, &to->matchers, &to->nmatchers, &err))
            r->nroutes++;
        else
            log_write(ERROR, "a route is left out", LOG_STR("route", v[i].id), LOG_STR("reason", str_from(err.message)));
    }
}

bool routing_load(struct db *db, struct routing **out, struct error *err)
{
    struct routing *r = calloc(1, sizeof *r);
    struct list keys, services, routes;

    if (!r)
        return fail(err, INTERNAL, "out of memory");
    r->references = 1;
    arena_init(&r->arena, (size_t)1 << 30);
    if (!key_all(db, &r->arena, &keys, err) || !service_list(db, &r->arena, S(""), 10000, &services, err) ||
        !route_all(db, &r->arena, &routes, err)) {
        routing_free(r);
        return false;
    }
    r->keys = keys.v;
    r->nkeys = keys.n;
    if (r->nkeys)
        qsort(r->keys, r->nkeys, sizeof *r->keys, by_hash);
    r->services = services.v;
    r->nservices = services.n;
    compile_routes(r, &routes);
    *out = r;
    return true;
}

void routing_free(struct routing *r)
{
    if (!r)
        return;
    arena_deinit(&r->arena);
    free(r);
}

const struct service *routing_key(const struct routing *r, struct str key_hash)
{
    struct integration_key wanted = {.hash = key_hash};
    const struct integration_key *k = r->nkeys
        ? bsearch(&wanted, r->keys, r->nkeys, sizeof *r->keys, by_hash)
        : NULL;

    return k ? service_by_id(r, k->service_id) : NULL;
}

static bool all_match(const struct routing_route *r, const struct labels *labels)
{
    for (size_t i = 0; i < r->nmatchers; i++)
        if (matcher_match(&r->matchers[i], labels) != REGEX_YES)
            return false;
    return r->nmatchers > 0;
}

const struct service *routing_service(const struct routing *r, const struct service *own,
    const struct labels *labels, const struct routing_route **route)
{
    for (size_t i = 0; i < r->nroutes; i++)
        if (all_match(&r->routes[i], labels)) {
            *route = &r->routes[i];
            return r->routes[i].service;
        }
    *route = NULL;
    return own;
}

struct str routing_group_key(struct arena *a, const struct service *s, const struct labels *labels,
    struct str dedup)
{
    struct str rest = s->group_by, name;
    struct buf b;

    if (str_eq(str_trim(s->group_by), S("...")))
        return str_printf(a, "%.*s:%.*s", STR(s->id), STR(dedup));
    buf_init(&b, a, 1 << 20);
    while (rest.ptr) {
        rest = str_cut(rest, ',', &name);
        name = str_trim(name);
        if (!name.len)
            continue;
        struct str value = labels_get(labels, name);
        buf_printf(&b, "%zu:%.*s=%zu:%.*s,", name.len, STR(name), value.len, STR(value));
    }
    return str_printf(a, "%.*s:%.32s", STR(s->id), sha256_hex(a, buf_str(&b)).ptr);
}
