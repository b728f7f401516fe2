/* Alerts: what fires, what has resolved lately, one alert with its history. */
#pragma once

#include "web/web.h"

web_handler get_alerts, get_alert, post_alert_resolve;
