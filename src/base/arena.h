/* Arenas: memory that is released all at once.
 *
 * An arena reserves address space and commits pages as they are touched. Everything a request or an
 * operation allocates lives in its arena and dies with it; nothing is freed singly. A function that
 * takes an arena as its first parameter returns memory owned by that arena.
 *
 * Inputs are bounded at the edge, so running out is a programming error: it aborts, the supervisor
 * restarts, and the database carries on from its last commit. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct arena {
    char *base;
    size_t used; /* bytes handed out */
    size_t high; /* highest `used` since the last trim, so that reset knows what to give back */
    size_t size; /* bytes reserved */
};

/* Reserves `size` bytes of address space; commits nothing. */
void arena_init(struct arena *a, size_t size);
void arena_deinit(struct arena *a);

/* Forgets everything allocated; gives pages beyond `keep` bytes back to the system. */
void arena_reset(struct arena *a, size_t keep);

/* Zeroed memory. `align` is a power of two. Never returns NULL. */
void *arena_alloc(struct arena *a, size_t size, size_t align);

/* Grows the block `ptr` of `old` bytes to `size`, in place when it is the last one allocated. */
void *arena_grow(struct arena *a, void *ptr, size_t old, size_t size);

#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T), _Alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (n), _Alignof(T)))

/* Runs `fn(&variable)` when the variable leaves scope (gcc and clang; the one extension we use). */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
