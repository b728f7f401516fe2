#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void die(const char *what, size_t size)
{
    fprintf(stderr, "arena: %s (%zu bytes)\n", what, size);
    abort();
}

void arena_init(struct arena *a, size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
        -1, 0);

    if (p == MAP_FAILED)
        die("cannot reserve address space", size);
    *a = (struct arena){.base = p, .size = size};
}

void arena_deinit(struct arena *a)
{
    if (a->base)
        munmap(a->base, a->size);
    *a = (struct arena){0};
}

void arena_reset(struct arena *a, size_t keep)
{
    size_t page = 4096;
    size_t from = (keep + page - 1) & ~(page - 1);

    if (a->used > a->high)
        a->high = a->used;
    if (a->high > from) {
        madvise(a->base + from, ((a->high - from) + page - 1) & ~(page - 1), MADV_DONTNEED);
        a->high = from;
    }
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
    size_t start = (a->used + align - 1) & ~(align - 1);

    if (size > a->size - start || start > a->size)
        die("exhausted", size);
    a->used = start + size;
    if (a->used > a->high)
        a->high = a->used;
    return memset(a->base + start, 0, size);
}

void *arena_grow(struct arena *a, void *ptr, size_t old, size_t size)
{
    if (ptr && (char *)ptr + old == a->base + a->used) {
        if (size - old > a->size - a->used)
            die("exhausted", size);
        a->used += size - old;
        if (a->used > a->high)
            a->high = a->used;
        return ptr;
    }
    char *p = arena_alloc(a, size, 16);
    if (old)
        memcpy(p, ptr, old);
    return p;
}
