#include "domain/user.h"

const char *const role_names[] = {"viewer", "responder", "manager", "admin", NULL};

enum role role_of(struct str name)
{
    for (int i = 0; role_names[i]; i++)
        if (str_eq(name, str_from(role_names[i])))
            return (enum role)(ROLE_VIEWER + i);
    return ROLE_ANYONE;
}

const struct field user_fields[] = {
    FIELD(struct user, id, .flags = FIELD_READONLY, .doc = "User id, `usr_…`"),
    FIELD(struct user, email, .flags = FIELD_REQUIRED, .max = 254, .doc = "Address to sign in with", .example = "ada@example.org"),
    FIELD(struct user, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Full name", .example = "Ada Lovelace"),
    FIELD(struct user, role, .choices = role_names, .doc = "What the person may do"),
    FIELD(struct user, zone, .max = 64, .doc = "Time zone, an IANA name", .example = "Europe/Berlin"),
    FIELD(struct user, language, .flags = FIELD_NULLABLE, .max = 16, .doc = "Language of pages and messages; null: the browser's, and the policy pack's", .example = "ru"),
    FIELD(struct user, password_hash, .flags = FIELD_READONLY | FIELD_SECRET | FIELD_NULLABLE, .max = 256, .doc = "argon2id"),
    FIELD(struct user, disabled, .doc = "May not sign in and is not paged"),
    FIELD(struct user, created_at, .flags = FIELD_READONLY, .doc = "When the account was made"),
    FIELD(struct user, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    FIELD(struct user, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field contact_fields[] = {
    FIELD(struct contact, id, .flags = FIELD_READONLY, .doc = "Contact id, `con_…`"),
    FIELD(struct contact, user_id, .flags = FIELD_READONLY, .doc = "Whose it is"),
    FIELD(struct contact, kind, .flags = FIELD_REQUIRED, .max = 32, .doc = "Channel: `email`", .example = "email"),
    FIELD(struct contact, address, .flags = FIELD_REQUIRED, .max = 500, .doc = "Address on that channel", .example = "ada@example.org"),
    FIELD(struct contact, enabled, .flags = FIELD_READONLY, .doc = "Pages are sent here"),
    FIELD(struct contact, created_at, .flags = FIELD_READONLY, .doc = "When it was added"),
    {0},
};

const struct field session_fields[] = {
    FIELD(struct session, id, .flags = FIELD_SECRET),
    FIELD(struct session, user_id),
    FIELD(struct session, csrf, .flags = FIELD_SECRET),
    FIELD(struct session, created_at),
    FIELD(struct session, expires_at),
    FIELD(struct session, agent),
    {0},
};

const struct field api_token_fields[] = {
    FIELD(struct api_token, id, .flags = FIELD_READONLY, .doc = "Token id, `tok_…`"),
    FIELD(struct api_token, user_id, .flags = FIELD_READONLY, .doc = "Whose rights it carries"),
    FIELD(struct api_token, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "What it is for", .example = "deploy script"),
    FIELD(struct api_token, hint, .flags = FIELD_READONLY, .doc = "Its last characters"),
    FIELD(struct api_token, hash, .flags = FIELD_READONLY | FIELD_SECRET),
    FIELD(struct api_token, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    FIELD(struct api_token, expires_at, .flags = FIELD_NULLABLE, .doc = "When it stops working; never if null"),
    {0},
};

bool email_valid(struct str s)
{
    size_t at = str_find(s, '@');

    if (at == 0 || at + 1 >= s.len || s.len > 254)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= ' ' || c == 0x7f || (c == '@' && i != at) || c == '<' || c == '>' || c == ',' || c == ';')
            return false;
    }
    return s.ptr[at + 1] != '.' && s.ptr[s.len - 1] != '.';
}
