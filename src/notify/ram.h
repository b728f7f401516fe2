/* The channel that keeps the last messages in memory, for scenarios and tests. Thread-safe. */
#pragma once

#include <stddef.h>

#include "notify/channels.h"

struct ram_entry {
    enum message_kind kind;
    struct str delivery_id, number, title, recipient_name, address, acknowledge_url, reason, update;
    instant now;
};

struct ram *ram_new(size_t keep); /* how many are kept; at least 1 */
void ram_free(struct ram *r);
/* How many were delivered in all. */
size_t ram_count(struct ram *r);
/* The i-th of all, from 0; false if there is none or it is kept no longer. Texts are copied to `a`.
 */
bool ram_get(struct ram *r, size_t i, struct arena *a, struct ram_entry *out);
/* The next `n` deliveries end so and are not kept: for failures on demand. */
void ram_fail(struct ram *r, size_t n, enum client_outcome outcome);
