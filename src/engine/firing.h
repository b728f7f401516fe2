/* The table of firing alerts in memory: dedup key → what deciding about a repeat needs. Open
 * addressing, 64 bytes an entry. Not thread-safe: the owner locks. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct firing_entry {
    uint64_t key[2];   /* both zero: free */
    int64_t id;
    int64_t starts_us, ends_us;
    uint64_t content;  /* hash of annotations and URL: a repeat has the same */
    uint32_t more;     /* repeats not written yet */
    bool timeout, dirty;
};

struct firing {
    struct firing_entry *v;
    size_t n, cap; /* cap: a power of two */
};

void firing_init(struct firing *f);
void firing_deinit(struct firing *f);
/* From 32 hex digits. */
void firing_key(struct str dedup, uint64_t key[2]);
struct firing_entry *firing_find(const struct firing *f, const uint64_t key[2]);
/* Finds or adds; the pointer is good until the next call. */
struct firing_entry *firing_put(struct firing *f, const uint64_t key[2]);
void firing_remove(struct firing *f, const uint64_t key[2]);
