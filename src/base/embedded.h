/* Files that are part of the program, found by name: tools/embed.c packs a folder into one table.
 *
 * Tables are sorted by name and end with an entry whose name is absent. `data` is followed by a NUL
 * that its length does not count. `br` and `gz` are the same bytes compressed (Brotli, gzip), from
 * NAME.br and NAME.gz beside NAME, or absent. */
#pragma once

#include "base/str.h"

struct embedded {
    struct str name, data;
    struct str br, gz;
};

/* The tables of this program; each is linked by the floor that uses it. */
extern const struct embedded schema_table[];    /* sql/schema: "0001_init.sql" */
extern const struct embedded templates_table[]; /* templates: "incident.html" or as embedded */
extern const struct embedded assets_table[];    /* what the browser gets: "app.js" */
extern const struct embedded packs_table[];     /* packs: "sev.yaml" */
extern const struct embedded runbooks_table[]; /* runbooks: "disk-full.md" */
extern const struct embedded locale_table[];    /* compiled catalogues: "ru.mo" */

/* NULL if there is none. */
static inline const struct embedded *embedded_find(const struct embedded *table, struct str name)
{
    for (; table->name.ptr; table++)
        if (str_eq(table->name, name))
            return table;
    return NULL;
}
