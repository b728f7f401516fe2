#include "web/openapi.h"

#include "base/arena.h"
#include "base/error.h"
#include "web/openapi_schema.h"
#include "web/web.h"

#define MAX_ID 200

/* What a handler reads from the query string, which is not in the route table. A number if it has
 * limits. */
static const struct parameter {
    const char *pattern, *name;
    int64_t min, max;
    const char *doc;
} queries[] = {
    {"/alerts", "q", 0, 0, "Label matchers, such as `severity=\"critical\"`, or words"},
    {"/alerts", "state", 0, 0, "`firing`, `resolved` or `all`"},
    {"/alerts", "before", 1, INT64_MAX, "Only episodes with a lower number"},
    {"/alerts", "limit", 1, 500, "At most so many"},
    {"/incidents", "q", 0, 0, "Words in the number or the title; matches come in `found`"},
    {"/incidents/{id}/timeline", "after", 0, INT64_MAX, "Only entries with a higher number"},
    {"/people", "after", 0, 0, "Id of the last person of the page before"},
    {"/people", "limit", 1, 500, "At most so many"},
    {"/policies", "after", 0, 0, "Id of the last policy of the page before"},
    {"/policies", "limit", 1, 500, "At most so many"},
    {"/services", "after", 0, 0, "Where the page before ended: as `next` says"},
    {"/services", "limit", 1, 500, "At most so many"},
    {"/stream", "after", 0, INT64_MAX, "Sequence number of the last event that is known"},
};

static bool is_param(struct str segment)
{
    return segment.len > 2 && segment.ptr[0] == '{';
}

/* "incidents" → "incident": what stands before an id is about one thing. */
static struct str singular(struct arena *a, struct str s)
{
    if (str_eq(s, S("people")))
        return S("person");
    if (str_ends(s, S("ies")))
        return str_printf(a, "%.*sy", (int)(s.len - 3), s.ptr);
    return str_ends(s, S("s")) && !str_ends(s, S("ss")) && !str_ends(s, S("us")) ? str_slice(s, 0, s.len - 1) : s;
}

static bool word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* get_incidents, post_incident_acknowledge, delete_incident_service: as the handlers are called. Of two
 * parameters in a row the second gives its name. */
static struct str operation_id(struct arena *a, const struct web_route *r)
{
    struct str rest = str_from(r->pattern), part, next;
    struct buf out;
    bool after_param = false;

    buf_init(&out, a, MAX_ID);
    buf_add(&out, str_lower(a, http_method_name(r->method)));
    rest = str_cut(rest, '/', &part);
    while (rest.ptr) {
        rest = str_cut(rest, '/', &part);
        str_cut(rest, '/', &next);
        bool param = is_param(part), named = !param || after_param;
        after_param = param;
        if (!part.len || !named)
            continue;
        buf_addc(&out, '_');
        struct str name = param ? str_slice(part, 1, part.len - 1) : rest.ptr && is_param(next) ? singular(a, part) : part;
        for (size_t i = 0; i < name.len; i++)
            buf_addc(&out, word(name.ptr[i]) ? name.ptr[i] : '_');
    }
    if (str_eq(str_from(r->pattern), S("/")))
        buf_add(&out, S("_root"));
    return buf_str(&out);
}

static struct json *parameter(struct arena *a, struct str name, const char *in, struct str doc)
{
    struct json *p = json_object(a);

    json_set_str(a, p, S("name"), name);
    json_set_str(a, p, S("in"), str_from(in));
    if (str_eq(str_from(in), S("path")))
        json_set_bool(a, p, S("required"), true);
    json_set_str(a, p, S("description"), doc);
    return p;
}

static void path_parameter(struct arena *a, struct json *list, struct str name, struct str doc)
{
    struct json *p = json_push(list, parameter(a, name, "path", doc));

    json_set_str(a, json_set(p, S("schema"), json_object(a)), S("type"), S("string"));
}

static void query_parameter(struct arena *a, struct json *list, const struct parameter *q)
{
    struct json *p = json_push(list, parameter(a, str_from(q->name), "query", str_from(q->doc)));
    struct json *schema = json_set(p, S("schema"), json_object(a));

    json_set_str(a, schema, S("type"), q->max ? S("integer") : S("string"));
    if (!q->max)
        return;
    json_set_int(a, schema, S("minimum"), q->min);
    if (q->max < INT64_MAX)
        json_set_int(a, schema, S("maximum"), q->max);
}

static struct str path_doc(struct arena *a, struct str before, struct str name)
{
    struct str one = singular(a, before);

    if (str_eq(before, S("incidents")))
        return S("Incident id, `inc_…`, or its number, `INC-YYYYMMDD-NNN`");
    if (str_eq(name, S("id")))
        return str_printf(a, "Id of the %.*s", STR(one));
    return str_printf(a, "The %.*s", STR(name));
}

static void add_parameters(struct arena *a, struct json *op, const struct web_route *r)
{
    struct json *list = json_array(a);
    struct str rest = str_from(r->pattern), part, before = STR_NONE;

    while (rest.ptr) {
        rest = str_cut(rest, '/', &part);
        if (is_param(part)) {
            struct str name = str_slice(part, 1, part.len - 1);
            path_parameter(a, list, name, path_doc(a, before, name));
        }
        before = part;
    }
    for (size_t i = 0; r->method == HTTP_GET && i < sizeof queries / sizeof *queries; i++)
        if (str_eq(str_from(queries[i].pattern), str_from(r->pattern)))
            query_parameter(a, list, &queries[i]);
    if (list->count)
        json_set(op, S("parameters"), list);
}

static struct json *content(
    struct arena *a, struct json *parent, struct str type, struct json *schema)
{
    struct json *by_type = json_set(parent, S("content"), json_object(a));

    json_set(json_set(by_type, type, json_object(a)), S("schema"), schema);
    return by_type;
}

static void add_body(struct arena *a, struct json *op, const struct web_route *r)
{
    if (!r->takes)
        return;
    struct json *schema = schema_of_input(a, r->takes, r->flags & WEB_PARTIAL);
    struct json *body = json_set(op, S("requestBody"), json_object(a));
    json_set_bool(a, body, S("required"), json_get(schema, S("required")) != NULL);
    content(a, body, S("application/json"), schema);
}

static struct json *answer_schema(struct arena *a, const struct web_route *r, struct json *schemas)
{
    struct json *schema = schema_of_answer(a, r->returns, schemas);

    if (!(r->flags & WEB_LIST))
        return schema;
    struct json *list = json_object(a), *fields, *items;
    json_set_str(a, list, S("type"), S("object"));
    fields = json_set(list, S("properties"), json_object(a));
    items = json_set(fields, S("items"), json_object(a));
    json_set_str(a, items, S("type"), S("array"));
    json_set(items, S("items"), schema);
    struct json *next = json_set(fields, S("next"), json_object(a));
    struct json *types = json_set(next, S("type"), json_array(a));
    json_push(types, json_string(a, S("string")));
    json_push(types, json_string(a, S("null")));
    json_set_str(a, next, S("description"), S("Address of the next page, null on the last"));
    return list;
}

static void add_responses(
    struct arena *a, struct json *op, const struct web_route *r, struct json *schemas)
{
    struct json *all = json_set(op, S("responses"), json_object(a));
    bool reads = r->method == HTTP_GET;
    struct json *ok = json_set(all, reads ? S("200") : S("2XX"), json_object(a));
    struct str type = r->produces ? str_from(r->produces) : S("application/json");

    if (reads)
        json_set_str(a, ok, S("description"), S("Here it is"));
    else
        json_set_str(a, ok, S("description"),
            S("Done; 201 with a Location when something was made, 204 when there is nothing to "
              "say"));
    if (r->flags & WEB_RAW) {
        struct json *text = json_object(a);
        json_set_str(a, text, S("type"), S("string"));
        content(a, ok, type, text);
    } else {
        content(a, ok, type, answer_schema(a, r, schemas));
    }
    json_set_str(a, json_set(all, S("default"), json_object(a)), S("$ref"),
        S("#/components/responses/Problem"));
}

static struct str role_name(enum role role)
{
    return role == ROLE_ANYONE ? S("anyone") : str_from(role_names[role - ROLE_VIEWER]);
}

static void add_security(struct arena *a, struct json *op, const struct web_route *r)
{
    struct json *list = json_set(op, S("security"), json_array(a));

    if (r->role != ROLE_ANYONE) {
        json_set(json_push(list, json_object(a)), S("token"), json_array(a));
        json_set(json_push(list, json_object(a)), S("session"), json_array(a));
    }
    json_set_str(a, op, S("x-role"), role_name(r->role));
}

static struct json *operation(struct arena *a, const struct web_route *r, struct json *schemas)
{
    struct json *op = json_object(a);
    struct str first, rest = str_cut(str_from(r->pattern), '/', &first);

    str_cut(rest, '/', &first);
    if (first.len && !is_param(first))
        json_push(json_set(op, S("tags"), json_array(a)), json_string(a, first));
    json_set_str(a, op, S("operationId"), operation_id(a, r));
    json_set_str(a, op, S("summary"), str_from(r->summary));
    if (r->role != ROLE_ANYONE)
        json_set_str(a, op, S("description"),
            str_printf(a, "For the role %.*s and those above it.", STR(role_name(r->role))));
    add_parameters(a, op, r);
    add_body(a, op, r);
    add_responses(a, op, r, schemas);
    add_security(a, op, r);
    return op;
}

static void add_info(struct arena *a, struct json *doc)
{
    struct json *info = json_set(doc, S("info"), json_object(a));

    json_set_str(a, info, S("title"), S("Tocsin"));
    json_set_str(a, info, S("summary"),
        S("Incident management: alerts in, people paged, incidents run, lessons kept"));
    json_set_str(a, info, S("description"),
        S("Every address of the web pages is also the API: ask with `Accept: application/json`. "
          "Bodies may be "
          "JSON or a form (`application/x-www-form-urlencoded`); with a session cookie the header "
          "`X-CSRF-Token` is needed, with a token it is not. Times are RFC 3339 in UTC. Answers "
          "may hold more "
          "than their schema names.\n\nAlerts come in at `/in/{key}/api/v2/alerts`, where "
          "Alertmanager's own "
          "API v2 is spoken: give a sender `/in/{key}` as the address of an Alertmanager."));
    json_set_str(a, info, S("version"), S(TOCSIN_VERSION));
    struct json *license = json_set(info, S("license"), json_object(a));
    json_set_str(a, license, S("name"), S("Apache License 2.0"));
    json_set_str(a, license, S("identifier"), S("Apache-2.0"));
    struct json *servers = json_set(doc, S("servers"), json_array(a));
    json_set_str(a, json_push(servers, json_object(a)), S("url"), S("/"));
}

static void add_components(struct arena *a, struct json *doc, struct json *schemas)
{
    struct json *all = json_set(doc, S("components"), json_object(a));

    json_set(schemas, S("Problem"), schema_of_problem(a));
    json_set(all, S("schemas"), schemas);
    struct json *problem =
        json_set(json_set(all, S("responses"), json_object(a)), S("Problem"), json_object(a));
    json_set_str(a, problem, S("description"), S("It was not done; the body says why"));
    struct json *ref = json_object(a);
    json_set_str(a, ref, S("$ref"), S("#/components/schemas/Problem"));
    content(a, problem, S("application/problem+json"), ref);
    struct json *schemes = json_set(all, S("securitySchemes"), json_object(a));
    struct json *token = json_set(schemes, S("token"), json_object(a));
    json_set_str(a, token, S("type"), S("http"));
    json_set_str(a, token, S("scheme"), S("bearer"));
    json_set_str(a, token, S("description"),
        S("An API token; it carries the rights of the person it belongs to"));
    struct json *session = json_set(schemes, S("session"), json_object(a));
    json_set_str(a, session, S("type"), S("apiKey"));
    json_set_str(a, session, S("in"), S("cookie"));
    json_set_str(a, session, S("name"), S("tocsin_session"));
    json_set_str(a, session, S("description"),
        S("What a browser gets by signing in; called `__Host-tocsin_session` over HTTPS"));
}

struct json *openapi_document(struct arena *a)
{
    struct json *doc = json_object(a), *schemas = json_object(a);

    json_set_str(a, doc, S("openapi"), S("3.1.0"));
    add_info(a, doc);
    struct json *paths = json_set(doc, S("paths"), json_object(a));
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct str pattern = str_from(r->pattern);
        if (r->flags & WEB_PAGE)
            continue;
        struct json *item = json_get(paths, pattern);
        if (!item)
            item = json_set(paths, pattern, json_object(a));
        json_set(item, str_lower(a, http_method_name(r->method)), operation(a, r, schemas));
    }
    add_components(a, doc, schemas);
    return doc;
}

struct json *openapi_routes(struct arena *a)
{
    struct json *list = json_array(a);

    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct json *o = json_push(list, json_object(a));
        json_set_str(a, o, S("method"), http_method_name(r->method));
        json_set_str(a, o, S("path"), str_from(r->pattern));
        json_set_str(a, o, S("role"), role_name(r->role));
        json_set_str(a, o, S("summary"), str_from(r->summary));
    }
    return list;
}

bool get_openapi(struct request *req, struct reply *out, struct error *err)
{
    (void)err;
    out->view = openapi_document(req->arena);
    return true;
}
