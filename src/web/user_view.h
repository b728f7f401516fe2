/* The views of people. */
#pragma once

#include "domain/user.h"
#include "web/web.h"

/* True for the person themself and for administrators. */
bool user_may_edit(const struct request *req, struct str id);
/* FORBIDDEN unless the above. */
bool user_check_edit(const struct request *req, struct str id, struct error *err);

/* One row of the list: the account and its contacts. */
bool user_row_view(struct request *req, const struct user *u, struct json **out, struct error *err);
/* Everything on the person's page. `token` is a new API token to show once, or absent. */
bool user_view(struct request *req, const struct user *u, struct str token, struct json **out,
    struct error *err);
/* [{value,current}] */
struct json *role_choices_view(struct request *req, struct str current);
