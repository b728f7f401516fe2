/* What an HTTP request is once it has been read: plain data, shared by the parser, the server and
 * the handlers above. All texts point into the exchange's memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
};
#define HTTP_METHODS (HTTP_OPTIONS + 1)

struct str http_method_name(enum http_method m);
/* "Not Found" for 404; empty for a number without a name. */
struct str http_reason(int status);

#define HTTP_MAX_HEADERS 64
#define HTTP_MAX_HEAD 16384  /* bytes, the empty line included; 431 above */
#define HTTP_MAX_TARGET 8192 /* bytes; 414 above */

struct http_header {
    struct str name, value; /* name as sent; compare without case; value trimmed, UTF-8 */
};

struct http_request {
    enum http_method method;
    struct str target; /* path and query as sent; without scheme and host if it had them */
    struct str path;   /* as sent, still percent-encoded; begins with '/' */
    struct str query;  /* after '?', or STR_NONE */
    struct str host;   /* the Host header's value; STR_NONE only in HTTP/1.0 */
    size_t nheaders;
    struct http_header headers[HTTP_MAX_HEADERS];
    struct str body; /* whole, de-chunked */
    struct str peer; /* address text, "127.0.0.1" or "::1" */
    bool tls;
};

/* Value of the first header of that name, STR_NONE if absent. */
struct str http_header(const struct http_request *r, struct str name);
