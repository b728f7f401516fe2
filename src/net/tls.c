#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/arena.h"
#include "base/error.h"

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned int inlen, void *ctx)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl, (void)ctx;
    if (SSL_select_next_proto(&chosen, outlen, ours, sizeof ours - 1, in, inlen) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static bool fail_tls(struct error *err, const char *what, struct str name)
{
    char reason[160];

    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    ERR_clear_error();
    return fail(err, INVALID, "%s %.*s: %s", what, STR(name), reason);
}

static bool load(SSL_CTX *ctx, struct arena *a, struct str cert, struct str key, struct error *err)
{
    if (SSL_CTX_use_certificate_chain_file(ctx, str_z(a, cert)) != 1)
        return fail_tls(err, "TLS certificate", cert);
    if (SSL_CTX_use_PrivateKey_file(ctx, str_z(a, key), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1)
        return fail_tls(err, "TLS key", key);
    return true;
}

bool tls_context(SSL_CTX **out, struct str cert, struct str key, struct error *err)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    struct arena a;

    if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) {
        SSL_CTX_free(ctx);
        return fail_tls(err, "TLS", S("context"));
    }
    /* A peer that ends without close_notify is a peer that ends: HTTP knows where messages end. */
    SSL_CTX_set_options(
        ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"tocsin", 6);
    arena_init(&a, 1 << 16);
    bool ok = load(ctx, &a, cert, key, err);
    arena_deinit(&a);
    if (!ok) {
        SSL_CTX_free(ctx);
        return false;
    }
    *out = ctx;
    return true;
}

void tls_context_free(SSL_CTX *ctx)
{
    SSL_CTX_free(ctx);
}

SSL *tls_accept(SSL_CTX *ctx, int fd)
{
    SSL *ssl = SSL_new(ctx);

    if (!ssl || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_accept_state(ssl);
    return ssl;
}

void tls_free(SSL *ssl)
{
    SSL_free(ssl);
}

static int problem(SSL *ssl, int result)
{
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return TLS_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        return TLS_FAILED;
    }
}

int tls_handshake(SSL *ssl)
{
    ERR_clear_error();
    int result = SSL_do_handshake(ssl);
    return result == 1 ? 1 : problem(ssl, result);
}

ssize_t tls_read(SSL *ssl, void *p, size_t n)
{
    size_t got = 0;

    ERR_clear_error();
    int result = SSL_read_ex(ssl, p, n, &got);
    return result == 1 ? (ssize_t)got : problem(ssl, result);
}

ssize_t tls_write(SSL *ssl, const void *p, size_t n)
{
    size_t sent = 0;

    ERR_clear_error();
    int result = SSL_write_ex(ssl, p, n, &sent);
    return result == 1 ? (ssize_t)sent : problem(ssl, result);
}

void tls_say_goodbye(SSL *ssl)
{
    ERR_clear_error();
    if (SSL_is_init_finished(ssl))
        SSL_shutdown(ssl);
}
