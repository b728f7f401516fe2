/* Markdown (CommonMark with tables, strikethrough, task lists, autolinks) to safe HTML.
 *
 * md4c parses; the renderer is ours: raw HTML is shown as text; links keep only http://, https://,
 * mailto: and relative targets of at most MARKDOWN_MAX_TARGET bytes (others become plain text) and
 * get rel="nofollow noopener ugc"; an image becomes a link to it, for loading it would tell its
 * host who reads the page. Cells are aligned by class (align-left, align-center, align-right),
 * since the content security policy forbids style attributes.
 *
 * Output is capped: past the cap the rest is dropped, what is open is closed and
 * <p class="truncated">[…]</p> says so (reference bombs expand 2,500 times). Tags nest at most
 * MARKDOWN_MAX_DEPTH deep; deeper ones are left out, their text stays. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct buf;

#define MARKDOWN_MAX_INPUT (1u << 20) /* bytes; what is past it counts as past the cap */
#define MARKDOWN_MAX_TARGET 2048u
#define MARKDOWN_MAX_DEPTH 64u

/* Renders into `out`; its max is the cap. Never fails, and never leaves `out` full. Headings start
 * at `top` (1–6): a document inside a page uses 2 or more. */
void markdown_html(struct buf *out, struct str markdown, int top);
/* The document without markup, one line per block (code keeps its lines), for search and mail; the
 * target of a link follows its text in parentheses when it says something else. Stops when `out` is
 * full. */
void markdown_text(struct buf *out, struct str markdown);
