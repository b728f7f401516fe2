#include "net/gate.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Open addressing with linear probing, at most half full; count 0 marks a free place. */
struct place {
    struct address key;
    size_t count;
};

struct gate {
    pthread_mutex_t lock;
    size_t total, max_total, max_per_address;
    uint64_t seed; /* so that nobody can choose addresses that collide */
    size_t mask;
    struct place places[];
};

struct gate *gate_new(size_t max_total, size_t max_per_address)
{
    size_t n = 16;

    while (n < 2 * max_total)
        n *= 2;
    struct gate *g = calloc(1, sizeof *g + n * sizeof g->places[0]);
    if (!g)
        abort();
    g->max_total = max_total;
    g->max_per_address = max_per_address;
    g->mask = n - 1;
    if (getrandom(&g->seed, sizeof g->seed, 0) != sizeof g->seed)
        abort();
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g);
}

static struct address key_of(const struct address *a)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address key = *a;

    if (memcmp(key.bytes, mapped, sizeof mapped) != 0)
        memset(key.bytes + 8, 0, 8);
    return key;
}

static size_t home(const struct gate *g, const struct address *key)
{
    uint64_t words[2], h = g->seed;

    memcpy(words, key->bytes, sizeof words);
    for (int i = 0; i < 2; i++) {
        h = (h ^ words[i]) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 29)) * 0x94d049bb133111ebu;
        h ^= h >> 32;
    }
    return (size_t)h & g->mask;
}

/* The place of that key, or the free one where it belongs. */
static size_t find(const struct gate *g, const struct address *key)
{
    size_t i = home(g, key);

    while (g->places[i].count && memcmp(&g->places[i].key, key, sizeof *key) != 0)
        i = (i + 1) & g->mask;
    return i;
}

bool gate_enter(struct gate *g, const struct address *a)
{
    struct address key = key_of(a);

    pthread_mutex_lock(&g->lock);
    struct place *p = &g->places[find(g, &key)];
    bool open = g->total < g->max_total && p->count < g->max_per_address;
    if (open) {
        p->key = key;
        p->count++;
        g->total++;
    }
    pthread_mutex_unlock(&g->lock);
    return open;
}

/* Frees place `i` and closes the gap, so that probing still finds whoever stands behind it. */
static void clear(struct gate *g, size_t i)
{
    for (size_t j = (i + 1) & g->mask; g->places[j].count; j = (j + 1) & g->mask) {
        size_t wanted = home(g, &g->places[j].key);
        if (((j - wanted) & g->mask) < ((j - i) & g->mask))
            continue; /* its probe begins after the gap */
        g->places[i] = g->places[j];
        i = j;
    }
    g->places[i].count = 0;
}

void gate_leave(struct gate *g, const struct address *a)
{
    struct address key = key_of(a);

    pthread_mutex_lock(&g->lock);
    size_t i = find(g, &key);
    g->total--;
    if (--g->places[i].count == 0)
        clear(g, i);
    pthread_mutex_unlock(&g->lock);
}
