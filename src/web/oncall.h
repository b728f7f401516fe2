/* Who would be paged if a service rang this minute, and which services page nobody. */
#pragma once

#include "web/web.h"

web_handler get_oncall;
