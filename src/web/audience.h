/* Audiences: what they are promised, and who listens. */
#pragma once

#include "web/web.h"

web_handler get_audiences, post_audience, post_audience_subscribers, post_audience_subscriber_remove;
