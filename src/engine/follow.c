#include "engine/follow.h"

#include "engine/role.h"
#include "engine/room.h"
#include "engine/brief.h"
#include "engine/decision.h"
#include "engine/runbook.h"
#include "engine/promise.h"
#include "engine/task.h"
#include "engine/triage.h"
#include "engine/verification.h"
#include "engine/update.h"

/* In this order. */
static follower *const followers[] = {
    task_follow,
    runbook_follow,
    decision_follow,
    triage_follow,
    verification_follow,
    update_follow,  /* what it says keeps a promise, … */
    promise_follow, /* … and what is still promised ends */
    role_follow,
    room_follow,
    brief_follow, /* the last: it writes down what the others did */
};

bool incident_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    for (size_t k = 0; k < sizeof followers / sizeof *followers; k++)
        if (!followers[k](op, before, after, err))
            return false;
    return true;
}
