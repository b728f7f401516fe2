/* People, their contacts, sessions and tokens in the store. */
#pragma once

#include "store/store.h"
#include "domain/user.h"

bool user_get(struct db *db, struct arena *a, struct str id, struct user *out, struct error *err);
bool user_by_email(struct db *db, struct arena *a, struct str email, struct user *out, struct error *err);
bool user_put(struct db *db, const struct user *v, struct error *err);
bool user_list(struct db *db, struct arena *a, struct str after_name, struct str after_id, int64_t limit, struct list *out,
    struct error *err);
bool contact_insert(struct db *db, const struct contact *v, struct error *err);
bool contact_get(struct db *db, struct arena *a, struct str id, struct contact *out, struct error *err);
bool contact_list(struct db *db, struct arena *a, struct str user_id, struct list *out,
    struct error *err);
bool contact_delete(struct db *db, struct str id, struct error *err);
bool session_insert(struct db *db, const struct session *v, struct error *err);
bool session_delete(struct db *db, struct str id, struct error *err);
bool token_insert(struct db *db, const struct api_token *v, struct error *err);
bool token_get(struct db *db, struct arena *a, struct str id, struct api_token *out, struct error *err);
bool token_list(struct db *db, struct arena *a, struct str user_id, struct list *out,
    struct error *err);
bool token_delete(struct db *db, struct str id, struct error *err);
/* Only while they are valid at `now`. */
bool session_get(struct db *db, struct arena *a, struct str id, instant now, struct session *out, struct error *err);
bool token_by_hash(struct db *db, struct arena *a, struct str hash, instant now, struct api_token *out,
    struct error *err);
/* A token with whose it is, for the administrator's list of all. */
struct owned_token {
    struct str id, user_id, name, hint;
    instant created_at, expires_at;
    struct str user_name, role;
};
extern const struct field owned_token_fields[];
bool token_all(struct db *db, struct arena *a, int64_t limit, struct list *out, struct error *err);
/* Signs the user out everywhere. */
bool session_delete_user(struct db *db, struct str user_id, struct error *err);
bool session_expire(struct db *db, instant now, struct error *err);
