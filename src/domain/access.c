#include "domain/access.h"

const struct field member_fields[] = {
    FIELD(struct member, user_id, .doc = "Who may see it"),
    FIELD(struct member, name, .doc = "Their name"),
    FIELD(struct member, why, .doc = "declared, acknowledged, paged, role or invited"),
    FIELD(struct member, detail, .doc = "The role, or the reason of the invitation"),
    {0},
};

const struct field access_invite_fields[] = {
    FIELD(struct access_change, user_id, .flags = FIELD_REQUIRED, .max = 64, .doc = "Whom to let in"),
    FIELD(struct access_change, reason, .flags = FIELD_REQUIRED, .max = 500, .doc = "Why they are needed"),
    {0},
};

const struct field access_reason_fields[] = {
    FIELD(struct access_change, reason, .flags = FIELD_REQUIRED | FIELD_MULTILINE, .max = 1000, .doc = "Why"),
    {0},
};
