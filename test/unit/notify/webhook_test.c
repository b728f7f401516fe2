#include "notify/channels.h"

#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/sign.h"
#include "sample.h"
#include "test.h"

#define SECRET S("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

static struct str header(const struct client_job *job, struct str name)
{
    for (size_t i = 0; i < CLIENT_MAX_HEADERS && job->http.headers[i]; i++) {
        struct str head, value = str_cut(str_from(job->http.headers[i]), ':', &head);

        if (str_eq(head, name))
            return str_trim(value);
    }
    return STR_NONE;
}

TEST(body_and_signature)
{
    const struct message_alert alerts[] = {
        {S("{\"alertname\":\"CardErrors\",\"severity\":\"critical\"}"), S("{\"summary\":\"5xx\"}"),
            S("a1b2"), {INT64_C(1795261200) * SECOND_US}},
        {S("not json"), STR_NONE, S("c3"), {0}},
    };
    struct message m = sample_page(alerts, 2);
    struct error err = {0};
    struct client_job job;
    struct json *o;
    struct str key;

    m.address = S("https://example.com/hook");
    m.secret = SECRET;
    m.title = S("Card \"payments\"\nfail");
    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    CHECK_INT(job.kind, CLIENT_HTTP);
    CHECK_STR(str_from(job.url), m.address);
    CHECK_STR(header(&job, S("Content-Type")), S("application/json"));
    CHECK_STR(header(&job, S("webhook-id")), m.delivery_id);
    CHECK_STR(header(&job, S("webhook-timestamp")), S("1795262400"));
    REQUIRE(webhook_secret_read(a, SECRET, &key));
    CHECK(
        webhook_verify(a, key, header(&job, S("webhook-id")), header(&job, S("webhook-timestamp")),
            header(&job, S("webhook-signature")), job.http.body, m.now, 0, &err));

    REQUIRE_OK(json_parse(a, job.http.body, &o, &err));
    CHECK_STR(json_get_str(o, S("type")), S("incident.page"));
    CHECK_STR(json_get_str(o, S("id")), m.delivery_id);
    CHECK_STR(json_get_str(o, S("timestamp")), S("2026-11-21T12:00:00Z"));
    CHECK_STR(json_get_str(json_get(o, S("incident")), S("title")), m.title);
    CHECK_STR(json_get_str(json_get(o, S("recipient")), S("name")), m.recipient_name);
    CHECK_STR(json_get_str(o, S("acknowledge_url")), m.acknowledge_url);
    CHECK(json_is(json_get(o, S("update")), JSON_NULL));
    struct json *list = json_get(o, S("alerts"));
    REQUIRE(list && list->count == 2);
    CHECK_STR(json_get_str(json_get(list->first, S("labels")), S("alertname")), S("CardErrors"));
    CHECK_STR(json_get_str(json_get(list->first, S("annotations")), S("summary")), S("5xx"));
    CHECK(json_is(json_get(list->last, S("labels")), JSON_OBJECT));
}

TEST(a_retry_is_the_same_to_the_byte)
{
    struct message m = sample_page(NULL, 0);
    struct error err = {0};
    struct client_job one, two;

    m.address = S("https://example.com/hook");
    m.secret = SECRET;
    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &one, &err));
    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &two, &err));
    CHECK_STR(one.http.body, two.http.body);
    CHECK_STR(header(&one, S("webhook-signature")), header(&two, S("webhook-signature")));
}

TEST(no_incident_no_secret)
{
    struct message m = {.kind = MESSAGE_TEST,
        .delivery_id = S("dlv_1"),
        .now = {SECOND_US},
        .address = S("http://example.com/")};
    struct error err = {0};
    struct client_job job;
    struct json *o;

    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    CHECK(!header(&job, S("webhook-signature")).ptr);
    REQUIRE_OK(json_parse(a, job.http.body, &o, &err));
    CHECK_STR(json_get_str(o, S("type")), S("test"));
    CHECK(json_is(json_get(o, S("incident")), JSON_NULL));
}

TEST(what_is_refused)
{
    struct message good = sample_page(NULL, 0), m;
    struct error err = {0};
    struct client_job job;

    good.address = S("https://example.com/hook");
    m = good;
    m.delivery_id = S("dlv_1\r\nX-Injected: yes");
    CHECK(!webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    m = good;
    m.delivery_id = STR_NONE;
    CHECK(!webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    m = good;
    m.address = S("https://example.com/\nx");
    CHECK(!webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    m = good;
    m.secret = S("whsec_short");
    CHECK(!webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
}

TEST(large_alerts_are_left_out)
{
    struct message_alert alerts[MESSAGE_MAX_ALERTS + 1];
    struct error err = {0};
    struct client_job job;
    struct json *o;
    int64_t count;

    for (size_t i = 0; i < MESSAGE_MAX_ALERTS + 1; i++)
        alerts[i] = (struct message_alert){.labels = S("{\"a\":\"b\"}")};
    struct message m = sample_page(alerts, MESSAGE_MAX_ALERTS + 1);
    m.address = S("https://example.com/hook");
    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    REQUIRE_OK(json_parse(a, job.http.body, &o, &err));
    CHECK_INT(json_get(o, S("alerts"))->count, MESSAGE_MAX_ALERTS);
    CHECK(json_int(json_get(o, S("alert_count")), &count) && count == MESSAGE_MAX_ALERTS + 1);

    char *big = arena_alloc(a, 10001, 1);
    memset(big, 'x', 10000);
    for (size_t i = 0; i < MESSAGE_MAX_ALERTS + 1; i++)
        alerts[i].labels = str_printf(a, "{\"a\":\"%s\"}", big);
    REQUIRE_OK(webhook_build(a, &m, &(struct channel_config){0}, &job, &err));
    CHECK(job.http.body.len <= 65536);
    REQUIRE_OK(json_parse(a, job.http.body, &o, &err));
    CHECK_INT(json_get(o, S("alerts"))->count, 5);
}

TEST(published_vectors)
{
    const char *path = test_data(t, a, "interop/signatures/vectors.json");
    struct error err = {0};
    struct json *all;
    struct str bytes;
    int64_t at;

    if (!path)
        return;
    REQUIRE_OK(json_parse(a, test_read_file(a, path), &all, &err));
    struct json *v = json_get(all, S("standard_webhooks_v1"));
    REQUIRE(webhook_secret_read(a, json_get_str(v, S("secret")), &bytes));
    REQUIRE(json_int(json_get(v, S("webhook_timestamp")), &at));
    struct str signature =
        webhook_sign(a, bytes, json_get_str(v, S("webhook_id")), at, json_get_str(v, S("body")));
    CHECK_STR(signature, json_get_str(v, S("webhook_signature")));

    struct json *github = json_get(all, S("github_sha256"));
    struct str body = json_get_str(github, S("body"));
    hash256 mac = hmac_sha256(json_get_str(github, S("secret")), &body, 1);
    CHECK_STR(str_printf(a, "sha256=%s", hex_text(a, mac.bytes, 32).ptr),
        json_get_str(github, S("x_hub_signature_256")));
}
