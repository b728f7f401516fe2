/* Turns at commanding, and which roles a severity asks for. */
#include "domain/pack.h"
#include "domain/role.h"
#include "test.h"

#define TURN(who, off, at) {.user_id = S(who), .disabled = (off), .led_at = {at}}

TEST(the_next_in_turn)
{
    struct role_turn v[] = {TURN("a", false, 0), TURN("b", false, 0), TURN("c", false, 0)};

    CHECK_INT(role_next_turn(v, 0), 0);
    CHECK_INT(role_next_turn(v, 3), 0); /* nobody has led: the first */
    v[0].led_at.us = 10;
    CHECK_INT(role_next_turn(v, 3), 1);
    v[1].disabled = true;
    CHECK_INT(role_next_turn(v, 3), 2);
    v[2].led_at.us = 20;
    CHECK_INT(role_next_turn(v, 3), 0); /* round again */
    v[0].disabled = true;
    CHECK_INT(role_next_turn(v, 3), 2); /* the only one left, again */
    v[2].disabled = true;
    CHECK_INT(role_next_turn(v, 3), 3); /* nobody */
}

TEST(required_at_a_severity)
{
    struct pack_severity severities[] = {{.rank = 1, .id = S("SEV1")}, {.rank = 2, .id = S("SEV2")}};
    struct pack p = {.severities = severities, .nseverities = 2};
    struct pack_role role = {.ranks = 1 << 1};

    CHECK(role_required(&p, &role, S("SEV1")));
    CHECK(!role_required(&p, &role, S("SEV2")));
    CHECK(!role_required(&p, &role, STR_NONE) && !role_required(&p, &role, S("P1")));
}
