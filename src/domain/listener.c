#include "domain/listener.h"

const struct field listener_fields[] = {
    FIELD(struct listener, id, .flags = FIELD_READONLY, .doc = "Subscriber id, `sub_…`"),
    FIELD(struct listener, audience, .doc = "Audience of the policy pack"),
    FIELD(struct listener, service_id, .flags = FIELD_NULLABLE, .doc = "Only incidents that affect this service; null: all"),
    FIELD(struct listener, user_id, .flags = FIELD_NULLABLE, .doc = "Person with an account"),
    FIELD(struct listener, endpoint_id, .flags = FIELD_NULLABLE, .doc = "Webhook"),
    FIELD(struct listener, name, .doc = "Name shown"),
    FIELD(struct listener, address, .doc = "Mail address, or the webhook's URL"),
    FIELD(struct listener, created_by, .doc = "Who added it"),
    FIELD(struct listener, created_at, .doc = "When it was added"),
    {0},
};

const struct field listener_input_fields[] = {
    FIELD(struct listener_input, service_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Only incidents that affect this service; left out: all"),
    FIELD(struct listener_input, user_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Person with an account …"),
    FIELD(struct listener_input, endpoint_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "… or a webhook …"),
    FIELD(struct listener_input, address, .flags = FIELD_NULLABLE, .max = 254, .doc = "… or a mail address", .example = "board@example.org"),
    {0},
};

const struct field audience_edit_fields[] = {
    FIELD(struct audience_edit, language, .flags = FIELD_NULLABLE, .max = 8, .doc = "Language of what it is sent: `en`, `ru`; null: the policy pack's"),
    FIELD(struct audience_edit, two_people, .doc = "Who approves a text for an external audience must not have written it"),
    {0},
};
