/* The prober: runs the probes that operations have asked for, through an outbound client of its own, so
 * that a service that hangs delays no page. It has no thread: a probe starts after the commit that
 * asked for it, and its outcome comes back as an operation. What a crash loses the next minute's timer
 * asks for again. */
#pragma once

#include "engine/op.h"

struct client_config;
struct prober;
struct writer;

struct prober_config {
    struct writer *writer;
    const struct client_config *client;
};

bool prober_start(struct prober **out, const struct prober_config *config, struct error *err);
/* From the writer's thread after a commit. NULL is fine. */
void prober_take(struct prober *p, const struct effects *fx);
/* Takes nothing more and lets outcomes be recorded: before the writer stops. NULL is fine. */
void prober_drain(struct prober *p);
/* After the writer has stopped. NULL is fine. */
void prober_free(struct prober *p);
