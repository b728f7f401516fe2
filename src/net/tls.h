/* TLS for accepted sockets: OpenSSL, 1.2 and later, ALPN "http/1.1", non-blocking. */
#pragma once

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/str.h"

struct error;

/* PEM files: the certificate with its chain, and its key. */
bool tls_context(SSL_CTX **out, struct str cert, struct str key, struct error *err);
void tls_context_free(SSL_CTX *ctx);

SSL *tls_accept(SSL_CTX *ctx, int fd);
void tls_free(SSL *ssl);

/* Besides a count of bytes; 0 means that the peer has ended the session. */
enum { TLS_AGAIN = -1, TLS_FAILED = -2 };

int tls_handshake(SSL *ssl); /* 1 when done */
ssize_t tls_read(SSL *ssl, void *p, size_t n);
ssize_t tls_write(SSL *ssl, const void *p, size_t n);
void tls_say_goodbye(SSL *ssl);
