/* What scenarios say about updates: the verbs and expectations of communication. */
#include "engine/listener.h"
#include "engine/statuspage.h"
#include "engine/update.h"
#include "talk.h"

/* subscribe NAME|ADDRESS AUDIENCE [on SERVICE] */
static bool op_subscribe(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str who = s->words[1], on = word_after(s, 3, "on");
    struct listener_input in = {.user_id = user_id(s, who), .endpoint_id = endpoint_id(s, who)};
    struct listener out;

    if (!in.user_id.len && !in.endpoint_id.len)
        in.address = who;
    if (on.len)
        in.service_id = value_of(s, "SELECT id FROM service WHERE name = '%.*s'", STR(on));
    return engine_listener_add(op, s->words[2], &in, &out, err);
}

static bool op_two_people(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;

    return engine_audience_edit(op, s->words[1], &(struct audience_edit){.two_people = true}, 2, err);
}

static bool op_status_page(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct status_page p = {.slug = s->words[1], .title = s->words[1], .about = S(""), .components = S("[]")};

    return statuspage_page_put(op, &p, err);
}

/* update NAME AUDIENCE "summary" [as SERVICE] [status S] [next +20m] [draft] */
static bool op_update(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct update_input in = {.audience = s->words[2], .summary = quoted(s), .service = word_after(s, 3, "as"),
        .status = word_after(s, 3, "status"), .next_update_at = time_after(s, "next"), .publish = !has_word(s, 3, "draft")};
    struct update out;

    return engine_update_write(op, incident_ref(s), &in, &out, err);
}

/* approve|publish|retract NAME AUDIENCE-N */
static bool op_update_act(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct update out = {0};

    if (str_eq(s->words[0], S("approve")))
        return engine_update_approve(op, incident_ref(s), s->words[2], 0, &out, err);
    if (str_eq(s->words[0], S("publish")))
        return engine_update_publish(op, incident_ref(s), s->words[2], 0, &out, err);
    return engine_update_retract(op, incident_ref(s), s->words[2], 0, &out, err);
}

/* promise AUDIENCE STATE [due +5m] [times N]: the latest of the audience, or how many are so */
static bool expect_promise(struct scenario *s)
{
    struct str times = word_after(s, 4, "times"), state;
    instant due = time_after(s, "due");
    int64_t at;

    if (times.len) {
        struct str got = value_of(s,
            "SELECT COUNT(*) FROM promise p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s'"
            " AND p.audience = '%.*s' AND p.state = '%.*s'",
            STR(incident_ref(s)), STR(s->words[2]), STR(s->words[3]));
        return str_eq(got, times) || scenario_fail(s, "there are %.*s", STR(got));
    }
    struct str row = value_of(s,
        "SELECT p.state, p.due_at FROM promise p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s'"
        " AND p.audience = '%.*s' ORDER BY CASE WHEN p.settled_at IS NULL THEN 0 ELSE 1 END, p.created_at DESC, p.id DESC"
        " LIMIT 1",
        STR(incident_ref(s)), STR(s->words[2]));
    struct str rest = str_cut(row, '|', &state);
    if (!row.len)
        state = S("none");
    if (!str_eq(state, s->words[3]))
        return scenario_fail(s, "it is %.*s", STR(state));
    return !instant_is_set(due) || (str_int(rest, &at) && at == due.us) ||
        scenario_fail(s, "it is due at %.*s, now is %lld", STR(rest), (long long)s->w->now.us);
}

/* update AUDIENCE-N STATE ["part of its text"] [without WORD] */
static bool expect_update(struct scenario *s)
{
    struct str ref = s->words[2], part = quoted(s), without = word_after(s, 4, "without"), state;
    size_t dash = ref.len;

    while (dash > 0 && ref.ptr[dash - 1] != '-')
        dash--;
    struct str row = value_of(s,
        "SELECT u.state, u.text FROM incident_update u JOIN incident i ON i.id = u.incident_id WHERE i.number = '%.*s'"
        " AND u.audience = '%.*s' AND u.number = %.*s",
        STR(incident_ref(s)), STR(str_slice(ref, 0, dash ? dash - 1 : 0)), STR(str_slice(ref, dash, ref.len)));
    struct str text = str_cut(row, '|', &state);
    if (!row.len)
        state = S("none");
    if (!str_eq(state, s->words[3]))
        return scenario_fail(s, "it is %.*s", STR(state));
    if ((part.len && !str_contains(text, part)) || (without.len && str_contains(text, without)))
        return scenario_fail(s, "its text is:\n%.*s", STR(text));
    return true;
}

const struct scenario_operation talk_operations[] = {
    {"approve", op_update_act, true},
    {"publish", op_update_act, true},
    {"retract", op_update_act, true},
    {"status-page", op_status_page, false},
    {"subscribe", op_subscribe, false},
    {"two-people", op_two_people, false},
    {"update", op_update, true},
    {0},
};

const struct scenario_expectation talk_expectations[] = {
    {"promise", expect_promise},
    {"update", expect_update},
    {0},
};
