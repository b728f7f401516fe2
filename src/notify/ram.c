#include "notify/ram.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"

#define ENTRY_BYTES 16384 /* longer texts of one message are left out */

struct slot {
    struct arena arena;
    struct ram_entry entry;
};

struct ram {
    pthread_mutex_t lock;
    size_t keep, count, failing;
    enum client_outcome outcome;
    struct slot slots[];
};

struct ram *ram_new(size_t keep)
{
    keep = keep ? keep : 1;
    struct ram *r = calloc(1, sizeof *r + keep * sizeof *r->slots);

    if (!r)
        abort(); /* out of memory, as in an arena */
    pthread_mutex_init(&r->lock, NULL);
    r->keep = keep;
    for (size_t i = 0; i < keep; i++)
        arena_init(&r->slots[i].arena, ENTRY_BYTES);
    return r;
}

void ram_free(struct ram *r)
{
    for (size_t i = 0; i < r->keep; i++)
        arena_deinit(&r->slots[i].arena);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

size_t ram_count(struct ram *r)
{
    pthread_mutex_lock(&r->lock);
    size_t n = r->count;
    pthread_mutex_unlock(&r->lock);
    return n;
}

static struct str keep_text(struct arena *a, struct str s)
{
    return s.len < a->size - a->used ? str_copy(a, s) : STR_NONE;
}

static struct ram_entry copy(struct arena *a, const struct ram_entry *e)
{
    return (struct ram_entry){
        .kind = e->kind,
        .delivery_id = keep_text(a, e->delivery_id),
        .number = keep_text(a, e->number),
        .title = keep_text(a, e->title),
        .recipient_name = keep_text(a, e->recipient_name),
        .address = keep_text(a, e->address),
        .acknowledge_url = keep_text(a, e->acknowledge_url),
        .reason = keep_text(a, e->reason),
        .update = keep_text(a, e->update),
        .now = e->now,
    };
}

bool ram_get(struct ram *r, size_t i, struct arena *a, struct ram_entry *out)
{
    pthread_mutex_lock(&r->lock);
    bool there = i < r->count && i + r->keep >= r->count;
    if (there)
        *out = copy(a, &r->slots[i % r->keep].entry);
    pthread_mutex_unlock(&r->lock);
    return there;
}

void ram_fail(struct ram *r, size_t n, enum client_outcome outcome)
{
    pthread_mutex_lock(&r->lock);
    r->failing = n;
    r->outcome = outcome;
    pthread_mutex_unlock(&r->lock);
}

void ram_deliver(
    const struct message *m, const struct channel_config *config, struct client_result *result)
{
    struct ram *r = config->ram;

    *result = (struct client_result){.outcome = CLIENT_OK, .text = "kept in memory"};
    pthread_mutex_lock(&r->lock);
    if (r->failing) {
        r->failing--;
        *result = (struct client_result){.outcome = r->outcome, .text = "failed on demand"};
    } else {
        struct slot *slot = &r->slots[r->count++ % r->keep];

        arena_reset(&slot->arena, ENTRY_BYTES);
        slot->entry = copy(&slot->arena,
            &(struct ram_entry){m->kind, m->delivery_id, m->number, m->title, m->recipient_name,
                m->address, m->acknowledge_url, m->reason, m->update, m->now});
    }
    pthread_mutex_unlock(&r->lock);
}
