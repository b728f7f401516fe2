#include "web/openapi_schema.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "base/json.h"
#include "domain/alert.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/policy.h"
#include "domain/postmortem.h"
#include "domain/service.h"
#include "domain/user.h"

#define DEFAULT_MAX_TEXT 200 /* of fields_read */
#define DURATION_PATTERN "^([0-9]+(ms|[smhdwy]))+$"

/* An alert is answered with names beside ids, and with its id as text: it is past 2^53, where
 * programs that take JSON's numbers for floating point lose digits. */
struct alert_answer {
    struct str id, name, severity, summary, service, service_name, incident;
    int64_t severity_rank, count;
    bool firing, mine;
    instant starts_at, ends_at, updated_at, resolved_at;
};
#define ALERT(...) FIELD(struct alert_answer, __VA_ARGS__)
static const struct field alert_answer_fields[] = {
    ALERT(id, .max = 19, .doc = "Number of the episode; rises with time",
        .example = "7473250614345269249"),
    ALERT(name, .doc = "Label `alertname`", .example = "DiskFull"),
    ALERT(severity, .flags = FIELD_NULLABLE, .doc = "Label `severity`", .example = "critical"),
    ALERT(severity_rank, .min = 0, .max = 9, .doc = "1 is the worst; 0 if the label says nothing"),
    ALERT(summary, .flags = FIELD_NULLABLE, .doc = "Annotation `summary`, else `description`"),
    ALERT(firing, .doc = "Whether it is still on"),
    ALERT(service, .flags = FIELD_JSON, .doc = "Service it was routed to: its id and name"),
    ALERT(service_name, .doc = "Name of the service"),
    ALERT(starts_at, .doc = "When the trouble began, by the earliest report"),
    ALERT(ends_at, .doc = "When it ended, or will be taken as ended if nobody repeats it"),
    ALERT(updated_at, .doc = "When its latest report came"),
    ALERT(resolved_at, .flags = FIELD_NULLABLE, .doc = "When we learnt that it is over"),
    ALERT(count, .doc = "How many reports it folds together"),
    ALERT(mine, .doc = "You were paged for its incident, or acknowledged it"),
    ALERT(incident, .flags = FIELD_JSON,
        .doc = "Incident it belongs to: id, number and title; null if none"),
    {0},
};

/* The entities that routes return, by the names that generated clients will give them. */
static const struct {
    const struct field *fields;
    const char *name;
    const struct field *answer; /* NULL: fields_view of `fields` */
} entities[] = {
    {action_item_fields, "ActionItem"},
    {alert_fields, "Alert", alert_answer_fields},
    {api_token_fields, "ApiToken"},
    {contact_fields, "Contact"},
    {delivery_fields, "Delivery"},
    {endpoint_fields, "Webhook"},
    {incident_fields, "Incident"},
    {integration_key_fields, "IntegrationKey"},
    {policy_fields, "Policy"},
    {postmortem_fields, "Postmortem"},
    {route_fields, "Route"},
    {service_fields, "Service"},
    {user_fields, "User"},
};

static void set_type(struct arena *a, struct json *schema, struct str type, bool nullable)
{
    if (!nullable) {
        json_set_str(a, schema, S("type"), type);
        return;
    }
    struct json *both = json_set(schema, S("type"), json_array(a));
    json_push(both, json_string(a, type));
    json_push(both, json_string(a, S("null")));
}

static void text_schema(
    struct arena *a, struct json *o, const struct field *f, bool nullable, bool input)
{
    set_type(a, o, S("string"), nullable);
    if (f->choices) {
        struct json *list = json_set(o, S("enum"), json_array(a));
        for (const char *const *c = f->choices; *c; c++)
            json_push(list, json_string(a, str_from(*c)));
        if (nullable)
            json_push(list, json_string(a, STR_NONE));
        return;
    }
    int64_t min = f->min ? f->min : f->flags & FIELD_REQUIRED && input ? 1 : 0;
    if (min && input)
        json_set_int(a, o, S("minLength"), min);
    if (input || f->max)
        json_set_int(a, o, S("maxLength"), f->max ? f->max : DEFAULT_MAX_TEXT);
}

static void int_schema(struct arena *a, struct json *o, const struct field *f, bool nullable)
{
    if (f->flags & FIELD_DURATION) {
        set_type(a, o, S("string"), nullable);
        json_set_str(a, o, S("pattern"), S(DURATION_PATTERN));
        return;
    }
    set_type(a, o, S("integer"), nullable);
    json_set_str(a, o, S("format"), S("int64"));
    if (f->max <= f->min)
        return;
    json_set_int(a, o, S("minimum"), f->min);
    if (f->max < INT64_MAX)
        json_set_int(a, o, S("maximum"), f->max);
}

static struct str describe(struct arena *a, const struct field *f)
{
    struct str doc = str_from(f->doc);

    if (f->type == FIELD_INT && f->flags & FIELD_DURATION && f->max > f->min)
        return str_printf(a, "%.*s; from %.*s to %.*s", STR(doc), STR(duration_text(a, f->min)),
            STR(duration_text(a, f->max)));
    return doc;
}

/* The example is text in the table; here it has the field's type. */
static struct json *example(struct arena *a, const struct field *f)
{
    bool text = f->type == FIELD_TIME || (f->type == FIELD_TEXT && !(f->flags & FIELD_JSON)) ||
        (f->flags & FIELD_DURATION);
    struct error ignored = {0};
    struct json *v;

    if (text || !json_parse(a, str_from(f->example), &v, &ignored))
        return json_string(a, str_from(f->example));
    return v;
}

static struct json *field_schema(struct arena *a, const struct field *f, bool input)
{
    struct json *o = json_object(a);
    bool nullable = f->flags & FIELD_NULLABLE && !(input && f->flags & FIELD_REQUIRED);

    switch (f->type) {
    case FIELD_TEXT:
        if (!(f->flags & FIELD_JSON)) /* nested JSON of any type */
            text_schema(a, o, f, nullable, input);
        break;
    case FIELD_INT:
        int_schema(a, o, f, nullable);
        break;
    case FIELD_BOOL:
        set_type(a, o, S("boolean"), false);
        break;
    case FIELD_TIME:
        set_type(a, o, S("string"), nullable);
        json_set_str(a, o, S("format"), S("date-time"));
        break;
    }
    if (f->doc)
        json_set_str(a, o, S("description"), describe(a, f));
    if (f->example)
        json_push(json_set(o, S("examples"), json_array(a)), example(a, f));
    if (!input && f->flags & (FIELD_READONLY | FIELD_VIEW))
        json_set_bool(a, o, S("readOnly"), true);
    if (input && f->flags & FIELD_SECRET)
        json_set_bool(a, o, S("writeOnly"), true);
    return o;
}

static struct json *object_schema(
    struct arena *a, const struct field *fields, bool input, bool partial)
{
    unsigned left_out =
        input ? FIELD_HIDDEN | FIELD_READONLY | FIELD_VIEW : FIELD_HIDDEN | FIELD_SECRET;
    struct json *o = json_object(a), *required = json_array(a);

    json_set_str(a, o, S("type"), S("object"));
    struct json *properties = json_set(o, S("properties"), json_object(a));
    for (const struct field *f = fields; f->name; f++) {
        if (f->flags & left_out)
            continue;
        json_set(properties, str_from(f->name), field_schema(a, f, input));
        if (!input || (f->flags & FIELD_REQUIRED && !partial))
            json_push(required, json_string(a, str_from(f->name)));
    }
    if (required->count)
        json_set(o, S("required"), required);
    if (input)
        json_set_bool(a, o, S("additionalProperties"), false);
    return o;
}

struct json *schema_of_input(struct arena *a, const struct field *fields, bool partial)
{
    return object_schema(a, fields, true, partial);
}

struct json *schema_of_answer(struct arena *a, const struct field *fields, struct json *schemas)
{
    struct json *o = json_object(a);

    for (size_t i = 0; fields && i < sizeof entities / sizeof *entities; i++) {
        if (entities[i].fields != fields)
            continue;
        const struct field *answer = entities[i].answer ? entities[i].answer : fields;
        if (!json_get(schemas, str_from(entities[i].name)))
            json_set(schemas, str_from(entities[i].name), object_schema(a, answer, false, false));
        json_set_str(a, o, S("$ref"), str_printf(a, "#/components/schemas/%s", entities[i].name));
        return o;
    }
    if (fields)
        return object_schema(a, fields, false, false);
    json_set_str(a, o, S("type"), S("object"));
    return o;
}

static struct json *described(
    struct arena *a, struct json *properties, const char *name, const char *type, const char *doc)
{
    struct json *o = json_set(properties, str_from(name), json_object(a));

    json_set_str(a, o, S("type"), str_from(type));
    json_set_str(a, o, S("description"), str_from(doc));
    return o;
}

struct json *schema_of_problem(struct arena *a)
{
    struct json *o = json_object(a), *fields, *list;

    json_set_str(a, o, S("type"), S("object"));
    json_set_str(a, o, S("description"), S("What went wrong (RFC 9457)"));
    fields = json_set(o, S("properties"), json_object(a));
    struct json *kinds =
        json_set(described(a, fields, "type", "string", "Kind of problem: branch on this"),
            S("enum"), json_array(a));
    for (int k = ERROR_NONE + 1; k <= ERROR_UNAVAILABLE; k++)
        json_push(
            kinds, json_string(a, str_printf(a, "/problems/%s", error_slug((enum error_kind)k))));
    described(a, fields, "title", "string", "The kind in words");
    described(a, fields, "status", "integer", "The HTTP status");
    described(a, fields, "detail", "string", "What is wrong with this request");
    described(a, fields, "request_id", "string", "Stands in the server's log too");
    list = described(a, fields, "errors", "array", "Complaints about single fields");
    struct json *item = json_set(list, S("items"), json_object(a));
    json_set_str(a, item, S("type"), S("object"));
    fields = json_set(item, S("properties"), json_object(a));
    described(a, fields, "field", "string", "Name of the field");
    described(a, fields, "message", "string", "What is wrong with it");
    struct json *required = json_set(o, S("required"), json_array(a));
    static const char *const always[] = {
        "type", "title", "status", "detail", "request_id", "errors"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        json_push(required, json_string(a, str_from(always[i])));
    return o;
}
