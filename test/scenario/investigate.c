/* Investigating: changes, hypotheses, thresholds, runbooks. */
#include "investigate.h"

#include "engine/change.h"
#include "engine/hypothesis.h"
#include "engine/runbook.h"
#include "engine/task.h"
#include "engine/threshold.h"

static struct str or_else(struct str s, struct str other)
{
    return s.ptr ? s : other;
}

/* change checkout "title" [kind migration] [status started] [version 2.4] [commit abc] [env staging] [id P-1] [at -12m] */
static bool op_change(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct change c = {.source = S("api"), .service_id = s->words[1], .title = quoted(s), .kind = word_after(s, 2, "kind"),
        .status = word_after(s, 2, "status"), .version = word_after(s, 2, "version"),
        .commit_to = word_after(s, 2, "commit"), .environment = word_after(s, 2, "env"),
        .external_id = word_after(s, 2, "id")};
    bool fresh;

    if (str_eq(c.status, S("started")))
        c.started_at = time_after(s, "at");
    else
        c.finished_at = time_after(s, "at");
    return engine_change(op, &c, &fresh, err);
}

/* suspect alice: of the latest change */
static bool op_suspect(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct hypothesis_input in = {.likelihood = 4, .impact = 4, .timebox = 10 * MINUTE_US,
        .change_id = value_of(s, "SELECT id FROM change_event ORDER BY created_at DESC, id DESC LIMIT 1")};
    struct hypothesis out;
    bool fresh;

    return engine_hypothesis_add(op, incident_ref(s), &in, &out, &fresh, err);
}

/* hypothesis alice "text" [likelihood 4] [impact 5] [timebox 10m] */
static bool op_hypothesis(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct hypothesis_input in = {.text = quoted(s), .likelihood = 3, .impact = 3};
    struct hypothesis out;
    bool fresh;

    str_int(or_else(word_after(s, 2, "likelihood"), S("3")), &in.likelihood);
    str_int(or_else(word_after(s, 2, "impact"), S("3")), &in.impact);
    duration_parse(or_else(word_after(s, 2, "timebox"), S("15m")), &in.timebox);
    return engine_hypothesis_add(op, incident_ref(s), &in, &out, &fresh, err);
}

/* The one whose text holds the quoted part. */
static struct str hypothesis_id(struct scenario *s)
{
    return value_of(s, "SELECT h.id FROM hypothesis h JOIN incident i ON i.id = h.incident_id"
                       " WHERE i.number = '%.*s' AND h.text LIKE '%%%.*s%%'", STR(incident_ref(s)), STR(quoted(s)));
}

/* verdict alice testing|supported|refuted|confirmed "part of the text" [because WORD] */
static bool op_verdict(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct hypothesis_input in = {.state = s->words[2], .reason = word_after(s, 3, "because")};
    struct hypothesis out;
    uint64_t given = 0;

    for (size_t k = 0; hypothesis_edit_fields[k].name; k++)
        if (str_eq(str_from(hypothesis_edit_fields[k].name), S("state")))
            given = UINT64_C(1) << k;
    return engine_hypothesis_edit(op, incident_ref(s), hypothesis_id(s), &in, given, &out, err);
}

/* evidence alice for|against|unclear "part of the text" seen WORD */
static bool op_evidence(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct finding e = {.says = s->words[2], .text = word_after(s, 3, "seen")};

    return engine_finding_add(op, incident_ref(s), hypothesis_id(s), &e, err);
}

/* threshold alice "text" [within 20m] */
static bool op_threshold(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct threshold t = {.text = quoted(s)};

    duration_parse(or_else(word_after(s, 2, "within"), S("0s")), &t.within);
    return engine_threshold_add(op, incident_ref(s), &t, err);
}

/* crossed alice "part" */
static bool op_crossed(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct threshold out;
    struct str id = value_of(s, "SELECT t.id FROM threshold t JOIN incident i ON i.id = t.incident_id"
                                " WHERE i.number = '%.*s' AND t.text LIKE '%%%.*s%%'", STR(incident_ref(s)), STR(quoted(s)));

    return engine_threshold_end(op, incident_ref(s), id, S("reached"), &out, err);
}

/* runbook alice "title" [alert Disk] [service checkout] [severity SEV1] [escalate 15m]: of three steps;
 * runbook alice FILE.md: one of those that come with the program */
static bool op_runbook(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str after = word_after(s, 2, "escalate"), body;
    struct runbook out;
    int64_t us = 0;

    if (str_ends(s->words[2], S(".md")))
        return engine_runbook_put(op, STR_NONE,
            test_read_file(s->arena, str_printf(s->arena, "runbooks/%.*s", STR(s->words[2])).ptr), 0, &out, err);
    duration_parse(or_else(after, S("0s")), &us);
    body = str_printf(s->arena, "---\ntitle: \"%.*s\"\nalerts: [%.*s]\nservices: [%.*s]\nseverities: [%.*s]\n---\n"
        "## Diagnosis\n1. Look at it: `top`\n2. Think\n## Repair\n1. Mend it\n%s", STR(quoted(s)),
        STR(word_after(s, 2, "alert")), STR(word_after(s, 2, "service")), STR(word_after(s, 2, "severity")),
        after.len ? str_printf(s->arena, "## Escalation\nAfter %lld min escalate to: bob\n", (long long)(us / MINUTE_US)).ptr : "");
    return engine_runbook_put(op, STR_NONE, body, 0, &out, err);
}

static struct str runbook_id(struct scenario *s)
{
    return value_of(s, "SELECT id FROM runbook WHERE title = '%.*s'", STR(quoted(s)));
}

/* attach alice "title", putaway alice "title" */
static bool op_attach(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct runbook out;

    return engine_runbook_attach(op, incident_ref(s), runbook_id(s), S("by hand"), &out, err);
}

static bool op_putaway(struct op *op, void *arg, struct error *err)
{
    return engine_runbook_remove(op, incident_ref(arg), runbook_id(arg), err);
}

/* tick alice done|skipped|failed "text": an open task that says so */
static bool op_tick(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct task_change in = {.state = s->words[2]};
    struct task out;
    struct str id = value_of(s, "SELECT t.id FROM task t JOIN incident i ON i.id = t.incident_id WHERE i.number = '%.*s'"
                                " AND t.state = 'open' AND t.text = '%.*s' ORDER BY t.list, t.position LIMIT 1",
        STR(incident_ref(s)), STR(quoted(s)));

    return engine_task_set(op, incident_ref(s), id, &in, &out, err);
}

const struct scenario_operation investigate_operations[] = {
    {"attach", op_attach, true},
    {"change", op_change, false},
    {"crossed", op_crossed, true},
    {"evidence", op_evidence, true},
    {"hypothesis", op_hypothesis, true},
    {"putaway", op_putaway, true},
    {"runbook", op_runbook, true},
    {"suspect", op_suspect, true},
    {"threshold", op_threshold, true},
    {"tick", op_tick, true},
    {"verdict", op_verdict, true},
    {0},
};

static bool same(struct scenario *s, struct str got, struct str want)
{
    return str_eq(got, want) || scenario_fail(s, "it is %.*s", STR(got));
}

/* changes N [STATUS of the latest] */
static bool changes(struct scenario *s)
{
    return same(s, value_of(s, "SELECT COUNT(*) FROM change_event"), s->words[2]) &&
        (s->n < 4 || same(s, value_of(s, "SELECT status FROM change_event ORDER BY updated_at DESC, id DESC LIMIT 1"), s->words[3]));
}

/* hypothesis STATE "part" [over] */
static bool hypothesis(struct scenario *s)
{
    struct str state, row = value_of(s, "SELECT state, is_over FROM hypothesis WHERE id = '%.*s'", STR(hypothesis_id(s)));
    struct str over = str_cut(row, '|', &state);

    return same(s, row.len ? state : S("none"), s->words[2]) && same(s, over, has_word(s, 4, "over") ? S("1") : S("0"));
}

/* threshold STATE "part" */
static bool threshold(struct scenario *s)
{
    return same(s, value_of(s, "SELECT t.state FROM threshold t JOIN incident i ON i.id = t.incident_id"
                               " WHERE i.number = '%.*s' AND t.text LIKE '%%%.*s%%'", STR(incident_ref(s)), STR(quoted(s))),
        s->words[2]);
}

/* steps STATE N "title": tasks of a runbook that the incident follows */
static bool steps(struct scenario *s)
{
    return same(s, value_of(s, "SELECT COUNT(*) FROM task t JOIN incident i ON i.id = t.incident_id WHERE i.number = '%.*s'"
                               " AND t.state = '%.*s' AND t.list LIKE 'runbook:%.*s:%%'",
                       STR(incident_ref(s)), STR(s->words[2]), STR(runbook_id(s))),
        s->words[3]);
}

/* tasks STATE N LIST: of one checklist, such as phase:triage, war_room:1, verify */
static bool tasks(struct scenario *s)
{
    return same(s, value_of(s, "SELECT COUNT(*) FROM task t JOIN incident i ON i.id = t.incident_id WHERE i.number = '%.*s'"
                               " AND t.state = '%.*s' AND t.list = '%.*s'",
                       STR(incident_ref(s)), STR(s->words[2]), STR(s->words[4])),
        s->words[3]);
}

const struct scenario_expectation investigate_expectations[] = {
    {"changes", changes},
    {"hypothesis", hypothesis},
    {"steps", steps},
    {"tasks", tasks},
    {"threshold", threshold},
    {0},
};
