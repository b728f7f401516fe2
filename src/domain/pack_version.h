/* A version of a policy pack: what is stored of it. Every edit makes a new one; none is ever changed. */
#pragma once

#include "base/field.h"

#define PACK_MAX_YAML 200000 /* bytes */
#define PACK_MAX_OWN 50      /* packs that people have made */
#define PACK_MAX_VERSIONS 500

struct pack_version {
    struct str id;
    int64_t version;      /* from 1; 0: built in */
    struct str name;
    struct str origin;    /* the pack it was forked from; the built-in ones have none */
    struct str yaml;
    struct str note;      /* what this version changed */
    struct str author_id, author_name;
    instant created_at;
};
extern const struct field pack_version_fields[];

/* What is written by people. */
struct pack_fork {
    struct str id, name, from;
};
struct pack_edit {
    struct str yaml, note;
    int64_t version; /* they started from */
};
struct pack_activate {
    int64_t version;    /* 0: the newest */
    struct str mapping; /* {"SEV1":"P0"}: severity in use → severity of this pack; others: pack_counterpart */
};
extern const struct field pack_fork_fields[], pack_edit_fields[], pack_activate_fields[];

struct pack;
/* Where a severity of `from` goes in `to` if nobody says otherwise: between versions of one pack to the
 * same id, otherwise to the same rank (P1 of one method is not P1 of another), or the lowest there is.
 * STR_NONE for a word that `from` does not know. */
struct str pack_counterpart(const struct pack *from, const struct pack *to, struct str severity);
