/* Who may know of an incident. One that is restricted does not exist for anybody but its members: who
 * declared, acknowledged or was paged for it, who holds a role in it, and who was let in. An
 * administrator is no member by rank, but may break the glass: let themselves in, with a reason, for
 * all to see. */
#pragma once

#include "base/field.h"

/* One reason why a person may see a restricted incident. */
struct member {
    struct str user_id, name;
    struct str why;    /* declared, acknowledged, paged, role, invited */
    struct str detail; /* the role, or the reason of the invitation */
};
extern const struct field member_fields[];

struct access_change {
    struct str user_id, reason;
};
extern const struct field access_invite_fields[], access_reason_fields[];
