#include "engine/hypothesis.h"

#include "domain/incident.h"
#include "domain/user.h"
#include "engine/change.h"
#include "store/change.h"
#include "store/hypothesis.h"
#include "store/incident.h"
#include "store/timer.h"
#include "store/user.h"

static bool check_owner(struct op *op, struct str *owner, struct error *err)
{
    struct user u = {0};
    struct error looked = {0};

    if (!owner->len)
        *owner = STR_NONE;
    if (!owner->len || user_get(op->db, op->arena, *owner, &u, &looked))
        return true;
    if (looked.kind == ERROR_NOT_FOUND)
        return fail_field(err, "owner_id", "is not a user");
    *err = looked;
    return false;
}

/* The hypothesis that the change suggests; words that a person has given stay. */
static bool suspect(struct op *op, struct hypothesis *h, struct error *err)
{
    struct change c = {0};
    struct error looked = {0};

    if (!change_get(op->db, op->arena, h->change_id, &c, &looked)) {
        if (looked.kind == ERROR_NOT_FOUND)
            return fail_field(err, "change_id", "is not a change");
        *err = looked;
        return false;
    }
    if (!h->text.len)
        h->text = str_printf(op->arena, "Caused by: %.*s", STR(change_line(op->arena, &c)));
    if (!h->test.len)
        h->test = S("Did it begin when this took effect, and only where it did? Take it back in one place and compare.");
    return true;
}

static bool known_suspect(struct op *op, const struct incident *i, struct str change_id, struct hypothesis *out,
    bool *found, struct error *err)
{
    struct error looked = {0};

    *found = change_id.len && hypothesis_of_change(op->db, op->arena, i->id, change_id, out, &looked);
    if (*found || looked.kind == ERROR_NONE || looked.kind == ERROR_NOT_FOUND)
        return true;
    *err = looked;
    return false;
}

bool engine_hypothesis_add(struct op *op, struct str ref, const struct hypothesis_input *in, struct hypothesis *out,
    bool *fresh, struct error *err)
{
    struct incident i = {0};
    int64_t n;
    bool found;

    if (!incident_find(op->db, op->arena, ref, &i, err) || !known_suspect(op, &i, in->change_id, out, &found, err))
        return false;
    *fresh = !found;
    if (found)
        return true;
    if (!store_count(op->db, Q_HYPOTHESIS_COUNT, ARGS(v_text(i.id)), &n, err))
        return false;
    if (n >= HYPOTHESIS_MAX)
        return fail(err, CONFLICT, "%.*s has %d hypotheses already", STR(i.number), HYPOTHESIS_MAX);
    *out = (struct hypothesis){.id = op_id(op, "hyp"), .incident_id = i.id, .text = in->text, .likelihood = in->likelihood,
        .impact = in->impact, .test = in->test, .owner_id = in->owner_id, .timebox = in->timebox, .state = S("proposed"),
        .change_id = in->change_id.len ? in->change_id : STR_NONE, .author_name = op->actor.name, .created_at = op->now,
        .updated_at = op->now};
    if (out->change_id.len && !suspect(op, out, err))
        return false;
    if (!out->text.len)
        fail_field(err, "text", "must not be empty");
    if (!out->test.ptr)
        out->test = S("");
    if (!check_owner(op, &out->owner_id, err) || err->kind != ERROR_NONE)
        return false;
    return hypothesis_put(op->db, out, err) &&
        op_say(op, i.id, "hypothesis", err, "Hypothesis: %.*s (likelihood %lld × impact %lld)", STR(out->text),
            (long long)out->likelihood, (long long)out->impact);
}

/* The hypothesis, which must be the incident's. */
static bool find(struct op *op, struct str ref, struct str id, struct incident *i, struct hypothesis *out,
    struct error *err)
{
    if (!incident_find(op->db, op->arena, ref, i, err) || !hypothesis_get(op->db, op->arena, id, out, err))
        return false;
    return str_eq(out->incident_id, i->id) || fail(err, NOT_FOUND, "%.*s has no such hypothesis", STR(i->number));
}

static bool given_field(uint64_t given, const char *name)
{
    for (size_t k = 0; hypothesis_edit_fields[k].name; k++)
        if (str_eq(str_from(hypothesis_edit_fields[k].name), str_from(name)))
            return given & (UINT64_C(1) << k);
    return false;
}

static bool keep_finding(struct op *op, const struct hypothesis *h, struct str says, struct str text,
    struct error *err)
{
    struct finding e = {.id = op_id(op, "fnd"), .hypothesis_id = h->id, .incident_id = h->incident_id, .says = says,
        .text = text, .author_name = op->actor.name, .at = op->now};
    int64_t n;

    if (!store_count(op->db, Q_FINDING_COUNT, ARGS(v_text(h->incident_id)), &n, err))
        return false;
    if (n >= FINDING_MAX)
        return fail(err, CONFLICT, "the incident has %d pieces of evidence already", FINDING_MAX);
    return finding_add(op->db, &e, err);
}

/* Moves it as far as rows go: clock, evidence, timeline. */
static bool move(struct op *op, struct hypothesis *h, struct str to, struct str reason, struct error *err)
{
    bool against = str_eq(to, S("refuted")), supports = str_eq(to, S("supported")) || str_eq(to, S("confirmed"));

    if (!hypothesis_move(h, to, reason, op->now, err))
        return false;
    bool clock = instant_is_set(h->due_at) ? op_timer(op, "hypothesis", h->id, h->due_at, err)
                                           : timer_cancel(op->db, S("hypothesis"), h->id, err);
    return clock &&
        (!reason.len || keep_finding(op, h, against ? S("against") : supports ? S("for") : S("unclear"), reason, err)) &&
        op_say(op, h->incident_id, "hypothesis", err, "Hypothesis %.*s: %.*s%s%.*s", STR(to), STR(h->text),
            reason.len ? " — " : "", STR(reason));
}

bool engine_hypothesis_edit(struct op *op, struct str ref, struct str id, const struct hypothesis_input *in,
    uint64_t given, struct hypothesis *out, struct error *err)
{
    struct incident i = {0};

    if (!find(op, ref, id, &i, out, err))
        return false;
    if (given_field(given, "text"))
        out->text = in->text;
    if (given_field(given, "likelihood"))
        out->likelihood = in->likelihood;
    if (given_field(given, "impact"))
        out->impact = in->impact;
    if (given_field(given, "test"))
        out->test = in->test.ptr ? in->test : S("");
    if (given_field(given, "timebox"))
        out->timebox = in->timebox;
    if (given_field(given, "owner_id")) {
        out->owner_id = in->owner_id;
        if (!check_owner(op, &out->owner_id, err))
            return false;
    }
    if (given_field(given, "state")) {
        bool begins = str_eq(in->state, S("testing"));
        if (begins && !out->owner_id.len && str_eq(op->actor.kind, S("user")))
            out->owner_id = op->actor.id; /* whoever begins it, owns it */
        if (!move(op, out, in->state, in->reason, err))
            return false;
    }
    out->updated_at = op->now;
    return hypothesis_put(op->db, out, err);
}

bool engine_finding_add(struct op *op, struct str ref, struct str id, struct finding *e, struct error *err)
{
    struct incident i = {0};
    struct hypothesis h = {0};

    return find(op, ref, id, &i, &h, err) && keep_finding(op, &h, e->says, e->text, err) &&
        op_say(op, i.id, "finding", err, "Evidence %.*s \"%.*s\": %.*s", STR(e->says), STR(h.text), STR(e->text));
}

bool hypothesis_over(struct op *op, struct str id, struct error *err)
{
    struct hypothesis h = {0};
    struct incident i = {0};
    struct user owner = {0};

    if (!hypothesis_get(op->db, op->arena, id, &h, err) || !incident_get(op->db, op->arena, h.incident_id, &i, err))
        return false;
    if (!i.is_open || !str_eq(h.state, S("testing")))
        return true;
    if (h.owner_id.len && !user_get(op->db, op->arena, h.owner_id, &owner, err))
        return false;
    h.is_over = true;
    return hypothesis_put(op->db, &h, err) &&
        op_tell(op, i.id, "hypothesis", err, "Time is up for \"%.*s\": %.*s, is it still the best line, or do we go on to the next?",
            STR(h.text), STR(owner.name.len ? owner.name : S("everybody")));
}
