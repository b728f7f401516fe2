/* Base64 (RFC 4648). The standard form is padded, the url-safe one is not. Decoding is strict: no
 * white space, exact padding, unused bits zero, so every value has one text and one text only. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct str base64_encode(struct arena *a, struct str bytes);
struct str base64url_encode(struct arena *a, struct str bytes);
/* False leaves *out alone. */
bool base64_decode(struct arena *a, struct str text, struct str *out);
bool base64url_decode(struct arena *a, struct str text, struct str *out);
