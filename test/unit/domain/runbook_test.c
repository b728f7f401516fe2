#include "domain/runbook.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/pack.h"
#include "test.h"
#include "text/yaml.h"

static bool read(struct arena *a, struct str body, struct runbook *r, struct error *err)
{
    struct str text, front = runbook_front(body, &text);
    struct json *meta = NULL;

    return (!front.len || yaml_parse(a, front, &meta, err)) && runbook_describe(a, meta, text, r, err);
}

TEST(front_matter_says_what_it_is)
{
    struct runbook r;
    struct error err = {0};

    REQUIRE_OK(read(a, S("---\ntitle: High CPU!\nkind: playbook\nalerts: [HighCPU, Load]\nservice: checkout\n"
        "tested: '2026-10-01'\nowner: Platform\nweight: 20\n---\n# Something else\n"), &r, &err));
    CHECK_STR(r.title, S("High CPU!"));
    CHECK_STR(r.slug, S("high-cpu"));
    CHECK_STR(r.kind, S("playbook"));
    CHECK_STR(r.alerts, S("HighCPU, Load"));
    CHECK_STR(r.services, S("checkout"));
    CHECK_STR(r.severities, S(""));
    CHECK_STR(r.tested_on, S("2026-10-01"));
    CHECK_STR(r.owner, S("Platform"));
}

/* As the method with "Metadata" writes it. */
TEST(a_metadata_section_says_the_same)
{
    struct runbook r;
    struct error err = {0};

    REQUIRE_OK(read(a, S("# Runbook: API is slow\n\n## Metadata\n- **Severity**: P2\n- **Services Affected**: api, web\n"
        "- **Alert Name**: SlowApi\n- **Last Updated**: [Date]\n- **Author**: [Name]\n"), &r, &err));
    CHECK_STR(r.title, S("API is slow"));
    CHECK_STR(r.severities, S("P2"));
    CHECK_STR(r.services, S("api, web"));
    CHECK_STR(r.alerts, S("SlowApi"));
    CHECK_STR(r.owner, S(""));
}

TEST(what_cannot_be_is_refused)
{
    static const char *const bodies[] = {"no heading", "", "---\ntitle: x\nkind: cookbook\n---\n",
        "---\ntitle: x\ntested: 2026-02-30\n---\n", "---\ntitle: [x]\n---\n"};

    for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
        struct runbook r;
        struct error err = {0};
        if (read(a, str_from(bodies[k]), &r, &err) || err.kind != ERROR_INVALID)
            test_fail(t, __FILE__, __LINE__, "taken: %s", bodies[k]);
    }
}

TEST(names_up_to_the_limit)
{
    for (int n = RUNBOOK_MAX_NAMES; n <= RUNBOOK_MAX_NAMES + 1; n++) {
        struct runbook r;
        struct error err = {0};
        struct buf b;
        buf_init(&b, a, 10000);
        buf_add(&b, S("---\ntitle: x\nalerts: ["));
        for (int k = 0; k < n; k++)
            buf_printf(&b, "%sA%d", k ? ", " : "", k);
        buf_add(&b, S("]\n---\n"));
        CHECK(read(a, buf_str(&b), &r, &err) == (n == RUNBOOK_MAX_NAMES));
    }
}

static const char document[] =
    "# Runbook: x\n"
    "## Symptoms\n1. Not a step\n### Nor this\n"
    "## Diagnosis Steps\n"
    "### Step 1: Verify the Issue\n```bash\n# 1. not a step\ncurl -I https://api/health\n```\n\nExpected: 200 OK\n"
    "If unhealthy: Continue to Step 2\n\n"
    "### Look around\n1. Check top processes: `top`\n2. Check **logs** in [Loki](https://loki)\n"
    "## Mitigation\n- **If storage full**: Extend storage\n- Not a step\n- If stopped: Start it\n"
    "## Verification\n- [ ] Alert cleared\n- [x] Users happy\n"
    "## Escalation\nIf not resolved in 15 minutes:\n- Escalate to: the vendor\n- Contact: +1 555\n";

TEST(steps_as_people_write_them)
{
    static const struct {
        const char *section, *text, *command, *expected;
    } want[] = {
        {"Diagnosis Steps", "Verify the Issue", "# 1. not a step\ncurl -I https://api/health", "200 OK\nIf unhealthy: Continue to Step 2"},
        {"Diagnosis Steps", "Check top processes", "top", ""},
        {"Diagnosis Steps", "Check logs in Loki", "", ""},
        {"Mitigation", "If storage full: Extend storage", "", ""},
        {"Mitigation", "If stopped: Start it", "", ""},
        {"Verification", "Alert cleared", "", ""},
        {"Verification", "Users happy", "", ""},
    };
    struct runbook_step got[10];
    size_t n = runbook_steps(a, str_from(document), got, 10);

    CHECK_INT(n, 7);
    for (size_t k = 0; k < n && k < 7; k++) {
        CHECK_STR(got[k].section, str_from(want[k].section));
        CHECK_STR(got[k].text, str_from(want[k].text));
        CHECK_STR(got[k].command, str_from(want[k].command));
        CHECK_STR(got[k].expected, str_from(want[k].expected));
    }
    CHECK_INT(runbook_steps(a, str_from(document), got, 3), 3);
    /* A fence that is never closed ends with the document; without steps the sections are the steps. */
    CHECK_INT(runbook_steps(a, S("## Meaning\nx\n## Look\nProse\n```sh\nls\n### Step 1: no\n"), got, 10), 1);
    CHECK_STR(got[0].text, S("Look"));
    CHECK_STR(got[0].command, S("ls\n### Step 1: no"));
    CHECK_INT(runbook_steps(a, S("Only prose"), got, 10), 0);
}

TEST(escalation_says_when_and_to_whom)
{
    static const struct {
        const char *text;
        int64_t minutes; /* 0: none */
        const char *to;
    } cases[] = {
        {document, 15, "the vendor (+1 555)"},
        {"## Escalation\n- If unresolvable in 15 min → Escalate to vendor (AWS/Azure)\n", 15, "vendor (AWS/Azure)"},
        {"## Escalation\nIf not resolved in [X minutes]:\n- Escalate to: [team/person]\n", 0, ""},
        {"## Escalation\nAfter 2 hours escalate to: the boss\n", 120, "the boss"},
        {"## Эскалация\nЕсли не решено за 15 мин:\n- Эскалировать: поставщику\n", 15, "поставщику"},
        {"## Mitigation\nIf not resolved in 15 minutes escalate to: nobody\n", 0, ""},
        {"## Escalation\n```\nin 15 min escalate to: code\n```\n", 0, ""},
        {"", 0, ""},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct runbook_escalation e;
        CHECK(runbook_escalates(a, str_from(cases[k].text), &e) == (cases[k].minutes > 0));
        CHECK_INT(e.after, cases[k].minutes * MINUTE_US);
        CHECK_STR(e.to, str_from(cases[k].to));
    }
}

TEST(the_narrowest_thing_named_decides)
{
    const struct str alerts[] = {{"HighCPU", 7}}, services[] = {{"checkout", 8}};
    const struct runbook_case c = {.alerts = alerts, .nalerts = 1, .services = services, .nservices = 1, .severity = {"SEV1", 4}};
    static const struct {
        const char *alerts, *services, *severities;
        enum runbook_match want;
    } cases[] = {
        {"", "", "", RUNBOOK_NO},
        {"Disk, highcpu", "", "SEV3", RUNBOOK_BY_ALERT}, /* the severity of a runbook for alerts is the usual one */
        {"HighCPU", "search", "", RUNBOOK_NO},
        {"HighCPU", "search, checkout", "", RUNBOOK_BY_ALERT},
        {"High", "checkout", "SEV1", RUNBOOK_NO},
        {"", "checkout", "", RUNBOOK_BY_SERVICE},
        {"", "checkout", "SEV2", RUNBOOK_NO},
        {"", "checkout", "SEV2, SEV1", RUNBOOK_BY_SERVICE},
        {"", "", "SEV1", RUNBOOK_BY_SEVERITY},
        {"", "", "SEV2", RUNBOOK_NO},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct runbook r = {.alerts = str_from(cases[k].alerts), .services = str_from(cases[k].services), .severities = str_from(cases[k].severities)};
        if (runbook_matches(&r, &c) != cases[k].want)
            test_fail(t, __FILE__, __LINE__, "case %zu: %d", k, runbook_matches(&r, &c));
    }
}

TEST(the_playbooks_that_come_with_the_program)
{
    static const char *const slugs[] = {"bad-deployment", "certificate-expired", "database-outage", "disk-full",
        "high-cpu", "high-error-rate", "service-not-responding"};

    for (size_t k = 0; k < sizeof slugs / sizeof *slugs; k++) {
        struct str body = test_read_file(a, str_printf(a, "runbooks/%s.md", slugs[k]).ptr);
        struct runbook_step step[RUNBOOK_MAX_STEPS];
        struct runbook_escalation e;
        struct runbook r;
        struct error err = {0};
        REQUIRE_OK(read(a, body, &r, &err));
        CHECK_STR(r.slug, str_from(slugs[k]));
        CHECK_STR(r.kind, S("playbook"));
        size_t n = runbook_steps(a, body, step, RUNBOOK_MAX_STEPS);
        if (n < 8 || !runbook_escalates(a, body, &e) || !e.to.len)
            test_fail(t, __FILE__, __LINE__, "%s: %zu steps, escalates after %lld", slugs[k], n, (long long)e.after);
    }
}

/* What the method has for a database outage: who does what by when, and the vendor after a quarter of an hour. */
TEST(database_outage_is_complete)
{
    struct str body = test_read_file(a, "runbooks/database-outage.md");
    static const char *const sections[] = {"Initial response (0–5 min)", "Diagnosis (5–15 min)", "Mitigation, by cause"};
    static const size_t steps[] = {4, 4, 4};
    struct runbook_step step[RUNBOOK_MAX_STEPS];
    struct runbook_escalation e;
    size_t n = runbook_steps(a, body, step, RUNBOOK_MAX_STEPS);

    for (size_t s = 0; s < 3; s++) {
        size_t found = 0;
        for (size_t k = 0; k < n; k++)
            found += str_eq(step[k].section, str_from(sections[s]));
        CHECK_INT(found, steps[s]);
    }
    CHECK(runbook_escalates(a, body, &e));
    CHECK_INT(e.after, 15 * MINUTE_US);
    CHECK(str_contains(e.to, S("vendor")));
}

TEST(a_runbook_of_the_pack_reads_as_it_was_meant)
{
    struct str group = S("Первая реакция");
    struct pack_step steps[] = {{.text = S("Проверить: жива ли"), .group = group, .within_us = 5 * MINUTE_US, .command = S("ping -c1 db"), .expected = S("ответ")},
        {.text = S("Расширить"), .group = S("Устранение"), .when = S("Кончилось место")}};
    struct pack_runbook p = {.id = S("db"), .title = S("База \"одна\""), .scenario = S("Не отвечает"), .steps = steps, .nsteps = 2,
        .escalate_us = 15 * MINUTE_US, .escalate_to = S("Поставщику")};
    struct pack pack = {.language = S("ru")};
    struct str body = runbook_of_pack(a, &pack, &p);
    struct runbook_step got[5];
    struct runbook_escalation e;
    struct runbook r;
    struct error err = {0};

    REQUIRE_OK(read(a, body, &r, &err));
    CHECK_STR(r.slug, S("db"));
    CHECK_STR(r.title, S("База \"одна\""));
    CHECK_INT(runbook_steps(a, body, got, 5), 2);
    CHECK_STR(got[0].section, S("Первая реакция · 5m"));
    CHECK_STR(got[0].text, S("Проверить: жива ли"));
    CHECK_STR(got[0].command, S("ping -c1 db"));
    CHECK_STR(got[0].expected, S("ответ"));
    CHECK_STR(got[1].text, S("Кончилось место → Расширить"));
    CHECK(runbook_escalates(a, body, &e));
    CHECK_INT(e.after, 15 * MINUTE_US);
    CHECK_STR(e.to, S("Поставщику"));
}

/* Runbooks as they are written elsewhere: each is read within its bounds, and most of those that have
 * numbered steps or headings for them give steps. */
TEST(the_runbooks_of_others)
{
    const char *index = test_data(t, a, "02_runbooks/index.jsonl");
    struct str lines = index ? test_read_file(a, index) : STR_NONE, line;
    int read_n = 0, with_steps = 0, with_title = 0;

    if (!lines.len)
        return;
    while (lines.ptr) {
        struct arena scratch = *a;
        struct error err = {0};
        struct json *row;
        lines = str_cut(lines, '\n', &line);
        if (!line.len)
            continue;
        REQUIRE_OK(json_parse(&scratch, line, &row, &err));
        const char *file = test_data(t, &scratch, str_z(&scratch, json_get_str(row, S("file"))));
        struct str body = file ? test_read_file(&scratch, file) : STR_NONE, text;
        struct runbook_step step[RUNBOOK_MAX_STEPS];
        struct runbook_escalation e;
        struct runbook r = {0};
        runbook_front(body, &text);
        size_t n = runbook_steps(&scratch, text, step, RUNBOOK_MAX_STEPS);
        for (size_t k = 0; k < n; k++)
            if (!step[k].text.len || step[k].text.len > 2000 || step[k].command.len > 16000)
                test_fail(t, __FILE__, __LINE__, "%s: step %zu: %zu bytes", file, k, step[k].text.len);
        runbook_escalates(&scratch, text, &e);
        read_n++;
        with_steps += n > 0;
        with_title += runbook_describe(&scratch, NULL, text, &r, &err);
    }
    printf("    %d runbooks read, %d with a title, %d with steps\n", read_n, with_title, with_steps);
    CHECK(read_n >= 300);
    CHECK(with_steps * 10 > read_n * 8);
}
