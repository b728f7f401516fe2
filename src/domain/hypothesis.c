#include "domain/hypothesis.h"

#include <stdlib.h>

#include "base/error.h"

const char *const hypothesis_states[] = {"proposed", "testing", "supported", "refuted", "confirmed", NULL};
const char *const finding_says[] = {"for", "against", "unclear", NULL};

const struct field hypothesis_fields[] = {
    FIELD(struct hypothesis, id, .flags = FIELD_READONLY, .doc = "Hypothesis id, `hyp_…`"),
    FIELD(struct hypothesis, incident_id, .flags = FIELD_READONLY, .doc = "Incident it would explain"),
    FIELD(struct hypothesis, text, .flags = FIELD_READONLY, .max = 500, .doc = "What might be the cause"),
    FIELD(struct hypothesis, likelihood, .flags = FIELD_READONLY, .min = 1, .max = 5, .doc = "How likely it is, 1–5"),
    FIELD(struct hypothesis, impact, .flags = FIELD_READONLY, .min = 1, .max = 5, .doc = "How much of what is seen it would explain, 1–5"),
    FIELD(struct hypothesis, test, .flags = FIELD_READONLY, .max = 500, .doc = "How one would know"),
    FIELD(struct hypothesis, owner_id, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Who tests it"),
    FIELD(struct hypothesis, timebox, .flags = FIELD_DURATION | FIELD_READONLY, .doc = "How long a test may take; 0s: as long as it takes"),
    FIELD(struct hypothesis, state, .choices = hypothesis_states, .flags = FIELD_READONLY, .doc = "proposed, testing, supported, refuted or confirmed"),
    FIELD(struct hypothesis, due_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When the time of its test is up"),
    FIELD(struct hypothesis, is_over, .flags = FIELD_READONLY, .doc = "That time is up, and it is still being tested"),
    FIELD(struct hypothesis, change_id, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Change that it suspects"),
    FIELD(struct hypothesis, author_name, .flags = FIELD_READONLY, .doc = "Who proposed it"),
    FIELD(struct hypothesis, created_at, .flags = FIELD_READONLY, .doc = "When it was proposed"),
    FIELD(struct hypothesis, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    {0},
};

#define LIKELIHOOD FIELD(struct hypothesis_input, likelihood, .min = 1, .max = 5, .doc = "How likely it is, 1–5; 3 if not given", .example = "4")
#define IMPACT FIELD(struct hypothesis_input, impact, .min = 1, .max = 5, .doc = "How much of what is seen it would explain, 1–5; 3 if not given", .example = "5")
#define TEST_FIELD FIELD(struct hypothesis_input, test, .flags = FIELD_NULLABLE, .max = 500, .doc = "How one would know", .example = "Compare error rates of pods with the old and the new version")
#define OWNER FIELD(struct hypothesis_input, owner_id, .flags = FIELD_NULLABLE, .doc = "Who tests it")
#define TIMEBOX FIELD(struct hypothesis_input, timebox, .flags = FIELD_DURATION, .min = 0, .max = DAY_US, .doc = "How long a test may take; 0s: as long as it takes; 15m if not given", .example = "15m")

const struct field hypothesis_new_fields[] = {
    FIELD(struct hypothesis_input, text, .flags = FIELD_NULLABLE, .max = 500, .doc = "What might be the cause; with change_id it is made from the change if not given", .example = "Release 2.4.1 leaks connections"),
    LIKELIHOOD, IMPACT, TEST_FIELD, OWNER, TIMEBOX,
    FIELD(struct hypothesis_input, change_id, .flags = FIELD_NULLABLE, .doc = "Change that it suspects; proposing it again gives the same hypothesis"),
    {0},
};

const struct field hypothesis_edit_fields[] = {
    FIELD(struct hypothesis_input, text, .flags = FIELD_REQUIRED, .max = 500, .doc = "What might be the cause"),
    LIKELIHOOD, IMPACT, TEST_FIELD, OWNER, TIMEBOX,
    FIELD(struct hypothesis_input, state, .choices = hypothesis_states, .doc = "Where it goes: testing (which starts the time-box), supported, refuted, confirmed, or back to proposed"),
    FIELD(struct hypothesis_input, reason, .flags = FIELD_NULLABLE, .max = 500, .doc = "What moved it: needed to refute and to confirm, and kept as evidence"),
    {0},
};

const struct field finding_fields[] = {
    FIELD(struct finding, id, .flags = FIELD_READONLY, .doc = "Evidence id, `fnd_…`"),
    FIELD(struct finding, hypothesis_id, .flags = FIELD_READONLY, .doc = "Hypothesis it is about"),
    FIELD(struct finding, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    FIELD(struct finding, says, .flags = FIELD_REQUIRED, .choices = finding_says, .doc = "for, against or unclear"),
    FIELD(struct finding, text, .flags = FIELD_REQUIRED, .max = 500, .doc = "What was seen", .example = "Old pods fail as well"),
    FIELD(struct finding, author_name, .flags = FIELD_READONLY, .doc = "Who saw it"),
    FIELD(struct finding, at, .flags = FIELD_READONLY, .doc = "When it was written down"),
    {0},
};

int64_t hypothesis_rank(const struct hypothesis *h)
{
    return h->likelihood * h->impact;
}

static int stage(const struct hypothesis *h)
{
    for (int k = 0; hypothesis_states[k]; k++)
        if (str_eq(h->state, str_from(hypothesis_states[k])))
            return k;
    return 0;
}

static int order(const void *a, const void *b)
{
    const struct hypothesis *x = a, *y = b;
    bool cx = str_eq(x->state, S("confirmed")), cy = str_eq(y->state, S("confirmed"));
    bool rx = str_eq(x->state, S("refuted")), ry = str_eq(y->state, S("refuted"));
    int64_t by = (cy - cx) * 1000 + (rx - ry) * 1000;

    if (!by)
        by = hypothesis_rank(y) - hypothesis_rank(x);
    if (!by)
        by = stage(y) - stage(x);
    if (!by)
        by = str_cmp(x->id, y->id); /* ids sort by age */
    return by < 0 ? -1 : by > 0;
}

void hypotheses_sort(struct hypothesis *h, size_t n)
{
    if (n > 1)
        qsort(h, n, sizeof *h, order);
}

bool hypothesis_move(struct hypothesis *h, struct str to, struct str reason, instant now, struct error *err)
{
    bool ends = str_eq(to, S("refuted")) || str_eq(to, S("confirmed"));
    bool ended = str_eq(h->state, S("refuted")) || str_eq(h->state, S("confirmed"));
    bool testing = str_eq(to, S("testing"));

    if (ended && !testing && !str_eq(to, h->state))
        return fail(err, CONFLICT, "it is %.*s; test it again first", STR(h->state));
    if (ends && !reason.len)
        return fail_field(err, "reason", "must say what showed it");
    h->state = to;
    h->is_over = false;
    h->due_at = testing && h->timebox > 0 ? instant_add(now, h->timebox) : (instant){0};
    return true;
}
