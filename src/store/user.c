#include "store/user.h"

#include "base/error.h"

bool user_get(struct db *db, struct arena *a, struct str id, struct user *out, struct error *err)
{
    return db_get(db, Q_USER_GET, user_fields, out, a, "user", ARGS(v_text(id)), err);
}

bool user_by_email(struct db *db, struct arena *a, struct str email, struct user *out, struct error *err)
{
    return db_get(db, Q_USER_BY_EMAIL, user_fields, out, a, "user", ARGS(v_text(email)), err);
}

bool user_put(struct db *db, const struct user *v, struct error *err)
{
    return store_put(db, Q_USER_PUT, user_fields, v, "the user", err);
}

bool user_list(struct db *db, struct arena *a, struct str after_name, struct str after_id, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_USER_LIST, ARGS(v_text(after_name), v_text(after_id), v_int(limit)), user_fields, sizeof(struct user), out, err);
}

bool contact_insert(struct db *db, const struct contact *v, struct error *err)
{
    return store_insert(db, Q_CONTACT_INSERT, contact_fields, v, err);
}

bool contact_get(struct db *db, struct arena *a, struct str id, struct contact *out, struct error *err)
{
    return db_get(db, Q_CONTACT_GET, contact_fields, out, a, "contact", ARGS(v_text(id)), err);
}

bool contact_list(struct db *db, struct arena *a, struct str user_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_CONTACT_LIST, ARGS(v_text(user_id)), contact_fields, sizeof(struct contact), out, err);
}

bool contact_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_CONTACT_DELETE, ARGS(v_text(id)), "contact", err);
}

bool session_insert(struct db *db, const struct session *v, struct error *err)
{
    return store_insert(db, Q_SESSION_INSERT, session_fields, v, err);
}

bool session_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_SESSION_DELETE, ARGS(v_text(id)), "session", err);
}

bool token_insert(struct db *db, const struct api_token *v, struct error *err)
{
    return store_insert(db, Q_TOKEN_INSERT, api_token_fields, v, err);
}

bool token_get(struct db *db, struct arena *a, struct str id, struct api_token *out, struct error *err)
{
    return db_get(db, Q_TOKEN_GET, api_token_fields, out, a, "token", ARGS(v_text(id)), err);
}

bool token_list(struct db *db, struct arena *a, struct str user_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_TOKEN_LIST, ARGS(v_text(user_id)), api_token_fields, sizeof(struct api_token), out, err);
}

bool token_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_TOKEN_DELETE, ARGS(v_text(id)), "token", err);
}

bool session_get(struct db *db, struct arena *a, struct str id, instant now, struct session *out, struct error *err)
{
    return db_get(db, Q_SESSION_GET, session_fields, out, a, "session", ARGS(v_text(id), v_int(now.us)), err);
}

bool token_by_hash(struct db *db, struct arena *a, struct str hash, instant now, struct api_token *out,
    struct error *err)
{
    return db_get(db, Q_TOKEN_BY_HASH, api_token_fields, out, a, "token", ARGS(v_text(hash), v_int(now.us)), err);
}

bool session_delete_user(struct db *db, struct str user_id, struct error *err)
{
    return db_exec(db, Q_SESSION_DELETE_USER, NULL, ARGS(v_text(user_id)), err);
}

bool session_expire(struct db *db, instant now, struct error *err)
{
    return db_exec(db, Q_SESSION_EXPIRE, NULL, ARGS(v_int(now.us)), err);
}

const struct field owned_token_fields[] = {
    FIELD(struct owned_token, id, .doc = "Token id, `tok_…`"),
    FIELD(struct owned_token, user_id, .doc = "Whose rights it carries"),
    FIELD(struct owned_token, name, .doc = "What it is for"),
    FIELD(struct owned_token, hint, .doc = "Its last characters"),
    FIELD(struct owned_token, created_at, .doc = "When it was made"),
    FIELD(struct owned_token, expires_at, .flags = FIELD_NULLABLE, .doc = "When it stops working"),
    FIELD(struct owned_token, user_name, .doc = "Name of the person"),
    FIELD(struct owned_token, role, .doc = "What the person may do"),
    {0},
};

bool token_all(struct db *db, struct arena *a, int64_t limit, struct list *out, struct error *err)
{
    return store_list(db, a, Q_TOKEN_ALL, ARGS(v_int(limit)), owned_token_fields, sizeof(struct owned_token), out, err);
}
