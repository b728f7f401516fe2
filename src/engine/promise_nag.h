/* What a promise that comes due does, step by step: domain/promise.h has the steps. */
#pragma once

#include "engine/op.h"

struct incident;

/* Takes every promise of the incident as far as it has come; several that are due together are one
 * message. */
bool promise_remind(struct op *op, const struct incident *i, struct error *err);
