/* Any bytes are read as the body of a POST of alerts. Whatever comes of it is whole: an alert that
 * is accepted keeps the invariants of its type and can be merged, stored and written; a refusal is
 * JSON. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "domain/alert.h"
#include "domain/am.h"
#include "domain/am_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const instant now = {INT64_C(1795262400000000)};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_json(struct arena *a, struct str text)
{
    struct error err = {0};
    struct json *v;

    must(json_parse(a, text, &v, &err));
}

static void check_alert(struct arena *a, const struct alert_in *in)
{
    struct am_status status = {.state = AM_ACTIVE};
    struct alert row;
    struct labels back;
    struct buf b;

    must(in->labels.n > 0 && in->labels.n <= LABELS_MAX && in->starts_at.us <= in->ends_at.us);
    must(instant_is_set(in->starts_at) && instant_is_set(in->ends_at));
    must(labels_read(a, in->labels_text, &back) && back.n == in->labels.n);
    must((int64_t)labels_fingerprint(&back) == in->fingerprint);
    must(labels_read(a, in->annotations_text, &back) && back.n == in->annotations.n);
    if (alert_merge(NULL, in, now, &row) == ALERT_STALE)
        return;
    must(alert_merge(&row, in, now, &row) == ALERT_REPEAT);
    buf_init(&b, a, 1 << 24);
    am_write_alert(&b, &row, row.name, &status);
    must(!b.full);
    check_json(a, buf_str(&b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    struct str body = {(const char *)data, size};

    if (!a.base)
        arena_init(&a, (size_t)1 << 30);
    for (enum am_names names = AM_NAMES_CLASSIC; names <= AM_NAMES_UTF8; names++) {
        struct alert_in *v;
        size_t n;
        struct am_error err = {0};
        arena_reset(&a, 1 << 22);
        if (!alerts_read_am(&a, body, names, now, 5 * MINUTE_US, &v, &n, &err)) {
            must(err.status >= 400 && err.body.len > 0);
            check_json(&a, err.body);
        }
        for (size_t i = 0; i < n; i++)
            check_alert(&a, &v[i]);
    }
    return 0;
}
