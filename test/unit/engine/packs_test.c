/* The pack in use, on real writers: one's own switch, another node's, and a setting that names nothing. */
#include "engine/pack.h"

#include "base/clock.h"
#include "base/embedded.h"
#include "db/migrate.h"
#include "engine/writer.h"
#include "pg.h"
#include "scratch.h"
#include "store/store.h"
#include "test.h"

static const struct embedded *table(struct arena *a)
{
    static const char *const names[] = {"p0-p4.yaml", "sev.yaml", NULL};
    struct embedded *t = arena_array(a, struct embedded, 3);

    for (size_t i = 0; names[i]; i++)
        t[i] = (struct embedded){.name = str_from(names[i]),
            .data = test_read_file(a, str_printf(a, "packs/%s", names[i]).ptr)};
    return t;
}

static void committed(void *ctx, const struct effects *fx)
{
    (void)ctx, (void)fx;
}

struct node {
    struct env env;
    struct writer *writer;
};

static bool open_node(struct node *n, const struct embedded *packs, struct str url, struct error *err)
{
    n->env = (struct env){.base_url = S("https://t"), .node = S("n")};
    struct writer_config config = {.url = url, .env = &n->env, .seed = 1, .committed = committed};

    return packs_open(&n->env, packs, err) && writer_open(&n->writer, &config, err) && writer_run(n->writer, err);
}

static void close_node(struct node *n)
{
    if (n->writer)
        writer_stop(n->writer);
    packs_close(&n->env);
}

static bool choose(struct op *op, void *arg, struct error *err)
{
    op->fx->config_changed = true;
    return setting_put(op->db, S("pack"), str_from(arg), err);
}

static bool nothing(struct op *op, void *arg, struct error *err)
{
    (void)op, (void)arg, (void)err;
    return true;
}

static bool migrated(struct str url, struct error *err)
{
    CLEANUP(db_close) struct db *db = NULL;

    return db_open(&db, url, DB_WRITE, err) && migrate(db, clock_now(), NULL, err);
}

TEST(a_switch_is_seen_once_it_is_committed)
{
    struct str url = scratch_database(a);
    struct node n = {0};
    struct error err = {0};

    REQUIRE_OK(migrated(url, &err) && open_node(&n, table(a), url, &err));
    const struct pack *first = n.env.pack;
    CHECK_STR(first->id, S("sev"));
    REQUIRE_OK(writer_call(n.writer, choose, (char *)"p0-p4", actor_system, &err));
    CHECK_STR(n.env.pack->id, S("p0-p4")); /* before the caller hears of it */
    CHECK_STR(first->severities[0].id, S("SEV1")); /* whoever held the old one may go on with it */
    /* What cannot be read changes nothing. */
    REQUIRE_OK(writer_call(n.writer, choose, (char *)"gone 3", actor_system, &err));
    CHECK_STR(n.env.pack->id, S("p0-p4"));
    REQUIRE_OK(writer_call(n.writer, choose, (char *)"sev", actor_system, &err));
    CHECK(n.env.pack == first); /* not read a second time */
    close_node(&n);
}

TEST(another_node_notices)
{
    struct str url = test_postgres(t, a);
    struct node x = {0}, y = {0};
    struct error err = {0};

    if (!url.ptr)
        return;
    REQUIRE_OK(migrated(url, &err) && open_node(&x, table(a), url, &err) && open_node(&y, table(a), url, &err));
    REQUIRE_OK(writer_call(x.writer, choose, (char *)"p0-p4", actor_system, &err));
    REQUIRE_OK(writer_call(y.writer, nothing, NULL, actor_system, &err));
    CHECK_STR(x.env.pack->id, S("p0-p4"));
    CHECK_STR(y.env.pack->id, S("p0-p4"));
    close_node(&x);
    close_node(&y);
}
