/* Subscribing to a status page, without an account: asking, confirming by the link in the mail, leaving. */
#pragma once

#include "web/web.h"

extern const struct field subscribe_fields[];

web_handler get_status_subscribe, prepare_status_subscribe, post_status_subscribe, get_status_confirm, post_status_confirm,
    get_status_unsubscribe, post_status_unsubscribe;
