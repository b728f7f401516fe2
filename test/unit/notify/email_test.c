#include "notify/email.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "sample.h"
#include "smtpd.h"
#include "test.h"
#include "text/language.h"
#include "text/mustache.h"

static struct str source(void *ctx, struct str name)
{
    return test_read_file(ctx, str_printf(ctx, "templates/%.*s", STR(name)).ptr);
}

static struct str russian(void *ctx, struct str msgid)
{
    (void)ctx;
    if (str_eq(msgid, S("Acknowledge:")))
        return S("Принять:");
    return str_eq(msgid, S("Resolved:")) ? S("Решено:") : msgid;
}

static struct channel_config configure(struct test *t, struct arena *a)
{
    struct template_env env = {.source = source, .ctx = a, .strict = true, .no_raw = true};
    struct mail_templates *mail = arena_array(a, struct mail_templates, 2);
    struct error err = {0};

    if (!mail_templates_compile(a, &env, S("en"), &mail[0], &err)) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        abort();
    }
    env.translate = russian;
    if (!mail_templates_compile(a, &env, S("ru"), &mail[1], &err)) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        abort();
    }
    return (struct channel_config){
        .smtp_url = "smtp://127.0.0.1:25",
        .smtp_tls = SMTP_TLS_REQUIRED,
        .mail_from = S("tocsin@example.com"),
        .mail_from_name = S("Tocsin"),
        .mail_domain = S("tocsin.example.com"),
        .mail = mail,
        .nmail = 2,
    };
}

static struct str build(struct test *t, struct arena *a, const struct message *m)
{
    struct channel_config config = configure(t, a);
    struct error err = {0};
    struct client_job job = {0};

    if (!email_build(a, m, &config, &job, &err)) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        return STR_NONE;
    }
    return job.smtp.message;
}

/* The mail as an independent reader understands it: "name: value" of the headers asked for, then
 * the text part, then the HTML part. */
static struct str read_mail(struct arena *a, struct str mail)
{
    static const char script[] =
        "import sys,email,email.policy\\n"
        "m=email.message_from_binary_file(open(sys.argv[1],\"rb\"),policy=email.policy.default)\\n"
        "for h in sys.argv[2:]: print(h+\": \"+str(m[h]))\\n"
        "print(\"types:\",[p.get_content_type() for p in m.walk()])\\n"
        "print(\"defects:\",[d for p in m.walk() for d in p.defects]"
        "+[d for h in m.values() for d in h.defects])\\n"
        "print(m.get_body((\"plain\",)).get_content())\\n"
        "print(m.get_body((\"html\",)).get_content())\\n";
    char path[] = "/tmp/tocsin-mail-XXXXXX";
    int fd = mkstemp(path);
    size_t room = 200000;
    char *p = arena_alloc(a, room, 1);

    if (fd < 0 || write(fd, mail.ptr, mail.len) != (ssize_t)mail.len)
        return STR_NONE;
    close(fd);
    struct str command = str_printf(a,
        "printf '%s' | PYTHONUTF8=1 /usr/bin/python3 - %s From To Subject Message-ID In-Reply-To "
        "References Auto-Submitted List-Id X-Tocsin-Incident X-Envelope-To",
        script, path);
    FILE *f = popen(command.ptr, "r");
    size_t n = f ? fread(p, 1, room - 1, f) : 0;
    int status = f ? pclose(f) : -1;
    unlink(path);
    return status == 0 ? (struct str){p, n} : STR_NONE;
}

static struct message page(struct arena *a)
{
    struct message_alert *alerts = arena_array(a, struct message_alert, 3);

    alerts[0].labels = S("{\"alertname\":\"CardErrors\"}");
    alerts[0].annotations = S("{\"summary\":\"5xx > 5 %\"}");
    alerts[1].labels = S("{\"alertname\":\"Queue\",\"instance\":\"q1\"}");
    alerts[2].labels = S("{}");
    alerts[2].fingerprint = S("c3");
    return sample_page(alerts, 3);
}

#define HAS(text, part)                                                                            \
    do {                                                                                           \
        if (!str_contains(text, S(part)))                                                          \
            test_fail(t, __FILE__, __LINE__, "no \"%s\" in:\n%.*s", part, STR(text));              \
    } while (0)

TEST(a_page_as_a_reader_sees_it)
{
    struct message m = page(a);
    struct str mail, seen;

    m.alert_count = 25;
    m.title = S("Оплата картой не проходит <b>& \"всё\"</b>");
    mail = build(t, a, &m);
    CHECK(str_contains(mail, S("\r\nDate: ")) || str_starts(mail, S("Date: ")));
    seen = read_mail(a, mail);
    if (!seen.ptr)
        SKIP("python3 cannot run");
    HAS(seen, "From: Tocsin <tocsin@example.com>\n");
    HAS(seen, "To: Alice Müller <alice@example.com>\n");
    HAS(seen, "Subject: [SEV1] INC-20261121-003 Оплата картой не проходит <b>& \"всё\"</b>\n");
    HAS(seen, "Message-ID: <dlv_01kagbcd00123456789abcdefg@tocsin.example.com>\n");
    HAS(seen, "In-Reply-To: <inc_01kagbcd00000000000000000a@tocsin.example.com>\n");
    HAS(seen, "References: <inc_01kagbcd00000000000000000a@tocsin.example.com>\n");
    HAS(seen, "Auto-Submitted: auto-generated\n");
    HAS(seen, "List-Id: <incidents.tocsin.example.com>\n");
    HAS(seen, "X-Tocsin-Incident: INC-20261121-003\n");
    HAS(seen, "types: ['multipart/alternative', 'text/plain', 'text/html']\n");
    HAS(seen, "defects: []\n");
    /* What broke, then the link, first of all. */
    HAS(seen,
        "defects: []\nОплата картой не проходит <b>& \"всё\"</b>\n"
        "Acknowledge: https://tocsin.example.com/a/inc_01kagbcd00000000000000000a.usr_x.ack.1.m\n");
    HAS(seen, "\n- CardErrors: 5xx > 5 %\n- Queue: q1\n- c3\n- and 22 more alerts\n");
    HAS(seen, "\nWhy you: CardErrors → policy Payments, step 1 → schedule Primary → Alice\n");
    HAS(seen, "href=\"https://tocsin.example.com/a/inc_01kagbcd00000000000000000a.usr_x.ack.1.m\"");
    HAS(seen, "не проходит &lt;b&gt;&amp; &quot;всё&quot;&lt;/b&gt;</h1>");
    HAS(seen, "<html lang=\"en\">");
    CHECK(!str_contains(seen, S("http://")) && !str_contains(seen, S("<script")));
}

TEST(every_line_is_short_and_ascii)
{
    struct message m = page(a);

    for (int kind = 0; kind < MESSAGE_KINDS; kind++) {
        m.kind = (enum message_kind)kind;
        m.code = S("123456");
        m.update = S("Мы откатываем выпуск.\nСледующее сообщение через 15 минут.");
        struct str mail = build(t, a, &m);

        while (mail.len) {
            struct str line;
            mail = str_cut(mail, '\n', &line);
            CHECK(str_ends(line, S("\r")));
            if (line.len > 79 && !str_contains(line, S("@")) && !str_contains(line, S("X-Auto")))
                test_fail(t, __FILE__, __LINE__, "%.*s", STR(line));
            for (size_t i = 0; i + 1 < line.len; i++)
                CHECK(line.ptr[i] >= ' ' && line.ptr[i] < 0x7f);
        }
    }
}

TEST(the_other_kinds)
{
    const struct language ru = {.code = S("ru")}, klingon = {.code = S("tlh")};
    struct message m = sample_page(NULL, 0);
    struct str seen;

    m.kind = MESSAGE_RESOLVED;
    m.language = &ru;
    m.acknowledge_url = STR_NONE;
    seen = read_mail(a, build(t, a, &m));
    if (!seen.ptr)
        SKIP("python3 cannot run");
    HAS(seen, "Subject: Решено: [SEV1] INC-20261121-003 Card payments fail\n");
    HAS(seen, "defects: []\nРешено: Card payments fail\n");
    HAS(seen, "<html lang=\"ru\">");

    m.kind = MESSAGE_UPDATE;
    m.language = &klingon; /* not there: the first */
    m.update = S("Rolling back.");
    m.severity = STR_NONE;
    seen = read_mail(a, build(t, a, &m));
    HAS(seen, "Subject: Update: INC-20261121-003 Card payments fail\n");
    HAS(seen, "defects: []\nRolling back.\n");

    m = (struct message){.kind = MESSAGE_VERIFY,
        .delivery_id = S("dlv_1"),
        .code = S("123456"),
        .address = S("a@b.c"),
        .now = {SECOND_US}};
    seen = read_mail(a, build(t, a, &m));
    HAS(seen, "Subject: 123456 is your Tocsin code\n");
    HAS(seen, "To: a@b.c\n");
    HAS(seen, "In-Reply-To: None\n");
    HAS(seen, "sent to a@b.c.");

    m.kind = MESSAGE_TEST;
    seen = read_mail(a, build(t, a, &m));
    HAS(seen, "Subject: Test message from Tocsin\n");
    HAS(seen, "defects: []\nThis is a test.");
}

TEST(times_are_on_the_wall_clock_of_who_reads)
{
    struct message m = sample_page(NULL, 0);
    struct error err = {0};

    if (!zone_load(a, S("Europe/Moscow"), &m.zone, &err))
        SKIP("no tz database");
    m.status_name = S("Looking into it");
    struct str seen = read_mail(a, build(t, a, &m));
    if (!seen.ptr)
        SKIP("python3 cannot run");
    HAS(seen, "\nSince: 2026-11-21 14:40 MSK\nStatus: Looking into it\n");
    m.zone = NULL;
    m.status_name = STR_NONE;
    seen = read_mail(a, build(t, a, &m));
    HAS(seen, "\nSince: 2026-11-21T11:40:00Z\nStatus: investigating\n");
}

TEST(nothing_is_injected)
{
    const struct language evil = {.code = S("en\"><script>")};
    struct channel_config config = configure(t, a);
    struct message good = sample_page(NULL, 0), m;
    struct error err = {0};
    struct client_job job;

    m = good;
    m.title = S("x\r\nBcc: eve@example.com\r\n\r\nhello");
    m.recipient_name = S("Alice\r\nBcc: eve@example.com");
    m.severity = S("SEV1\nBcc: eve@example.com");
    m.language = &evil;
    REQUIRE_OK(email_build(a, &m, &config, &job, &err));
    struct str head = job.smtp.message;
    const char *end = memmem(head.ptr, head.len, "\r\n\r\n", 4);
    head.len = (size_t)(end - head.ptr);
    CHECK(!str_contains(head, S("\nBcc")));
    CHECK(!str_contains(job.smtp.message, S("<script")));

    struct str *refused[] = {
        &m.delivery_id, &m.incident_id, &m.number, &m.incident_url, &m.acknowledge_url, &m.address};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        m = good;
        *refused[i] = str_printf(a, "%.*s\r\nBcc: eve@example.com", STR(*refused[i]));
        CHECK(!email_build(a, &m, &config, &job, &err));
        CHECK_INT(err.kind, ERROR_INVALID);
    }
    m = good;
    m.delivery_id = S("dlv\0x");
    CHECK(!email_build(a, &m, &config, &job, &err));
}

TEST(mail_must_be_configured)
{
    struct channel_config good = configure(t, a), config = good;
    struct message m = sample_page(NULL, 0);
    struct error err = {0};
    struct client_job job;

    config.smtp_url = NULL;
    CHECK(!email_build(a, &m, &config, &job, &err));
    config = good;
    config.mail_domain = S("bad domain");
    CHECK(!email_build(a, &m, &config, &job, &err));
    config = good;
    config.mail_from = S("nobody");
    CHECK(!email_build(a, &m, &config, &job, &err));
    config = good;
    config.nmail = 0;
    CHECK(!email_build(a, &m, &config, &job, &err));
}

TEST(huge_texts_still_make_a_mail)
{
    struct message m = page(a);
    size_t n = 200000;
    char *big = arena_alloc(a, n, 1);

    for (size_t i = 0; i < n; i += 2)
        memcpy(big + i, "\xd0\x96", 2);
    m.title = m.summary = m.reason = (struct str){big, n};
    struct str mail = build(t, a, &m);
    CHECK(mail.len > 10000 && mail.len < 300000);
}

static void on_done(void *ctx, struct client_job *job, const struct client_result *result)
{
    (void)job;
    *(struct client_result *)ctx = *result;
    sem_post((sem_t *)((char *)ctx + sizeof *result));
}

TEST(delivered_over_starttls)
{
    struct {
        struct client_result result;
        sem_t done;
    } answer;
    struct message m = page(a);
    struct channel_config config = configure(t, a);
    struct error err = {0};
    struct client_job job;
    struct client *c;
    struct smtpd s;

    if (!smtpd_start(a, &s, (const char *[]){"--require-tls", "--auth", "relay:pass word", NULL}))
        SKIP("aiosmtpd cannot run");
    config.smtp_url = str_printf(a, "smtp://127.0.0.1:%d", s.port).ptr;
    config.smtp_username = "relay";
    config.smtp_password = "pass word";
    m.title = S("Сбой оплаты");
    m.summary = S(".\n..\n. one dot at the start\nlast");
    sem_init(&answer.done, 0, 0);
    /* A relay on this machine needs no leave. */
    REQUIRE_OK(client_start(&c, &(struct client_config){.ca_file = s.certificate}, &err));
    REQUIRE_OK(email_build(a, &m, &config, &job, &err));
    job.done = on_done;
    job.ctx = &answer;
    client_send(c, &job);
    sem_wait(&answer.done);
    CHECK_INT(answer.result.outcome, CLIENT_OK);
    CHECK_STR(str_from(answer.result.text), S("250 2.0.0 queued as 000001"));
    struct str mail = smtpd_message(a, &s, 1);
    CHECK(str_ends(mail, job.smtp.message)); /* to the byte */
    struct str seen = read_mail(a, mail);
    HAS(seen, "X-Envelope-To: alice@example.com\n");
    HAS(seen, "Subject: [SEV1] INC-20261121-003 Сбой оплаты\n");
    HAS(seen, "\n.\n..\n. one dot at the start\nlast\n");
    client_stop(c, 0);
    smtpd_stop(&s);
}
