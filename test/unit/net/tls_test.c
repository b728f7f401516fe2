#include "net/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/clock.h"
#include "net/client.h"
#include "net/server.h"
#include "stand.h"
#include "test.h"
#include "wire.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* A fresh certificate and key in files that last as long as the test. */
struct pair {
    char cert[64], key[64];
};

static FILE *temporary(char path[64], const char *name)
{
    snprintf(path, 64, "/tmp/%s.XXXXXX", name);
    int fd = mkstemp(path);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f)
        abort();
    return f;
}

static void make_pair(struct pair *p)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);

    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509_set_pubkey(x, key);
    X509_EXTENSION *here = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x, here, -1);
    X509_EXTENSION_free(here);
    if (X509_sign(x, key, EVP_sha256()) == 0)
        abort();
    FILE *f = temporary(p->cert, "cert");
    PEM_write_X509(f, x);
    fclose(f);
    f = temporary(p->key, "key");
    PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    fclose(f);
    X509_free(x);
    EVP_PKEY_free(key);
}

static void drop_pair(struct pair *p)
{
    unlink(p->cert);
    unlink(p->key);
}

/* --- a client --- */

struct peer {
    struct wire w;
    SSL_CTX *ctx;
    SSL *ssl;
    bool connected;
};

static struct peer peer_open(int port, int version, const char *protocols)
{
    struct peer p = {.w = wire_open(port), .ctx = SSL_CTX_new(TLS_client_method())};
    struct timeval limit = {.tv_sec = 20};

    setsockopt(p.w.fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    SSL_CTX_set_min_proto_version(p.ctx, version ? version : TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(p.ctx, version);
    SSL_CTX_set_security_level(p.ctx, 0);
    SSL_CTX_set_options(p.ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    p.ssl = SSL_new(p.ctx);
    if (protocols)
        SSL_set_alpn_protos(p.ssl, (const unsigned char *)protocols, (unsigned)strlen(protocols));
    SSL_set_fd(p.ssl, p.w.fd);
    p.connected = SSL_connect(p.ssl) == 1;
    return p;
}

static void peer_close(struct peer *p)
{
    if (p->connected)
        SSL_shutdown(p->ssl);
    SSL_free(p->ssl);
    SSL_CTX_free(p->ctx);
    wire_close(&p->w);
}

static bool peer_send(struct peer *p, struct str bytes)
{
    return SSL_write(p->ssl, bytes.ptr, (int)bytes.len) == (int)bytes.len;
}

/* Everything up to the end, or to `until` bytes. */
static struct str peer_read(struct peer *p, struct arena *a, size_t until)
{
    char *room = arena_alloc(a, until, 1);
    size_t len = 0;
    int n;

    while (len < until && (n = SSL_read(p->ssl, room + len, (int)(until - len))) > 0)
        len += (size_t)n;
    return (struct str){room, len};
}

static struct str body_of(struct str answer)
{
    const char *end = answer.len ? memmem(answer.ptr, answer.len, "\r\n\r\n", 4) : NULL;

    return end ? str_slice(answer, (size_t)(end - answer.ptr) + 4, answer.len) : STR_NONE;
}

static void start(struct stand *s, struct pair *p, struct server_config config)
{
    make_pair(p);
    config.loops = 1;
    config.tls_cert = str_from(p->cert);
    config.tls_key = str_from(p->key);
    stand_start(s, config);
}

TEST(round_trips)
{
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct pair pair;
    struct stand s;

    start(&s, &pair, (struct server_config){0});
    for (int i = 0; i < 2; i++) {
        struct peer p = peer_open(s.port, versions[i], "\x02h2\x08http/1.1");
        const unsigned char *protocol;
        unsigned length;
        REQUIRE(p.connected);
        SSL_get0_alpn_selected(p.ssl, &protocol, &length);
        CHECK_STR(((struct str){(const char *)protocol, length}), S("http/1.1"));
        CHECK(peer_send(&p, S("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")));
        CHECK(peer_send(&p, S("llo")));
        CHECK(peer_send(&p, S(GET("/park") GET("/2"))));
        struct exchange *x = stand_take(&s);
        REQUIRE(x);
        CHECK(x->request.tls);
        x->answer.body = S("parked");
        exchange_answer(s.server, x);
        CHECK(peer_send(&p, S("GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        struct str all = peer_read(&p, a, 4096);
        CHECK(str_contains(all, S("POST /x hello")));
        CHECK(str_contains(all, S("parked")));
        CHECK(str_contains(all, S("GET /2 ")));
        CHECK(str_ends(all, S("GET /3 ")));
        CHECK(SSL_get_shutdown(p.ssl) & SSL_RECEIVED_SHUTDOWN);
        peer_close(&p);
    }
    CHECK(stand_connections(&s, 0));
    stand_stop(&s, SECOND_US);
    drop_pair(&pair);
}

TEST(large_bodies_both_ways)
{
    struct pair pair;
    struct stand s;
    size_t n = 900000;

    start(&s, &pair, (struct server_config){0});
    struct peer p = peer_open(s.port, 0, NULL);
    REQUIRE(p.connected);
    char *body = arena_alloc(a, n, 1);
    memset(body, 'q', n);
    CHECK(peer_send(&p,
        str_printf(a,
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", n)));
    CHECK(peer_send(&p, (struct str){body, n}));
    struct str echoed = body_of(peer_read(&p, a, 2 * n));
    CHECK_INT(echoed.len, n + 7);
    CHECK_STR(str_slice(echoed, 7, echoed.len), ((struct str){body, n}));
    peer_close(&p);

    p = peer_open(s.port, 0, NULL);
    REQUIRE(p.connected);
    CHECK(peer_send(&p, S("GET /big/8000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
    struct str big = body_of(peer_read(&p, a, 9000000));
    REQUIRE(big.len == 8000000);
    for (size_t i = 0; i < big.len; i += 4999)
        CHECK_INT(big.ptr[i], 'a' + i % 26);
    peer_close(&p);
    stand_stop(&s, SECOND_US);
    drop_pair(&pair);
}

TEST(refusals_arrive_over_tls)
{
    struct pair pair;
    struct stand s;

    start(&s, &pair, (struct server_config){.head_deadline_us = 500 * MILLISECOND_US});
    struct peer p = peer_open(s.port, 0, NULL);
    REQUIRE(p.connected);
    CHECK(peer_send(&p, S("GET / HTTP/1.1\r\n\r\n" GET("/2"))));
    CHECK(str_starts(peer_read(&p, a, 4096), S("HTTP/1.1 400 ")));
    peer_close(&p);
    p = peer_open(s.port, 0, NULL);
    REQUIRE(p.connected);
    CHECK(peer_send(&p, S("GET / HT")));
    CHECK(str_starts(peer_read(&p, a, 4096), S("HTTP/1.1 408 ")));
    peer_close(&p);
    CHECK_INT(s.handled, 0);
    stand_stop(&s, SECOND_US);
    drop_pair(&pair);
}

TEST(streams_over_tls)
{
    struct pair pair;
    struct stand s;

    start(&s, &pair, (struct server_config){0});
    struct peer p = peer_open(s.port, 0, NULL);
    REQUIRE(p.connected);
    CHECK(peer_send(&p, S(GET("/stream"))));
    char room[4096];
    REQUIRE(SSL_read(p.ssl, room, sizeof room) > 0);
    pthread_mutex_lock(&s.lock);
    struct ticket ticket = s.stream;
    pthread_mutex_unlock(&s.lock);
    char *data = arena_alloc(a, 60000, 1);
    memset(data, 'd', 60000);
    server_stream_send(s.server, ticket, (struct str){data, 60000});
    CHECK_STR(peer_read(&p, a, 60000), ((struct str){data, 60000}));
    peer_close(&p);
    CHECK(stand_streams_closed(&s, 1));
    stand_stop(&s, SECOND_US);
    drop_pair(&pair);
}

TEST(what_is_not_tls_or_too_old_or_too_slow)
{
    struct pair pair;
    struct stand s;

    start(&s, &pair, (struct server_config){.head_deadline_us = 500 * MILLISECOND_US});
    struct wire w = wire_open(s.port); /* plain text */
    struct str alert;
    CHECK(wire_send_text(&w, GET("/")));
    if (wire_take(&w, a, 7, &alert))
        CHECK_INT(alert.ptr[0], 21); /* the record type of alerts */
    CHECK(wire_ended(&w));
    wire_close(&w);
    w = wire_open(s.port); /* a handshake that never goes on */
    CHECK(wire_send(&w, (struct str){"\x16\x03\x01\x02\x00\x01", 6}));
    CHECK(wire_ended(&w));
    wire_close(&w);
    struct peer p = peer_open(s.port, TLS1_1_VERSION, NULL);
    CHECK(!p.connected);
    peer_close(&p);
    p = peer_open(s.port, 0, "\x02h2");
    CHECK(!p.connected);
    peer_close(&p);
    CHECK(stand_connections(&s, 0));
    CHECK_INT(s.handled, 0);
    stand_stop(&s, SECOND_US);
    drop_pair(&pair);
}

TEST(certificates_that_do_not_work)
{
    struct pair one, two;
    struct error err = {0};
    SSL_CTX *ctx = NULL;

    make_pair(&one);
    make_pair(&two);
    REQUIRE_OK(tls_context(&ctx, str_from(one.cert), str_from(one.key), &err));
    tls_context_free(ctx);
    CHECK(!tls_context(&ctx, str_from(one.cert), str_from(two.key), &err));
    CHECK_INT(err.kind, ERROR_INVALID);
    CHECK(!tls_context(&ctx, str_from(one.key), str_from(one.key), &err));
    CHECK(!tls_context(&ctx, S("/nonexistent"), str_from(one.key), &err));
    CHECK(!tls_context(&ctx, str_from(one.cert), S("/nonexistent"), &err));
    CHECK(!tls_context(&ctx, str_from(one.cert), STR_NONE, &err));
    drop_pair(&one);
    drop_pair(&two);
}

/* --- the outbound client: when a certificate ends --- */

struct asked {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
    struct client_result result;
};

static void on_done(void *ctx, struct client_job *job, const struct client_result *result)
{
    struct asked *q = ctx;

    (void)job;
    pthread_mutex_lock(&q->lock);
    q->result = *result;
    q->done = true;
    pthread_cond_signal(&q->answered);
    pthread_mutex_unlock(&q->lock);
}

static struct client_result connect_to(struct arena *a, int port, const char *ca_file)
{
    struct asked q = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, {0}};
    struct client_job job = {.kind = CLIENT_CONNECT, .done = on_done, .ctx = &q,
        .url = str_printf(a, "https://127.0.0.1:%d/", port).ptr};
    struct str here = S("127.0.0.1");
    struct client_config config = {.allow = &here, .nallow = 1, .ca_file = ca_file};
    struct client *c = NULL;
    struct error err = {0};

    if (!client_start(&c, &config, &err))
        abort();
    client_send(c, &job);
    pthread_mutex_lock(&q.lock);
    while (!q.done)
        pthread_cond_wait(&q.answered, &q.lock);
    pthread_mutex_unlock(&q.lock);
    client_stop(c, 0);
    return q.result;
}

TEST(a_client_sees_when_the_certificate_ends)
{
    struct pair pair, other;
    struct stand s;

    start(&s, &pair, (struct server_config){0});
    struct client_result r = connect_to(a, s.port, pair.cert);
    CHECK_INT(r.outcome, CLIENT_OK);
    int64_t left = r.certificate_ends.us - clock_now().us;
    CHECK(left > 3500 * SECOND_US && left <= 3601 * SECOND_US);

    make_pair(&other); /* somebody else's: not trusted, so not connected */
    r = connect_to(a, s.port, other.cert);
    CHECK_INT(r.outcome, CLIENT_TRANSIENT);
    CHECK(!instant_is_set(r.certificate_ends));
    drop_pair(&other);
    drop_pair(&pair);
    stand_stop(&s, 0);
}
