/* HTML escaping, in one place. */
#pragma once

#include "base/str.h"

struct buf;

/* & < > " ' as character references; safe in text and in quoted attributes. */
void html_escape(struct buf *out, struct str s);
