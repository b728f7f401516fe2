/* HTTP/1.1 bytes → request: the head and the chunked coding. Pure: no I/O, no allocation.
 *
 * RFC 9112, and stricter wherever two readings of one message are known to exist, because a proxy
 * in front may have taken the other one (request smuggling):
 *   - lines end with CRLF only; bare CR, bare LF, NUL and other controls are refused
 *   - no folded lines, no space before a colon, names are tokens, values are UTF-8
 *   - Content-Length: once, digits only; never beside Transfer-Encoding
 *   - Transfer-Encoding: once, exactly "chunked", never in HTTP/1.0
 *   - Host: exactly once in HTTP/1.1; a target with scheme and authority must agree with it
 *   - chunks: 1 to 16 hexadecimal digits; extensions and trailers are refused (no sender of alerts
 *     is known to use them, and they are where parsers disagree)
 * One empty line before a request is skipped, as RFC 9112 §2.2 asks.
 *
 * Refusals are HTTP statuses: 400, 413, 414 (target), 417 (Expect), 431 (too many or too long
 * header fields), 501 (method, transfer coding), 505 (version). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "net/http.h"

/* What the parsers return besides a status. */
enum { HTTP_MORE = 0, HTTP_DONE = 1 };

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED };

/* A head as far as it has been read. Begin with zero. */
struct http_head {
    size_t scanned; /* bytes searched for line ends */
    size_t line;    /* where the line being read begins */
    size_t length;  /* of the whole head, when it is done */
    enum http_framing framing;
    uint64_t content_length;
    struct str authority; /* of a target in absolute form */
    bool keep_alive;      /* what the client wants, version considered; when done */
    bool http_1_0, expect_continue;
    bool started, has_length, has_coding, says_close, says_keep_alive; /* while reading */
};

/* `buf` holds the first `len` bytes received, and never moves. To be called again with more bytes
 * while it returns HTTP_MORE; every byte is looked at once. */
int http_parse_head(struct http_head *h, struct http_request *r, const char *buf, size_t len);

enum http_chunk_state {
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_SIZE_LF,
    HTTP_CHUNK_DATA,
    HTTP_CHUNK_DATA_CR,
    HTTP_CHUNK_DATA_LF,
    HTTP_CHUNK_END_CR,
    HTTP_CHUNK_END_LF,
};

/* A chunked body as far as it has been read. Begin with zero. */
struct http_chunks {
    enum http_chunk_state state;
    unsigned digits;
    uint64_t left; /* bytes of this chunk still to come; what a limit must consider, too */
};

/* Decodes buf[*in, len) to buf[*out, …) in place (*out ≤ *in) and moves both positions. Unless it
 * is done, *in is `len` afterwards; bytes after the body stay behind *in. */
int http_parse_chunks(struct http_chunks *c, char *buf, size_t len, size_t *in, size_t *out);
