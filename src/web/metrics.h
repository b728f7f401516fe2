/* GET /metrics in Prometheus's text format. Open to programs on this machine and to whoever may sign in:
 * figures are no secret among colleagues, but they are not the public's either. */
#pragma once

#include "web/web.h"

web_handler get_metrics;
