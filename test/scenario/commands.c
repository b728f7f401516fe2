/* What a scenario does: each command is one operation of the engine, or something that befalls it.
 */
#include "base/buf.h"
#include "base/json.h"
#include "engine/account.h"
#include "engine/brief.h"
#include "engine/engine.h"
#include "engine/incident.h"
#include "engine/pack.h"
#include "engine/postmortem.h"
#include "engine/role.h"
#include "engine/setup.h"
#include "investigate.h"
#include "room.h"
#include "scenario.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/postmortem.h"
#include "store/service.h"
#include "talk.h"

static struct str text_or(struct str s, const char *other)
{
    return s.ptr ? s : str_from(other);
}

/* --- set-up --- */

static bool op_user(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str name = s->words[1];
    struct user_input in = {.email = str_printf(s->arena, "%.*s@example.org", STR(name)),
        .name = name,
        .role = S("responder"),
        .disabled = has_word(s, 2, "disabled")};
    struct user out;

    if (!engine_user_add(op, &in, STR_NONE, &out, err))
        return false;
    for (size_t i = 2; i + 1 < s->n; i++) {
        struct contact c = {.kind = s->words[i], .address = s->words[i + 1], .enabled = true};
        if (str_eq(s->words[i], S("email")) && !engine_contact_add(op, out.id, &c, err))
            return false;
    }
    return true;
}

static bool set_disabled(struct op *op, struct scenario *s, bool disabled, struct error *err)
{
    struct user_input in = {.disabled = disabled};
    struct user out;
    uint64_t given = 0;

    for (size_t i = 0; user_input_fields[i].name; i++)
        if (str_eq(str_from(user_input_fields[i].name), S("disabled")))
            given = UINT64_C(1) << i;
    return engine_user_edit(op, user_id(s, s->words[1]), &in, given, STR_NONE, &out, err);
}

static bool op_disable(struct op *op, void *arg, struct error *err)
{
    return set_disabled(op, arg, true, err);
}

static bool op_pack(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct json *mapping = json_object(s->arena);
    struct pack_activate in = {0};
    struct pack_version out = {0};

    for (size_t i = 2; i < s->n; i++) {
        struct str from, to = str_cut(s->words[i], '=', &from);
        if (to.ptr)
            json_set_str(s->arena, mapping, from, to);
    }
    in.mapping = json_text(s->arena, mapping);
    return engine_pack_activate(op, s->words[1], &in, &out, err);
}

static bool op_fork(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct pack_fork in = {.from = s->words[1], .id = s->words[2]};
    struct pack_version out = {0};

    return engine_pack_fork(op, &in, &out, err);
}

/* A quoted word without what marks it. */
static struct str unquoted(struct str word)
{
    return str_starts(word, S("\"")) ? str_slice(word, 1, word.len) : word;
}

/* edit-pack ID "part" "line": the line takes the place of every one that holds the part. */
static bool op_edit_pack(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct pack_version v = {0}, out = {0};
    struct pack_edit in = {.note = S("by the scenario")};
    struct buf b;

    if (!pack_source(op->env, op->db, s->arena, s->words[1], 0, &v, err))
        return false;
    buf_init(&b, s->arena, PACK_MAX_YAML);
    for (struct str rest = v.yaml, line; rest.ptr;) {
        rest = str_cut(rest, '\n', &line);
        buf_add(&b, str_contains(line, unquoted(s->words[2])) ? unquoted(s->words[3]) : line);
        buf_addc(&b, '\n');
    }
    in.yaml = buf_str(&b);
    in.version = v.version;
    return engine_pack_edit(op, s->words[1], &in, &out, err);
}

static bool op_enable(struct op *op, void *arg, struct error *err)
{
    return set_disabled(op, arg, false, err);
}

static bool op_webhook(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct endpoint e = {.name = s->words[1], .url = S("https://hooks.example.org/x")};
    struct str secret;

    return engine_endpoint_add(op, &e, &secret, err);
}

/* "0m alice, 5m bob hook": a duration begins a step, every other word is somebody to tell. */
static struct str steps_json(struct scenario *s, size_t from)
{
    struct json *list = json_array(s->arena), *step, *targets = NULL;
    int64_t us;

    for (size_t i = from; i < s->n; i++) {
        struct str word = s->words[i];
        if (str_ends(word, S(",")))
            word.len--;
        if (duration_parse(word, &us)) {
            step = json_push(list, json_object(s->arena));
            json_set_str(s->arena, step, S("delay"), word);
            targets = json_set(step, S("targets"), json_array(s->arena));
            continue;
        }
        struct str user = user_id(s, word);
        struct json *target = json_push(targets, json_object(s->arena));
        json_set_str(s->arena, target, S("kind"), user.len ? S("user") : S("webhook"));
        json_set_str(s->arena, target, S("id"), user.len ? user : endpoint_id(s, word));
    }
    return json_text(s->arena, list);
}

static bool op_policy(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str id = value_of(s, "SELECT id FROM policy WHERE name = '%.*s'", STR(s->words[1]));
    bool repeats = s->n > 3 && str_eq(s->words[2], S("repeat"));
    struct policy p = {0};

    if (id.len && !policy_get(op->db, op->arena, id, &p, err))
        return false;
    p.name = s->words[1];
    if (repeats)
        str_int(s->words[3], &p.repeat);
    p.steps = steps_json(s, repeats ? 4 : 2);
    return engine_policy_put(op, &p, err);
}

static bool op_service(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str id = value_of(s, "SELECT id FROM service WHERE name = '%.*s'", STR(s->words[1]));
    struct str policy = word_after(s, 2, "policy"), wait = word_after(s, 2, "group_wait");
    struct service v = {0};

    if (id.len && !service_get(op->db, op->arena, id, &v, err))
        return false;
    v.name = s->words[1];
    v.group_by = text_or(word_after(s, 2, "group_by"), "alertname");
    v.policy_id = policy.len ? value_of(s, "SELECT id FROM policy WHERE name = '%.*s'", STR(policy))
                             : STR_NONE;
    v.default_severity = word_after(s, 2, "severity");
    if (wait.len)
        duration_parse(wait, &v.group_wait);
    return engine_service_put(op, &v, err);
}

static bool op_route(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct route r = {.matchers = quoted(s),
        .severity = word_after(s, 3, "severity"),
        .service_id = value_of(s, "SELECT id FROM service WHERE name = '%.*s'", STR(s->words[2]))};

    str_int(s->words[1], &r.position);
    return engine_route_add(op, &r, err);
}

/* --- people --- */

static bool op_declare(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str on = word_after(s, 2, "on");
    struct incident_declare in = {.title = quoted(s),
        .severity = word_after(s, 2, "severity"),
        .service_id =
            on.len ? value_of(s, "SELECT id FROM service WHERE name = '%.*s'", STR(on)) : STR_NONE,
        .started_at = time_after(s, "started"),
        .detected_at = time_after(s, "detected"),
        .acknowledged_at = time_after(s, "acknowledged"),
        .page = has_word(s, 2, "page")};
    struct incident out;

    return engine_declare(op, &in, &out, err);
}

static bool op_ack(struct op *op, void *arg, struct error *err)
{
    struct incident out;
    bool first;

    return engine_acknowledge(op, incident_ref(arg), quoted(arg), &out, &first, err);
}

static bool op_status(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    bool resolve = str_eq(s->words[0], S("resolve"));
    struct incident_change in = {.status = resolve ? S("resolved") : s->words[2],
        .text = quoted(s),
        .waive = has_word(s, 2, "waive") ? quoted(s) : STR_NONE,
        .reason = quoted(s),
        .at = time_after(s, "at")};
    struct incident out;

    return engine_status(op, incident_ref(s), &in, &out, err);
}

static bool op_severity(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct incident_change in = {.severity = s->words[2], .reason = quoted(s)};
    struct incident out;

    return engine_severity(op, incident_ref(s), &in, &out, err);
}

static bool op_role(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct incident_change in = {.role = s->words[2],
        .user_id = s->n > 3 ? user_id(s, s->words[3]) : STR_NONE,
        .reason = quoted(s),
        .at = time_after(s, "at")};
    struct incident out;

    return engine_role(op, incident_ref(s), &in, &out, err);
}

static bool op_note(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct incident_note in = {
        .text = quoted(s), .at = time_after(s, "at"), .kind = word_after(s, 2, "kind")};
    struct str corrects = word_after(s, 2, "corrects");
    struct incident out;

    if (corrects.len)
        str_int(corrects, &in.corrects);
    return engine_note(op, incident_ref(s), &in, &out, err);
}

static bool op_page(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct incident_change in = {
        .user_id = user_id(s, s->words[2]), .text = text_or(quoted(s), "")};
    struct incident out;

    return engine_page(op, incident_ref(s), &in, &out, err);
}

static bool op_pass(struct op *op, void *arg, struct error *err)
{
    struct incident out;

    return engine_pass(op, incident_ref(arg), &out, err);
}

/* action alice "title" [owner bob] [priority P1] [due 2026-12-01] */
static bool op_action(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str owner = word_after(s, 2, "owner");
    struct action_item in = {.title = quoted(s),
        .owner_id = owner.len ? user_id(s, owner) : STR_NONE,
        .priority = word_after(s, 2, "priority"),
        .due_on = word_after(s, 2, "due")};

    return engine_action_add(op,
        value_of(s, "SELECT p.id FROM postmortem p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s'",
            STR(incident_ref(s))),
        &in, err);
}

static bool op_review(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str incident =
        value_of(s, "SELECT id FROM incident WHERE number = '%.*s'", STR(incident_ref(s)));
    struct postmortem pm = {0};
    struct postmortem out;

    if (!postmortem_of_incident(op->db, op->arena, incident, &pm, err))
        return false;
    struct postmortem_edit in = {
        .title = pm.title, .body = pm.body, .status = s->words[2], .version = pm.version};
    return engine_postmortem_edit(op, pm.id, &in, &out, err);
}

static bool op_brief(struct op *op, void *arg, struct error *err)
{
    struct incident i = {0};
    struct brief b;
    bool fresh;

    return incident_find(op->db, op->arena, incident_ref(arg), &i, err) && engine_brief_write(op, &i, &b, &fresh, err);
}

static const struct scenario_operation operations[] = {
    {"accept", op_reply, true},
    {"ack", op_ack, true},
    {"action", op_action, true},
    {"admit", op_admit, true},
    {"bridge", op_bridge, false},
    {"brief", op_brief, true},
    {"ask", op_ask, true},
    {"check", op_check, true},
    {"choose", op_choose, true},
    {"check-in", op_check_in, true},
    {"declare", op_declare, true},
    {"decline", op_reply, true},
    {"disable", op_disable, false},
    {"edit-pack", op_edit_pack, false},
    {"enable", op_enable, false},
    {"fork", op_fork, false},
    {"failing", op_health, true},
    {"healthy", op_health, true},
    {"judge", op_judge, true},
    {"mitigate", op_mitigate, true},
    {"join", op_join, true},
    {"no-turn", op_turn, false},
    {"note", op_note, true},
    {"pack", op_pack, false},
    {"page", op_page, true},
    {"pass", op_pass, true},
    {"policy", op_policy, false},
    {"resolve", op_status, true},
    {"probe", op_probe, false},
    {"review", op_review, true},
    {"role", op_role, true},
    {"rolled_back", op_rolled_back, true},
    {"rollout", op_rollout, true},
    {"room", op_room, true},
    {"route", op_route, false},
    {"service", op_service, false},
    {"severity", op_severity, true},
    {"skip", op_check, true},
    {"status", op_status, true},
    {"summon", op_summon, true},
    {"turn", op_turn, false},
    {"user", op_user, false},
    {"webhook", op_webhook, false},
    {"works", op_works, true},
    {0},
};

/* Features with many commands have a file of their own. */
static const struct scenario_operation *const tables[] = {
    operations, investigate_operations, statuspage_operations, talk_operations, triage_operations};

static const struct scenario_operation *operation(struct str name)
{
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++)
        for (const struct scenario_operation *o = tables[k]; o->name; o++)
            if (str_eq(name, str_from(o->name)))
                return o;
    return NULL;
}

/* --- alerts and accidents --- */

/* fire SERVICE LABELS… | clear SERVICE LABELS… | flap SERVICE LABELS (over and on again at once) */
static bool alerts(struct scenario *s, struct error *err)
{
    struct world_alert v[MAX_WORDS];
    bool fire = str_eq(s->words[0], S("fire")), flap = str_eq(s->words[0], S("flap"));
    size_t n = 0;

    for (size_t i = 2; i < s->n; i++) {
        if (!str_contains(s->words[i], S("=")) || str_starts(s->words[i], S("\"")))
            continue;
        if (!fire)
            v[n++] = (struct world_alert){
                .labels = s->words[i], .ends = s->w->now, .starts = time_after(s, "starts")};
        if (fire || flap)
            v[n++] = (struct world_alert){.labels = s->words[i],
                .summary = quoted(s),
                .ends = time_after(s, "ends"),
                .starts = time_after(s, "starts")};
    }
    return world_alerts(s->w, s->words[1], v, n, err);
}

static bool provider(struct scenario *s, struct error *err)
{
    static const char *const hows[] = {"up", "down", "refuses", "holds"};

    (void)err;
    for (size_t i = 0; i < sizeof hows / sizeof *hows; i++)
        if (str_eq(s->words[2], str_from(hows[i]))) {
            world_provider(s->w, s->words[1], (enum provider)i);
            return true;
        }
    return scenario_fail(s, "a provider is up, down, refuses or holds");
}

static bool record_answer(struct op *op, void *arg, struct error *err)
{
    const struct world_held *h = arg;

    return engine_delivery_done(op,
        &(struct delivery_outcome){
            .id = h->delivery_id, .fence = h->fence, .ok = true, .receipt = S("late")},
        err);
}

/* What providers have held back succeeds now, whatever has become of it meanwhile. */
static bool answer(struct scenario *s, struct error *err)
{
    while (s->w->nheld) {
        struct world_held h = s->w->held[0];
        s->w->nheld--;
        __builtin_memmove(s->w->held, s->w->held + 1, s->w->nheld * sizeof h);
        if (!world_do(s->w, actor_system, record_answer, &h, err))
            return false;
    }
    return true;
}

static bool crash(struct scenario *s, struct error *err)
{
    struct str after = word_after(s, 1, "after");
    int64_t us;

    (void)err;
    if (has_word(s, 1, "next")) {
        s->w->crash_after_commit = true;
        return true;
    }
    if (after.len && duration_parse(after, &us))
        s->w->now = instant_add(s->w->now, us);
    return world_crash(s->w) && world_until(s->w, s->w->now);
}

static bool jump(struct scenario *s, struct error *err)
{
    int64_t us;

    (void)err;
    return (duration_parse(str_slice(s->words[1], 1, s->words[1].len), &us) &&
               world_jump(s->w, us)) ||
           scenario_fail(s, "clock needs +DURATION");
}

static const struct {
    const char *name;
    bool (*run)(struct scenario *s, struct error *err);
} accidents[] = {
    {"answer", answer},
    {"clear", alerts},
    {"clock", jump},
    {"crash", crash},
    {"fire", alerts},
    {"flap", alerts},
    {"provider", provider},
};

bool scenario_do(struct scenario *s, struct error *err)
{
    for (size_t i = 0; i < sizeof accidents / sizeof *accidents; i++)
        if (str_eq(s->words[0], str_from(accidents[i].name)))
            return accidents[i].run(s, err);
    const struct scenario_operation *o = operation(s->words[0]);
    if (!o)
        return scenario_fail(s, "there is no command %.*s", STR(s->words[0]));
    struct actor who = actor_system;
    if (o->by)
        who = (struct actor){S("user"), user_id(s, s->words[1]), s->words[1]};
    return world_do(s->w, who, o->run, s, err);
}
