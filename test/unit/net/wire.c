#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#define PATIENCE_MS 20000

struct wire wire_open(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct wire w = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    int one = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (w.fd < 0 || connect(w.fd, (struct sockaddr *)&to, sizeof to) != 0)
        abort();
    setsockopt(w.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return w;
}

void wire_close(struct wire *w)
{
    close(w->fd);
    free(w->in);
    *w = (struct wire){.fd = -1};
}

void wire_reset(struct wire *w)
{
    struct linger now = {.l_onoff = 1};

    setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    wire_close(w);
}

bool wire_send(struct wire *w, struct str bytes)
{
    while (bytes.len) {
        ssize_t n = send(w->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

bool wire_send_text(struct wire *w, const char *text)
{
    return wire_send(w, str_from(text));
}

bool wire_stirs(struct wire *w, int ms)
{
    struct pollfd p = {.fd = w->fd, .events = POLLIN};

    return poll(&p, 1, ms) == 1;
}

/* One read; false at the end, on reset and when nothing comes. */
static bool more(struct wire *w)
{
    if (w->len == w->cap) {
        w->cap = w->cap ? 2 * w->cap : 4096;
        w->in = realloc(w->in, w->cap);
        if (!w->in)
            abort();
    }
    if (!wire_stirs(w, PATIENCE_MS))
        return false;
    ssize_t n = recv(w->fd, w->in + w->len, w->cap - w->len, 0);
    if (n <= 0)
        return false;
    w->len += (size_t)n;
    return true;
}

bool wire_take(struct wire *w, struct arena *a, size_t n, struct str *out)
{
    while (w->len < n)
        if (!more(w))
            return false;
    *out = n ? str_copy(a, (struct str){w->in, n}) : S("");
    w->len -= n;
    if (w->len)
        memmove(w->in, w->in + n, w->len);
    return true;
}

struct str wire_header(struct str head, const char *name)
{
    while (head.ptr) {
        struct str line, label;
        head = str_cut(head, '\n', &line);
        struct str value = str_cut(line, ':', &label);
        if (str_eq_nocase(label, str_from(name)))
            return str_trim(value);
    }
    return STR_NONE;
}

bool wire_answer(struct wire *w, struct arena *a, bool head_only, struct wire_answer *out)
{
    const char *end;
    int64_t status = 0, length = 0;

    while (!(end = w->len ? memmem(w->in, w->len, "\r\n\r\n", 4) : NULL))
        if (!more(w))
            return false;
    if (!wire_take(w, a, (size_t)(end - w->in) + 4, &out->head) ||
        !str_starts(out->head, S("HTTP/1.1 ")) || !str_int(str_slice(out->head, 9, 12), &status))
        return false;
    out->status = (int)status;
    str_int(wire_header(out->head, "Content-Length"), &length);
    return wire_take(w, a, head_only ? 0 : (size_t)length, &out->body);
}

int wire_status(struct wire *w, struct arena *a)
{
    struct wire_answer answer;

    return wire_answer(w, a, false, &answer) ? answer.status : 0;
}

bool wire_ended(struct wire *w)
{
    char byte;

    return w->len == 0 && wire_stirs(w, PATIENCE_MS) && recv(w->fd, &byte, 1, 0) == 0;
}
