/* Hot queries find their rows through an index, on both engines. */
#include "db/query.h"
#include "world.h"

static const char *const hot[] = {"alert_expire", "alert_firing_name", "alert_incident_firing",
    "alert_next_end", "alert_open", "alert_overdue", "alert_touch", "alert_update", "chain_get",
    "delivery_claim", "delivery_due", "delivery_next", "delivery_supersede", "escalation_get",
    "event_list", "event_since", "incident_get", "incident_open", "incident_open_group",
    "key_by_hash", "session_get", "timer_claim", "timer_due", "timer_next", "token_by_hash",
    "user_get"};

static const struct query_text *text_of(const char *name)
{
    for (size_t i = 0; i < query_count; i++)
        if (str_eq(str_from(query_table[i].name), str_from(name)))
            return &query_table[i];
    return NULL;
}

/* $1… as literals of their type. */
static const char *with_values(struct arena *a, const struct query_text *q, enum db_kind kind)
{
    struct str sql = str_from(q->sql[kind]), out = S("");

    for (size_t i = 0; i < sql.len; i++) {
        size_t n = 0;
        if (sql.ptr[i] != '$') {
            out = str_printf(a, "%.*s%c", STR(out), sql.ptr[i]);
            continue;
        }
        while (i + 1 < sql.len && sql.ptr[i + 1] >= '0' && sql.ptr[i + 1] <= '9')
            n = n * 10 + (size_t)(sql.ptr[++i] - '0');
        out = str_printf(a, "%.*s%s", STR(out), q->params[n - 1] == 'i' ? "7" : "'x'");
    }
    return out.ptr;
}

static void plans(struct test *t, struct arena *a, enum db_kind kind)
{
    struct world *w = world_new(t, a, kind);

    if (!w)
        return;
    if (kind == DB_POSTGRES)
        raw_rows(w->raw, a, "SET enable_seqscan = off");
    for (size_t i = 0; i < sizeof hot / sizeof *hot; i++) {
        const struct query_text *q = text_of(hot[i]);
        if (!q) {
            test_fail(t, __FILE__, __LINE__, "there is no query %s", hot[i]);
            continue;
        }
        struct str plan = raw_rows(w->raw, a,
            str_printf(
                a, "EXPLAIN %s%s", kind == DB_SQLITE ? "QUERY PLAN " : "", with_values(a, q, kind))
                .ptr);
        /* The first row of an index that is read in its order is no search, and needs none. */
        bool good = kind == DB_POSTGRES
                        ? !str_contains(plan, S("Seq Scan"))
                        : str_contains(plan, S("SEARCH")) || str_contains(plan, S("USING INDEX")) ||
                              str_contains(plan, S("USING COVERING INDEX"));
        if (!good || str_contains(plan, S("TEMP B-TREE FOR ORDER")))
            test_fail(t, __FILE__, __LINE__, "%s:\n%.*s", hot[i], STR(plan));
    }
    world_free(w);
}

TEST(hot_queries_use_an_index_sqlite)
{
    plans(t, a, DB_SQLITE);
}

TEST(hot_queries_use_an_index_postgres)
{
    plans(t, a, DB_POSTGRES);
}
