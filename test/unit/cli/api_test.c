/* Commands against servers that are not there, are not Tocsin, or misbehave. */
#include "cli/cli.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "sink.h"
#include "test.h"

/* The address of the sink; "/path#" hides what the command appends. */
static const char *at(struct arena *a, const struct sink *s, const char *path)
{
    return str_printf(a, "http://127.0.0.1:%d%s", sink_port(s), path).ptr;
}

TEST(nobody_listens)
{
    struct console c = RUN(a, "alerts", "--url", "http://127.0.0.1:1/");

    CHECK_INT(c.code, 75);
    CHECK_INT(c.out.len, 0);
    CHECK(str_starts(c.err, S("tocsin alerts: cannot reach http://127.0.0.1:1: ")));
    CHECK(str_ends(c.err, S("; is `tocsin serve` running there?\n")));
}

TEST(no_answer_in_time_leaves_it_open)
{
    struct sink *s = sink_start();
    struct console c = RUN(a, "ack", "INC", "--timeout", "200ms", "--url", at(a, s, "/silent#"));

    CHECK_INT(c.code, 75);
    CHECK(str_contains(c.err, S("got the request but did not answer")));
    CHECK(str_contains(c.err, S("it may have been done or not")));
    sink_stop(s);
}

TEST(an_answer_that_is_not_json_is_no_tocsin)
{
    struct sink *s = sink_start();
    struct console c = RUN(a, "alerts", "--url", at(a, s, "/plain"));

    CHECK_INT(c.code, 75);
    CHECK(str_ends(c.err, S("answers with something else, not JSON; is that a Tocsin?\n")));
    c = RUN(a, "alerts", "--url", at(a, s, "/status/502#"));
    CHECK_INT(c.code, 75);
    CHECK(str_contains(c.err, S("answers HTTP 502: status 502; is that a Tocsin?\n")));
    c = RUN(a, "alerts", "--url", at(a, s, "/redirect#"));
    CHECK_INT(c.code, 75);
    CHECK(str_contains(c.err, S("redirects are not followed")));
    sink_stop(s);
}

/* Point $HOME at a folder whose token file has this mode. */
static void put_token(struct arena *a, const char *text, mode_t mode)
{
    const char *home = console_folder(a);
    const char *path = str_printf(a, "%s/tocsin/token", home).ptr;

    mkdir(str_printf(a, "%s/tocsin", home).ptr, 0700);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) != 0)
        abort();
    close(fd);
    unsetenv("TOCSIN_TOKEN");
    setenv("XDG_CONFIG_HOME", home, 1);
}

TEST(the_token_is_read_from_its_file)
{
    struct sink *s = sink_start();

    put_token(a, "tocsin_abc\nsecond line\n", 0600);
    RUN(a, "alerts", "--url", at(a, s, ""));
    CHECK(str_contains(sink_last(s, a), S("\r\nAuthorization: Bearer tocsin_abc\r\n")));
    CHECK(str_contains(sink_last(s, a), S("\r\nAccept: application/json\r\n")));
    setenv("TOCSIN_TOKEN", "from_env", 1);
    RUN(a, "alerts", "--url", at(a, s, ""));
    CHECK(str_contains(sink_last(s, a), S("Bearer from_env\r\n")));
    RUN(a, "alerts", "--token", "given", "--url", at(a, s, ""));
    CHECK(str_contains(sink_last(s, a), S("Bearer given\r\n")));
    unsetenv("TOCSIN_TOKEN");
    sink_stop(s);
}

TEST(a_token_others_can_read_is_refused)
{
    struct sink *s = sink_start();

    put_token(a, "tocsin_abc\n", 0640);
    struct console c = RUN(a, "alerts", "--url", at(a, s, ""));
    CHECK_INT(c.code, 77);
    CHECK(str_contains(c.err, S("others could read the token in ")));
    CHECK_INT(sink_requests(s), 0);
    put_token(a, "tocsin_abc\n", 0604);
    CHECK_INT(RUN(a, "alerts", "--url", at(a, s, "")).code, 77);
    setenv("XDG_CONFIG_HOME", console_folder(a), 1); /* no file: asked without a token */
    RUN(a, "alerts", "--url", at(a, s, ""));
    CHECK_INT(sink_requests(s), 1);
    CHECK(!str_contains(sink_last(s, a), S("Authorization")));
    sink_stop(s);
}

TEST(words_and_options_become_the_request)
{
    struct sink *s = sink_start();

    RUN(a, "ack", "INC/1 ?", "looking", "at", "it", "--url", at(a, s, "/"));
    CHECK(str_starts(sink_last(s, a), S("POST /incidents/INC%2F1%20%3F/acknowledge HTTP/1.1\r\n")));
    CHECK(str_ends(sink_last(s, a), S("\r\n\r\n{\"reason\":\"looking at it\"}")));
    RUN(a, "note", "INC", "--decision", "--corrects=3", "--at", "2026-11-21T05:00:00+02:00",
        "--url", at(a, s, ""), "--", "--not an option");
    CHECK(str_ends(sink_last(s, a), S("{\"at\":\"2026-11-21T03:00:00Z\",\"corrects\":3,"
        "\"text\":\"--not an option\",\"kind\":\"decision\"}")));
    console_run(a, S("two\nlines\n"),
        (const char *const[]){"resolve", "INC", "-", "--cause", "", "--url", at(a, s, ""), NULL});
    CHECK(str_ends(sink_last(s, a), S("{\"cause\":\"\",\"text\":\"two\\nlines\\n\"}")));
    RUN(a, "declare", "--no-page", "Card", "payments", "--severity", "SEV1", "--url", at(a, s, ""));
    CHECK(str_ends(
        sink_last(s, a), S("{\"severity\":\"SEV1\",\"title\":\"Card payments\",\"page\":false}")));
    RUN(a, "alerts", "--all", "--filter", "a=\"b c\"&d", "--url", at(a, s, ""));
    CHECK(str_starts(
        sink_last(s, a), S("GET /alerts?state=all&limit=50&q=a%3D%22b%20c%22%26d HTTP/1.1\r\n")));
    sink_stop(s);
}

/* Answers one request with a JSON text of so many bytes. */
struct talker {
    int fd;
    size_t bytes;
};

static void *talk(void *arg)
{
    const struct talker *k = arg;
    char block[65536];
    int c = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC);

    (void)!recv(c, block, sizeof block, 0);
    dprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n\"", k->bytes);
    memset(block, 'x', sizeof block);
    for (size_t left = k->bytes - 2, n; left; left -= n) {
        n = left < sizeof block ? left : sizeof block;
        ssize_t sent = send(c, block, n, MSG_NOSIGNAL);
        if (sent < 0)
            break;
        n = (size_t)sent;
    }
    send(c, "\"", 1, MSG_NOSIGNAL);
    close(c);
    return NULL;
}

static struct console ask_talker(struct arena *a, size_t bytes)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct talker k = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .bytes = bytes};
    socklen_t size = sizeof to;
    pthread_t thread;

    if (bind(k.fd, (struct sockaddr *)&to, size) != 0 || listen(k.fd, 1) != 0 ||
        getsockname(k.fd, (struct sockaddr *)&to, &size) != 0 ||
        pthread_create(&thread, NULL, talk, &k) != 0)
        abort();
    struct console c =
        RUN(a, "alerts", "--url", str_printf(a, "http://127.0.0.1:%d", ntohs(to.sin_port)).ptr);
    pthread_join(thread, NULL);
    close(k.fd);
    return c;
}

TEST(an_answer_has_a_limit)
{
    struct console c = ask_talker(a, (size_t)16 << 20);

    CHECK_INT(c.code, 0);
    CHECK_STR(c.out, S("No alert is firing.\n"));
    c = ask_talker(a, ((size_t)16 << 20) + 1);
    CHECK_INT(c.code, 65);
    CHECK_STR(c.err, S("tocsin alerts: the answer is longer than 16 MiB: ask for less\n"));
}
