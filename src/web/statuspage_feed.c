/* Atom (RFC 4287) and RSS 2.0 of what happened, iCalendar (RFC 5545) of what is planned. */
#include "base/arena.h"
#include "base/buf.h"
#include "net/reply.h"
#include "text/html.h"
#include "text/language.h"
#include "text/markdown.h"
#include "web/statuspage_v2.h"

#define FEED_ENTRIES 25
#define FEED_BYTES (1u << 20)
#define BODY_BYTES 32768
#define ICAL_LINE 75 /* octets, the line break not counted */

static struct str escaped(struct arena *a, struct str s)
{
    struct buf b;

    buf_init(&b, a, 6 * s.len + 1);
    html_escape(&b, s);
    return buf_str(&b);
}

static struct str host_of(const struct site_page *v)
{
    struct str rest = str_slice(v->url, str_find(v->url, '/') + 2, v->url.len), host;

    str_cut(rest, '/', &host);
    str_cut(host, ':', &host);
    return host;
}

static struct str status_name(const struct site_page *v, struct str status)
{
    static const char *const names[] = {N_("Investigating"), N_("Identified"), N_("Monitoring"), N_("Resolved"),
        N_("Scheduled"), N_("In progress"), N_("Verifying"), N_("Completed")};

    for (int i = 0; public_statuses[i]; i++)
        if (str_eq(status, str_from(public_statuses[i])))
            return language_text(v->language, names[i]);
    return status;
}

/* All updates as HTML, the newest first, in the shape that readers of such feeds know. */
static struct str entry_html(const struct site_page *v, const struct public_incident *p)
{
    struct buf b;
    size_t n;
    const struct public_update *u = site_updates(v->site, p->id, &n);

    buf_init(&b, v->arena, BODY_BYTES);
    for (size_t i = 0; i < n; i++) {
        struct buf body;
        buf_init(&body, v->arena, BODY_BYTES / 2);
        markdown_html(&body, site_update_text(v, &u[i]), 3);
        struct str html = buf_str(&body);
        if (b.len + html.len + 300 > BODY_BYTES)
            break;
        buf_printf(&b, "<p><small>%.*s</small><br><strong>%.*s</strong></p>", STR(time_text(v->arena, u[i].created_at)),
            STR(status_name(v, u[i].status)));
        buf_add(&b, html);
    }
    return buf_str(&b);
}

static instant latest(const struct site_page *v)
{
    const struct public_incident *p = v->site->incidents.v;
    instant at = v->page->created_at;

    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (site_shows(v, &p[i]) && p[i].updated_at.us > at.us)
            at = p[i].updated_at;
    return at;
}

static struct str whole_seconds(const struct site_page *v, instant t)
{
    return time_text(v->arena, (instant){t.us / SECOND_US * SECOND_US});
}

static struct str atom(const struct site_page *v)
{
    struct arena *a = v->arena;
    const struct public_incident *p = v->site->incidents.v;
    struct str title = escaped(a, v->page->title), host = host_of(v);
    struct buf b;
    int entries = 0;

    buf_init(&b, a, FEED_BYTES);
    buf_printf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xml:lang=\"%.*s\" xmlns=\"http://www.w3.org/2005/Atom\">"
        "<id>tag:%.*s,2005:/%.*s/history</id><link rel=\"alternate\" type=\"text/html\" href=\"%.*s/\"/>"
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"%.*s/history.atom\"/><title>%.*s</title><updated>%.*s</updated>"
        "<author><name>%.*s</name></author>\n", STR(v->page->language), STR(host), STR(v->page->slug), STR(v->url), STR(v->url),
        STR(title), STR(whole_seconds(v, latest(v))), STR(title));
    for (size_t i = 0; i < v->site->incidents.n && entries < FEED_ENTRIES; i++) {
        if (!site_shows(v, &p[i]))
            continue;
        entries++;
        buf_printf(&b, "<entry><id>tag:%.*s,2005:Incident/%.*s</id><published>%.*s</published><updated>%.*s</updated>"
            "<link rel=\"alternate\" type=\"text/html\" href=\"%.*s\"/><title>%.*s</title><content type=\"html\">", STR(host),
            STR(p[i].id), STR(whole_seconds(v, p[i].created_at)), STR(whole_seconds(v, p[i].updated_at)),
            STR(site_incident_url(v, p[i].id)), STR(escaped(a, p[i].title)));
        html_escape(&b, entry_html(v, &p[i]));
        buf_add(&b, S("</content></entry>\n"));
    }
    buf_add(&b, S("</feed>\n"));
    return buf_str(&b);
}

static struct str rfc822(const struct site_page *v, instant t)
{
    char *text = arena_alloc(v->arena, REPLY_DATE_LENGTH + 1, 1);
    struct str date = reply_date(t.us / SECOND_US, text);

    return str_printf(v->arena, "%.*s +0000", STR(str_slice(date, 0, date.len - 4)));
}

static struct str rss(const struct site_page *v)
{
    struct arena *a = v->arena;
    const struct public_incident *p = v->site->incidents.v;
    struct str title = escaped(a, v->page->title);
    struct buf b;
    int entries = 0;

    buf_init(&b, a, FEED_BYTES);
    buf_printf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>"
        "<title>%.*s</title><link>%.*s/</link><description>%.*s</description><language>%.*s</language>"
        "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"%.*s/history.rss\"/><lastBuildDate>%.*s</lastBuildDate>\n",
        STR(title), STR(v->url), STR(title), STR(v->page->language), STR(v->url), STR(rfc822(v, latest(v))));
    for (size_t i = 0; i < v->site->incidents.n && entries < FEED_ENTRIES; i++) {
        if (!site_shows(v, &p[i]))
            continue;
        entries++;
        struct str url = site_incident_url(v, p[i].id);
        buf_printf(&b, "<item><title>%.*s</title><link>%.*s</link><guid isPermaLink=\"true\">%.*s</guid><pubDate>%.*s</pubDate><description>",
            STR(escaped(a, p[i].title)), STR(url), STR(url), STR(rfc822(v, p[i].created_at)));
        html_escape(&b, entry_html(v, &p[i]));
        buf_add(&b, S("</description></item>\n"));
    }
    buf_add(&b, S("</channel></rss>\n"));
    return buf_str(&b);
}

/* One property: escaped if it is text, folded where a line gets too long, never inside a character. */
static void ical_line(struct buf *b, const char *name, struct str value, bool text)
{
    size_t column = 0;
    struct buf line;

    buf_init(&line, b->arena, 2 * value.len + 200);
    buf_printf(&line, "%s:", name);
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (text && (c == '\\' || c == ';' || c == ','))
            buf_addc(&line, '\\');
        if (c == '\n')
            buf_add(&line, S("\\n"));
        else
            buf_addc(&line, c);
    }
    struct str s = buf_str(&line);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        size_t width = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 0;
        if (column + width > ICAL_LINE) {
            buf_add(b, S("\r\n "));
            column = 1;
        }
        column += width;
        buf_addc(b, (char)c);
    }
    buf_add(b, S("\r\n"));
}

/* 20261121T120000Z */
static struct str ical_time(struct arena *a, instant t)
{
    struct str s = time_text(a, (instant){t.us / SECOND_US * SECOND_US});

    return str_printf(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", s.ptr, s.ptr + 5, s.ptr + 8, s.ptr + 11, s.ptr + 14, s.ptr + 17);
}

static void ical_event(const struct site_page *v, struct buf *b, const struct public_incident *p)
{
    struct arena *a = v->arena;
    struct buf text;
    size_t n;
    const struct public_update *u = site_updates(v->site, p->id, &n);

    buf_init(&text, a, 8192);
    if (n)
        markdown_text(&text, site_update_text(v, u));
    buf_add(b, S("BEGIN:VEVENT\r\n"));
    ical_line(b, "UID", str_printf(a, "%.*s@%.*s", STR(p->id), STR(host_of(v))), false);
    ical_line(b, "DTSTAMP", ical_time(a, p->updated_at), false);
    ical_line(b, "SEQUENCE", str_printf(a, "%lld", (long long)p->version), false);
    ical_line(b, "DTSTART", ical_time(a, p->scheduled_for), false);
    ical_line(b, "DTEND", ical_time(a, p->scheduled_until), false);
    ical_line(b, "SUMMARY", p->title, true);
    ical_line(b, "DESCRIPTION", str_trim(buf_str(&text)), true);
    ical_line(b, "URL", site_incident_url(v, p->id), false);
    buf_add(b, S("STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"));
}

static struct str ical(const struct site_page *v)
{
    const struct public_incident *p = v->site->incidents.v;
    struct buf b;

    buf_init(&b, v->arena, FEED_BYTES);
    buf_add(&b, S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tocsin//Status page//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"));
    ical_line(&b, "X-WR-CALNAME", v->page->title, true);
    buf_add(&b, S("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"));
    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (str_eq(p[i].kind, S("maintenance")) && site_shows(v, &p[i]))
            ical_event(v, &b, &p[i]);
    buf_add(&b, S("END:VCALENDAR\r\n"));
    return buf_str(&b);
}

void site_feed_files(const struct site_page *v, site_file *add, void *ctx)
{
    add(ctx, S("history.atom"), atom(v));
    add(ctx, S("history.rss"), rss(v));
    add(ctx, S("maintenance.ics"), ical(v));
}
