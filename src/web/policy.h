/* Escalation policies: list, page, their steps one by one or all at once. */
#pragma once

#include "web/web.h"

extern const struct field policy_input_fields[], policy_step_fields[];

web_handler get_policies, get_policy, post_policies, post_policy, post_policy_steps, post_policy_step_remove;
