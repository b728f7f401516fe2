#include "domain/role.h"

#include "domain/pack.h"

const struct field role_term_fields[] = {
    FIELD(struct role_term, id, .flags = FIELD_READONLY, .doc = "Id of this term, `term_…`"),
    FIELD(struct role_term, incident_id, .flags = FIELD_READONLY, .doc = "Incident it was in"),
    FIELD(struct role_term, role, .flags = FIELD_READONLY, .doc = "Role of the policy pack"),
    FIELD(struct role_term, user_id, .flags = FIELD_READONLY, .doc = "Who held it"),
    FIELD(struct role_term, name, .flags = FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct role_term, from_at, .flags = FIELD_READONLY, .doc = "Since when"),
    FIELD(struct role_term, to_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Until when; null: still"),
    FIELD(struct role_term, reason, .flags = FIELD_NULLABLE | FIELD_READONLY, .max = 1000, .doc = "Why it was handed over to them"),
    {0},
};

const struct field role_turn_fields[] = {
    FIELD(struct role_turn, user_id, .doc = "Who takes a turn"),
    FIELD(struct role_turn, name, .doc = "Their name"),
    FIELD(struct role_turn, disabled, .doc = "Their account is disabled: they are skipped"),
    FIELD(struct role_turn, position, .doc = "Place in the order"),
    FIELD(struct role_turn, led_at, .flags = FIELD_NULLABLE, .doc = "When their turn last came"),
    {0},
};

const struct field role_turn_input_fields[] = {
    FIELD(struct role_turn_input, user_id, .flags = FIELD_REQUIRED, .max = 64, .doc = "Who takes turns from now on, as the last"),
    {0},
};

static const char *const request_states[] = {"open", "accepted", "declined", NULL};

const struct field responder_request_fields[] = {
    FIELD(struct responder_request, id, .flags = FIELD_READONLY, .doc = "Request id, `ask_…`"),
    FIELD(struct responder_request, incident_id, .flags = FIELD_READONLY, .doc = "Incident it is about"),
    FIELD(struct responder_request, role, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Role they are asked to take; null: just to help"),
    FIELD(struct responder_request, user_id, .flags = FIELD_READONLY, .doc = "Who is asked"),
    FIELD(struct responder_request, user_name, .flags = FIELD_READONLY, .doc = "Their name"),
    FIELD(struct responder_request, asked_by, .flags = FIELD_READONLY, .doc = "Who asks"),
    FIELD(struct responder_request, asked_name, .flags = FIELD_READONLY, .doc = "Their name"),
    FIELD(struct responder_request, message, .flags = FIELD_READONLY | FIELD_MULTILINE, .max = 500, .doc = "What is needed from them"),
    FIELD(struct responder_request, state, .choices = request_states, .flags = FIELD_READONLY, .doc = "open, accepted or declined"),
    FIELD(struct responder_request, answer, .flags = FIELD_NULLABLE | FIELD_READONLY, .max = 500, .doc = "What they said to it"),
    FIELD(struct responder_request, asked_at, .flags = FIELD_READONLY, .doc = "When they were asked"),
    FIELD(struct responder_request, answered_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When they answered"),
    {0},
};

const struct field request_input_fields[] = {
    FIELD(struct request_input, user_id, .flags = FIELD_REQUIRED, .max = 64, .doc = "Whom to ask"),
    FIELD(struct request_input, role, .flags = FIELD_NULLABLE, .max = 40, .doc = "Role they should take; empty: just to help"),
    FIELD(struct request_input, message, .flags = FIELD_MULTILINE, .max = 500, .doc = "What you need from them"),
    {0},
};

static const char *const answers[] = {"accept", "decline", NULL};

const struct field request_answer_fields[] = {
    FIELD(struct request_answer, answer, .flags = FIELD_REQUIRED, .choices = answers, .doc = "accept or decline"),
    FIELD(struct request_answer, reason, .flags = FIELD_NULLABLE, .max = 500, .doc = "When you are there, or why not"),
    {0},
};

size_t role_next_turn(const struct role_turn *v, size_t n)
{
    size_t last = n;

    for (size_t i = 0; i < n; i++)
        if (instant_is_set(v[i].led_at) && (last == n || v[i].led_at.us > v[last].led_at.us))
            last = i;
    for (size_t k = 1; k <= n; k++) {
        size_t i = last == n ? k - 1 : (last + k) % n;
        if (!v[i].disabled)
            return i;
    }
    return n;
}

bool role_required(const struct pack *p, const struct pack_role *role, struct str severity)
{
    const struct pack_severity *s = severity.len ? pack_severity_find(p, severity) : NULL;

    return s && pack_applies(role->ranks, s->rank);
}
