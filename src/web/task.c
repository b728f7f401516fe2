#include "web/task.h"

#include "domain/pack.h"
#include "engine/task.h"
#include "store/task.h"
#include "web/view.h"

static struct str role_name(const struct pack *p, struct str id)
{
    for (size_t k = 0; k < p->nroles; k++)
        if (str_eq(p->roles[k].id, id))
            return p->roles[k].name;
    return STR_NONE;
}

static struct json *task_view(struct request *req, const struct task *t)
{
    struct json *o = fields_view(req->arena, task_fields, t);

    json_set_bool(req->arena, o, S("open"), str_eq(t->state, S("open")));
    json_set_str(req->arena, o, S("role_name"), role_name(req->env->pack, t->role));
    return o;
}

/* lists: [{list,name,total,left,current,items}], in the order in which they were added; `current` is the
 * first that is not finished, which the page shows unfolded. */
bool task_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *lists = json_array(req->arena), *items = NULL, *one = NULL;
    struct list all;
    struct str name = STR_NONE;
    bool found = false;

    if (!task_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct task *t = all.v;
    for (size_t k = 0; k < all.n;) {
        size_t total = 0, left = 0;
        name = t[k].list;
        if (str_eq(name, S("verify"))) { /* has a room of its own */
            while (k < all.n && str_eq(t[k].list, name))
                k++;
            continue;
        }
        one = json_push(lists, json_object(req->arena));
        items = json_array(req->arena);
        json_set_str(req->arena, one, S("list"), name);
        json_set_str(req->arena, one, S("name"), t[k].list_name);
        for (; k < all.n && str_eq(t[k].list, name); k++, total++) {
            left += str_eq(t[k].state, S("open"));
            json_push(items, task_view(req, &t[k]));
        }
        json_set_int(req->arena, one, S("total"), (int64_t)total);
        json_set_int(req->arena, one, S("done"), (int64_t)(total - left));
        json_set_bool(req->arena, one, S("current"), left > 0 && !found);
        found |= left > 0;
        json_set(one, S("items"), items);
    }
    json_set(o, S("checklists"), lists);
    json_set_bool(req->arena, o, S("has_checklists"), all.n > 0);
    return true;
}

bool post_incident_task(struct request *req, struct reply *out, struct error *err)
{
    struct task_change in = {0};
    struct incident i = {0};
    struct task t = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_task_set(req->op, i.id, req->params[1], &in, &t, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#tasks", STR(i.id));
    out->view = task_view(req, &t);
    return true;
}
