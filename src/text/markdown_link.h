/* Link targets and entities; private to the two Markdown renderers. */
#pragma once

#include <md4c.h>
#include <stdbool.h>

#include "base/str.h"
#include "text/markdown.h"

struct arena;

#define MARKDOWN_FLAGS                                                                             \
    (MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS |    \
        MD_FLAG_NOHTML)

struct markdown_target {
    char text[MARKDOWN_MAX_TARGET];
    size_t len;
};

/* What the parser is given: at most MARKDOWN_MAX_INPUT bytes, cut between characters, copied to end
 * in a line break and NULs. The parser looks past the end of what it is given (a last `<` is
 * enough), and there it must not find somebody else's bytes. */
struct str markdown_input(struct arena *a, struct str markdown);
/* UTF-8 of a numeric or well-known entity; how many bytes, 0 if it is not known. */
size_t markdown_entity(struct str entity, char out[4]);
/* Decodes an attribute; false if it is longer than a target may be. Entities that are not known
 * stay as written, and are escaped like any text, so nothing can hide in them. */
bool markdown_decode(const MD_ATTRIBUTE *attribute, struct markdown_target *out);
/* True if a reader may be sent there. */
bool markdown_target_safe(struct str target);
