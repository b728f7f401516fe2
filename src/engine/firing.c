#include "engine/firing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 1024

void firing_init(struct firing *f)
{
    *f = (struct firing){.cap = FIRST, .v = calloc(FIRST, sizeof *f->v)};
    if (!f->v)
        abort();
}

void firing_deinit(struct firing *f)
{
    free(f->v);
    *f = (struct firing){0};
}

static uint64_t digit(char c)
{
    return (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

void firing_key(struct str dedup, uint64_t key[2])
{
    key[0] = key[1] = 0;
    for (size_t i = 0; i < 32 && i < dedup.len; i++)
        key[i / 16] = key[i / 16] << 4 | digit(dedup.ptr[i]);
    if (!key[0] && !key[1])
        key[1] = 1; /* zero marks a free place */
}

/* The key is a cryptographic hash already, so its bits are its place. */
static size_t place(const struct firing *f, const uint64_t key[2])
{
    return key[0] & (f->cap - 1);
}

static bool used(const struct firing_entry *e)
{
    return e->key[0] || e->key[1];
}

static bool same(const struct firing_entry *e, const uint64_t key[2])
{
    return e->key[0] == key[0] && e->key[1] == key[1];
}

struct firing_entry *firing_find(const struct firing *f, const uint64_t key[2])
{
    for (size_t i = place(f, key); used(&f->v[i]); i = (i + 1) & (f->cap - 1))
        if (same(&f->v[i], key))
            return &f->v[i];
    return NULL;
}

static void grow(struct firing *f)
{
    struct firing old = *f;

    f->cap = old.cap * 2;
    f->v = calloc(f->cap, sizeof *f->v);
    if (!f->v)
        abort(); /* the supervisor restarts; the database has everything */
    for (size_t i = 0; i < old.cap; i++) {
        if (!used(&old.v[i]))
            continue;
        size_t at = place(f, old.v[i].key);
        while (used(&f->v[at]))
            at = (at + 1) & (f->cap - 1);
        f->v[at] = old.v[i];
    }
    free(old.v);
}

struct firing_entry *firing_put(struct firing *f, const uint64_t key[2])
{
    struct firing_entry *e = firing_find(f, key);

    if (e)
        return e;
    if ((f->n + 1) * 5 > f->cap * 4)
        grow(f);
    size_t i = place(f, key);
    while (used(&f->v[i]))
        i = (i + 1) & (f->cap - 1);
    f->n++;
    f->v[i].key[0] = key[0];
    f->v[i].key[1] = key[1];
    return &f->v[i];
}

/* Closes the gap by moving later entries of the run back, so that no tombstones are needed. */
void firing_remove(struct firing *f, const uint64_t key[2])
{
    struct firing_entry *e = firing_find(f, key);

    if (!e)
        return;
    size_t hole = (size_t)(e - f->v), mask = f->cap - 1;
    for (size_t i = (hole + 1) & mask; used(&f->v[i]); i = (i + 1) & mask) {
        size_t home = place(f, f->v[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            f->v[hole] = f->v[i];
            hole = i;
        }
    }
    f->v[hole] = (struct firing_entry){0};
    f->n--;
}
