/* The notifier: turns leased deliveries into messages and sends them.
 *
 * After each commit the writer hands over the deliveries that this node holds a lease of. The
 * notifier's thread reads what the message needs, asks once more whether it is still wanted, builds it
 * through the channel and gives it to the outbound client; the outcome comes back as an operation.
 * A crash in between loses nothing: the lease ends and the delivery is taken again with the same id. */
#pragma once

#include "engine/op.h"

struct channel_config;
struct client_config;
struct notifier;
struct writer;

struct notifier_config {
    struct str db_url;
    const struct env *env;
    struct writer *writer;
    const struct channel_config *channels;
    const struct client_config *client;
    uint64_t seed; /* of the back-off's jitter */
};

bool notifier_start(struct notifier **out, const struct notifier_config *config, struct error *err);
/* From the writer's thread after a commit. */
void notifier_take(struct notifier *n, const struct effects *fx);
/* Takes nothing more, lets sends in flight finish and their outcomes be recorded: before the writer
 * stops, which may still commit and call notifier_take meanwhile. */
void notifier_drain(struct notifier *n);
/* After the writer has stopped. NULL is fine. */
void notifier_free(struct notifier *n);
