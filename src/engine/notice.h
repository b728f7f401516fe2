/* A message to one person about an incident, by every way they have of being reached. */
#pragma once

#include "engine/op.h"

struct incident;

#define NOTICE_VALUES 4

struct notice {
    const char *lead;                 /* a format marked N_(…): said in the reader's language */
    struct str values[NOTICE_VALUES]; /* what its conversions show; ends with STR_NONE */
    struct str text;                  /* as it is */
};

/* News: nobody has to acknowledge it. A person who does not exist any more, or is disabled, is left out. */
bool notice_send(struct op *op, const struct incident *i, struct str user_id, const struct notice *n, struct error *err);
/* A page by hand that asks something: its link leads to where the request is answered. *reached is false when
 * the person has switched off every contact. */
bool notice_ask(struct op *op, const struct incident *i, struct str user_id, const struct notice *n,
    struct str request_id, bool *reached, struct error *err);
