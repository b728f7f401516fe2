/* Pieces of an Internet message (RFC 5322, 2045, 2047). All write lines that end with CRLF and are
 * at most 78 columns wide. Header values may be any text: control characters become spaces, so
 * nobody can add a header through a title. */
#pragma once

#include "base/str.h"
#include "base/time.h"

struct buf;

/* Free text: folded at spaces, as RFC 2047 words when it is not plain ASCII. */
void mime_header(struct buf *out, struct str name, struct str text);
/* A display name (may be empty) and an address, which must be plain ASCII. */
void mime_mailbox(struct buf *out, struct str name, struct str display, struct str address);
void mime_date(struct buf *out, instant t);
/* A body; its lines may end with LF or CRLF. */
void mime_quoted_printable(struct buf *out, struct str text);
