#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/time.h"
#include "domain/pack.h"
#include "domain/pack_diff.h"
#include "domain/pack_version.h"
#include "text/mustache.h"
#include "text/yaml.h"

static bool load(struct arena *a, struct str yaml, struct pack *p, struct error *err)
{
    struct json *doc;

    return yaml_parse(a, yaml, &doc, err) && pack_read(a, doc, yaml_line, p, err);
}

static struct str sev_text(struct arena *a)
{
    return test_read_file(a, "packs/sev.yaml");
}

TEST(sev_severities)
{
    static const struct {
        const char *id, *name;
        int64_t respond, acknowledge, update, postmortem;
        bool pages, business_hours;
        size_t nexamples;
    } want[] = {
        {"SEV1", "Critical", 15 * MINUTE_US, 5 * MINUTE_US, 30 * MINUTE_US, 48 * HOUR_US, true,
            false, 3},
        {"SEV2", "Major", 30 * MINUTE_US, 15 * MINUTE_US, HOUR_US, 48 * HOUR_US, true, false, 3},
        {"SEV3", "Minor", 2 * HOUR_US, HOUR_US, 0, 7 * DAY_US, true, false, 2},
        {"SEV4", "Low", PACK_NEXT_BUSINESS_DAY, 0, 0, 0, false, true, 3},
    };
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(load(a, sev_text(a), &p, &err));
    CHECK_STR(p.id, S("sev"));
    CHECK_STR(p.language, S("en"));
    REQUIRE(p.nseverities == 4);
    for (size_t i = 0; i < 4; i++) {
        const struct pack_severity *s = &p.severities[i];
        CHECK_INT(s->rank, i + 1);
        CHECK_STR(s->id, str_from(want[i].id));
        CHECK_STR(s->name, str_from(want[i].name));
        CHECK_INT(s->respond_us, want[i].respond);
        CHECK_INT(s->acknowledge_us, want[i].acknowledge);
        CHECK_INT(s->update_us, want[i].update);
        CHECK_INT(s->postmortem_us, want[i].postmortem);
        CHECK_INT(s->pages, want[i].pages);
        CHECK_INT(s->business_hours, want[i].business_hours);
        CHECK_INT(s->nexamples, want[i].nexamples);
        CHECK(pack_severity_find(&p, s->id) == s);
    }
    CHECK(!pack_severity_find(&p, S("SEV5")));
}

/* A set of ranks as "124". */
static struct str ranks(struct arena *a, int64_t set)
{
    struct buf b;

    buf_init(&b, a, 20);
    for (int r = 1; r <= PACK_MAX_SEVERITIES; r++)
        if (pack_applies(set, r))
            buf_int(&b, r);
    return buf_str(&b);
}

TEST(sev_figures)
{
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(load(a, sev_text(a), &p, &err));
    CHECK_STR(ranks(a, p.war_room.ranks), S("1"));
    CHECK_INT(p.war_room.after_us, 30 * MINUTE_US);
    CHECK_INT(p.war_room.check_in_us, 5 * MINUTE_US);
    CHECK_INT(p.war_room.nquestions, 3);
    CHECK_INT(p.war_room.nrules, 5);
    REQUIRE(p.nclasses == 3 && p.classes[1].nclocks == 1);
    CHECK_STR(p.classes[0].id, S("availability"));
    CHECK_STR(p.classes[1].id, S("security"));
    CHECK_STR(p.classes[2].id, S("data"));
    CHECK(p.classes[1].restricted && p.classes[1].evidence_hold);
    CHECK(!p.classes[0].restricted && !p.classes[0].evidence_hold && !p.classes[2].restricted);
    CHECK_INT(p.classes[1].clocks[0].after_us, 72 * HOUR_US);
    CHECK_INT(p.nanti_patterns, 5);
    CHECK_INT(p.on_call.ntiers, 2);
    CHECK_INT(p.on_call.nauthority, 5);
    CHECK(p.on_call.handoff_required && p.on_call.handoff.len > 0);
    CHECK_INT(p.game_day.every_us, 91 * DAY_US);
    CHECK_INT(p.game_day.nexperiments, 4);
    CHECK_INT(p.game_day.nquestions, 3);
    CHECK_STR(p.commander, S("commander"));
    CHECK_INT(p.roles[0].nduties, 6);
    CHECK_STR(ranks(a, p.roles[0].ranks), S("1234"));
    CHECK_STR(ranks(a, p.roles[2].ranks), S(""));
    CHECK_INT(p.ntemplates, 4);
    CHECK_STR(ranks(a, p.audiences[0].cadence[0].ranks), S("1"));
    CHECK_INT(p.audiences[0].cadence[0].every_us, 30 * MINUTE_US);
    CHECK_INT(p.audiences[0].cadence[1].every_us, HOUR_US);
    CHECK(p.audiences[0].external && !p.audiences[1].external);
}

TEST(sev_targets)
{
    static const struct {
        const char *metric, *comparison, *ranks;
        int64_t target;
    } want[] = {
        {"mttd", "below", "1234", 5 * MINUTE_US},
        {"mtta", "below", "1", 5 * MINUTE_US},
        {"mttr", "below", "1", HOUR_US},
        {"mtbf", "higher", "1234", 0},
    };
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(load(a, sev_text(a), &p, &err));
    REQUIRE(p.nkpis == sizeof want / sizeof *want);
    for (size_t i = 0; i < p.nkpis; i++) {
        CHECK_STR(p.kpis[i].metric, str_from(want[i].metric));
        CHECK_STR(p.kpis[i].comparison, str_from(want[i].comparison));
        CHECK_STR(ranks(a, p.kpis[i].ranks), str_from(want[i].ranks));
        CHECK_INT(p.kpis[i].target_us, want[i].target);
    }
}

TEST(sev_structure)
{
    static const char *const phases[] = {"detect", "triage", "mitigate", "resolve", "postmortem"};
    static const char *const sections[] = {
        "head", "summary", "timeline", "root-cause", "impact", "actions", "lessons"};
    static const struct {
        const char *status, *public;
    } statuses[] = {{"triage", NULL}, {"investigating", "investigating"},
        {"identified", "identified"}, {"mitigating", "identified"}, {"monitoring", "monitoring"},
        {"resolved", "resolved"}};
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(load(a, sev_text(a), &p, &err));
    REQUIRE(p.nphases == 5 && p.postmortem.nsections == 7);
    for (size_t i = 0; i < 5; i++) {
        CHECK_STR(p.phases[i].id, str_from(phases[i]));
        CHECK(p.phases[i].nchecklist >= 2);
    }
    for (size_t i = 0; i < 7; i++)
        CHECK_STR(p.postmortem.sections[i].id, str_from(sections[i]));
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct pack_status *s = pack_status_find(&p, str_from(statuses[i].status));
        REQUIRE(s);
        CHECK_STR(s->public_status, str_from(statuses[i].public));
    }
    CHECK(!pack_status_find(&p, S("open")));
    CHECK_STR(ranks(a, p.phases[0].checklist[0].ranks), S("1234"));
    CHECK_STR(ranks(a, p.phases[2].checklist[2].ranks), S("12"));
}

/* Packs in packs/, by file name. */
static const char *const built_in[] = {"p0-p3", "sev", "p0-p4", "ics-ru", "manager"};

struct compiling {
    struct test *t;
    struct arena *arena;
};

static bool compiles(void *ctx, const char *what, struct str id, struct str body)
{
    struct template_env env = {.strict = true, .plain = true, .no_raw = true};
    struct compiling *c = ctx;
    struct template *tpl;
    struct error err = {0};

    if (!template_compile(c->arena, &env, id, body, &tpl, &err))
        test_fail(c->t, __FILE__, __LINE__, "%s %.*s: %s", what, STR(id), err.message);
    return true;
}

TEST(built_in_packs)
{
    for (size_t n = 0; n < sizeof built_in / sizeof *built_in; n++) {
        struct pack p;
        struct error err = {0};
        struct str file = str_printf(a, "packs/%s.yaml", built_in[n]);
        REQUIRE_OK(load(a, test_read_file(a, file.ptr), &p, &err));
        CHECK_STR(p.id, str_from(built_in[n]));
        CHECK(pack_each_template(&p, compiles, &(struct compiling){t, a}));
    }
}

/* The smallest pack: every mistake below is an edit of it. */
static const char small[] =
    "id: small\n"
    "name: Small\n"
    "summary: As little as possible\n"
    "source: ours\n"
    "language: en\n"
    "severities:\n"
    "  - {rank: 1, id: A, name: Bad, criteria: Bad, examples: [x], pages: true,\n"
    "     acknowledge: 5m, respond: 15m}\n"
    "  - {rank: 2, id: B, name: Not so bad, criteria: Meh, examples: [y], pages: false}\n"
    "statuses:\n"
    "  - {status: triage, name: T}\n"
    "  - {status: investigating, name: I, public: investigating}\n"
    "  - {status: identified, name: I}\n"
    "  - {status: mitigating, name: M}\n"
    "  - {status: monitoring, name: M}\n"
    "  - {status: resolved, name: R}\n"
    "  - {status: learning, name: L}\n"
    "  - {status: closed, name: C}\n"
    "public_statuses:\n"
    "  - {id: investigating, name: I}\n"
    "  - {id: identified, name: I}\n"
    "  - {id: monitoring, name: M}\n"
    "  - {id: resolved, name: R}\n"
    "phases:\n"
    "  - id: work\n"
    "    name: Work\n"
    "    objective: Work\n"
    "    statuses: [triage, investigating, identified, mitigating, monitoring, resolved]\n"
    "    checklist: [Do it, {text: And this, role: boss, severities: [A]}]\n"
    "  - {id: learn, name: Learn, objective: Learn, statuses: [learning, closed]}\n"
    "roles:\n"
    "  - {id: boss, name: Boss, duties: [lead], required: [A, B]}\n"
    "commander: boss\n"
    "audiences:\n"
    "  - {id: us, name: Us}\n"
    "templates:\n"
    "  - {id: say, name: Say, audience: us, body: '{{text}}'}\n"
    "classes:\n"
    "  - {id: c, name: C, examples: [z], roles: [boss]}\n"
    "impact:\n"
    "  - {name: Users, levels: [all, some], at_least: [100, 0]}\n"
    "verification: [It works]\n"
    "postmortem:\n"
    "  title: PM\n"
    "  sections:\n"
    "    - {id: s, title: S, body: B}\n"
    "  meeting: {length: 10m, attendees: [us], agenda: [{name: x, length: 10m}]}\n"
    "kpis:\n"
    "  - {metric: mttr, comparison: below, target: 1h}\n"
    "  - {metric: mtbf, comparison: higher}\n"
    "  - {metric: actions_done, comparison: at_least, percent: 90}\n";

/* `small` with the first `from` made `to`. */
static struct str edited(struct arena *a, const char *from, const char *to)
{
    const char *at = strstr(small, from);

    if (!at)
        return S("");
    return str_printf(a, "%.*s%s%s", (int)(at - small), small, to, at + strlen(from));
}

TEST(small_pack)
{
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(load(a, str_from(small), &p, &err));
    CHECK_INT(p.severities[1].respond_us, 0);
    CHECK_STR(p.phases[0].checklist[1].role, S("boss"));
    CHECK(!p.phases[0].checklist[0].role.ptr);
    CHECK_INT(p.kpis[2].percent, 90);
    CHECK_INT(p.war_room.check_in_us, 0);
    CHECK_STR(p.impact[0].levels[1], S("some"));
}

static const struct {
    const char *from, *to, *want;
} mistakes[] = {
    {"id: small\n", "", "line 1: 'id' is missing"},
    {"name: Small", "name: 5",
        "line 2: name: must be a text (numbers and true, false need quotes)"},
    {"name: Small", "name: ''", "line 2: name: must not be empty"},
    {"name: Small", "name: \"a\\nb\"",
        "line 2: name: must be one line without control characters"},
    {"name: Small", "name: Small\ncolour: red", "line 3: unknown key 'colour'"},
    {"language: en", "language: e n",
        "line 5: language: must be made of letters, digits, - and _"},
    {"pages: true", "pages: yes", "line 7: severities[0].pages: must be true or false"},
    {"rank: 1", "rank: 2",
        "line 7: severities[0].rank: must be 1: ranks count from 1, worst first"},
    {"rank: 2", "rank: 3",
        "line 9: severities[1].rank: must be 2: ranks count from 1, worst first"},
    {"rank: 2", "rank: 1.5",
        "line 9: severities[1].rank: must be a whole number from 0 to 100"},
    {"rank: 2", "rank: 101",
        "line 9: severities[1].rank: must be a whole number from 0 to 100"},
    {"id: B", "id: A", "line 9: severities[1]: 'A' is there twice"},
    {"criteria: Meh, ", "", "line 9: severities[1]: 'criteria' is missing"},
    {"examples: [y]", "examples: y", "line 9: severities[1].examples: must be a list"},
    {"examples: [y]", "examples: [y, 1]",
        "line 9: severities[1].examples[1]: must be a text (numbers and true, false need "
        "quotes)"},
    {"acknowledge: 5m", "acknowledge: soon",
        "line 8: severities[0].acknowledge: must be a duration such as 30m, 48h or 1w"},
    {"acknowledge: 5m", "acknowledge: 5",
        "line 8: severities[0].acknowledge: must be a duration such as 30m, 48h or 1w"},
    {"acknowledge: 5m", "acknowledge: next business day",
        "line 8: severities[0].acknowledge: must be a duration such as 30m, 48h or 1w"},
    {"acknowledge: 5m", "acknowledge: 16m",
        "line 7: severities[0].acknowledge: must not be later than 'respond'"},
    {"  - {status: closed, name: C}\n", "",
        "line 10: statuses: the core status 'closed' has no words"},
    {"status: closed", "status: open",
        "line 18: statuses[7].status: 'open' is not a core status"},
    {"status: closed", "status: triage", "line 18: statuses[7]: 'triage' is there twice"},
    {"public: investigating", "public: fine",
        "line 12: statuses[1].public: 'fine' is not one of its values"},
    {"{id: resolved", "{id: gone",
        "line 23: public_statuses[3].id: 'gone' is not a public status"},
    {"  - {id: resolved, name: R}\n", "",
        "line 19: public_statuses: must give words for "
        "investigating, identified, monitoring and resolved"},
    {"[triage,", "[", "line 24: phases: the core status 'triage' must be in one phase"},
    {"[learning,", "[resolved, learning,",
        "line 24: phases: the core status 'resolved' must be in one phase"},
    {"[learning,", "[learning, done,",
        "line 30: phases[1].statuses: 'done' is not a core status"},
    {"role: boss", "role: chief", "line 25: phases[0].checklist: there is no role 'chief'"},
    {"severities: [A]", "severities: [A, C]",
        "line 29: phases[0].checklist[1].severities: there is no severity 'C'"},
    {"severities: [A]", "severities: A",
        "line 29: phases[0].checklist[1].severities: must be a list of severities"},
    {"checklist: [", "checklist: [3, ", "line 29: phases[0].checklist[0]: must be a mapping"},
    {"commander: boss", "commander: chief", "line 33: commander: there is no role 'chief'"},
    {"audience: us", "audience: them",
        "line 37: templates[0].audience: there is no audience 'them'"},
    {"roles: [boss]", "roles: [boss, dba]",
        "line 39: classes[0].roles: there is no role 'dba'"},
    {"[all, some]", "[all]", "line 41: impact[0].levels: must have one text per severity"},
    {"[100, 0]", "[100]", "line 41: impact[0].at_least: must have one percentage per severity"},
    {"[100, 0]", "[100, 101]",
        "line 41: impact[0].at_least[1]: must be a whole number from 0 to 100"},
    {"[100, 0]", "[50, 51]",
        "line 41: impact[0].at_least: must fall from severity to severity"},
    {"name: Users", "input: mood, name: Users",
        "line 41: impact[0].input: 'mood' is not one of its values"},
    {"acknowledge: 5m", "update: 5m to 4m, acknowledge: 5m",
        "line 8: severities[0].update: must be a duration such as 30m, or a range such as 15m to "
        "30m"},
    {"acknowledge: 5m", "update: 1m to 2m to 3m, acknowledge: 5m",
        "line 8: severities[0].update: must be a duration such as 30m, or a range such as 15m to "
        "30m"},
    {"commander: boss\n",
        "commander: boss\nwar_room: {severities: [A], check_in: 5m, questions: [q],\n"
        "  checklist: [{text: x, role: chief}]}\n",
        "line 35: war_room.checklist[0].role: there is no role 'chief'"},
    {"commander: boss\n",
        "commander: boss\niterations: [{id: i, name: I, objective: o, statuses: [never]}]\n",
        "line 34: iterations[0].statuses: 'never' is not a core status"},
    {"commander: boss\n",
        "commander: boss\ndecision: {otherwise: rollback, rules: [{id: x, text: x, verdict: "
        "rollback}]}\n",
        "line 34: decision.rules[0].id: 'x' is not one of its values"},
    {"metric: mttr", "metric: speed",
        "line 49: kpis[0].metric: 'speed' is not one of its values"},
    {", target: 1h", "", "line 49: kpis[0]: 'below' needs a target or a percent"},
    {", target: 1h", ", target: 1h, percent: 5",
        "line 49: kpis[0]: 'below' needs a target or a percent"},
    {"comparison: higher", "comparison: higher, target: 1h",
        "line 50: kpis[1]: 'higher' takes no target"},
    {"agenda: [{name: x, length: 10m}]", "agenda: [{name: x, length: 9m}]",
        "line 47: postmortem.meeting: the agenda does not add up to 'length'"},
    {"meeting: {length: 10m,", "meeting: {",
        "line 47: postmortem.meeting: 'length' is missing"},
    {"meeting: {length: 10m,", "meeting: {length: 10m, place: here,",
        "line 47: postmortem.meeting: unknown key 'place'"},
    {"title: PM", "title: PM\n  title: PM",
        "line 45, column 3: the key 'title' is there twice"},
};

TEST(mistakes_name_line_and_key)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct pack p;
        struct error err = {0};
        struct str text = edited(a, mistakes[i].from, mistakes[i].to);
        CHECK(text.len > 0);
        CHECK(!load(a, text, &p, &err));
        CHECK(err.kind == ERROR_INVALID || err.kind == ERROR_MALFORMED);
        CHECK_STR(str_from(err.message), str_from(mistakes[i].want));
    }
}

TEST(ranges)
{
    struct pack p;
    struct error err = {0};
    struct str text =
        edited(a, "acknowledge: 5m", "update: 15m to 30m, soak: 30m to 2h, acknowledge: 5m");

    REQUIRE_OK(load(a, text, &p, &err));
    CHECK_INT(p.severities[0].update_us, 30 * MINUTE_US); /* clocks take the longer */
    CHECK_INT(p.severities[0].update_least_us, 15 * MINUTE_US);
    CHECK_INT(p.severities[0].soak_us, 30 * MINUTE_US); /* the gate opens after the shorter */
    CHECK_INT(p.severities[0].soak_most_us, 2 * HOUR_US);
    text = edited(a, "acknowledge: 5m", "update: 5m to 5m, soak: 1h, acknowledge: 5m");
    REQUIRE_OK(load(a, text, &p, &err));
    CHECK_INT(p.severities[0].update_us, 5 * MINUTE_US);
    CHECK_INT(p.severities[0].soak_us, HOUR_US);
    CHECK_INT(p.severities[0].soak_most_us, HOUR_US);
    CHECK_INT(p.severities[1].update_us, 0);
}

/* Without nulls, which the reader takes for values. */
static struct json *without_nulls(struct arena *a, const struct json *v)
{
    struct json *copy = json_is(v, JSON_ARRAY) ? json_array(a) : json_object(a);

    for (const struct json *m = v->first; m; m = m->next) {
        struct json *inner = arena_new(a, struct json);
        *inner = *m;
        inner->next = NULL;
        if (json_is(m, JSON_ARRAY) || json_is(m, JSON_OBJECT))
            inner = without_nulls(a, m);
        if (json_is(v, JSON_ARRAY))
            json_push(copy, inner);
        else if (!json_is(m, JSON_NULL))
            json_set(copy, m->key, inner);
    }
    return copy;
}

/* Whatever the tables can read they can write, and reading it again is the same. */
TEST(there_and_back)
{
    for (size_t n = 0; n < sizeof built_in / sizeof *built_in; n++) {
        struct pack p, again = {0};
        struct error err = {0};
        size_t changes;
        REQUIRE_OK(load(a, test_read_file(a, str_printf(a, "packs/%s.yaml", built_in[n]).ptr), &p, &err));
        struct json *doc = without_nulls(a, pack_json(a, &p));
        REQUIRE_OK(pack_read(a, doc, NULL, &again, &err));
        CHECK_STR(json_text(a, pack_json(a, &again)), json_text(a, pack_json(a, &p)));
        pack_diff(a, &p, &again, &changes);
        CHECK_INT(changes, 0);
    }
}

static bool told(const struct pack_change *v, size_t n, const char *path, const char *from, const char *to)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].path, str_from(path)) && str_eq(v[i].from, str_from(from)) && str_eq(v[i].to, str_from(to)))
            return true;
    return false;
}

TEST(differences)
{
    static const struct {
        const char *from, *to, *path, *was, *is;
    } cases[] = {
        {"respond: 15m", "respond: 10m", "severities[A].respond", "15m", "10m"},
        {"verification: [It works]", "verification: [It works, Really]", "verification", NULL, "Really"},
        {"verification: [It works]", "verification: [Really]", "verification[It works]", "It works", NULL},
        {"name: Boss", "name: Chief", "roles[boss].name", "Boss", "Chief"},
        {"  - {metric: mtbf, comparison: higher}\n", "", "kpis[1].metric", "mtbf", "actions_done"},
        {"severities: [A]", "severities: [B]", "phases[work].checklist[And this].severities", "A", NULL},
        {"id: boss, name: Boss, duties: [lead]", "id: boss, name: Boss, duties: [lead, tell]",
            "roles[boss].duties", NULL, "tell"},
        {"{id: say, name: Say,", "{id: cry, name: Say,", "templates[say]", "Say", NULL},
        {"{id: say, name: Say,", "{id: cry, name: Cry,", "templates", NULL, "Cry"},
    };
    struct pack p, q;
    struct error err = {0};
    size_t n;

    REQUIRE_OK(load(a, str_from(small), &p, &err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        REQUIRE_OK(load(a, edited(a, cases[i].from, cases[i].to), &q, &err));
        struct pack_change *v = pack_diff(a, &p, &q, &n);
        if (!told(v, n, cases[i].path, cases[i].was, cases[i].is))
            test_fail(t, __FILE__, __LINE__, "%s: %zu changes, the first %.*s: %.*s → %.*s", cases[i].path, n,
                STR(n ? v[0].path : S("none")), STR(n ? v[0].from : S("")), STR(n ? v[0].to : S("")));
    }
}

TEST(counterparts)
{
    struct pack p, q;
    struct error err = {0};

    REQUIRE_OK(load(a, test_read_file(a, "packs/p0-p4.yaml"), &p, &err));
    REQUIRE_OK(load(a, test_read_file(a, "packs/ics-ru.yaml"), &q, &err));
    CHECK_STR(pack_counterpart(&p, &q, S("P0")), S("P1")); /* the word says less than the rank */
    CHECK_STR(pack_counterpart(&p, &q, S("P1")), S("P2"));
    CHECK_STR(pack_counterpart(&p, &q, S("P3")), S("P4"));
    CHECK_STR(pack_counterpart(&p, &q, S("P4")), S("P4")); /* the lowest there is */
    CHECK(!pack_counterpart(&p, &q, S("SEV1")).ptr && !pack_counterpart(&p, &q, STR_NONE).ptr);
    /* Another version of one pack, with a severity put in between. */
    q = p;
    q.severities = arena_array(a, struct pack_severity, 5);
    for (size_t i = 0; i < 5; i++)
        q.severities[i] = p.severities[(i + 1) % 5];
    CHECK_STR(pack_counterpart(&p, &q, S("P3")), S("P3"));
    q.id = S("fork");
    CHECK_STR(pack_counterpart(&p, &q, S("P3")), S("P4"));
}

TEST(without_lines)
{
    struct json *doc;
    struct pack p;
    struct error err = {0};

    REQUIRE_OK(json_parse(a, S("{\"severities\":[]}"), &doc, &err));
    CHECK(!pack_read(a, doc, NULL, &p, &err));
    CHECK_STR(str_from(err.message), S("severities: must have 1 to 5 entries"));
    CHECK(!pack_read(a, json_array(a), NULL, &p, &err));
    CHECK_STR(str_from(err.message), S("must be a mapping"));
}

static struct str repeat(struct arena *a, struct str unit, size_t n)
{
    struct buf b;

    buf_init(&b, a, unit.len * n + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

static struct str error_with(struct arena *a, const char *from, struct str to)
{
    struct pack p;
    struct error err = {0};

    return load(a, edited(a, from, str_z(a, to)), &p, &err) ? S("")
                                                           : str_copy(a, str_from(err.message));
}

TEST(limits)
{
    struct str line = repeat(a, S("x"), PACK_MAX_TEXT);
    struct str body = repeat(a, S("x"), PACK_MAX_BODY);
    struct str list = repeat(a, S("It works,"), PACK_MAX_LIST);
    struct str id = repeat(a, S("x"), 40);

    CHECK_STR(error_with(a, "name: Small", str_printf(a, "name: %.*s", STR(line))), S(""));
    CHECK_STR(error_with(a, "name: Small", str_printf(a, "name: x%.*s", STR(line))),
        S("line 2: name: must not be longer than 500 bytes"));
    CHECK_STR(error_with(a, "body: B", str_printf(a, "body: %.*s", STR(body))), S(""));
    CHECK_STR(error_with(a, "body: B", str_printf(a, "body: x%.*s", STR(body))),
        S("line 46: postmortem.sections[0].body: must not be longer than 20000 bytes"));
    CHECK_STR(error_with(a, "[It works]", str_printf(a, "[%.*s]", STR(list))), S(""));
    CHECK_STR(error_with(a, "[It works]", str_printf(a, "[x,%.*s]", STR(list))),
        S("line 42: verification: must not have more than 100 entries"));
    CHECK_STR(error_with(a, "id: small", str_printf(a, "id: %.*s", STR(id))), S(""));
    CHECK_STR(error_with(a, "id: small", str_printf(a, "id: x%.*s", STR(id))),
        S("line 1: id: must not be longer than 40 characters"));
    struct buf b;
    for (int n = PACK_MAX_SEVERITIES - 2; n <= PACK_MAX_SEVERITIES - 1; n++) {
        buf_init(&b, a, 2000);
        for (int i = 0; i < n; i++)
            buf_printf(&b,
                "  - {rank: %d, id: X%d, name: n, criteria: c, examples: [], pages: true}\n", i + 3,
                i);
        buf_add(&b, S("statuses:"));
        struct str message = error_with(a, "statuses:", buf_str(&b));
        /* Five severities are too many for the small pack's impact matrix, six for any pack. */
        CHECK(
            str_contains(message, n == 3 ? S("impact[0].levels") : S("must have 1 to 5 entries")));
    }
}
