#include "store/incident.h"
#include "web/access.h"
#include "web/brief.h"
#include "web/change.h"
#include "web/classify.h"
#include "web/decision.h"
#include "web/evidence.h"
#include "web/incident_view.h"
#include "web/mitigation.h"
#include "web/rollout.h"
#include "web/task.h"
#include "web/triage.h"

static incident_room *const rooms[] = {
    task_room,
    brief_room,
    change_room,
    mitigation_room,
    decision_room,
    rollout_room,
    triage_room,
    class_room,
    evidence_room,
    access_room,
};

bool incident_rooms_view(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++)
        if (!rooms[k](req, i, o, err))
            return false;
    return true;
}

bool incident_for(struct request *req, struct str ref, struct incident *out, struct error *err)
{
    bool visible;

    return incident_find(req->db, req->arena, ref, out, err) && incident_visible(req, out, &visible, err) &&
        (visible || fail(err, NOT_FOUND, "no such incident"));
}
