/* The description of the API is valid OpenAPI 3.1, complete, and the one that is checked in. The
 * checks below are the rules of the specification that a generator can break; each is seen to fail
 * once. */
#include "web/openapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "console.h"
#include "test.h"
#include "web/web.h"

struct check {
    struct arena *a;
    const struct json *doc;
    struct str ids[400];
    size_t nids, complaints;
    char first[200];
};

__attribute__((format(printf, 2, 3))) static void complain(struct check *c, const char *fmt, ...)
{
    va_list ap;

    if (c->complaints++)
        return;
    va_start(ap, fmt);
    vsnprintf(c->first, sizeof c->first, fmt, ap);
    va_end(ap);
}

static bool one_of(struct str s, const char *const *list)
{
    for (; *list; list++)
        if (str_eq(s, str_from(*list)))
            return true;
    return false;
}

/* "#/components/schemas/User" */
static void check_ref(struct check *c, struct str ref)
{
    const struct json *at = c->doc;
    struct str rest = ref, part;

    rest = str_cut(rest, '/', &part);
    if (!str_eq(part, S("#")))
        complain(c, "reference outside: %.*s", STR(ref));
    while (rest.ptr && at) {
        rest = str_cut(rest, '/', &part);
        at = json_get(at, part);
    }
    if (!at)
        complain(c, "nothing at %.*s", STR(ref));
}

static bool has_type(const struct json *v, struct str type)
{
    int64_t n;

    if (str_eq(type, S("string")))
        return json_is(v, JSON_STRING);
    if (str_eq(type, S("integer")))
        return json_is(v, JSON_NUMBER) && json_int(v, &n);
    if (str_eq(type, S("boolean")))
        return json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE);
    if (str_eq(type, S("null")))
        return json_is(v, JSON_NULL);
    if (str_eq(type, S("array")))
        return json_is(v, JSON_ARRAY);
    return str_eq(type, S("object")) && json_is(v, JSON_OBJECT);
}

static bool fits(const struct json *schema, const struct json *v)
{
    const struct json *type = json_get(schema, S("type"));

    if (!type || json_is(type, JSON_STRING))
        return !type || has_type(v, json_str(type));
    for (const struct json *one = type->first; one; one = one->next)
        if (has_type(v, json_str(one)))
            return true;
    return false;
}

static void check_type(struct check *c, struct str where, const struct json *type)
{
    static const char *const types[] = {
        "string", "integer", "boolean", "array", "object", "null", NULL};
    bool list = json_is(type, JSON_ARRAY);

    if (!type)
        return;
    if (!list && !one_of(json_str(type), types))
        complain(c, "%.*s: no such type", STR(where));
    for (const struct json *one = list ? type->first : NULL; one; one = one->next)
        if (!one_of(json_str(one), types))
            complain(c, "%.*s: no such type in a list", STR(where));
}

static void check_limits(struct check *c, struct str where, const struct json *s)
{
    static const char *const pairs[][2] = {{"minimum", "maximum"}, {"minLength", "maxLength"}};
    int64_t low, high;

    for (size_t i = 0; i < 2; i++) {
        const struct json *min = json_get(s, str_from(pairs[i][0])),
                          *max = json_get(s, str_from(pairs[i][1]));
        if ((min && !json_int(min, &low)) || (max && !json_int(max, &high)))
            complain(c, "%.*s: a limit is no number", STR(where));
        else if (min && max && low > high)
            complain(c, "%.*s: nothing is between the limits", STR(where));
    }
}

static void check_schema(struct check *c, struct str where, const struct json *s)
{
    static const char *const keywords[] = {"$ref", "type", "format", "pattern", "enum", "minimum",
        "maximum", "minLength", "maxLength", "properties", "required", "additionalProperties",
        "items", "description", "examples", "readOnly", "writeOnly", NULL};
    const struct json *properties = json_get(s, S("properties")),
                      *required = json_get(s, S("required"));
    const struct json *choices = json_get(s, S("enum")), *examples = json_get(s, S("examples"));

    if (!json_is(s, JSON_OBJECT)) {
        complain(c, "%.*s: not a schema", STR(where));
        return;
    }
    for (const struct json *m = s->first; m; m = m->next)
        if (!one_of(m->key, keywords))
            complain(c, "%.*s: unknown keyword %.*s", STR(where), STR(m->key));
    check_type(c, where, json_get(s, S("type")));
    check_limits(c, where, s);
    if (choices && (!json_is(choices, JSON_ARRAY) || !choices->count))
        complain(c, "%.*s: an empty enum", STR(where));
    for (const struct json *v = choices ? choices->first : NULL; v; v = v->next)
        if (!fits(s, v))
            complain(c, "%.*s: a choice has another type", STR(where));
    for (const struct json *v = examples ? examples->first : NULL; v; v = v->next)
        if (!fits(s, v))
            complain(c, "%.*s: an example has another type", STR(where));
    for (const struct json *v = required ? required->first : NULL; v; v = v->next)
        if (!json_get(properties, json_str(v)))
            complain(c, "%.*s: requires %.*s, which it has not", STR(where), STR(json_str(v)));
    for (const struct json *p = properties ? properties->first : NULL; p; p = p->next)
        check_schema(c, str_printf(c->a, "%.*s.%.*s", STR(where), STR(p->key)), p);
    if (json_get(s, S("items")))
        check_schema(c, str_printf(c->a, "%.*s[]", STR(where)), json_get(s, S("items")));
}

/* Every $ref anywhere leads somewhere. */
static void check_refs(struct check *c, const struct json *v)
{
    for (const struct json *m = v->first; m; m = m->next) {
        if (str_eq(m->key, S("$ref")))
            check_ref(c, json_str(m));
        check_refs(c, m);
    }
}

static void check_content(struct check *c, struct str where, const struct json *content)
{
    if (!json_is(content, JSON_OBJECT) || !content->count)
        complain(c, "%.*s: no content", STR(where));
    for (const struct json *m = content ? content->first : NULL; m; m = m->next) {
        if (!str_contains(m->key, S("/")))
            complain(c, "%.*s: %.*s is no media type", STR(where), STR(m->key));
        check_schema(c, where, json_get(m, S("schema")));
    }
}

static void check_parameters(struct check *c, struct str path, const struct json *list)
{
    size_t wanted = 0, found = 0;

    for (size_t i = 0; i < path.len; i++)
        wanted += path.ptr[i] == '{';
    for (const struct json *p = list ? list->first : NULL; p; p = p->next) {
        struct str name = json_get_str(p, S("name")), in = json_get_str(p, S("in"));
        if (!name.len || !json_get_str(p, S("description")).len)
            complain(c, "%.*s: a parameter without a name or a description", STR(path));
        check_schema(c, path, json_get(p, S("schema")));
        for (const struct json *q = list->first; q != p; q = q->next)
            if (str_eq(json_get_str(q, S("name")), name) && str_eq(json_get_str(q, S("in")), in))
                complain(c, "%.*s: %.*s is there twice", STR(path), STR(name));
        if (!str_eq(in, S("path"))) {
            if (!str_eq(in, S("query")))
                complain(c, "%.*s: %.*s is nowhere", STR(path), STR(name));
            continue;
        }
        found++;
        if (!str_contains(path, str_printf(c->a, "{%.*s}", STR(name))) ||
            !json_bool(json_get(p, S("required")), false))
            complain(c, "%.*s: %.*s is not in the path, or not required", STR(path), STR(name));
    }
    if (found != wanted)
        complain(c, "%.*s: %zu of %zu parameters", STR(path), found, wanted);
}

static void check_id(struct check *c, struct str path, struct str id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!((id.ptr[i] >= 'a' && id.ptr[i] <= 'z') || id.ptr[i] == '_' || (i && id.ptr[i] >= '0' && id.ptr[i] <= '9')))
            complain(c, "%.*s: the operationId %.*s is not a name", STR(path), STR(id));
    for (size_t i = 0; i < c->nids; i++)
        if (str_eq(c->ids[i], id))
            complain(c, "%.*s: the operationId %.*s is there twice", STR(path), STR(id));
    if (!id.len)
        complain(c, "%.*s: no operationId", STR(path));
    if (c->nids < sizeof c->ids / sizeof *c->ids)
        c->ids[c->nids++] = id;
}

static void check_security(struct check *c, struct str path, const struct json *list)
{
    const struct json *schemes = json_get(json_get(c->doc, S("components")), S("securitySchemes"));

    if (!json_is(list, JSON_ARRAY))
        complain(c, "%.*s: nothing about security", STR(path));
    for (const struct json *s = list ? list->first : NULL; s; s = s->next)
        if (!s->first || !json_get(schemes, s->first->key) || !json_is(s->first, JSON_ARRAY))
            complain(c, "%.*s: no such security scheme", STR(path));
}

static void check_operation(struct check *c, struct str path, const struct json *op)
{
    static const char *const methods[] = {
        "get", "put", "post", "delete", "options", "head", "patch", "trace", NULL};
    static const char *const members[] = {"tags", "summary", "description", "operationId",
        "parameters", "requestBody", "responses", "security", "x-role", NULL};
    const struct json *responses = json_get(op, S("responses")),
                      *body = json_get(op, S("requestBody"));

    if (!one_of(op->key, methods))
        complain(c, "%.*s: no such method %.*s", STR(path), STR(op->key));
    for (const struct json *m = op->first; m; m = m->next)
        if (!one_of(m->key, members))
            complain(c, "%.*s: an operation has no %.*s", STR(path), STR(m->key));
    if (!json_get_str(op, S("summary")).len)
        complain(c, "%.*s: no summary", STR(path));
    check_id(c, path, json_get_str(op, S("operationId")));
    check_parameters(c, path, json_get(op, S("parameters")));
    check_security(c, path, json_get(op, S("security")));
    if (body)
        check_content(c, path, json_get(body, S("content")));
    if (!responses || !responses->count)
        complain(c, "%.*s: no responses", STR(path));
    for (const struct json *r = responses ? responses->first : NULL; r; r = r->next) {
        bool status = r->key.len == 3 && r->key.ptr[0] >= '1' && r->key.ptr[0] <= '5';
        if (!status && !str_eq(r->key, S("default")))
            complain(c, "%.*s: %.*s is no status", STR(path), STR(r->key));
        if (json_get(r, S("$ref")))
            continue;
        if (!json_get_str(r, S("description")).len)
            complain(c, "%.*s: a response without a description", STR(path));
        check_content(c, path, json_get(r, S("content")));
    }
}

static struct check check_document(struct arena *a, const struct json *doc)
{
    struct check c = {.a = a, .doc = doc};
    const struct json *paths = json_get(doc, S("paths")), *info = json_get(doc, S("info"));
    const struct json *schemas = json_get(json_get(doc, S("components")), S("schemas"));

    if (!str_starts(json_get_str(doc, S("openapi")), S("3.1.")))
        complain(&c, "not OpenAPI 3.1");
    if (!json_get_str(info, S("title")).len || !json_get_str(info, S("version")).len)
        complain(&c, "no title or version");
    check_refs(&c, doc);
    for (const struct json *p = paths ? paths->first : NULL; p; p = p->next) {
        if (!str_starts(p->key, S("/")))
            complain(&c, "%.*s does not begin with /", STR(p->key));
        for (const struct json *op = p->first; op; op = op->next)
            check_operation(&c, p->key, op);
    }
    for (const struct json *s = schemas ? schemas->first : NULL; s; s = s->next)
        check_schema(&c, s->key, s);
    return c;
}

TEST(the_description_is_valid)
{
    struct check c = check_document(a, openapi_document(a));

    if (c.complaints)
        test_fail(t, __FILE__, __LINE__, "%zu complaints; the first: %s", c.complaints, c.first);
}

TEST(the_checks_can_fail)
{
    static const struct {
        const char *was, *is, *complaint;
    } broken[] = {
        {"\"openapi\":\"3.1.0\"", "\"openapi\":\"3.0.0\"", "not OpenAPI 3.1"},
        {"\"title\":\"Tocsin\"", "\"title\":\"\"", "no title or version"},
        {"\"/incidents\":{", "\"incidents\":{", "incidents does not begin with /"},
        {"\"User\":{\"type\"", "\"Person\":{\"type\"", "nothing at #/components/schemas/User"},
        {"\"post_incidents\"", "\"get_incidents\"",
            "/incidents: the operationId get_incidents is there twice"},
        {"\"get_oncall\"", "\"get oncall\"", "/oncall: the operationId get oncall is not a name"},
        {"{\"name\":\"id\",\"in\":\"path\"", "{\"name\":\"no\",\"in\":\"path\"", "/"},
        {"\"in\":\"query\"", "\"in\":\"body\"", "/"},
        {"\"token\":[]", "\"tocken\":[]", "/"},
        {"\"minLength\":1,\"maxLength\":200", "\"minLength\":9,\"maxLength\":2", "/"},
        {"\"type\":\"boolean\"", "\"type\":\"bool\"", ""},
        {"\"readOnly\":true", "\"readonly\":true", ""},
        {"\"required\":[\"title\"]", "\"required\":[\"titel\"]",
            "/changes: requires titel, which it has not"},
        {"\"examples\":[\"SEV2\"]", "\"examples\":[2]",
            "/incidents.severity: an example has another type"},
        {"\"description\":\"Here it is\"", "\"description\":\"\"", "/"},
        {"\"application/json\":", "\"json\":", "/"},
    };
    struct str text = json_text(a, openapi_document(a));

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *at = memmem(text.ptr, text.len, broken[i].was, strlen(broken[i].was));
        struct error err = {0};
        struct json *doc;
        if (!at) {
            test_fail(t, __FILE__, __LINE__, "there is no %s to break", broken[i].was);
            continue;
        }
        size_t from = (size_t)(at - text.ptr), to = from + strlen(broken[i].was);
        struct str changed = str_printf(a, "%.*s%s%.*s", (int)from, text.ptr, broken[i].is,
            (int)(text.len - to), text.ptr + to);
        REQUIRE_OK(json_parse(a, changed, &doc, &err));
        struct check c = check_document(a, doc);
        if (!c.complaints || !str_starts(str_from(c.first), str_from(broken[i].complaint)))
            test_fail(t, __FILE__, __LINE__, "with %s: %s", broken[i].is,
                c.complaints ? c.first : "no complaint");
    }
}

TEST(every_route_is_described)
{
    struct json *doc = openapi_document(a), *paths = json_get(doc, S("paths"));
    size_t operations = 0, described = 0;

    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct json *op = json_get(
            json_get(paths, str_from(r->pattern)), str_lower(a, http_method_name(r->method)));
        bool page = r->flags & WEB_PAGE;
        if (page == (op != NULL))
            test_fail(t, __FILE__, __LINE__, "%s is %s", r->pattern,
                page ? "described" : "not described");
        operations += !page;
    }
    for (struct json *p = paths->first; p; p = p->next)
        described += p->count;
    CHECK_INT(described, operations);
}

TEST(a_body_is_closed_and_an_answer_is_open)
{
    struct json *doc = openapi_document(a);
    struct json *post = json_get(json_get(json_get(doc, S("paths")), S("/incidents")), S("post"));
    struct json *body = json_get(json_get(json_get(json_get(post, S("requestBody")), S("content")),
        S("application/json")), S("schema"));
    struct json *user = json_get(json_get(json_get(doc, S("components")), S("schemas")), S("User"));

    CHECK(json_is(json_get(body, S("additionalProperties")), JSON_FALSE));
    CHECK(json_get(user, S("additionalProperties")) == NULL);
    CHECK(json_bool(
        json_get(json_get(json_get(user, S("properties")), S("id")), S("readOnly")), false));
    CHECK(json_get(json_get(user, S("properties")), S("password_hash")) == NULL);
}

TEST(the_description_that_is_checked_in_is_this_one)
{
    struct str kept = test_read_file(a, "docs/openapi.json"), made = RUN(a, "openapi").out;

    if (!str_eq(kept, made))
        test_fail(t, __FILE__, __LINE__,
            "docs/openapi.json is old; run: build/tocsin openapi > docs/openapi.json");
}
