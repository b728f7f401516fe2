#include "notify/channels.h"

const struct channel channels[] = {
    {
        .id = "email",
        .takes = "a mail address",
        .example = "alice@example.com",
        .validate = email_validate,
        .build = email_build,
    },
    {
        .id = "null",
        .takes = "anything: nothing is sent",
        .example = "nowhere",
        .validate = null_validate,
        .deliver = null_deliver,
    },
    {
        .id = "ram",
        .takes = "anything: kept in memory, for tests",
        .example = "alice",
        .validate = null_validate,
        .deliver = ram_deliver,
    },
    {
        .id = "webhook",
        .takes = "an http or https URL",
        .example = "https://example.com/hook",
        .validate = webhook_validate,
        .build = webhook_build,
    },
    {0},
};

const struct channel *channel_find(struct str id)
{
    for (const struct channel *c = channels; c->id; c++)
        if (str_eq(str_from(c->id), id))
            return c;
    return NULL;
}

struct str message_type(enum message_kind kind)
{
    switch (kind) {
    case MESSAGE_PAGE:
        return S("incident.page");
    case MESSAGE_UPDATE:
        return S("incident.update");
    case MESSAGE_RESOLVED:
        return S("incident.resolved");
    case MESSAGE_TEST:
        return S("test");
    case MESSAGE_VERIFY:
        return S("verify");
    case MESSAGE_NAG:
        return S("incident.update_due");
    case MESSAGE_SUBSCRIBE:
        return S("status.subscribe");
    case MESSAGE_STATUS:
        return S("status.update");
    }
    return STR_NONE;
}

bool message_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
            return false;
    return true;
}
