/* What a template compiles to; private to mustache_compile.c and mustache_render.c.
 *
 * Nodes stand in the order of the text. A section is followed by its body and knows where that
 * ends, so rendering walks ranges of one array. */
#pragma once

#include "text/mustache.h"

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL };

struct node {
    enum node_kind kind;
    bool raw;        /* value: not escaped */
    bool line_start; /* text: begins a line of its source, so a partial's indent goes before it */
    int line;
    struct str text;       /* text: itself; others: the name as written */
    struct str *parts;     /* the name split at its dots; none for `.` */
    size_t nparts;
    template_filter filter;
    size_t end;            /* section: index after its body */
    struct template *partial; /* NULL: there is none, which renders as nothing */
    struct str indent;     /* partial: white space before a tag that stands alone on its line */
};

struct template {
    struct str name;
    struct node *nodes;
    size_t count, capacity;
    bool strict;
    struct template *next; /* the compiler's list of what it has compiled, to share partials */
};
