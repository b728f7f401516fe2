#include "domain/evidence.h"

#include "base/base64.h"
#include "base/error.h"

const struct field evidence_fields[] = {
    FIELD(struct evidence, id, .doc = "Evidence id, `ev_…`"),
    FIELD(struct evidence, incident_id, .doc = "Incident it belongs to"),
    FIELD(struct evidence, name, .doc = "What it is"),
    FIELD(struct evidence, url, .flags = FIELD_NULLABLE, .doc = "Where it is, of a link"),
    FIELD(struct evidence, sha256, .flags = FIELD_NULLABLE, .doc = "SHA-256 of the file, hexadecimal"),
    FIELD(struct evidence, size, .flags = FIELD_NULLABLE, .doc = "Bytes of the file"),
    FIELD(struct evidence, note, .doc = "Where it comes from, what it shows"),
    FIELD(struct evidence, added_by, .doc = "Who preserved it"),
    FIELD(struct evidence, added_name, .doc = "Their name then"),
    FIELD(struct evidence, added_at, .doc = "When"),
    FIELD(struct evidence, content, .flags = FIELD_NULLABLE | FIELD_HIDDEN),
    {0},
};

const struct field evidence_input_fields[] = {
    FIELD(struct evidence_input, name, .flags = FIELD_REQUIRED, .max = 200, .doc = "What it is; of a file, its name", .example = "auth.log"),
    FIELD(struct evidence_input, note, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Where it comes from, what it shows"),
    FIELD(struct evidence_input, url, .flags = FIELD_NULLABLE, .max = 2000, .doc = "Where it is, if it is not given here"),
    FIELD(struct evidence_input, text, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = EVIDENCE_MAX + 1, .doc = "A text to preserve, at most 256 KiB"),
    FIELD(struct evidence_input, content, .flags = FIELD_NULLABLE, .max = EVIDENCE_MAX / 3 * 4 + 100, .doc = "A file to preserve, in base64, at most 256 KiB of it"),
    {0},
};

bool evidence_read(struct arena *a, const struct evidence_input *in, struct str *bytes, struct error *err)
{
    bool url = in->url.len > 0, text = in->text.len > 0, content = in->content.len > 0;

    *bytes = STR_NONE;
    if (url + text + content != 1)
        return fail_field(err, "url", "give one of url, text and content");
    if (url)
        return str_starts(in->url, S("https://")) || str_starts(in->url, S("http://")) ||
            fail_field(err, "url", "must begin with https:// or http://");
    if (text)
        *bytes = in->text;
    else if (!base64_decode(a, in->content, bytes))
        return fail_field(err, "content", "is not base64");
    return bytes->len <= EVIDENCE_MAX || fail_name(err, text ? S("text") : S("content"),
        "is larger than 256 KiB; keep it elsewhere and give the link");
}
