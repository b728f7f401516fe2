/* Webhooks that escalation policies may page. */
#pragma once

#include "web/web.h"

web_handler get_webhooks, post_webhooks, post_webhook_remove, post_webhook_test;
