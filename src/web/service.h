/* Services, the integration keys senders use for them, and the routes that lead alerts to them. */
#pragma once

#include "web/web.h"

extern const struct field service_key_fields[], service_route_fields[];

web_handler get_services, get_service, post_services, post_service, post_service_keys, post_service_key_remove;
web_handler get_routes, post_routes, post_service_routes, post_route_remove;
