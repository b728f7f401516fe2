/* Exchanges are pooled: address space is kept, memory beyond a few pages is given back. */
#include <stdlib.h>

#include "net/loop.h"

#define POOL_MAX 1024   /* exchanges kept for reuse, */
#define POOL_KEEP 16384 /* each with so many bytes of memory */

struct held *loop_take(struct loop *l)
{
    struct held *h = l->pool;

    if (h) {
        l->pool = h->next_free;
        l->pooled--;
    } else {
        h = malloc(sizeof *h);
        if (!h)
            abort();
        arena_init(&h->x.arena, l->server->config.exchange_memory);
    }
    /* The arrays of headers stay as they are: their counts are zero. */
    h->head = (struct http_head){0};
    h->chunks = (struct http_chunks){0};
    h->filled = h->decoded = 0;
    h->x.request.method = HTTP_GET;
    h->x.request.target = h->x.request.path = h->x.request.query = h->x.request.host = STR_NONE;
    h->x.request.body = h->x.request.peer = STR_NONE;
    h->x.request.nheaders = h->x.answer.nheaders = 0;
    h->x.answer.status = 0;
    h->x.answer.body = STR_NONE;
    h->x.answer.stream = false;
    h->x.user = NULL;
    h->x.next = NULL;
    return h;
}

void held_free(struct held *h)
{
    arena_deinit(&h->x.arena);
    free(h);
}

void loop_give(struct loop *l, struct held *h)
{
    if (l->pooled == POOL_MAX) {
        held_free(h);
        return;
    }
    arena_reset(&h->x.arena, POOL_KEEP);
    h->next_free = l->pool;
    l->pool = h;
    l->pooled++;
}
