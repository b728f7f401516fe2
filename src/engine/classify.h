/* Giving an incident its class, which forces the special handling of the pack. */
#pragma once

#include "domain/classify.h"
#include "engine/op.h"

struct incident;

bool engine_classify(struct op *op, struct str ref, const struct classification *in, struct incident *out, struct error *err);
bool engine_clock(struct op *op, struct str ref, struct str clock, const struct clock_change *in, struct incident *out,
    struct error *err);
/* The timer's handler; the subject is INCIDENT/CLOCK. */
bool clock_warn(struct op *op, struct str subject, struct error *err);

/* Who is paged when a class calls for a role: a policy; none takes it away. */
bool engine_team(struct op *op, struct str role, struct str policy_id, struct error *err);
/* STR_NONE if there is none. */
bool team_policy(struct op *op, struct str role, struct str *policy_id, struct error *err);
/* Name of the setting that holds it. */
struct str team_setting(struct arena *a, struct str role);
