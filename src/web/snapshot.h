/* Snapshots of the public status pages: complete files, made once after a commit and then served from
 * memory, and kept in a folder from which `tocsin status-serve` serves them without the core.
 *
 * A snapshot is immutable and shared; who serves takes a reference. The folder holds
 *
 *     SLUG/PATH, SLUG/PATH.gz, SLUG/PATH.br     each written whole and renamed
 *     index.json                                what there is and of when; renamed last
 *
 * Of a path there may be a second version under stale/: it is served instead when the snapshot is older
 * than it may be, and says that the state is not known. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

struct error;
struct exchange;
struct server;

#define SNAPSHOT_MAX_BYTES ((size_t)512 << 20) /* address space of one */
#define SNAPSHOT_MAX_FILES 4000                /* of one page */

struct snapshot_file {
    struct str path; /* "", "incidents/pub_…", "api/v2/summary.json" */
    struct str body, gz, br;
    uint64_t stamp;  /* of what it was made from; not on disk */
    char etag[24];
    bool kept;       /* the same as in the snapshot before */
};

struct snapshot_page {
    struct str slug, host, visibility, token_hash;
    bool is_default;
    struct snapshot_file *files; /* by path */
    size_t n;
};

struct snapshot {
    struct arena arena;
    instant at; /* of the state it shows */
    struct snapshot_page *pages;
    size_t n;
    int refs; /* guarded by the holder's lock */
};

/* Making one. `before` (may be NULL) lends what has not changed. */
struct snapshot *snapshot_new(instant at, size_t pages);
struct snapshot_page *snapshot_add_page(struct snapshot *s);
/* True, and the file is there, if `before` has it with the same stamp. */
bool snapshot_keep(struct snapshot *s, struct snapshot_page *page, const struct snapshot *before, struct str path,
    uint64_t stamp);
/* Copies and compresses; more than SNAPSHOT_MAX_FILES are left out. */
void snapshot_add(struct snapshot *s, struct snapshot_page *page, struct str path, uint64_t stamp, struct str body);
/* Sorts; to be called when a page is complete. */
void snapshot_close(struct snapshot_page *page);
void snapshot_free(struct snapshot *s);

/* The current one, for many threads. */
struct snapshots;
struct snapshots *snapshots_new(struct arena *a);
void snapshots_free(struct snapshots *all);
/* Takes `s` over. */
void snapshots_set(struct snapshots *all, struct snapshot *s);
const struct snapshot *snapshots_take(struct snapshots *all); /* NULL if there is none yet */
void snapshots_release(struct snapshots *all, const struct snapshot *s);

/* Where a request leads: a page, and what is left of the path after it. */
struct snapshot_target {
    const struct snapshot_page *page; /* NULL: the address is not a status page's */
    struct str path;
    bool token;    /* the address carries the page's secret */
    bool redirect; /* the address lacks the slash at its end */
};
void snapshot_find(struct arena *a, const struct snapshot *s, struct str host, struct str path,
    struct snapshot_target *out);
struct str snapshot_type(struct str path); /* Content-Type */
const struct snapshot_file *snapshot_file_find(const struct snapshot_page *page, struct str path);
/* Fills x->answer when the target is a file that whoever asks may see: as the client can take it
 * (coding, ETag, 304), or with a redirect. False, and nothing happens, when it is not. `stale`: the
 * version that says so, if there is one. The body is copied into the exchange. */
bool snapshot_serve(struct exchange *x, const struct snapshot *s, const struct snapshot_target *t, bool stale);

/* The folder. Saving writes what is not kept; without `before`, everything. */
bool snapshot_save(const struct snapshot *s, const struct snapshot *before, const char *folder, struct error *err);
bool snapshot_load(const char *folder, struct snapshot **out, struct error *err);
