#include "cli/incident.h"

#include "cli/table.h"
#include "text/language.h"

static const struct column rows[] = {
    {"number", "NUMBER"}, {"severity", "SEVERITY"}, {"status", "STATUS"}, {"began_at", "BEGAN"},
    {"commander", "COMMANDER"}, {"title", "TITLE"}, {0},
};

static const struct column facts[] = {
    {"services", "Services"}, {"began_at", "Began"}, {"detected_at", "Detected"},
    {"acknowledged_at", "Acknowledged"}, {"mitigated_at", "Mitigated"}, {"resolved_at", "Resolved"},
    {"duration_us", "Lasted"}, {"next_update_at", "Next update"}, {"summary", "Summary"},
    {"impact_text", "Impact"}, {"impact_users", "People affected"}, {"impact_percent", "Per cent"},
    {"impact_revenue", "Revenue"}, {"cause", "Cause"}, {"actions_now", "Being done"},
    {"next_decision", "Next decision"}, {"escalation.policy_name", "Policy"},
    {"escalation.state", "Escalation"}, {"escalation.next_name", "Pages next"},
    {"escalation.next_at", "Pages at"}, {"web_url", "Page"}, {0},
};

static const struct column roles[] = {{"role", "ROLE"}, {"user", "HELD BY"}, {"name", "NAME"}, {0}};
static const struct column alerts[] = {
    {"severity", "SEVERITY"}, {"name", "ALERT"}, {"firing", "FIRING"}, {"starts_at", "SINCE"},
    {"count", "COUNT"}, {"summary", "SUMMARY"}, {0},
};
static const struct column pages[] = {
    {"user_name", "WHO"},
    {"channel", "BY"},
    {"state", "STATE"},
    {"at", "AT"},
    {"reason", "WHY"},
    {0},
};
static const struct column timeline[] = {
    {"number", "#"}, {"at", "AT"}, {"kind", "KIND"}, {"actor_name", "WHO"}, {"text", "TEXT"}, {0},
};

static void section(
    struct cli *c, const char *title, const struct json *list, const struct column *columns)
{
    if (!list || !list->first)
        return;
    putchar('\n');
    table_paint(c, PAINT_BOLD, language_text(c->language, title));
    putchar('\n');
    table_print(c, list, columns, "");
}

/* The server sends the newest entry first; in a terminal the newest belongs at the bottom. */
static struct json *oldest_first(struct cli *c, const struct json *list)
{
    struct json *out = json_array(c->arena);

    for (const struct json *e = list ? list->first : NULL; e; e = e->next) {
        struct json *copy = arena_new(c->arena, struct json);
        *copy = *e;
        copy->next = out->first;
        out->first = copy;
        out->last = out->last ? out->last : copy;
        out->count++;
    }
    return out;
}

static bool show_one(struct cli *c, struct error *err)
{
    struct answer a;

    if (!api_get(c, incident_path(c, ""), &a, err))
        return incident_failed(c, err);
    if (api_print_json(c, &a))
        return true;
    table_paint(c, PAINT_BOLD, table_value(c, a.json, "number"));
    printf("  %.*s  %.*s\n", STR(table_value(c, a.json, "severity")),
        STR(table_value(c, a.json, "status")));
    table_paint(c, PAINT_BOLD, table_value(c, a.json, "title"));
    printf("\n\n");
    table_print_object(c, a.json, facts);
    section(c, "Roles", json_get(a.json, S("roles")), roles);
    section(c, "Alerts", json_get(a.json, S("alerts")), alerts);
    section(c, "Pages", json_get(a.json, S("pages")), pages);
    section(c, "Timeline", oldest_first(c, json_get(a.json, S("events"))), timeline);
    return true;
}

/* At most `limit` rows of `list` go to the end of `out`. */
static void take(struct json *out, struct json *list, int64_t limit)
{
    for (struct json *e = list ? list->first : NULL, *next; e && out->count < limit; e = next) {
        next = e->next;
        e->next = NULL;
        json_push(out, e);
    }
}

static bool show_list(struct cli *c, struct error *err)
{
    struct str words = cli_value(c, "find");
    struct json *list = json_array(c->arena);
    struct answer a;
    int64_t limit;

    if (!str_int(cli_value(c, "limit"), &limit) || limit < 1 || limit > 1000)
        return fail_field(err, "limit", "must be a whole number from 1 to 1000");
    struct str path = words.len
                          ? str_printf(c->arena, "/incidents?q=%.*s", STR(api_escape(c, words)))
                          : S("/incidents");
    if (!api_get(c, path, &a, err))
        return false;
    if (api_print_json(c, &a))
        return true;
    if (words.len) {
        take(list, json_get(a.json, S("found")), limit);
    } else {
        take(list, json_get(a.json, S("open")), limit);
        if (cli_flag(c, "all"))
            take(list, json_get(a.json, S("recent")), limit);
    }
    table_print(c, list, rows, words.len ? N_("No incident has these words in its number or title.")
        : cli_flag(c, "all") ? N_("No incident is open, and none was resolved in the last seven days.")
                             : N_("No incident is open."));
    return true;
}

static bool run(struct cli *c, struct error *err)
{
    if (cli_flag(c, "open") && cli_flag(c, "all"))
        return fail(err, MALFORMED, "--open and --all exclude each other");
    return c->nwords ? show_one(c, err) : show_list(c, err);
}

const struct command cmd_incidents = {
    .name = "incidents", .words = "[INCIDENT]", .least = 0, .most = 1,
    .summary = "List what is open, or show one incident with its timeline", .run = run,
    .options = {
        {"open", NULL, NULL, NULL, "only what is open; this is what happens anyway"},
        {"all", NULL, NULL, NULL, "also what was resolved in the last seven days"},
        {"find", "WORDS", NULL, NULL, "those with the words in their number or title, however old"},
        {"limit", "N", NULL, "100", "at most so many"},
        API_OPTIONS,
        {0},
    },
};
