/* People: list, account, password, contacts, API tokens. Everybody may change their own account; an
 * administrator may change every account, and roles. */
#pragma once

#include "web/web.h"

extern const struct field person_password_fields[], person_token_fields[];

web_handler get_people, get_person, post_people, post_person, post_person_password;
web_handler post_person_contacts, post_person_contact_remove, post_person_contact_test;
web_handler get_person_tokens, post_person_tokens, post_person_token_remove;
/* On a worker: passwords are hashed there. */
web_handler prepare_people, prepare_person_password;
