/* Who a token or a session belongs to: what a program asks first. */
#pragma once

#include "web/web.h"

web_handler get_me;
