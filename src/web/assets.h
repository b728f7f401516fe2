/* Static files, embedded. */
#pragma once

#include <stdbool.h>

struct exchange;
struct server;

/* True if the request was for one and is answered. */
bool asset_serve(struct server *server, struct exchange *x);
