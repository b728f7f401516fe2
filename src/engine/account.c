#include "engine/account.h"

#include "base/sign.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "domain/service.h"
#include "engine/pack.h"
#include "engine/setup.h"
#include "notify/channels.h"
#include "store/service.h"
#include "store/user.h"
#include "text/language.h"

#define SETUP_SETTING "setup_user" /* who has yet to open the set-up link; gone once it was used */
#define SETUP_LIFE_US (30 * DAY_US)

#define USER_EMAIL FIELD(struct user_input, email, .flags = FIELD_REQUIRED, .max = 254, .doc = "Address to sign in with")
#define USER_PASSWORD FIELD(struct user_input, password, .flags = FIELD_REQUIRED | FIELD_SECRET, .min = PASSWORD_MIN, .max = 256, .doc = "At least 10 characters")
#define USER_NAME FIELD(struct user_input, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Full name")
#define USER_ZONE FIELD(struct user_input, zone, .max = 64, .doc = "Time zone, an IANA name", .example = "Europe/Berlin")

const struct field user_input_fields[] = {
    USER_EMAIL, USER_NAME,
    FIELD(struct user_input, role, .choices = role_names, .doc = "viewer, responder, manager or admin"),
    USER_ZONE,
    FIELD(struct user_input, language, .flags = FIELD_NULLABLE, .max = 16, .doc = "Language of pages and messages, such as ru; null: the browser's, and the policy pack's"),
    FIELD(struct user_input, password, .flags = FIELD_SECRET | FIELD_NULLABLE, .max = 256, .doc = "At least 10 characters"),
    FIELD(struct user_input, disabled, .doc = "May not sign in and is not paged"),
    {0},
};
const struct field password_fields[] = {USER_PASSWORD, {0}};
const struct field signin_fields[] = {USER_EMAIL,
    FIELD(struct user_input, password, .flags = FIELD_REQUIRED | FIELD_SECRET, .max = 256, .doc = "Password"),
    FIELD(struct user_input, next, .flags = FIELD_NULLABLE, .max = 2000, .doc = "Path to go to afterwards"), {0}};
const struct field setup_fields[] = {
    FIELD(struct user_input, email, .flags = FIELD_NULLABLE, .max = 254, .doc = "Address to sign in with, if another than the one given to `tocsin init`"),
    USER_NAME, USER_ZONE, USER_PASSWORD, {0}};

static bool check_zone(struct op *op, struct str zone, struct error *err)
{
    const struct zone *z;
    struct error unknown = {0};

    return !zone.len || zone_load(op->arena, zone, &z, &unknown) ||
        fail_field(err, "zone", "is not a time zone of this system");
}

static bool check_language(struct op *op, struct str language, struct error *err)
{
    return !language.len || language_find(op->env->languages, language) ||
        fail_field(err, "language", "is not a language that is spoken here");
}

/* Signed, so that every link that was printed works until one of them has been used. */
static struct str set_up_link(struct op *op, struct str user_id)
{
    struct link link = {.subject = user_id, .user = user_id, .action = S("setup"),
        .expires = {(op->now.us + SETUP_LIFE_US) / SECOND_US * SECOND_US}};

    return link_make(op->arena, &op->env->links, &link);
}

bool engine_init(struct op *op, struct account_init *in, struct error *err)
{
    struct user admin = {.id = op_id(op, "usr"), .email = str_lower(op->arena, in->email),
        .name = in->name.len ? in->name : S("Administrator"), .role = S("admin"),
        .zone = in->zone.len ? in->zone : S("UTC"), .created_at = op->now, .updated_at = op->now, .version = 1};
    struct service s = {.name = S("default"), .description = S("Where alerts arrive until routes say otherwise."),
        .group_by = S("alertname")};
    struct integration_key key = {.name = S("default")};
    struct api_token token = {.name = S("made by tocsin init")};
    struct str installed;

    if (!setting_get(op->db, op->arena, S("installed"), &installed, err))
        return false;
    if (installed.ptr)
        return fail(err, CONFLICT, "this database is set up already");
    if (!email_valid(in->email))
        return fail_field(err, "admin", "must be an e-mail address");
    if (!check_zone(op, in->zone, err) || (in->pack.len && !engine_pack_choose(op, in->pack, err)))
        return false;
    op->actor = (struct actor){S("user"), admin.id, admin.name};
    in->setup_token = set_up_link(op, admin.id);
    return setting_put(op->db, S("installed"), time_text(op->arena, op->now), err) &&
        user_put(op->db, &admin, err) && engine_token_add(op, admin.id, &token, &in->token, err) &&
        engine_service_put(op, &s, err) &&
        engine_key_add(op, s.id, &key, &in->integration_key, err) &&
        setting_put(op->db, S(SETUP_SETTING), admin.id, err) &&
        op_timer(op, "housekeeping", S("system"), op->now, err) &&
        op_say(op, admin.id, "installed", err, "Set up with %.*s as administrator", STR(admin.email));
}

bool engine_setup_token(struct op *op, struct str *out, struct error *err)
{
    struct str user_id;
    struct user u = {0};

    *out = STR_NONE;
    if (!setting_get(op->db, op->arena, S(SETUP_SETTING), &user_id, err))
        return false;
    if (!user_id.ptr)
        return true;
    if (!user_get(op->db, op->arena, user_id, &u, err))
        return false;
    if (!u.password_hash.ptr)
        *out = set_up_link(op, user_id);
    return true;
}

bool engine_setup(struct op *op, struct str token, const struct user_input *in, struct str password_hash,
    struct user *out, struct error *err)
{
    struct error refused = {0};
    struct str user_id;
    struct link link;

    if (!setting_get(op->db, op->arena, S(SETUP_SETTING), &user_id, err))
        return false;
    if (!user_id.ptr || !link_read(&op->env->links, token, op->now, &link, &refused) ||
        !str_eq(link.action, S("setup")) || !str_eq(link.user, user_id))
        return fail(err, NOT_FOUND, "this set-up link was used already, or is too old: the server prints a new one when it starts");
    if (in->email.len && !email_valid(in->email))
        fail_field(err, "email", "must be an e-mail address");
    check_zone(op, in->zone, err);
    if (err->kind != ERROR_NONE || !user_get(op->db, op->arena, user_id, out, err))
        return false;
    out->name = in->name;
    if (in->email.len)
        out->email = str_lower(op->arena, in->email);
    if (in->zone.len)
        out->zone = in->zone;
    out->password_hash = password_hash;
    out->updated_at = op->now;
    out->version++;
    op->actor = (struct actor){S("user"), out->id, out->name};
    return user_put(op->db, out, err) && setting_delete(op->db, S(SETUP_SETTING), err) &&
        op_say(op, out->id, "account", err, "Set up by the one-time link");
}

bool engine_session(struct op *op, const struct user *u, struct str agent, struct str *cookie,
    struct session *out, struct error *err)
{
    *cookie = token_make(op->arena, "ses");
    *out = (struct session){.id = token_hash(op->arena, *cookie), .user_id = u->id,
        .csrf = token_make(op->arena, "csrf"), .created_at = op->now,
        .expires_at = instant_add(op->now, SESSION_LIFE_US), .agent = agent.ptr && utf8_valid(agent) ? utf8_truncate(agent, 200) : S("")};
    return session_insert(op->db, out, err);
}

bool engine_user_add(struct op *op, const struct user_input *in, struct str password_hash, struct user *out,
    struct error *err)
{
    struct user other = {0};
    struct error missing = {0};

    if (!email_valid(in->email))
        fail_field(err, "email", "must be an e-mail address");
    check_zone(op, in->zone, err);
    check_language(op, in->language, err);
    if (err->kind != ERROR_NONE)
        return false;
    *out = (struct user){.id = op_id(op, "usr"), .email = str_lower(op->arena, in->email), .name = in->name,
        .role = in->role.len ? in->role : S("responder"), .zone = in->zone.len ? in->zone : S("UTC"),
        .language = in->language, .password_hash = password_hash, .disabled = in->disabled, .created_at = op->now,
        .updated_at = op->now, .version = 1};
    if (user_by_email(op->db, op->arena, out->email, &other, &missing))
        return fail_field(err, "email", "is in use by %.*s", STR(other.name));
    if (missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    return user_put(op->db, out, err) &&
        op_say(op, out->id, "account", err, "Account of %.*s made, role %.*s", STR(out->name), STR(out->role));
}

static bool given_field(uint64_t given, const char *name)
{
    for (size_t i = 0; user_input_fields[i].name; i++)
        if (str_eq(str_from(user_input_fields[i].name), str_from(name)))
            return (given >> i) & 1;
    return false;
}

bool engine_user_edit(struct op *op, struct str id, const struct user_input *in, uint64_t given,
    struct str password_hash, struct user *out, struct error *err)
{
    int64_t admins;

    if (!user_get(op->db, op->arena, id, out, err) || !store_count(op->db, Q_USER_ADMINS, NO_ARGS, &admins, err))
        return false;
    bool was_admin = str_eq(out->role, S("admin")) && !out->disabled;
    if (given_field(given, "email") && !email_valid(in->email))
        fail_field(err, "email", "must be an e-mail address");
    if (given_field(given, "zone"))
        check_zone(op, in->zone, err);
    check_language(op, in->language, err);
    if (err->kind != ERROR_NONE)
        return false;
    if (given_field(given, "email"))
        out->email = str_lower(op->arena, in->email);
    if (given_field(given, "name"))
        out->name = in->name;
    if (given_field(given, "role") && in->role.len)
        out->role = in->role;
    if (given_field(given, "zone") && in->zone.len)
        out->zone = in->zone;
    if (given_field(given, "language"))
        out->language = in->language;
    if (given_field(given, "disabled"))
        out->disabled = in->disabled;
    if (password_hash.ptr)
        out->password_hash = password_hash;
    if (was_admin && admins == 1 && (out->disabled || !str_eq(out->role, S("admin"))))
        return fail_field(err, "role", "%.*s is the last administrator", STR(out->name));
    out->updated_at = op->now;
    out->version++;
    if ((out->disabled || password_hash.ptr) && !session_delete_user(op->db, id, err))
        return false;
    return user_put(op->db, out, err) &&
        op_say(op, id, "account", err, "Account of %.*s changed%s", STR(out->name),
            password_hash.ptr ? ", with a new password" : "");
}

bool engine_contact_add(struct op *op, struct str user_id, struct contact *c, struct error *err)
{
    struct user u = {0};
    struct list have;

    if (!user_get(op->db, op->arena, user_id, &u, err) || !contact_list(op->db, op->arena, user_id, &have, err))
        return false;
    if (have.n >= 20)
        return fail_field(err, "address", "at most 20 contacts");
    for (size_t i = 0; i < have.n; i++)
        if (str_eq(((struct contact *)have.v)[i].kind, c->kind) && str_eq(((struct contact *)have.v)[i].address, c->address))
            return fail_field(err, "address", "is there already");
    if (!str_eq(c->kind, S("email")))
        return fail_field(err, "kind", "must be email");
    if (!email_valid(c->address))
        return fail_field(err, "address", "must be an e-mail address");
    c->id = op_id(op, "con");
    c->user_id = user_id;
    c->enabled = true;
    c->created_at = op->now;
    return contact_insert(op->db, c, err) &&
        op_say(op, user_id, "account", err, "Contact added: %.*s", STR(c->address));
}

bool engine_contact_remove(struct op *op, struct str user_id, struct str id, struct error *err)
{
    struct contact c = {0};

    if (!contact_get(op->db, op->arena, id, &c, err))
        return false;
    if (!str_eq(c.user_id, user_id))
        return fail(err, NOT_FOUND, "no such contact");
    return contact_delete(op->db, id, err) &&
        op_say(op, user_id, "account", err, "Contact removed: %.*s", STR(c.address));
}

bool engine_token_add(struct op *op, struct str user_id, struct api_token *t, struct str *secret, struct error *err)
{
    *secret = token_make(op->arena, "tocsin");
    t->id = op_id(op, "tok");
    t->user_id = user_id;
    t->hint = str_slice(*secret, secret->len - 4, secret->len);
    t->hash = token_hash(op->arena, *secret);
    t->created_at = op->now;
    if (instant_is_set(t->expires_at) && t->expires_at.us <= op->now.us)
        return fail_field(err, "expires_at", "must be in the future");
    return token_insert(op->db, t, err) && op_say(op, user_id, "account", err, "API token made: %.*s", STR(t->name));
}

bool engine_token_remove(struct op *op, struct str user_id, struct str id, struct error *err)
{
    struct api_token t = {0};

    if (!token_get(op->db, op->arena, id, &t, err))
        return false;
    if (!str_eq(t.user_id, user_id))
        return fail(err, NOT_FOUND, "no such token");
    return token_delete(op->db, id, err) && op_say(op, user_id, "account", err, "API token removed: %.*s", STR(t.name));
}
