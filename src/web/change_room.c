/* What changed around an incident: from two hours before its impact until now, nearest first. */
#include <stdlib.h>

#include "domain/change.h"
#include "domain/incident.h"
#include "store/change.h"
#include "store/hypothesis.h"
#include "web/change.h"

#define BEFORE 60 /* of the two hours before, and … */
#define SINCE 20  /* … of the time since */

struct place {
    int64_t distance;
    size_t at;
};

static int nearest_first(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return x->distance < y->distance ? -1 : x->distance > y->distance;
}

/* What makes an item of the room. */
struct room {
    instant began;
    struct list hypotheses;
};

static bool suspected(const struct room *r, struct str change_id)
{
    const struct hypothesis *h = r->hypotheses.v;

    for (size_t k = 0; k < r->hypotheses.n; k++)
        if (str_eq(h[k].change_id, change_id))
            return true;
    return false;
}

static bool add(struct request *req, const struct room *r, struct json *list, const struct change *c,
    enum change_suspicion suspicion, struct error *err)
{
    struct json *o;

    if (!change_view(req, c, &o, err))
        return false;
    /* Whole minutes: nobody compares seconds here. */
    json_set_int(req->arena, o, S("offset_us"), (c->at.us - r->began.us) / MINUTE_US * MINUTE_US);
    json_set_bool(req->arena, o, S("before"), c->at.us <= r->began.us);
    json_set_bool(req->arena, o, S("prime"), suspicion == CHANGE_PRIME);
    json_set_bool(req->arena, o, S("possible"), suspicion != CHANGE_CLEAR);
    json_set_bool(req->arena, o, S("suspected"), suspected(r, c->id));
    json_push(list, o);
    return true;
}

/* Those of the affected services in c[], and of all others besides, each nearest first. */
static bool lists(struct request *req, const struct room *r, const struct change *c, size_t n, const bool *affected,
    struct json *mine, struct json *others, struct error *err)
{
    enum change_suspicion *suspicion = arena_array(req->arena, enum change_suspicion, n + 1);
    struct place *order = arena_array(req->arena, struct place, n + 1);

    change_suspicions(c, affected, n, r->began, suspicion);
    for (size_t k = 0; k < n; k++)
        order[k] = (struct place){llabs((long long)(c[k].at.us - r->began.us)), k};
    qsort(order, n, sizeof *order, nearest_first);
    for (size_t k = 0; k < n; k++) {
        size_t at = order[k].at;
        if (!add(req, r, affected[at] ? mine : others, &c[at], suspicion[at], err))
            return false;
    }
    return true;
}

static bool has(const struct list *l, struct str id)
{
    const struct change *c = l->v;

    for (size_t k = 0; k < l->n; k++)
        if (str_eq(c[k].id, id))
            return true;
    return false;
}

bool change_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    instant began = instant_is_set(i->started_at) ? i->started_at : i->detected_at;
    instant from = instant_add(began, -CHANGE_WINDOW_US), until = instant_is_set(i->resolved_at) ? i->resolved_at : req->now;
    struct json *v = json_object(req->arena), *mine = json_array(req->arena), *others = json_array(req->arena);
    struct room r = {.began = began};
    struct list l[4];
    struct db *db = req->db;

    if (!change_of_incident(db, req->arena, i->id, from, began, BEFORE, &l[0], err) ||
        !change_of_incident(db, req->arena, i->id, instant_add(began, 1), until, SINCE, &l[1], err) ||
        !change_between(db, req->arena, from, began, BEFORE, &l[2], err) ||
        !change_between(db, req->arena, instant_add(began, 1), until, SINCE, &l[3], err) ||
        !hypothesis_list(db, req->arena, i->id, &r.hypotheses, err))
        return false;
    size_t n = 0, room = l[0].n + l[1].n + l[2].n + l[3].n;
    struct change *all = arena_array(req->arena, struct change, room + 1);
    bool *affected = arena_array(req->arena, bool, room + 1);
    for (size_t k = 0; k < 4; k++) {
        const struct change *c = l[k].v;
        for (size_t m = 0; m < l[k].n; m++) {
            if (k >= 2 && (has(&l[0], c[m].id) || has(&l[1], c[m].id)))
                continue;
            affected[n] = k < 2;
            all[n++] = c[m];
        }
    }
    if (!lists(req, &r, all, n, affected, mine, others, err))
        return false;
    json_set(v, S("affected"), mine);
    json_set(v, S("others"), others);
    json_set_int(req->arena, v, S("other_count"), others->count);
    json_set_str(req->arena, v, S("from"), time_text(req->arena, from));
    json_set(o, S("changes"), v);
    json_set_bool(req->arena, o, S("has_changes"), n > 0);
    return true;
}
