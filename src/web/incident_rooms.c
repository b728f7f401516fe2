#include "store/incident.h"
#include "web/access.h"
#include "web/brief.h"
#include "web/change.h"
#include "web/classify.h"
#include "web/decision.h"
#include "web/evidence.h"
#include "web/hypothesis.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/mitigation.h"
#include "web/rollout.h"
#include "web/runbook.h"
#include "web/statuspage.h"
#include "web/role.h"
#include "web/room.h"
#include "web/task.h"
#include "web/threshold.h"
#include "web/triage.h"
#include "web/update.h"
#include "web/verification.h"

static incident_room *const rooms[] = {
    statuspage_room,
    role_room,
    room_room,
    task_room,
    brief_room,
    change_room,
    verification_room,
    updates_room,
    mitigation_room,
    decision_room,
    rollout_room,
    triage_room,
    class_room,
    evidence_room,
    access_room,
    hypothesis_room,
    runbook_room,
    threshold_room,
};

#define MAX_DUE 12

void incident_due(struct request *req, struct json *o, instant at, struct str what, const char *anchor)
{
    struct json *list = json_get(o, S("due")), *one = json_object(req->arena);
    struct str text = time_text(req->arena, at);

    if (!instant_is_set(at) || list->count >= MAX_DUE)
        return;
    json_set_str(req->arena, one, S("at"), text);
    json_set_str(req->arena, one, S("what"), what);
    json_set_str(req->arena, one, S("anchor"), str_from(anchor));
    json_set_bool(req->arena, one, S("overdue"), at.us < req->now.us);
    struct json *rest = list->first;
    list->first = list->last = NULL;
    list->count = 0;
    for (struct json *next; rest; rest = next) {
        next = rest->next;
        rest->next = NULL;
        if (one && str_cmp(text, json_get_str(rest, S("at"))) < 0) {
            json_push(list, one);
            one = NULL;
        }
        json_push(list, rest);
    }
    if (one)
        json_push(list, one);
}

bool incident_rooms_view(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    json_set(o, S("due"), json_array(req->arena));
    for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++)
        if (!rooms[k](req, i, o, err))
            return false;
    json_set_bool(req->arena, o, S("has_due"), json_get(o, S("due"))->count > 0);
    return true;
}

bool incident_for(struct request *req, struct str ref, struct incident *out, struct error *err)
{
    bool visible;

    return incident_find(req->db, req->arena, ref, out, err) && incident_visible(req, out, &visible, err) &&
        (visible || fail(err, NOT_FOUND, "no such incident"));
}
