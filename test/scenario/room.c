/* Roles, requests and the war room in scenarios. */
#include "domain/incident.h"
#include "engine/role.h"
#include "engine/room.h"
#include "room.h"

static struct str text_of(struct scenario *s)
{
    struct str text = quoted(s);

    return text.ptr ? text : S("");
}

/* turn alice | no-turn alice */
bool op_turn(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;

    return str_eq(s->words[0], S("turn")) ? engine_turn_add(op, user_id(s, s->words[1]), err)
                                          : engine_turn_remove(op, user_id(s, s->words[1]), err);
}

/* summon alice bob [as scribe] ["what for"] */
bool op_summon(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct request_input in = {.user_id = user_id(s, s->words[2]), .role = word_after(s, 3, "as"), .message = text_of(s)};
    struct responder_request out;

    return engine_request(op, incident_ref(s), &in, &out, err);
}

/* accept bob ["in ten minutes"] | decline bob ["why"]: the latest request */
bool op_reply(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str id = value_of(s, "SELECT id FROM responder_request WHERE user_id = '%.*s' ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, asked_at DESC"
        " LIMIT 1", STR(user_id(s, s->words[1])));
    struct request_answer in = {.answer = s->words[0], .reason = text_of(s)};
    struct responder_request out = {0};

    return engine_request_answer(op, id, &in, &out, err);
}

/* room alice open|close */
bool op_room(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct war_room out;

    return str_eq(s->words[2], S("open")) ? engine_room_open(op, incident_ref(s), &out, err)
                                          : engine_room_close(op, incident_ref(s), &out, err);
}

/* join bob ["what I can do"] */
bool op_join(struct op *op, void *arg, struct error *err)
{
    struct room_person out;

    return engine_room_join(op, incident_ref(arg), &(struct room_join){text_of(arg)}, &out, err);
}

/* admit alice bob joined|refused|left */
bool op_admit(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct room_person out;

    return engine_room_person(op, incident_ref(s), user_id(s, s->words[2]), &(struct room_admission){s->words[3]}, &out,
        err);
}

/* check-in alice "answer|answer|answer" */
bool op_check_in(struct op *op, void *arg, struct error *err)
{
    struct check_in in = {0};
    struct war_room out;
    struct str rest = str_cut(text_of(arg), '|', &in.answer_1);

    if (rest.ptr)
        rest = str_cut(rest, '|', &in.answer_2);
    if (rest.ptr)
        in.answer_3 = rest;
    return engine_room_check_in(op, incident_ref(arg), &in, &out, err);
}

/* works alice bob ["on what"] */
bool op_works(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct resource_input in = {.user_id = user_id(s, s->words[2]), .work = text_of(s)};
    struct resource out;

    return engine_resource(op, incident_ref(s), &in, &out, err);
}

bool op_bridge(struct op *op, void *arg, struct error *err)
{
    return engine_room_settings(op, &(struct room_settings){.bridge = text_of(arg)}, err);
}

static bool is(struct scenario *s, struct str got, struct str want)
{
    return str_eq(got, want) || scenario_fail(s, "it is %.*s", STR(got.len ? got : S("nothing")));
}

/* room open|closed|none [check-ins N] [missed N] [channel NAME] */
bool expect_room(struct scenario *s)
{
    struct str held = word_after(s, 3, "check-ins"), missed = word_after(s, 3, "missed"),
               channel = word_after(s, 3, "channel"), state, number, gone;
    struct str row = value_of(s,
        "SELECT CASE WHEN r.closed_at IS NULL THEN 'open' ELSE 'closed' END, r.check_ins, r.missed, r.channel"
        " FROM war_room r JOIN incident i ON i.id = r.incident_id WHERE i.number = '%.*s'", STR(incident_ref(s)));
    struct str name = str_cut(str_cut(str_cut(row, '|', &state), '|', &number), '|', &gone);

    return is(s, row.len ? state : S("none"), s->words[2]) && (!held.len || is(s, number, held)) &&
           (!missed.len || is(s, gone, missed)) && (!channel.len || is(s, name, channel));
}

/* person bob waiting|joined|refused|left|none */
bool expect_person(struct scenario *s)
{
    struct str got = value_of(s,
        "SELECT p.state FROM room_person p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s' AND p.name = '%.*s'",
        STR(incident_ref(s)), STR(s->words[2]));

    return is(s, got.len ? got : S("none"), s->words[3]);
}

/* works bob "on what": now; without a text: nothing */
bool expect_works(struct scenario *s)
{
    struct str got = value_of(s,
        "SELECT r.work FROM resource r JOIN incident i ON i.id = r.incident_id WHERE i.number = '%.*s' AND r.name = '%.*s'"
        " AND r.until_at IS NULL", STR(incident_ref(s)), STR(s->words[2]));

    return is(s, got, text_of(s));
}

/* held ROLE alice|nobody [at -10m]: now, or that long ago */
bool expect_held(struct scenario *s)
{
    instant at = time_after(s, "at");
    long long us = (long long)(instant_is_set(at) ? at.us : s->w->now.us);
    struct str got = value_of(s,
        "SELECT t.name FROM role_term t JOIN incident i ON i.id = t.incident_id WHERE i.number = '%.*s' AND t.role = '%.*s'"
        " AND t.from_at <= %lld AND (t.to_at IS NULL OR t.to_at > %lld)",
        STR(incident_ref(s)), STR(s->words[2]), us, us);

    return is(s, got.len ? got : S("nobody"), s->words[3]);
}
