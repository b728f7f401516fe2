#include "domain/alert.h"

const struct field alert_fields[] = {
    FIELD(struct alert, id, .flags = FIELD_READONLY, .doc = "Number of the episode; rises with time"),
    FIELD(struct alert, service_id, .flags = FIELD_READONLY, .doc = "Service it was routed to"),
    FIELD(struct alert, dedup, .flags = FIELD_READONLY | FIELD_HIDDEN, .doc = "Key by which reports are one alert"),
    FIELD(struct alert, fingerprint, .flags = FIELD_READONLY | FIELD_HIDDEN, .doc = "Hash of the labels"),
    FIELD(struct alert, firing, .flags = FIELD_READONLY, .doc = "Whether it is still on"),
    FIELD(struct alert, timeout, .flags = FIELD_READONLY, .doc = "Whether `ends_at` is our guess, not the sender's word"),
    FIELD(struct alert, name, .flags = FIELD_READONLY, .doc = "Label `alertname`", .example = "DiskFull"),
    FIELD(struct alert, severity, .flags = FIELD_READONLY, .doc = "Label `severity`", .example = "critical"),
    FIELD(struct alert, labels, .flags = FIELD_READONLY | FIELD_JSON, .doc = "What it is about"),
    FIELD(struct alert, annotations, .flags = FIELD_READONLY | FIELD_JSON, .doc = "What it says to people"),
    FIELD(struct alert, generator_url, .flags = FIELD_READONLY, .doc = "Where it came from"),
    FIELD(struct alert, starts_at, .flags = FIELD_READONLY, .doc = "When the trouble began, by the earliest report"),
    FIELD(struct alert, ends_at, .flags = FIELD_READONLY, .doc = "When it ended, or will be taken as ended if nobody repeats it"),
    FIELD(struct alert, received_at, .flags = FIELD_READONLY, .doc = "When its first report came"),
    FIELD(struct alert, updated_at, .flags = FIELD_READONLY, .doc = "When its latest report came"),
    FIELD(struct alert, resolved_at, .flags = FIELD_READONLY | FIELD_NULLABLE, .doc = "When we learnt that it is over"),
    FIELD(struct alert, count, .flags = FIELD_READONLY, .doc = "How many reports it folds together"),
    FIELD(struct alert, incident_id, .flags = FIELD_READONLY | FIELD_NULLABLE, .doc = "Incident it belongs to"),
    FIELD(struct alert, previous_id, .flags = FIELD_READONLY | FIELD_VIEW, .doc = "Number of the episode before, 0 if there was none"),
    {0},
};

void alert_in_finish(struct arena *a, struct alert_in *in, instant now, int64_t resolve_timeout_us)
{
    labels_normalize(&in->labels);
    labels_normalize(&in->annotations);
    in->labels_text = labels_text(a, &in->labels);
    in->annotations_text = labels_text(a, &in->annotations);
    in->fingerprint = (int64_t)labels_fingerprint(&in->labels);
    if (!in->generator_url.ptr)
        in->generator_url = S("");
    if (!instant_is_set(in->starts_at))
        in->starts_at = instant_is_set(in->ends_at) ? in->ends_at : now;
    in->timeout = !instant_is_set(in->ends_at);
    if (in->timeout) /* a start ahead of us must not be past its end */
        in->ends_at = instant_add(now.us > in->starts_at.us ? now : in->starts_at, resolve_timeout_us);
}

static struct str text_or_empty(struct str s)
{
    return s.ptr ? s : S("");
}

static void begin(const struct alert *stored, const struct alert_in *in, instant now,
    struct alert *out)
{
    int64_t previous_id = stored ? stored->id : 0;

    *out = (struct alert){
        .fingerprint = in->fingerprint,
        .firing = true,
        .timeout = in->timeout,
        .name = text_or_empty(labels_get(&in->labels, S("alertname"))),
        .severity = text_or_empty(labels_get(&in->labels, S("severity"))),
        .labels = in->labels_text,
        .annotations = in->annotations_text,
        .generator_url = in->generator_url,
        .starts_at = in->starts_at,
        .ends_at = in->ends_at,
        .received_at = now,
        .updated_at = now,
        .count = 1,
        .previous_id = previous_id,
    };
}

enum alert_change alert_merge(const struct alert *stored, const struct alert_in *in, instant now,
    struct alert *out)
{
    bool over = in->ends_at.us <= now.us;
    bool same;

    if (!stored || !stored->firing) {
        if (over)
            return ALERT_STALE;
        begin(stored, in, now, out);
        return ALERT_NEW;
    }
    same = str_eq(stored->annotations, in->annotations_text) &&
        str_eq(stored->generator_url, in->generator_url) &&
        in->starts_at.us >= stored->starts_at.us;

    if (out != stored)
        *out = *stored;
    out->count++;
    out->updated_at = now;
    out->annotations = in->annotations_text;
    out->generator_url = in->generator_url;
    if (in->starts_at.us < out->starts_at.us)
        out->starts_at = in->starts_at;
    /* A later end that a sender gave stands against an earlier one, unless the alert is over. */
    if (over || out->timeout || out->ends_at.us <= in->ends_at.us) {
        out->ends_at = in->ends_at;
        out->timeout = in->timeout;
    }
    if (!over)
        return same ? ALERT_REPEAT : ALERT_UPDATE;
    out->firing = false;
    out->resolved_at = now;
    return ALERT_RESOLVE;
}
