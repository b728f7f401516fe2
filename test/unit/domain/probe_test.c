#include "domain/probe.h"

#include "test.h"

static const instant now = {INT64_C(1795262400000000)};

TEST(targets)
{
    static const struct {
        const char *kind, *target;
        bool valid;
    } cases[] = {
        {"http", "https://shop.example.org/health", true},
        {"http", "http://shop.example.org:8080/", true},
        {"http", "shop.example.org", false},
        {"http", "file:///etc/passwd", false},
        {"tcp", "db.example.org:5432", true},
        {"tcp", "192.0.2.1:1", true},
        {"tls", "[2001:db8::1]:65535", true},
        {"tls", "shop.example.org", false},
        {"tcp", "shop.example.org:", false},
        {"tcp", ":443", false},
        {"tcp", "shop.example.org:0", false},
        {"tcp", "shop.example.org:65536", false},
        {"tcp", "shop.example.org:443/x", false},
        {"tcp", "user@shop.example.org:443", false},
        {"tcp", "2001:db8::1:443", false},
        {"tcp", "[]:443", false},
        {"tcp", "https://shop.example.org:443", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct probe p = {.kind = str_from(cases[i].kind), .target = str_from(cases[i].target)};
        struct error err = {0};
        if (probe_valid(&p, &err) != cases[i].valid)
            test_fail(t, __FILE__, __LINE__, "%s %s", cases[i].kind, cases[i].target);
        if (!cases[i].valid)
            CHECK_STR(str_from(err.fields[0].name), S("target"));
    }
}

TEST(what_the_client_is_given)
{
    struct probe p = {.kind = S("http"), .target = S("https://shop.example.org/health")};

    CHECK_STR(probe_url(a, &p), p.target);
    p = (struct probe){.kind = S("tcp"), .target = S("db:5432")};
    CHECK_STR(probe_url(a, &p), S("http://db:5432/"));
    p.kind = S("tls");
    CHECK_STR(probe_url(a, &p), S("https://db:5432/"));
}

TEST(verdicts_over_http)
{
    static const struct {
        int64_t want, got, latency, took;
        const char *contains;
        bool passing;
        const char *detail;
    } cases[] = {
        {0, 200, 0, 12000, NULL, true, "HTTP 200 in 12 ms"},
        {0, 299, 0, 0, NULL, true, "HTTP 299 in 0 ms"},
        {0, 300, 0, 0, NULL, false, "HTTP 300 in 0 ms"},
        {0, 199, 0, 0, NULL, false, "HTTP 199 in 0 ms"},
        {401, 401, 0, 0, NULL, true, "HTTP 401 in 0 ms"},
        {401, 200, 0, 0, NULL, false, "HTTP 200 in 0 ms"},
        {0, 200, 0, 0, "\"up\"", true, "HTTP 200 in 0 ms"},
        {0, 200, 0, 0, "\"well\"", false, "HTTP 200 in 0 ms, without \"\"well\"\""},
        {0, 200, 500000, 500000, NULL, true, "HTTP 200 in 500 ms"},
        {0, 200, 500000, 500001, NULL, false, "HTTP 200 in 500 ms: too slow"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct probe p = {.kind = S("http"), .status = cases[i].want, .latency = cases[i].latency,
            .contains = str_from(cases[i].contains)};
        struct probe_seen seen = {.answered = true, .status = cases[i].got, .took_us = cases[i].took,
            .body = S("{\"status\":\"up\"}")};
        struct str detail;
        CHECK_INT(probe_judge(a, &p, &seen, now, &detail), cases[i].passing);
        CHECK_STR(detail, str_from(cases[i].detail));
    }
}

TEST(verdicts_over_tcp_and_tls)
{
    struct probe p = {.kind = S("tcp"), .latency = 1000};
    struct probe_seen seen = {.problem = S("Connection refused"), .took_us = 1000};
    struct str detail;

    CHECK(!probe_judge(a, &p, &seen, now, &detail));
    CHECK_STR(detail, S("Connection refused"));
    seen.answered = true;
    CHECK(probe_judge(a, &p, &seen, now, &detail));
    CHECK_STR(detail, S("connected in 1 ms"));
    seen.took_us = 1001;
    CHECK(!probe_judge(a, &p, &seen, now, &detail));

    p = (struct probe){.kind = S("tls"), .days = 14};
    CHECK(!probe_judge(a, &p, &seen, now, &detail));
    CHECK_STR(detail, S("no certificate was shown"));
    seen.certificate_ends = instant_add(now, 14 * DAY_US);
    CHECK(probe_judge(a, &p, &seen, now, &detail));
    CHECK_STR(detail, S("the certificate ends in 14 days"));
    seen.certificate_ends = instant_add(now, 14 * DAY_US - 1);
    CHECK(!probe_judge(a, &p, &seen, now, &detail));
    seen.certificate_ends = instant_add(now, -1);
    p.days = 0;
    CHECK(!probe_judge(a, &p, &seen, now, &detail));
    CHECK_STR(detail, S("the certificate ends in -1 days"));
}

TEST(a_copy_shares_nothing)
{
    char name[] = "shop";
    struct probe p = {.name = {name, 4}, .status = 200}, copy = probe_copy(a, &p);

    name[0] = 'x';
    CHECK_STR(copy.name, S("shop"));
    CHECK_INT(copy.status, 200);
    CHECK(!copy.contains.ptr);
}
