/* A second opinion on a request: how llhttp reads it. In a file of its own, because its names and
 * ours are the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_opinion {
    bool accepted, done; /* no error so far; the message has ended */
    const char *method;
    size_t fields, name_bytes, value_bytes;
    size_t body_len, end; /* end: of the message, if it is done */
    char *body;           /* room for the whole input, by the caller */
};

void http_oracle(const uint8_t *data, size_t size, struct http_opinion *out);
