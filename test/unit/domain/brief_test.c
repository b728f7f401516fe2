#include "domain/brief.h"

#include <string.h>

#include "base/buf.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "domain/alert.h"
#include "domain/event.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/postmortem.h"
#include "domain/task.h"
#include "test.h"

static struct str same_text(const void *ctx, const char *msgid)
{
    (void)ctx;
    return str_from(msgid);
}

static struct str iso(const void *ctx, struct arena *a, instant t)
{
    (void)ctx;
    return time_text(a, t);
}

static struct str duration(const void *ctx, struct arena *a, int64_t us)
{
    (void)ctx;
    return duration_text(a, us);
}

static struct brief_words english(const struct pack *pack)
{
    return (struct brief_words){.pack = pack, .text = same_text, .when = iso, .span = duration};
}

#define NOON INT64_C(1795262400000000)

static struct incident sample(void)
{
    return (struct incident){.number = S("INC-20261121-001"), .title = S("Card *payments* fail"), .status = S("mitigating"),
        .severity = S("SEV1"), .impact_users = 1200, .impact_percent = INT_NONE, .impact_text = S("1 of 3 payments\nfails"),
        .impact_revenue = S(""), .summary = S("| table"), .cause = S(""), .actions_now = S("rolling back"),
        .next_decision = S(""), .started_at = {NOON}, .detected_at = {NOON + 2 * MINUTE_US},
        .acknowledged_at = {NOON + 5 * MINUTE_US}};
}

static struct pack *methods(struct arena *a)
{
    struct pack_severity *severity = arena_new(a, struct pack_severity);
    struct pack_status *status = arena_new(a, struct pack_status);
    struct pack *pack = arena_new(a, struct pack);

    *severity = (struct pack_severity){.rank = 1, .id = S("SEV1"), .name = S("Critical"), .criteria = S("All are hurt")};
    *status = (struct pack_status){.status = S("mitigating"), .name = S("Stopping it")};
    *pack = (struct pack){.severities = severity, .nseverities = 1, .statuses = status, .nstatuses = 1};
    return pack;
}

static struct str body_of(struct arena *a, const struct incident *i, struct brief_facts f)
{
    struct brief_words words = english(methods(a));

    f.incident = i;
    return brief_body(a, &f, &words);
}

/* Seed 3 fixes the order of the sections. */
TEST(sections_stand_in_their_order)
{
    static const char *const headings[] = {"\n## Goal and context\n", "\n## Diagnosis and classification\n",
        "\n## Action plan and command\n", "\n## Metrics and alerts\n", "\n## Root cause and improvements\n", "\n## To do\n",
        "\n## Changes since the previous version\n"};
    struct incident i = sample();
    struct brief b = {.version = 1, .body = body_of(a, &i, (struct brief_facts){0}), .changes = S("")};
    struct brief_words words = english(methods(a));
    const char *at = brief_document(a, &b, &words).ptr;

    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++) {
        at = at ? strstr(at, headings[k]) : NULL;
        CHECK(at);
    }
    CHECK(at && strstr(at, "_this is the first version_"));
}

TEST(the_pack_names_what_it_names)
{
    struct pack_word sections[] = {{S("changes"), S("What moved")}, {S("plan"), S("Orders")}, {S("other"), S("Nothing")}};
    struct str statuses[] = {S("identified"), S("mitigating")};
    struct pack_phase loop = {.name = S("Fight"), .statuses = statuses, .nstatuses = 2};
    struct incident i = sample();
    struct pack *pack = methods(a);
    struct brief_words words = english(pack);

    pack->brief = sections;
    pack->nbrief = 3;
    pack->iterations = &loop;
    pack->niterations = 1;
    struct brief b = {.version = 2, .body = brief_body(a, &(struct brief_facts){.incident = &i}, &words), .changes = S("")};
    struct str s = brief_document(a, &b, &words);
    CHECK(str_contains(s, S("\nIteration 2/3: Fight\n")) && str_contains(s, S("\n## Orders\n")));
    CHECK(str_contains(s, S("\n## To do\n")) && str_ends(s, S("\n## What moved\n\n_none_\n")) && !str_contains(s, S("Nothing")));
}

TEST(it_says_what_the_rows_say)
{
    struct incident i = sample();
    const struct brief_role roles[] = {{S("Commander"), S("Ada")}, {S("Scribe"), STR_NONE}};
    const struct task tasks[] = {{.list = S("a"), .list_name = S("Triage"), .text = S("Verify [it]"), .state = S("open")},
        {.list = S("a"), .list_name = S("Triage"), .text = S("Declare"), .state = S("done")}};
    const struct alert alerts[] = {{.name = S("Disk"), .firing = true, .starts_at = {NOON}}};
    const struct event decisions[] = {
        {.at = {NOON + HOUR_US}, .actor_name = S("Ada"), .data = S("{\"text\":\"second\"}")},
        {.at = {NOON}, .actor_name = S("Bob"), .data = S("{\"text\":\"first\"}")}};
    const struct action_item items[] = {{.priority = S("P1"), .title = S("Alert on it"), .due_on = S("2026-12-01"), .status = S("open")},
        {.priority = S("P2"), .title = S("Done already"), .status = S("done")}};
    const struct str owners[] = {S("Bob"), STR_NONE}, services[] = {S("checkout"), S("cards")}, guesses[] = {S("cache")};
    struct str s = body_of(a, &i, (struct brief_facts){.roles = roles, .nroles = 2, .tasks = tasks, .ntasks = 2,
        .alerts = alerts, .nalerts = 1, .decisions = decisions, .ndecisions = 2, .items = items, .nitems = 2, .owners = owners,
        .services = services, .nservices = 2, .hypotheses = guesses, .nhypotheses = 1});
    static const char *const parts[] = {"# Incident brief INC-20261121-001: Card \\*payments\\* fail\n",
        "\nIteration 2/3: Response in real time\n", "- **What is known:** \\| table\n", "- **Services:** checkout, cards\n",
        "- **Severity:** SEV1, Critical. All are hurt\n", "- **Status:** Stopping it\n",
        "- **Impact:** 1 of 3 payments fails\n", "- **People affected:** 1200\n", "- **Hypotheses:**\n  - cache\n",
        "- **Commander:** Ada\n- **Scribe:** _not written down yet_\n- **Doing now:** rolling back\n",
        "- **Decisions:**\n  - 2026-11-21T12:00:00Z, Bob: first\n  - 2026-11-21T13:00:00Z, Ada: second\n",
        "- **Checklists:**\n  - Triage: 1/2\n", "- **Detected after:** 2m\n- **Acknowledged after:** 3m\n",
        "- **Alerts:**\n  - Disk: firing, 2026-11-21T12:00:00Z\n",
        "- **Improvements:**\n  - P1 Alert on it — Bob, 2026-12-01\n  - P2 Done already\n",
        "\n## To do\n\n- [ ] Verify \\[it\\]\n- [ ] P1 Alert on it — Bob, 2026-12-01\n"};

    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (!str_contains(s, str_from(parts[k])))
            test_fail(t, __FILE__, __LINE__, "no \"%s\" in:\n%.*s", parts[k], STR(s));
    CHECK(!str_contains(s, S("Share of users")) && !str_contains(s, S("Revenue")));
    CHECK_STR(s, body_of(a, &i, (struct brief_facts){.roles = roles, .nroles = 2, .tasks = tasks, .ntasks = 2,
        .alerts = alerts, .nalerts = 1, .decisions = decisions, .ndecisions = 2, .items = items, .nitems = 2, .owners = owners,
        .services = services, .nservices = 2, .hypotheses = guesses, .nhypotheses = 1})); /* same rows, same bytes */
}

TEST(each_status_belongs_to_an_iteration)
{
    static const int want[] = {1, 1, 2, 2, 3, 3, 3, 3};

    for (size_t k = 0; k < sizeof want / sizeof *want; k++)
        CHECK_INT(brief_iteration(str_from(incident_statuses[k])), want[k]);
}

TEST(changes_are_lines_by_section)
{
    struct str before = S("# t\n\n## One\n\n- a\n- b\n\n## Two\n\n- c\n- d\n");
    struct str after = S("# t\n\n## One\n\n- a\n- b\n- new\n\n## Two\n\n- x\n- d\n");

    CHECK_STR(brief_changes(a, before, after), S("@ One\n+ - new\n@ Two\n- - c\n+ - x\n"));
    CHECK_STR(brief_changes(a, before, before), S(""));
    CHECK_STR(brief_changes(a, S(""), S("x")), S("+ x\n"));
    CHECK_STR(brief_changes(a, S("x\n"), S("")), S("- x\n"));
    CHECK_STR(brief_changes(a, S("a\nb\nc\n"), S("c\na\nb\n")), S("+ c\n- c\n"));
}

/* The added lines and what stays are the new version; the removed ones and what stays the old. */
static struct str numbered(struct arena *a, int from, int n)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    for (int i = 0; i < n; i++)
        buf_printf(&b, "line %d\n", from + i);
    return buf_str(&b);
}

static int marks(struct str changes, char mark)
{
    struct str one;
    int n = 0;

    while (changes.len) {
        changes = str_cut(changes, '\n', &one);
        n += one.ptr[0] == mark;
    }
    return n;
}

static int common(const char *x, const char *y)
{
    if (!*x || !*y)
        return 0;
    if (*x == *y)
        return 1 + common(x + 1, y + 1);
    int without_x = common(x + 1, y), without_y = common(x, y + 1);
    return without_x > without_y ? without_x : without_y;
}

static struct str one_a_line(struct arena *a, const char *letters)
{
    struct buf b;

    buf_init(&b, a, 100);
    for (; *letters; letters++)
        buf_printf(&b, "%c\n", *letters);
    return buf_str(&b);
}

/* Nothing that stays is called changed: as few lines as there can be, by a slower way to count them. */
TEST(no_difference_is_larger_than_it_has_to_be)
{
    struct rand r = {.state = 7};

    for (int round = 0; round < 500; round++) {
        char x[10] = "", y[10] = "";
        for (size_t i = rand_u64(&r) % 9; i-- > 0;)
            x[i] = (char)('a' + rand_u64(&r) % 3);
        for (size_t i = rand_u64(&r) % 9; i-- > 0;)
            y[i] = (char)('a' + rand_u64(&r) % 3);
        struct str c = brief_changes(a, one_a_line(a, x), one_a_line(a, y));
        int same = common(x, y);
        if (marks(c, '-') != (int)strlen(x) - same || marks(c, '+') != (int)strlen(y) - same)
            test_fail(t, __FILE__, __LINE__, "%s → %s:\n%.*s", x, y, STR(c));
    }
}

/* Fine as long as the table is within its limit (1023 × 1023 lines between the common ends); past it everything between
 * the ends has changed. */
TEST(a_long_difference_is_true_and_bounded)
{
    for (int n = 1023; n <= 1024; n++) {
        struct str old = str_printf(a, "old\n%.*sold\n", STR(numbered(a, 0, n - 2)));
        struct str new = str_printf(a, "new\n%.*snew\n", STR(numbered(a, 0, n - 2)));
        struct str c = brief_changes(a, old, new);
        CHECK_INT(marks(c, '+'), n == 1023 ? 2 : n);
        CHECK_INT(marks(c, '-'), n == 1023 ? 2 : n);
    }
    struct str c = brief_changes(a, numbered(a, 0, 6000), numbered(a, 100000, 6000));
    CHECK(c.len <= BRIEF_MAX_CHANGES && str_ends(c, S("\n")));
}

TEST(a_brief_always_fits)
{
    struct incident i = sample();
    struct task *tasks = arena_array(a, struct task, 1000);
    char text[1001];

    for (size_t k = 0; k + 2 < sizeof text; k += 2)
        memcpy(text + k, "д", 2);
    for (size_t k = 0; k < 1000; k++)
        tasks[k] = (struct task){.list = S("a"), .list_name = S("A"), .text = {text, 1000}, .state = S("open")};
    struct str s = body_of(a, &i, (struct brief_facts){.tasks = tasks, .ntasks = 1000});
    CHECK(s.len <= BRIEF_MAX_BODY && s.len > BRIEF_MAX_BODY - 2000 && utf8_valid(s) && str_ends(s, S("\n")));
}

TEST(files_have_harmless_names)
{
    instant at = {NOON + 14 * MINUTE_US + 7};

    CHECK_STR(brief_file(a, at, S("Card payments fail!")), S("20261121T121400Z_card-payments-fail.md"));
    CHECK_STR(brief_file(a, at, S("Не проходит оплата картой: ошибка 5хх, съёмка")),
        S("20261121T121400Z_ne-prokhodit-oplata-kartoy-oshibka-5khkh-semka.md"));
    CHECK_STR(brief_file(a, at, S("../../etc/passwd")), S("20261121T121400Z_etc-passwd.md"));
    CHECK_STR(brief_file(a, at, S("日本")), S("20261121T121400Z_incident.md"));
    char text[80];
    memset(text, 'x', sizeof text);
    CHECK_INT(brief_file(a, at, (struct str){text, BRIEF_MAX_SLUG}).len, 17 + BRIEF_MAX_SLUG + 3);
    CHECK_INT(brief_file(a, at, (struct str){text, BRIEF_MAX_SLUG + 1}).len, 17 + BRIEF_MAX_SLUG + 3);
    struct str wide = str_printf(a, "%.*sщ", BRIEF_MAX_SLUG - 1, text); /* one letter that becomes four */
    CHECK_INT(brief_file(a, at, wide).len, 17 + BRIEF_MAX_SLUG + 3);
}
