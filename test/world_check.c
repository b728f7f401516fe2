#include "base/buf.h"
#include "store/event.h"
#include "world.h"

/* Each counts what must not be. */
static const struct {
    const char *what, *sql;
} rules[] = {
    {"a page was put into the outbox twice",
        "SELECT COUNT(*) FROM (SELECT 1 AS x FROM delivery WHERE kind = 'page' GROUP BY "
        "incident_id, loop, step,"
        " channel, address, COALESCE(user_id, endpoint_id) HAVING COUNT(*) > 1) d"},
    {"a running escalation does not have exactly one timer at its time",
        "SELECT COUNT(*) FROM escalation e WHERE e.state = 'running' AND (SELECT COUNT(*) FROM "
        "timer t"
        " WHERE t.kind = 'escalate' AND t.subject = e.incident_id AND t.due_at = e.next_at) <> 1"},
    {"a timer escalates what does not run",
        "SELECT COUNT(*) FROM timer t WHERE t.kind = 'escalate' AND NOT EXISTS (SELECT 1 FROM "
        "escalation e"
        " WHERE e.incident_id = t.subject AND e.state = 'running')"},
    {"an escalation runs for an incident that is over or acknowledged",
        "SELECT COUNT(*) FROM escalation e JOIN incident i ON i.id = e.incident_id"
        " WHERE e.state = 'running' AND (i.is_open = 0 OR i.acknowledged_at IS NOT NULL)"},
    {"an open incident that nobody has acknowledged is not escalated",
        "SELECT COUNT(*) FROM incident i LEFT JOIN escalation e ON e.incident_id = i.id WHERE "
        "i.is_open = 1"
        " AND i.acknowledged_at IS NULL AND COALESCE(e.state, 'none') NOT IN ('running', "
        "'exhausted')"},
    {"an incident that alerts opened outlives them unacknowledged",
        "SELECT COUNT(*) FROM incident i WHERE i.is_open = 1 AND i.created_by = 'alert'"
        " AND i.acknowledged_at IS NULL AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.incident_id "
        "= i.id"
        " AND a.firing = 1)"},
    {"two open incidents are about the same group",
        "SELECT COUNT(*) FROM (SELECT 1 AS x FROM incident WHERE is_open = 1 AND group_key IS NOT "
        "NULL"
        " GROUP BY group_key HAVING COUNT(*) > 1) d"},
    {"the same alert fires twice", "SELECT COUNT(*) FROM (SELECT 1 AS x FROM alert WHERE firing = "
                                   "1 GROUP BY dedup HAVING COUNT(*) > 1) d"},
    {"an alert is neither firing nor resolved, or both",
        "SELECT COUNT(*) FROM alert WHERE (firing = 1) = (resolved_at IS NOT NULL) OR count < 1"
        " OR starts_at > ends_at"},
    {"a delivery waits without a time, or has one without waiting",
        "SELECT COUNT(*) FROM delivery WHERE (state IN ('queued', 'sending')) <> (next_at IS NOT "
        "NULL)"
        " OR (state = 'sent') <> (sent_at IS NOT NULL)"},
    {"the escalation paged after somebody had acknowledged",
        "SELECT COUNT(*) FROM delivery d JOIN incident i ON i.id = d.incident_id WHERE d.kind = "
        "'page'"
        " AND d.step >= 0 AND d.created_at > i.acknowledged_at"},
    {"an escalation has more loops than its policy",
        "SELECT COUNT(*) FROM escalation WHERE loop > repeat"},
    {"a promise runs without a timer, or past the end of its incident",
        "SELECT COUNT(*) FROM promise p JOIN incident i ON i.id = p.incident_id WHERE p.settled_at IS NULL AND"
        " (i.is_open = 0 OR (p.stage < 4 AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.kind = 'promise' AND"
        " t.subject = p.incident_id)))"},
    {"a promise is kept that was late, or missed that was not",
        "SELECT COUNT(*) FROM promise WHERE (state = 'kept' AND settled_at > due_at)"
        " OR (state = 'missed' AND settled_at <= due_at) OR (state IN ('kept', 'void') AND settled_at IS NULL)"},
    {"event numbers have gaps",
        "SELECT COUNT(*) FROM (SELECT COUNT(*) AS n, COALESCE(MAX(seq), 0) AS last FROM event) e"
        " WHERE e.n <> e.last"},
};

bool world_check(struct world *w)
{
    bool good = true;

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (raw_int(w->raw, rules[i].sql) != 0) {
            test_fail(w->t, __FILE__, __LINE__, "%s", rules[i].what);
            good = false;
        }
    return good;
}

static void broken(void *ctx, struct str finding)
{
    struct world *w = ctx;

    test_fail(w->t, __FILE__, __LINE__, "%.*s", STR(finding));
}

bool world_chains(struct world *w)
{
    int before = w->t->failures;
    struct error err = {0};
    int64_t checked = 0;

    if (!event_verify(w->db, broken, w, &checked, &err))
        test_fail(w->t, __FILE__, __LINE__, "%s", err.message);
    if (checked != raw_int(w->raw, "SELECT COUNT(*) FROM event"))
        test_fail(w->t, __FILE__, __LINE__, "%lld events were checked, which is not all",
            (long long)checked);
    return w->t->failures == before;
}

/* Left out: secrets, which are random, and when a repeat was written: at once or within a second.
 */
static const struct {
    const char *table, *sql;
} tables[] = {
    {"account", "SELECT * FROM account ORDER BY 1"},
    {"action_item", "SELECT * FROM action_item ORDER BY 1"},
    {"alert", "SELECT id, service_id, dedup, fingerprint, firing, timeout, name, severity, labels, "
              "annotations,"
              " generator_url, starts_at, ends_at, received_at, resolved_at, count, incident_id "
              "FROM alert"
              " ORDER BY 1"},
    {"chain", "SELECT * FROM chain ORDER BY 1"},
    {"contact", "SELECT * FROM contact ORDER BY 1"},
    {"counter", "SELECT * FROM counter ORDER BY 1"},
    {"delivery", "SELECT * FROM delivery ORDER BY 1"},
    {"endpoint", "SELECT id, name, url, created_at FROM endpoint ORDER BY 1"},
    {"escalation", "SELECT * FROM escalation ORDER BY 1"},
    {"event", "SELECT * FROM event ORDER BY 1"},
    {"incident", "SELECT * FROM incident ORDER BY 1"},
    {"incident_role", "SELECT * FROM incident_role ORDER BY 1, 2"},
    {"incident_service", "SELECT * FROM incident_service ORDER BY 1, 2"},
    {"incident_update", "SELECT * FROM incident_update ORDER BY 1"},
    {"listener", "SELECT * FROM listener ORDER BY 1"},
    {"promise", "SELECT * FROM promise ORDER BY 1"},
    {"integration_key", "SELECT id, service_id, name, created_at FROM integration_key ORDER BY 1"},
    {"policy", "SELECT * FROM policy ORDER BY 1"},
    {"postmortem", "SELECT * FROM postmortem ORDER BY 1"},
    {"route", "SELECT * FROM route ORDER BY 1"},
    {"service", "SELECT * FROM service ORDER BY 1"},
    {"setting", "SELECT * FROM setting ORDER BY 1"},
    {"timer", "SELECT * FROM timer ORDER BY 1"},
};

struct str world_dump(struct world *w, struct arena *a)
{
    struct buf b;

    buf_init(&b, a, (size_t)64 << 20);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        buf_printf(&b, "# %s\n", tables[i].table);
        buf_add(&b, raw_rows(w->raw, a, tables[i].sql));
    }
    return buf_str(&b);
}
