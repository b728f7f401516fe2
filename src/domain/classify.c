#include "domain/classify.h"

#include "domain/pack.h"

const struct field classification_fields[] = {
    FIELD(struct classification, class, .flags = FIELD_REQUIRED, .max = 40, .doc = "Class of the policy pack", .example = "security"),
    FIELD(struct classification, reason, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why; needed to change it"),
    FIELD(struct classification, aware_at, .flags = FIELD_NULLABLE, .doc = "When somebody became aware, from which legal clocks count; now if not given"),
    {0},
};

const struct field legal_clock_fields[] = {
    FIELD(struct legal_clock, incident_id, .flags = FIELD_HIDDEN),
    FIELD(struct legal_clock, clock, .doc = "Id of the clock in the policy pack"),
    FIELD(struct legal_clock, name, .doc = "What has to be done"),
    FIELD(struct legal_clock, aware_at, .doc = "From when it counts"),
    FIELD(struct legal_clock, after_us, .doc = "How much time there is, in microseconds"),
    FIELD(struct legal_clock, due_at, .doc = "When it is over"),
    FIELD(struct legal_clock, state, .doc = "running, done or not_applicable"),
    FIELD(struct legal_clock, reason, .doc = "What was done, or why it does not apply"),
    FIELD(struct legal_clock, ended_by, .flags = FIELD_NULLABLE, .doc = "Who said so"),
    FIELD(struct legal_clock, ended_name, .flags = FIELD_NULLABLE, .doc = "Their name then"),
    FIELD(struct legal_clock, ended_at, .flags = FIELD_NULLABLE, .doc = "When"),
    {0},
};

static const char *const clock_states[] = {"running", "done", "not_applicable", NULL};

const struct field clock_change_fields[] = {
    FIELD(struct clock_change, state, .flags = FIELD_REQUIRED, .choices = clock_states, .doc = "`done`, `not_applicable`, or `running` again"),
    FIELD(struct clock_change, reason, .flags = FIELD_REQUIRED | FIELD_MULTILINE, .max = 1000, .doc = "What was done and when, or why it does not apply"),
    {0},
};

const struct pack_class *pack_class_find(const struct pack *p, struct str id)
{
    for (size_t k = 0; k < p->nclasses; k++)
        if (str_eq(p->classes[k].id, id))
            return &p->classes[k];
    return NULL;
}

instant clock_warning(const struct legal_clock *c, instant t)
{
    const int64_t at[] = {c->after_us / 2, c->after_us / 4 * 3, c->after_us - DAY_US, c->after_us};
    instant next = {0};

    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        instant w = instant_add(c->aware_at, at[k]);
        if (at[k] > 0 && w.us > t.us && (!instant_is_set(next) || w.us < next.us))
            next = w;
    }
    return instant_is_set(next) ? next : instant_add(c->due_at, ((t.us - c->due_at.us) / DAY_US + 1) * DAY_US);
}
