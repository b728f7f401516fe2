/* Mail: an RFC 5322 message with a text and an HTML part, made from the templates in
 * templates/mail.
 *
 *   Message-ID     <delivery id@domain>: the same in every retry
 *   In-Reply-To    <incident id@domain>, also in References: a root that is never sent itself, so
 * all mails of an incident form one thread in whatever order they come Auto-Submitted
 * auto-generated: nobody's absence notice answers a page */
#include "notify/email.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "notify/mime.h"
#include "text/language.h"
#include "text/mustache.h"

enum {
    MAX_ADDRESS = 254,
    MAX_LOCAL = 64,
    MAX_PART = 131072,       /* escaping makes the longest update five times as long */
    MAX_MAIL = 4 * MAX_PART, /* quoted-printable may triple what is not ASCII */
    MAX_TITLE = 200,         /* characters shown; a mail is not the place for more */
    MAX_SUMMARY = 4000,
    MAX_UPDATE = 16000,
    MAX_LINE = 300,
};

static bool local_part(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (c == '.' && (i == 0 || i + 1 == s.len || s.ptr[i - 1] == '.'))
            return false;
        if (!letter && !str_contains(S(".!#$%&'*+/=?^_`{|}~-"), (struct str){&c, 1}))
            return false;
    }
    return s.len > 0 && s.len <= MAX_LOCAL;
}

static bool host_name(struct str s)
{
    size_t label = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (c == '.' ? label == 0 || s.ptr[i - 1] == '-' : !letter && (c != '-' || label == 0))
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return s.len > 0 && s.len <= 253 && label > 0 && s.ptr[s.len - 1] != '-';
}

bool email_validate(struct str address, struct error *err)
{
    struct str local, domain = str_cut(address, '@', &local);

    if (address.len > MAX_ADDRESS || !domain.ptr || !local_part(local) || !host_name(domain))
        return fail(err, INVALID, "must be a mail address like alice@example.com, in plain ASCII");
    return true;
}

/* --- what the templates see --- */

static struct str shown(struct str s, size_t max)
{
    return s.ptr ? utf8_truncate(s, max) : s;
}

static struct str label_of(struct arena *a, struct str object, struct str name)
{
    struct error ignored = {0};
    struct json *v;

    if (object.len == 0 || !json_parse(a, object, &v, &ignored))
        return STR_NONE;
    return json_get_str(v, name);
}

static struct str alert_line(struct arena *a, const struct message_alert *alert)
{
    struct str name = label_of(a, alert->labels, S("alertname"));
    struct str summary = label_of(a, alert->annotations, S("summary"));

    if (!summary.len)
        summary = label_of(a, alert->annotations, S("description"));
    if (!summary.len)
        summary = label_of(a, alert->labels, S("instance"));
    if (!name.len)
        return summary.len ? summary : alert->fingerprint;
    return summary.len ? str_printf(a, "%.*s: %.*s", STR(name), STR(summary)) : name;
}

static void add_alerts(struct arena *a, struct json *o, const struct message *m)
{
    size_t n = m->nalerts < MESSAGE_MAX_ALERTS ? m->nalerts : MESSAGE_MAX_ALERTS;
    struct json *list = json_set(o, S("alerts"), json_array(a));

    for (size_t i = 0; i < n; i++) {
        struct json *item = json_push(list, json_object(a));

        json_set_str(a, item, S("text"), shown(alert_line(a, &m->alerts[i]), MAX_LINE));
    }
    json_set_int(a, o, S("alert_count"), m->alert_count);
    json_set_int(
        a, o, S("more_alerts"), m->alert_count > (int64_t)n ? m->alert_count - (int64_t)n : 0);
}

/* On the recipient's wall clock, with its zone: a mail may be read anywhere. */
static struct str local_time(struct arena *a, const struct message *m, instant t)
{
    struct str abbrev;

    if (!m->zone || !instant_is_set(t))
        return time_text(a, t);
    struct civil c = zone_civil(m->zone, t, NULL, &abbrev);
    return str_printf(a, "%.*s %.*s", STR(language_datetime(m->language, a, &c)), STR(abbrev));
}

/* What mails to subscribers of a status page say. `status` has a member for each
 * status, one of them true, which the template says in its language. */
static void add_status(struct arena *a, struct json *o, const struct message *m)
{
    static const char *const all[] = {"investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress",
        "verifying", "completed"};
    struct json *page = json_set(o, S("page"), json_object(a)), *status = json_set(o, S("status"), json_object(a));

    json_set_str(a, page, S("title"), shown(m->page_title, MAX_TITLE));
    json_set_str(a, page, S("url"), m->page_url);
    json_set_str(a, o, S("confirm_url"), m->confirm_url);
    json_set_str(a, o, S("unsubscribe_url"), m->unsubscribe_url);
    json_set_str(a, o, S("scheduled_for"), local_time(a, m, m->scheduled_for));
    json_set_str(a, o, S("scheduled_until"), local_time(a, m, m->scheduled_until));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_set_bool(a, status, str_from(all[i]), str_eq(m->status, str_from(all[i])));
}

static struct json *mail_view(struct arena *a, const struct message *m)
{
    struct json *o = json_object(a), *incident = json_object(a), *recipient = json_object(a);

    json_set_str(a, incident, S("number"), m->number);
    json_set_str(a, incident, S("title"), shown(m->title, MAX_TITLE));
    json_set_str(a, incident, S("severity"), m->severity);
    json_set_str(a, incident, S("status"), m->status_name.len ? m->status_name : m->status);
    json_set_str(a, incident, S("summary"), shown(m->summary, MAX_SUMMARY));
    json_set_str(a, incident, S("service"), m->service);
    json_set_str(a, incident, S("started_at"), local_time(a, m, m->started_at));
    json_set_str(a, incident, S("url"), m->incident_url);
    json_set(o, S("incident"), incident);
    json_set_str(a, recipient, S("name"), m->recipient_name);
    json_set_str(a, recipient, S("address"), m->address);
    json_set(o, S("recipient"), recipient);
    json_set_str(a, o, S("acknowledge_url"), m->acknowledge_url);
    json_set_str(a, o, S("respond_url"), m->respond_url);
    json_set_str(a, o, S("reason"), shown(m->reason, MAX_SUMMARY));
    json_set_str(a, o, S("update"), shown(m->update, MAX_UPDATE));
    json_set_str(a, o, S("code"), m->code);
    add_status(a, o, m);
    json_set_str(a, o, S("language"), m->language ? m->language->code : S("en"));
    add_alerts(a, o, m);
    return o;
}

/* --- templates --- */

static const char *const kind_names[MESSAGE_KINDS] = {
    "page", "update", "resolved", "test", "verify", "nag", "subscribe", "status"};

static bool compile_one(struct arena *a, struct template_env env, const char *kind, bool plain,
    struct template **out, struct error *err)
{
    struct str name = str_printf(a, "mail/%s.%s.mustache", kind, plain ? "txt" : "html");
    struct str source = env.source(env.ctx, name);

    env.plain = plain;
    if (!source.ptr)
        return fail(err, INTERNAL, "there is no template %s", name.ptr);
    return template_compile(a, &env, name, source, out, err);
}

bool mail_templates_compile(struct arena *a, const struct template_env *env, struct str language,
    struct mail_templates *out, struct error *err)
{
    *out = (struct mail_templates){.language = language};
    for (size_t i = 0; i < MESSAGE_KINDS; i++)
        if (!compile_one(a, *env, kind_names[i], true, &out->text[i], err) ||
            !compile_one(a, *env, kind_names[i], false, &out->html[i], err))
            return false;
    return true;
}

static const struct mail_templates *templates_for(
    const struct channel_config *config, const struct language *language)
{
    for (size_t i = 0; language && i < config->nmail; i++)
        if (str_eq(config->mail[i].language, language->code))
            return &config->mail[i];
    return &config->mail[0];
}

static bool render(struct arena *a, const struct template *t, const struct json *view,
    struct str *out, struct error *err)
{
    struct buf b;

    buf_init(&b, a, MAX_PART);
    if (!template_render(t, view, NULL, &b, err))
        return false;
    *out = buf_str(&b);
    return true;
}

/* --- the message --- */

static void add_headers(struct buf *out, const struct message *m,
    const struct channel_config *config, struct str subject)
{
    struct str domain = config->mail_domain;

    mime_date(out, m->now);
    mime_mailbox(out, S("From"), config->mail_from_name, config->mail_from);
    mime_mailbox(out, S("To"), m->recipient_name, m->address);
    mime_header(out, S("Subject"), subject);
    buf_printf(out, "Message-ID: <%.*s@%.*s>\r\n", STR(m->delivery_id), STR(domain));
    if (m->incident_id.len) {
        buf_printf(out, "In-Reply-To: <%.*s@%.*s>\r\n", STR(m->incident_id), STR(domain));
        buf_printf(out, "References: <%.*s@%.*s>\r\n", STR(m->incident_id), STR(domain));
        if (m->number.len)
            mime_header(out, S("X-Tocsin-Incident"), m->number);
    }
    if (m->unsubscribe_url.len) /* RFC 2369, RFC 8058: one click, without asking */
        buf_printf(out, "List-Unsubscribe: <%.*s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", STR(m->unsubscribe_url));
    if (m->kind == MESSAGE_PAGE)
        buf_add(out, S("Importance: high\r\nX-Priority: 1\r\n"));
    buf_add(out, S("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"));
    buf_printf(out, "List-Id: <incidents.%.*s>\r\n", STR(domain));
}

static void add_part(struct buf *out, struct str id, const char *type, struct str text)
{
    buf_printf(out,
        "--=_%.*s\r\nContent-Type: text/%s; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
        STR(id), type);
    mime_quoted_printable(out, text);
}

static bool plain_ids(
    const struct message *m, const struct channel_config *config, struct error *err)
{
    const struct str texts[] = {
        m->delivery_id, m->incident_id, m->incident_url, m->acknowledge_url, m->respond_url, m->number,
        m->confirm_url, m->unsubscribe_url, m->page_url};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].len > 2000 || !message_plain(texts[i]))
            return fail(err, INVALID, "an id or a link holds a control character or is too long");
    if (m->delivery_id.len == 0 || m->delivery_id.len > 60)
        return fail(err, INVALID, "a delivery needs an id");
    if (!config->smtp_url || !config->nmail || !host_name(config->mail_domain))
        return fail(err, INVALID, "mail is not configured");
    return email_validate(m->address, err) && email_validate(config->mail_from, err);
}

static bool compose(struct arena *a, const struct message *m, const struct channel_config *config,
    struct str *out, struct error *err)
{
    const struct mail_templates *set = templates_for(config, m->language);
    struct json *view = mail_view(a, m);
    struct str text, html, subject;
    struct buf b;

    if (!render(a, set->text[m->kind], view, &text, err) ||
        !render(a, set->html[m->kind], view, &html, err))
        return false;
    text = str_cut(text, '\n', &subject);
    if (str_starts(subject, S("Subject:")))
        subject = str_slice(subject, 8, subject.len);
    buf_init(&b, a, MAX_MAIL);
    add_headers(&b, m, config, subject);
    buf_printf(&b,
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\"=_%.*s\"\r\n\r\n",
        STR(m->delivery_id));
    /* "=_" cannot occur in quoted-printable, so the boundary cannot occur in a part. */
    add_part(&b, m->delivery_id, "plain", str_trim(text));
    add_part(&b, m->delivery_id, "html", str_trim(html));
    buf_printf(&b, "--=_%.*s--\r\n", STR(m->delivery_id));
    if (b.full)
        return fail(err, INTERNAL, "the mail is too large");
    *out = buf_str(&b);
    return true;
}

bool email_build(struct arena *a, const struct message *m, const struct channel_config *config,
    struct client_job *job, struct error *err)
{
    struct str mail;

    if (!plain_ids(m, config, err) || !compose(a, m, config, &mail, err))
        return false;
    *job = (struct client_job){.kind = CLIENT_SMTP};
    job->url = str_printf(a, "%s/%.*s", config->smtp_url, STR(config->mail_domain)).ptr;
    job->smtp.tls = config->smtp_tls;
    job->smtp.username = config->smtp_username;
    job->smtp.password = config->smtp_password;
    job->smtp.from = str_z(a, config->mail_from);
    job->smtp.recipients[0] = str_z(a, m->address);
    job->smtp.message = mail;
    return true;
}
