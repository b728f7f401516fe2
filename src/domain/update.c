#include "domain/update.h"

#include "domain/incident.h"
#include "domain/pack.h"

const char *const update_states[] = {"draft", "approved", "published", "retracted", NULL};
const char *const cause_states[] = {"investigating", "suspected", "known", NULL};
static const char *const moments[] = {"initial", "update", "resolution", NULL};

#define LINES (FIELD_MULTILINE)
#define FORM(T)                                                                                    \
    FIELD(T, service, .max = 100, .doc = "External audiences: what they call what is broken", .example = "Card payments"), \
    FIELD(T, summary, .flags = LINES, .max = 1000, .doc = "Where things stand, in a sentence or two"), \
    FIELD(T, since, .flags = LINES, .max = 4000, .doc = "What happened since the last update, one a line"), \
    FIELD(T, cause_state, .choices = cause_states, .doc = "Is the cause known, suspected, or under investigation?"), \
    FIELD(T, cause, .flags = LINES, .max = 1000, .doc = "The cause, as far as this audience is told"), \
    FIELD(T, impact, .flags = LINES, .max = 1000, .doc = "What it means for those affected"),        \
    FIELD(T, eta, .max = 200, .doc = "When it will be over, if that can be said"),                  \
    FIELD(T, next_steps, .flags = LINES, .max = 4000, .doc = "What is done next, one a line; `@name` at its end says by whom"), \
    FIELD(T, next_update_at, .flags = FIELD_NULLABLE, .doc = "When they hear next; not later than the policy pack promises")

const struct field update_fields[] = {
    FIELD(struct update, id, .flags = FIELD_READONLY, .doc = "Update id, `upd_…`"),
    FIELD(struct update, incident_id, .flags = FIELD_READONLY, .doc = "Incident it is about"),
    FIELD(struct update, audience, .doc = "Audience of the policy pack"),
    FIELD(struct update, number, .doc = "Number in its incident and audience"),
    FIELD(struct update, external, .doc = "The audience is outside: a separate, approved text"),
    FIELD(struct update, state, .choices = update_states, .doc = "draft, approved, published or retracted"),
    FIELD(struct update, moment, .choices = moments, .doc = "initial, update or resolution"),
    FIELD(struct update, status, .doc = "Core status, or for an external audience the public one"),
    FORM(struct update),
    FIELD(struct update, text, .flags = LINES, .max = UPDATE_MAX_TEXT, .doc = "The whole text as it is sent"),
    FIELD(struct update, language, .doc = "Language of the text"),
    FIELD(struct update, author_id, .doc = "Who wrote it"),
    FIELD(struct update, author_name, .doc = "Their name then"),
    FIELD(struct update, approved_by, .flags = FIELD_NULLABLE, .doc = "Who approved it"),
    FIELD(struct update, approved_name, .flags = FIELD_NULLABLE, .doc = "Their name then"),
    FIELD(struct update, approved_at, .flags = FIELD_NULLABLE, .doc = "When it was approved"),
    FIELD(struct update, published_at, .flags = FIELD_NULLABLE, .doc = "When it was published"),
    FIELD(struct update, visible_at, .flags = FIELD_NULLABLE, .doc = "When it leaves: external ones may be taken back until then"),
    FIELD(struct update, retracted_at, .flags = FIELD_NULLABLE, .doc = "When it was taken back"),
    FIELD(struct update, created_at, .doc = "When its draft was begun"),
    FIELD(struct update, updated_at, .doc = "When it last changed"),
    FIELD(struct update, version, .doc = "Rises with every change"),
    {0},
};

const struct field update_input_fields[] = {
    FIELD(struct update_input, audience, .flags = FIELD_REQUIRED, .max = 40, .doc = "Audience of the policy pack", .example = "users"),
    FIELD(struct update_input, status, .max = 20, .doc = "Core status, or for an external audience `investigating`, `identified`, `monitoring` or `resolved`; the incident's if not given"),
    FORM(struct update_input),
    FIELD(struct update_input, publish, .doc = "Approve and publish it at once, if you may"),
    {0},
};

const struct field update_act_fields[] = {
    FIELD(struct update_act, version, .min = 0, .max = INT64_MAX, .doc = "Version you saw; refused if it has changed since"),
    {0},
};

const struct pack_audience *pack_audience_find(const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->naudiences; i++)
        if (str_eq(p->audiences[i].id, id))
            return &p->audiences[i];
    return NULL;
}

/* How well a template fits; 0: not at all. */
static int fitness(const struct pack *p, const struct pack_template *t, const struct pack_audience *a, int64_t rank,
    struct str moment)
{
    const struct pack_audience *of = pack_audience_find(p, t->audience);
    bool own = str_eq(t->audience, a->id);

    if (!of || of->external != a->external)
        return 0;
    int fits = own ? 8 : 1;
    if (!rank || pack_applies(t->ranks, rank))
        fits += own ? 4 : 0;
    if (str_eq(t->moment, moment))
        fits += own ? 2 : 1;
    else if (!t->moment.len)
        fits += own ? 1 : 0;
    return fits;
}

const struct pack_template *update_template(
    const struct pack *p, const struct pack_audience *a, int64_t rank, struct str moment)
{
    const struct pack_template *best = NULL;
    int most = 0;

    for (size_t i = 0; i < p->ntemplates; i++) {
        int fits = fitness(p, &p->templates[i], a, rank, moment);
        if (fits > most) {
            most = fits;
            best = &p->templates[i];
        }
    }
    return best;
}

bool update_approver(const struct pack *p, struct str role)
{
    return str_eq(role, p->commander) || str_eq(role, S("communications"));
}

bool update_line(struct str *rest, struct str *line)
{
    while (rest->ptr) {
        *rest = str_cut(*rest, '\n', line);
        *line = str_trim(*line);
        if (str_starts(*line, S("- ")) || str_starts(*line, S("* ")))
            *line = str_trim(str_slice(*line, 2, line->len));
        if (line->len)
            return true;
    }
    return false;
}

struct str update_step(struct str line, struct str *owner)
{
    *owner = STR_NONE;
    for (size_t i = line.len; i-- > 1;)
        if (line.ptr[i] == '@' && line.ptr[i - 1] == ' ') {
            *owner = str_trim(str_slice(line, i + 1, line.len));
            if (!owner->len)
                return line;
            return str_trim(str_slice(line, 0, i));
        }
    return line;
}
