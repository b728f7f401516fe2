#include "web/throttle.h"

#include <pthread.h>

#define SLOTS 4096

/* A fixed table: a collision can only make two strangers share a counter, never lose one. Process-wide
 * by nature: it is about this process's peers. */
static struct {
    uint64_t key;
    instant since;
    int failures;
} slots[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t key_of(struct str account, struct str peer)
{
    return str_hash(account) * 31 + str_hash(peer) + 1;
}

bool throttle_allows(struct str account, struct str peer, instant now)
{
    uint64_t key = key_of(account, peer);

    pthread_mutex_lock(&lock);
    bool ok = slots[key % SLOTS].key != key || slots[key % SLOTS].failures < THROTTLE_FAILURES ||
        now.us - slots[key % SLOTS].since.us > THROTTLE_WINDOW_US;
    pthread_mutex_unlock(&lock);
    return ok;
}

void throttle_count(struct str account, struct str peer, instant now)
{
    uint64_t key = key_of(account, peer);
    size_t i = key % SLOTS;

    pthread_mutex_lock(&lock);
    if (slots[i].key != key || now.us - slots[i].since.us > THROTTLE_WINDOW_US) {
        slots[i].key = key;
        slots[i].since = now;
        slots[i].failures = 0;
    }
    slots[i].failures++;
    pthread_mutex_unlock(&lock);
}

void throttle_forget(struct str account, struct str peer)
{
    uint64_t key = key_of(account, peer);

    pthread_mutex_lock(&lock);
    if (slots[key % SLOTS].key == key)
        slots[key % SLOTS].failures = 0;
    pthread_mutex_unlock(&lock);
}
