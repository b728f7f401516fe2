/* Is Tocsin itself well, what did it send, and which programs act in whose name. */
#pragma once

#include "web/web.h"

web_handler get_admin;
/* Every part of the style sheet in every state, for those who change it. */
web_handler get_admin_design;
