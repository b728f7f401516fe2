#include "net/transfer.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/time.h"
#include "base/utf8.h"

__attribute__((format(printf, 3, 4))) static void conclude(
    struct client_result *r, enum client_outcome outcome, const char *fmt, ...)
{
    va_list ap;

    r->outcome = outcome;
    va_start(ap, fmt);
    vsnprintf(r->text, sizeof r->text, fmt, ap);
    va_end(ap);
    /* What a server said goes to logs and pages: one line of UTF-8, no control characters. */
    for (char *p = r->text; *p;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(str_from(p), &cp);

        if (n == 0 || cp < ' ' || (cp >= 0x7f && cp < 0xa0))
            memset(p, n ? ' ' : '?', n ? n : 1);
        p += n ? n : 1;
    }
}

int64_t transfer_timeout(const struct client_job *job)
{
    if (job->timeout_us > 0)
        return job->timeout_us;
    return job->kind == CLIENT_SMTP ? 30 * SECOND_US : 10 * SECOND_US;
}

static bool plain(const char *s)
{
    for (; s && *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

static bool plain_all(const char *const *list, size_t max)
{
    for (size_t i = 0; i < max && list[i]; i++)
        if (!plain(list[i]))
            return false;
    return true;
}

static bool plain_job(const struct client_job *j)
{
    if (!plain(j->url))
        return false;
    if (j->kind == CLIENT_CONNECT)
        return true;
    if (j->kind == CLIENT_HTTP)
        return plain(j->http.method) && plain_all(j->http.headers, CLIENT_MAX_HEADERS);
    return plain(j->smtp.username) && plain(j->smtp.password) && plain(j->smtp.from) &&
           plain_all(j->smtp.recipients, CLIENT_MAX_RECIPIENTS);
}

static bool may_open(struct transfer *t, const struct sockaddr *sa)
{
    struct address address;

    /* A mail server is the administrator's choice, and often is this machine; a URL is anybody's.
     */
    if (t->rules->proxy || t->job->kind == CLIENT_SMTP)
        return true;
    if (!address_of(sa, &address))
        return false;
    if (address_allowed(&address, t->rules->allow, t->rules->nallow))
        return true;
    t->refused = true;
    t->refused_address = address;
    return false;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *sa)
{
    struct transfer *t = ctx;

    if (purpose != CURLSOCKTYPE_IPCXN || !may_open(t, &sa->addr))
        return CURL_SOCKET_BAD;
    t->opened = true;
    return socket(sa->family, sa->socktype | SOCK_CLOEXEC, sa->protocol);
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * n, room = t->room_size - t->kept;
    size_t most = t->room_size > CLIENT_MAX_ANSWER ? t->room_size : CLIENT_MAX_ANSWER;
    size_t keep = len < room ? len : room;

    memcpy(t->room + t->kept, p, keep);
    t->kept += keep;
    t->seen += len;
    return t->seen > most ? 0 : len;
}

static size_t on_reply_line(char *p, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * n;

    if (str_starts((struct str){p, len}, S("221")))
        return len; /* the good-bye after a refusal is not the reason */
    while (len && (p[len - 1] == '\r' || p[len - 1] == '\n'))
        len--;
    if (len >= sizeof t->line)
        len = sizeof t->line - 1;
    memcpy(t->line, p, len);
    t->line[len] = '\0';
    return size * n;
}

static size_t give_message(char *p, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    struct str rest = str_slice(t->job->smtp.message, t->offset, SIZE_MAX);
    size_t len = size * n < rest.len ? size * n : rest.len;

    if (len)
        memcpy(p, rest.ptr, len);
    t->offset += len;
    return len;
}

static void add_to_list(struct transfer *t, const char *const *items, size_t max)
{
    for (size_t i = 0; i < max && items[i]; i++)
        t->list = curl_slist_append(t->list, items[i]);
}

static void set_common(struct transfer *t, int64_t timeout_us)
{
    CURL *e = t->easy;
    const struct transfer_rules *rules = t->rules;

    curl_easy_setopt(e, CURLOPT_PRIVATE, t);
    curl_easy_setopt(e, CURLOPT_URL, t->job->url);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->problem);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, rules->proxy ? rules->proxy : "");
    if (rules->ca_file)
        curl_easy_setopt(e, CURLOPT_CAINFO, rules->ca_file);
    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)(rules->connect_timeout_us / 1000));
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)((timeout_us + 999) / 1000));
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
}

static void set_http(struct transfer *t)
{
    CURL *e = t->easy;
    const struct client_job *j = t->job;
    const char *method = j->http.method ? j->http.method : "POST";

    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    /* 1.1 on purpose: a connection carries one request, so a stalled answer stalls one. */
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(e, CURLOPT_USERAGENT, "Tocsin/" TOCSIN_VERSION);
    if (strcmp(method, "HEAD") == 0) {
        curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
    } else if (strcmp(method, "GET") != 0) {
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->http.body.len);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, j->http.body.len ? j->http.body.ptr : "");
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, method);
    }
    t->list = curl_slist_append(NULL, "Expect:"); /* no 100-continue: it costs a round trip */
    add_to_list(t, j->http.headers, CLIENT_MAX_HEADERS);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->list);
}

static void set_connect(struct transfer *t)
{
    CURL *e = t->easy;

    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(e, CURLOPT_CERTINFO, 1L);
}

static void set_smtp(struct transfer *t)
{
    static const long tls[] = {CURLUSESSL_NONE, CURLUSESSL_TRY, CURLUSESSL_ALL};
    CURL *e = t->easy;
    const struct client_job *j = t->job;

    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(e, CURLOPT_USE_SSL, tls[j->smtp.tls]);
    /* libcurl reuses a connection without looking whether it was ever encrypted. So only those are
     * kept for which that is certain. */
    curl_easy_setopt(e, CURLOPT_FORBID_REUSE, (long)(j->smtp.tls != SMTP_TLS_REQUIRED));
    if (j->smtp.username) {
        curl_easy_setopt(e, CURLOPT_USERNAME, j->smtp.username);
        curl_easy_setopt(e, CURLOPT_PASSWORD, j->smtp.password ? j->smtp.password : "");
    }
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, j->smtp.from);
    add_to_list(t, j->smtp.recipients, CLIENT_MAX_RECIPIENTS);
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, t->list);
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)j->smtp.message.len);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(e, CURLOPT_READDATA, t);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_reply_line);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
}

bool transfer_begin(
    struct transfer *t, struct client_job *job, int64_t timeout_us, struct client_result *result)
{
    *result = (struct client_result){0};
    t->job = job;
    if (!plain_job(job)) {
        conclude(result, CLIENT_PERMANENT, "an address or a header holds a control character");
        return false;
    }
    if (job->kind == CLIENT_SMTP && (!job->smtp.from || !job->smtp.recipients[0])) {
        conclude(result, CLIENT_PERMANENT, "a mail needs a sender and a recipient");
        return false;
    }
    bool room = job->kind == CLIENT_HTTP && job->http.room;
    t->room = room ? job->http.room : t->keep;
    t->room_size = room ? job->http.room_size : sizeof t->keep;
    t->list = NULL;
    t->offset = t->kept = t->seen = 0;
    t->opened = t->refused = false;
    t->line[0] = t->problem[0] = '\0';
    curl_easy_reset(t->easy);
    set_common(t, timeout_us);
    if (job->kind == CLIENT_HTTP)
        set_http(t);
    else if (job->kind == CLIENT_CONNECT)
        set_connect(t);
    else
        set_smtp(t);
    return true;
}

/* Nothing that counts as an answer came. */
static void conclude_failed(struct transfer *t, CURLcode code, bool sent, struct client_result *r)
{
    char text[ADDRESS_MAX_TEXT];
    const char *problem = t->problem[0] ? t->problem : curl_easy_strerror(code);

    if (t->refused && !t->opened)
        conclude(r, CLIENT_PERMANENT,
            "private address %s is not allowed (allow it with outbound.allow)",
            address_text(&t->refused_address, text).ptr);
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        conclude(r, CLIENT_PERMANENT, "%s", problem);
    else
        conclude(r, sent ? CLIENT_UNKNOWN : CLIENT_TRANSIENT, "%s", problem);
}

static enum client_outcome http_outcome(long status)
{
    if (status < 300)
        return CLIENT_OK;
    /* Request timeout, too early, too many requests: the request itself was fine. */
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return CLIENT_TRANSIENT;
    return CLIENT_PERMANENT;
}

static void conclude_http(struct transfer *t, CURLcode code, struct client_result *r)
{
    long status = 0, request = 0;
    curl_off_t wait = 0;
    struct str line;
    const char *location = NULL;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &request);
    if (status < 200) {
        conclude_failed(t, code, request > 0, r);
        return;
    }
    /* Once the status is here it counts, even if the body breaks off. */
    r->code = (int)status;
    r->body = (struct str){t->room, t->kept};
    curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &wait);
    r->retry_after_us = wait > 0 && wait < 86400 ? wait * SECOND_US : 0;
    str_cut(str_trim(str_slice(r->body, 0, 200)), '\n', &line);
    if (status >= 300 && status < 400) {
        curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &location);
        conclude(r, CLIENT_PERMANENT, "HTTP %ld to %.180s: redirects are not followed", status,
            location ? location : "nowhere");
        return;
    }
    conclude(r, http_outcome(status), "HTTP %ld%s%.*s", status, line.len ? ": " : "", STR(line));
}

static void conclude_smtp(struct transfer *t, CURLcode code, struct client_result *r)
{
    long reply = 0;

    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &reply);
    r->code = (int)reply;
    if (code == CURLE_OK)
        conclude(r, CLIENT_OK, "%s", t->line);
    else if (code == CURLE_LOGIN_DENIED)
        /* The relay's account is wrong, not this mail: it may go once that is mended. */
        conclude(r, CLIENT_TRANSIENT, "the mail server refused the sign-in: %s", t->line);
    else if (reply >= 500)
        conclude(r, CLIENT_PERMANENT, "%s", t->line);
    else if (reply >= 400)
        conclude(r, CLIENT_TRANSIENT, "%s", t->line);
    else
        conclude_failed(t, code, reply == 354 && t->offset == t->job->smtp.message.len, r);
}

/* The end of the server's own certificate, the first of the chain. */
static instant certificate_ends(CURL *easy)
{
    struct curl_certinfo *chain = NULL;
    struct tm tm = {0};
    instant at = {0};

    if (curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
        return at;
    for (const struct curl_slist *l = chain->certinfo[0]; l; l = l->next) {
        if (!str_starts(str_from(l->data), S("Cert:")))
            continue;
        BIO *bio = BIO_new_mem_buf(l->data + 5, -1);
        X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
        if (x && ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) == 1)
            at.us = days_of_date((struct date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday}) * DAY_US +
                tm.tm_hour * HOUR_US + tm.tm_min * MINUTE_US + tm.tm_sec * SECOND_US;
        X509_free(x);
        BIO_free(bio);
    }
    return at;
}

static void conclude_connect(struct transfer *t, CURLcode code, struct client_result *r)
{
    if (code != CURLE_OK) {
        conclude_failed(t, code, false, r);
        return;
    }
    r->certificate_ends = certificate_ends(t->easy);
    conclude(r, CLIENT_OK, "connected");
}

static void release(struct transfer *t)
{
    curl_slist_free_all(t->list);
    t->list = NULL;
    t->job = NULL;
}

void transfer_end(struct transfer *t, CURLcode code, struct client_result *result)
{
    *result = (struct client_result){0};
    if (t->job->kind == CLIENT_HTTP)
        conclude_http(t, code, result);
    else if (t->job->kind == CLIENT_CONNECT)
        conclude_connect(t, code, result);
    else
        conclude_smtp(t, code, result);
    release(t);
}

void transfer_abort(struct transfer *t, const char *why, struct client_result *result)
{
    snprintf(t->problem, sizeof t->problem, "%s", why);
    transfer_end(t, CURLE_ABORTED_BY_CALLBACK, result);
}
