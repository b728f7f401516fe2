/* How many connections there may be, in total and from one address. Any thread.
 *
 * For IPv6 one "address" is a /64, the smallest network that a household or a machine is given:
 * whoever has one address there has all of them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "net/address.h"

struct gate;

struct gate *gate_new(size_t max_total, size_t max_per_address);
void gate_free(struct gate *g);

/* True: counted, to be undone by gate_leave() with the same address. */
bool gate_enter(struct gate *g, const struct address *a);
void gate_leave(struct gate *g, const struct address *a);
