/* Evidence: what must not be lost, as a link or as a small file with its digest. It is never changed,
 * and never deleted while the incident is on hold. */
#pragma once

#include "base/field.h"

#define EVIDENCE_MAX ((size_t)256 << 10) /* bytes of a file */

struct evidence {
    struct str id; /* ev_… */
    struct str incident_id;
    struct str name;
    struct str url;    /* a link … */
    struct str sha256; /* … or a file: digest of its bytes, and how many there are */
    int64_t size;
    struct str note;
    struct str added_by, added_name;
    instant added_at;
    struct str content; /* base64 */
};
extern const struct field evidence_fields[];

struct evidence_input {
    struct str name, note;
    struct str url;     /* one of these: a link … */
    struct str text;    /* … a text as it is … */
    struct str content; /* … or any bytes, in base64 */
};
extern const struct field evidence_input_fields[];

/* Checks what was given; *bytes is the file, none for a link. */
bool evidence_read(struct arena *a, const struct evidence_input *in, struct str *bytes, struct error *err);
