/* Test messages: "does this reach me?" */
#pragma once

#include "web/web.h"

struct delivery;

/* Sends a test to where *d says; the rest of it is filled in. */
bool test_deliver(struct request *req, struct delivery *d, struct error *err);
