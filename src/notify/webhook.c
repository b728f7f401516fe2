/* Webhooks: one JSON object, signed as Standard Webhooks (base/sign.h).
 *
 *   POST <endpoint's URL>
 *   Content-Type: application/json
 *   webhook-id: dlv_…            the same in every retry: drop what you have seen
 *   webhook-timestamp: 1795262400
 *   webhook-signature: v1,…      only if the endpoint has a secret
 *
 *   {"type": "incident.page",    incident.page | incident.update | incident.resolved | test |
 * verify | incident.update_due, "id": "dlv_…", "timestamp": "2026-11-21T12:00:00Z", "incident": {"id", "number", "title",
 * "severity", "status", "summary", "service", "started_at", "url"} or null, "alerts": [{"labels":
 * {…}, "annotations": {…}, "fingerprint", "starts_at"}, … at most 20], "alert_count": 3,
 *    "recipient": {"id", "name"},
 *    "reason": "…", "update": "…", "code": "…", "acknowledge_url": "…", "respond_url": "…"}
 *
 * status.subscribe and status.update go to subscribers of a status page: {"type", "id", "timestamp", "page":
 * {"id", "name", "url"}, "incident": {"id", "name", "status", "impact", "shortlink", …, "update"} or null,
 * "confirm_url", "unsubscribe_url"}.
 *
 * What is unknown is null. If the whole would pass 64 KiB, fewer alerts are sent. Any 2xx accepts;
 * 408, 425, 429 and 5xx are tried again, also after a time-out; anything else is final. */
#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/sign.h"
#include "notify/channels.h"

enum { MAX_URL = 2000, MAX_BODY = 65536 };

bool webhook_validate(struct str address, struct error *err)
{
    struct str rest = str_starts(address, S("https://")) ? str_slice(address, 8, address.len)
                                                         : str_slice(address, 7, address.len);
    struct str host;

    if (!str_starts(address, S("https://")) && !str_starts(address, S("http://")))
        return fail(err, INVALID, "must begin with https:// or http://");
    if (address.len > MAX_URL)
        return fail(err, INVALID, "must be at most %d characters", MAX_URL);
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.ptr[i] <= ' ' || (unsigned char)address.ptr[i] >= 0x7f)
            return fail(
                err, INVALID, "must be plain ASCII without spaces (percent-encode the rest)");
    str_cut(rest, '/', &host);
    if (host.len == 0 || host.ptr[0] == ':' || host.ptr[0] == '?')
        return fail(err, INVALID, "names no host");
    return true;
}

static struct json *incident_json(struct arena *a, const struct message *m)
{
    struct json *o = json_object(a);

    json_set_str(a, o, S("id"), m->incident_id);
    json_set_str(a, o, S("number"), m->number);
    json_set_str(a, o, S("title"), m->title);
    json_set_str(a, o, S("severity"), m->severity);
    json_set_str(a, o, S("status"), m->status);
    json_set_str(a, o, S("summary"), m->summary);
    json_set_str(a, o, S("service"), m->service);
    json_set_str(a, o, S("started_at"), time_text(a, m->started_at));
    json_set_str(a, o, S("url"), m->incident_url);
    return o;
}

/* An object from its text; an empty one if it is none, so that receivers need not guard. */
static struct json *object_of(struct arena *a, struct str text)
{
    struct error ignored = {0};
    struct json *v;

    return text.len && json_parse(a, text, &v, &ignored) && json_is(v, JSON_OBJECT)
               ? v
               : json_object(a);
}

static struct json *alerts_json(struct arena *a, const struct message *m, size_t n)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < n; i++) {
        const struct message_alert *alert = &m->alerts[i];
        struct json *o = json_push(list, json_object(a));

        json_set(o, S("labels"), object_of(a, alert->labels));
        json_set(o, S("annotations"), object_of(a, alert->annotations));
        json_set_str(a, o, S("fingerprint"), alert->fingerprint);
        json_set_str(a, o, S("starts_at"), time_text(a, alert->starts_at));
    }
    return list;
}

static struct str body_with(struct arena *a, const struct message *m, size_t nalerts)
{
    struct json *o = json_object(a), *recipient = json_object(a);

    json_set_str(a, o, S("type"), message_type(m->kind));
    json_set_str(a, o, S("id"), m->delivery_id);
    json_set_str(a, o, S("timestamp"), time_text(a, m->now));
    json_set(o, S("incident"), m->incident_id.ptr ? incident_json(a, m) : json_string(a, STR_NONE));
    json_set(o, S("alerts"), alerts_json(a, m, nalerts));
    json_set_int(a, o, S("alert_count"), m->alert_count);
    json_set_str(a, recipient, S("id"), m->recipient_id);
    json_set_str(a, recipient, S("name"), m->recipient_name);
    json_set(o, S("recipient"), recipient);
    json_set_str(a, o, S("reason"), m->reason);
    json_set_str(a, o, S("update"), m->update);
    json_set_str(a, o, S("code"), m->code);
    json_set_str(a, o, S("acknowledge_url"), m->acknowledge_url);
    json_set_str(a, o, S("respond_url"), m->respond_url);
    return json_text(a, o);
}

bool webhook_build(struct arena *a, const struct message *m, const struct channel_config *config,
    struct client_job *job, struct error *err)
{
    size_t n = m->nalerts < MESSAGE_MAX_ALERTS ? m->nalerts : MESSAGE_MAX_ALERTS;
    int64_t timestamp = m->now.us / SECOND_US;
    struct str key, body;

    (void)config;
    if (!webhook_validate(m->address, err))
        return false;
    if (m->delivery_id.len == 0 || !message_plain(m->delivery_id))
        return fail(err, INVALID, "a delivery needs a plain id");
    body = m->payload;
    while (!m->payload.ptr && (body = body_with(a, m, n)).len > MAX_BODY && n > 0)
        n /= 2;
    *job = (struct client_job){.kind = CLIENT_HTTP, .url = str_z(a, m->address)};
    job->http.method = "POST";
    job->http.body = body;
    job->http.headers[0] = "Content-Type: application/json";
    job->http.headers[1] = str_printf(a, "webhook-id: %.*s", STR(m->delivery_id)).ptr;
    job->http.headers[2] = str_printf(a, "webhook-timestamp: %lld", (long long)timestamp).ptr;
    if (!m->secret.ptr)
        return true;
    if (!webhook_secret_read(a, m->secret, &key))
        return fail(err, INVALID, "the endpoint's signing secret is damaged");
    struct str signature = webhook_sign(a, key, m->delivery_id, timestamp, body);
    job->http.headers[3] = str_printf(a, "webhook-signature: %.*s", STR(signature)).ptr;
    return true;
}
