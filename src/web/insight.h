/* Insights: MTTD, MTTA and MTTR, by severity and month. */
#pragma once

#include "web/web.h"

web_handler get_insights;
