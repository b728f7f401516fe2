#include "web/brief.h"

#include "domain/pack.h"
#include "engine/brief.h"
#include "store/brief.h"
#include "text/markdown.h"
#include "web/language.h"
#include "web/view.h"

#define BODY_HTML (2u << 20)

static struct str iteration_name(struct request *req, int64_t iteration)
{
    static const char *const names[] = {N_("Diagnosis"), N_("Response in real time"), N_("Stabilisation and after")};

    return web_text(req, names[iteration - 1]);
}

/* The one that `version` names, or else the newest, or what would be the first: that is not kept yet,
 * and has no number. */
static bool chosen(struct request *req, const struct incident *i, struct brief *out, struct error *err)
{
    int64_t version;
    bool found;

    if (!web_query_int(req, "version", 0, 1, INT64_MAX, &version, err))
        return false;
    if (version)
        return brief_get(req->db, req->arena, i->id, version, out, err);
    if (!brief_latest(req->db, req->arena, i->id, out, &found, err) || found)
        return err->kind == ERROR_NONE;
    *out = (struct brief){.incident_id = i->id, .version = INT_NONE, .iteration = brief_iteration(i->status),
        .file = brief_file(req->arena, i->detected_at, i->title), .changes = S("")};
    return brief_now(req->db, req->arena, req->env, i, &out->body, err);
}

static bool document(struct request *req, const struct brief *b, struct str *out, struct error *err)
{
    struct brief_words words;

    if (!brief_words(req->arena, req->env, &words, err))
        return false;
    *out = brief_document(req->arena, b, &words);
    return true;
}

static struct json *brief_view(struct request *req, const struct brief *b)
{
    struct json *o = fields_view(req->arena, brief_fields, b);

    json_set_str(req->arena, o, S("iteration_name"), iteration_name(req, b->iteration));
    json_set_str(req->arena, o, S("path"), str_printf(req->arena, BRIEF_FOLDER "%.*s", STR(b->file)));
    return o;
}

/* A line of the document without its Markdown, which brief_body has put there. */
static struct str bare(struct arena *a, struct str line)
{
    struct buf b;

    line = str_trim(line);
    line = str_starts(line, S("- ")) ? str_slice(line, 2, line.len) : line;
    if (str_starts(line, S("[ ] ")))
        line = str_printf(a, "☐ %.*s", STR(str_slice(line, 4, line.len)));
    buf_init(&b, a, line.len + 1);
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\\' && i + 1 < line.len)
            i++;
        else if (line.ptr[i] == '*' || line.ptr[i] == '_')
            continue;
        buf_addc(&b, line.ptr[i]);
    }
    return buf_str(&b);
}

/* lines: [{heading,added,removed,text}]; each is one of the three. */
static struct json *lines_view(struct request *req, struct str changes)
{
    struct json *list = json_array(req->arena);
    struct str one;

    while (changes.len) {
        changes = str_cut(changes, '\n', &one);
        if (one.len < 2)
            continue;
        struct json *o = json_push(list, json_object(req->arena));
        json_set_bool(req->arena, o, S("heading"), one.ptr[0] == '@');
        json_set_bool(req->arena, o, S("added"), one.ptr[0] == '+');
        json_set_bool(req->arena, o, S("removed"), one.ptr[0] == '-');
        json_set_str(req->arena, o, S("text"), bare(req->arena, str_slice(one, 2, one.len)));
    }
    return list;
}

static int64_t count_lines(struct str changes, char mark)
{
    struct str one;
    int64_t n = 0;

    while (changes.len) {
        changes = str_cut(changes, '\n', &one);
        n += one.len && one.ptr[0] == mark;
    }
    return n;
}

static bool versions_view(struct request *req, const struct brief *shown, struct json **out, struct error *err)
{
    struct list all;

    *out = json_array(req->arena);
    if (!brief_list(req->db, req->arena, shown->incident_id, &all, err))
        return false;
    const struct brief *b = all.v;
    for (size_t k = 0; k < all.n; k++) {
        struct json *o = json_push(*out, json_object(req->arena));
        json_set_int(req->arena, o, S("version"), b[k].version);
        json_set_int(req->arena, o, S("iteration"), b[k].iteration);
        json_set_str(req->arena, o, S("iteration_name"), iteration_name(req, b[k].iteration));
        json_set_str(req->arena, o, S("created_at"), time_text(req->arena, b[k].created_at));
        json_set_str(req->arena, o, S("created_by"), b[k].created_by);
        json_set_int(req->arena, o, S("added"), count_lines(b[k].changes, '+'));
        json_set_int(req->arena, o, S("removed"), count_lines(b[k].changes, '-'));
        json_set_bool(req->arena, o, S("current"), b[k].version == shown->version);
    }
    return true;
}

bool get_incident_brief(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct brief b = {0};
    struct str now, text;
    struct json *versions;
    struct buf html;

    if (!incident_for(req, req->params[0], &i, err) || !chosen(req, &i, &b, err) ||
        !brief_now(req->db, req->arena, req->env, &i, &now, err) || !document(req, &b, &text, err) ||
        !versions_view(req, &b, &versions, err))
        return false;
    struct json *v = out->view = brief_view(req, &b);
    bool newest = !versions->first || json_is(json_get(versions->first, S("current")), JSON_TRUE);
    json_set_str(req->arena, v, S("number"), i.number);
    json_set_str(req->arena, v, S("title"), i.title);
    json_set_str(req->arena, v, S("document"), text);
    json_set_bool(req->arena, v, S("newest"), newest);
    json_set_bool(req->arena, v, S("stale"), newest && !str_eq(now, b.body));
    json_set(v, S("versions"), versions);
    json_set_bool(req->arena, v, S("has_versions"), versions->count > 0);
    const struct pack *pack = req->env->pack;
    json_set_str(req->arena, v, S("language"), pack->language);
    json_set(v, S("lines"), lines_view(req, b.changes));
    buf_init(&html, req->arena, BODY_HTML);
    if (req->html) {
        struct str title, rest = str_cut(b.body, '\n', &title); /* the page has it as h1 */
        markdown_html(&html, rest, 1);
        json_set_str(req->arena, v, S("heading"), str_slice(title, 2, title.len));
    }
    view_html(req, v, "html_body", buf_str(&html));
    out->title = web_format(req, "Brief of %.*s", STR(i.number));
    return true;
}

bool get_incident_brief_markdown(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct brief b = {0};

    if (!incident_for(req, req->params[0], &i, err) || !chosen(req, &i, &b, err) || !document(req, &b, &out->raw, err))
        return false;
    out->content_type = S("text/markdown; charset=utf-8");
    out->filename = b.file;
    return true;
}

bool post_incident_brief(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct brief b = {0};
    bool fresh;

    if (!incident_for(req, req->params[0], &i, err) || !engine_brief_write(req->op, &i, &b, &fresh, err))
        return false;
    reply_see(req, out, "/incidents/%.*s/brief", STR(i.id));
    out->view = brief_view(req, &b);
    return true;
}

/* brief: {version,iteration,iteration_name,created_at}, null while there is none. */
bool brief_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct brief b = {0};
    bool found;

    if (!brief_latest(req->db, req->arena, i->id, &b, &found, err))
        return false;
    if (!found) {
        json_set_str(req->arena, o, S("brief"), STR_NONE);
        return true;
    }
    struct json *v = json_set(o, S("brief"), json_object(req->arena));
    json_set_int(req->arena, v, S("version"), b.version);
    json_set_int(req->arena, v, S("iteration"), b.iteration);
    json_set_str(req->arena, v, S("iteration_name"), iteration_name(req, b.iteration));
    json_set_str(req->arena, v, S("created_at"), time_text(req->arena, b.created_at));
    return true;
}
