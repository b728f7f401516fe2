/* The client side of the API, for commands.
 *
 * The server is --url, who asks is decided by a token: --token, $TOCSIN_TOKEN or the first line of
 * tocsin/token in the user's configuration folder, which nobody else may be able to read. The
 * environment's proxy settings are not used and redirects are not followed: a token goes to the
 * address that was named and nowhere else.
 *
 * A problem the server reports comes back as the error it was there: kind, message and fields. */
#pragma once

#include "cli/cli.h"

#include "base/json.h"

#define API_OPTIONS                                                                                \
    {"json", NULL, NULL, NULL, "print the server's JSON answer, for scripts"},                     \
        {"url", "URL", "TOCSIN_URL", "http://127.0.0.1:8080", "address of the server"},            \
        {"token", "TOKEN", "TOCSIN_TOKEN", NULL, "API token; better kept in the token file"},      \
        {"timeout", "TIME", "TOCSIN_TIMEOUT", "30s", "how long to wait for an answer"},            \
        {"ca-file", "FILE", "TOCSIN_CA_FILE", NULL, "PEM authorities to trust for https"}

struct answer {
    struct str text;   /* as it came */
    struct json *json; /* an empty object if nothing came */
};

/* `path` begins with "/" and is relative to the address of the server; `body` may be NULL. */
bool api_call(struct cli *c, const char *method, struct str path, const struct json *body,
    struct answer *out, struct error *err);
bool api_get(struct cli *c, struct str path, struct answer *out, struct error *err);
bool api_post(struct cli *c, struct str path, const struct json *body, struct answer *out,
    struct error *err);

/* Escaped, for a path or a query. */
struct str api_escape(struct cli *c, struct str s);

/* An object with every field of the command's `takes` that an option was given for. A time may be
 * RFC 3339, or how long ago it was: 10m. */
bool api_body(struct cli *c, struct json **out, struct error *err);

/* With --json: prints the answer (indented on a terminal) and returns true. */
bool api_print_json(struct cli *c, const struct answer *answer);

/* The id in `list`, objects with id and name (and email), of whom the word means: an id, or a name
 * or address in any case. NOT_FOUND says what there is instead; `what` is "service". */
bool api_resolve(struct cli *c, const struct json *list, struct str word, const char *what,
    struct str *id, struct error *err);
