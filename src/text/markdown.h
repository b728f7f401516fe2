/* Markdown (CommonMark with tables, strikethrough, task lists, autolinks) to safe HTML.
 *
 * md4c parses; the renderer is ours: raw HTML is shown as text, links and images keep only http,
 * https, mailto and relative targets (others become plain text), every link gets
 * rel="nofollow noopener ugc". Output is capped: past the cap the rest is dropped and
 * <p class="truncated"> says so (reference bombs expand 2,500 times). */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct buf;

/* Renders into `out`; its max is the cap. Never fails. Headings start at `top` (1–6): a document
 * inside a page uses 2 or more. */
void markdown_html(struct buf *out, struct str markdown, int top);
/* The document without markup, one line per block, for search and mail. */
void markdown_text(struct buf *out, struct str markdown);
