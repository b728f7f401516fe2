/* What the commands on one incident share. */
#pragma once

#include "cli/api.h"

/* "/incidents/…" of the command's first word, with `rest` after it. */
struct str incident_path(struct cli *c, const char *rest);
/* Says which incident there is none of; returns false. */
bool incident_failed(struct cli *c, struct error *err);
/* POSTs there; then prints the answer, or one line that says what was `done`, and where to look. */
bool incident_change(struct cli *c, const char *rest, const struct json *body, const char *done,
    struct error *err);
/* The body from the options, with the words after the first `skip` as its member `key`. */
bool incident_body(
    struct cli *c, size_t skip, const char *key, struct json **out, struct error *err);
void incident_print_line(struct cli *c, const struct json *incident, const char *done);
