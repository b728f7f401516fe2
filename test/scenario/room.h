/* The words of roles and the war room; test/scenario/README.md describes them. */
#pragma once

#include "scenario.h"

world_run op_turn, op_summon, op_reply, op_room, op_join, op_admit, op_check_in, op_works, op_bridge;
bool expect_room(struct scenario *s);
bool expect_person(struct scenario *s);
bool expect_works(struct scenario *s);
bool expect_held(struct scenario *s);
