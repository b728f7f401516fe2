#include "store/event.h"

#include "base/arena.h"
#include "base/error.h"

static bool chain_head(struct db *db, struct arena *a, struct str subject, int64_t *number,
    struct str *hash, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    *number = 0;
    *hash = S("");
    if (!db_query(db, Q_CHAIN_GET, &rows, ARGS(v_text(subject)), err))
        return false;
    if (rows_next(&rows, err)) {
        *number = rows_int(&rows, 0);
        *hash = str_copy(a, rows_text(&rows, 1));
    }
    return !rows.failed;
}

bool event_append(struct db *db, struct arena *a, struct event *e, struct error *err)
{
    struct str previous;
    int64_t number, changed = 0;

    if (!chain_head(db, a, e->subject, &number, &previous, err) ||
        !counter_add(db, S("event"), 1, &e->seq, err))
        return false;
    e->number = number + 1;
    e->hash = event_hash(a, previous, e);
    if (!db_exec(db, Q_CHAIN_PUT, &changed, ARGS(v_text(e->subject), v_int(e->number), v_text(e->hash)), err))
        return false;
    if (changed != 1) {
        fail(err, UNAVAILABLE, "another event was written to %.*s at the same time", STR(e->subject));
        err->retry = true;
        return false;
    }
    return store_insert(db, Q_EVENT_INSERT, event_fields, e, err);
}

bool event_list(struct db *db, struct arena *a, struct str subject, int64_t after, int64_t limit,
    struct list *out, struct error *err)
{
    return store_list(db, a, Q_EVENT_LIST, ARGS(v_text(subject), v_int(after), v_int(limit)),
        event_fields, sizeof(struct event), out, err);
}

bool event_since(struct db *db, struct arena *a, int64_t after_seq, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_EVENT_SINCE, ARGS(v_int(after_seq), v_int(limit)), event_fields,
        sizeof(struct event), out, err);
}

bool event_last_seq(struct db *db, int64_t *out, struct error *err)
{
    return store_count(db, Q_EVENT_LAST_SEQ, NO_ARGS, out, err);
}

struct finder {
    void (*bad)(void *ctx, struct str finding);
    void *ctx;
    int64_t checked;
};

struct head {
    struct str subject;
    int64_t number;
    struct str hash;
};
static const struct field head_fields[] = {
    FIELD(struct head, subject), FIELD(struct head, number), FIELD(struct head, hash), {0}};

#define PAGE 500

/* The chain of one subject, in pages. Reports the first break only: everything after it is unproven. */
static bool verify_subject(struct db *db, struct arena *a, const struct head *head, struct finder *f,
    struct error *err)
{
    struct str previous = S("");
    int64_t number = 0;

    for (;;) {
        struct list page;
        if (!event_list(db, a, head->subject, number, PAGE, &page, err))
            return false;
        const struct event *e = page.v;
        for (size_t i = 0; i < page.n; i++, number++) {
            f->checked++;
            if (e[i].number != number + 1) {
                f->bad(f->ctx, str_printf(a, "%.*s: event %lld is missing (found %lld, seq %lld, instead)",
                    STR(head->subject), (long long)number + 1, (long long)e[i].number, (long long)e[i].seq));
                return true;
            }
            if (!str_eq(event_hash(a, previous, &e[i]), e[i].hash)) {
                f->bad(f->ctx, str_printf(a, "%.*s: event %lld (seq %lld, %.*s) was altered or moved",
                    STR(head->subject), (long long)e[i].number, (long long)e[i].seq, STR(e[i].kind)));
                return true;
            }
            previous = e[i].hash;
        }
        if (page.n < PAGE)
            break;
    }
    if (number != head->number)
        f->bad(f->ctx, str_printf(a, "%.*s: the last events are missing (%lld found, %lld written)",
            STR(head->subject), (long long)number, (long long)head->number));
    else if (!str_eq(previous, head->hash))
        f->bad(f->ctx, str_printf(a, "%.*s: the head of the chain does not match its last event", STR(head->subject)));
    return true;
}

static bool verify_orphans(struct db *db, struct arena *a, struct finder *f, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    if (!db_query(db, Q_EVENT_ORPHAN, &rows, NO_ARGS, err))
        return false;
    if (rows_next(&rows, err))
        f->bad(f->ctx, str_printf(a, "%.*s: event with seq %lld is past the head of its chain",
            STR(rows_text(&rows, 1)), (long long)rows_int(&rows, 0)));
    return !rows.failed;
}

bool event_verify(struct db *db, void (*bad)(void *ctx, struct str finding), void *ctx,
    int64_t *checked, struct error *err)
{
    struct finder f = {.bad = bad, .ctx = ctx};
    CLEANUP(arena_deinit) struct arena a = {0}, page = {0};
    char after[128] = "";

    arena_init(&a, (size_t)1 << 30);
    arena_init(&page, (size_t)1 << 30);
    for (;;) {
        struct list heads;
        arena_reset(&page, 1 << 16);
        if (!store_list(db, &page, Q_CHAIN_LIST, ARGS(v_text(str_from(after)), v_int(PAGE)), head_fields,
                sizeof(struct head), &heads, err))
            return false;
        const struct head *h = heads.v;
        for (size_t i = 0; i < heads.n; i++) {
            arena_reset(&a, 1 << 16);
            if (!verify_subject(db, &a, &h[i], &f, err))
                return false;
        }
        if (heads.n < PAGE)
            break;
        struct str last = h[heads.n - 1].subject;
        __builtin_memcpy(after, last.ptr, last.len < sizeof after ? last.len + 1 : sizeof after - 1);
    }
    if (!verify_orphans(db, &a, &f, err))
        return false;
    *checked = f.checked;
    return true;
}
