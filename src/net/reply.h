/* An answer as bytes: status line, header fields, and the body if it is small. Pure. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct answer;
struct arena;

enum reply_connection {
    REPLY_KEEP, /* HTTP/1.1 means it without saying so */
    REPLY_SAY_KEEP_ALIVE,
    REPLY_CLOSE,
};

struct reply_frame {
    enum reply_connection connection;
    bool head_only;  /* the request was HEAD */
    struct str date; /* as in the Date header */
};

/* Two pieces to send, one after the other; the second may be empty. False if a header would split
 * the answer. */
bool reply_build(struct arena *a, const struct answer *answer, const struct reply_frame *frame,
    struct str pieces[2]);

/* "Sat, 21 Nov 2026 13:00:00 GMT" */
#define REPLY_DATE_LENGTH 29
struct str reply_date(int64_t unix_seconds, char out[REPLY_DATE_LENGTH + 1]);
