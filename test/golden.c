#include "golden.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "test.h"

static void read_case(const struct json *v, struct golden *g)
{
    int64_t status = 0;

    json_int(json_get(v, S("status")), &status);
    g->name = json_get_str(v, S("name"));
    g->method = json_get_str(v, S("method"));
    g->query = str_cut(json_get_str(v, S("path")), '?', &g->path);
    g->content_type = json_get_str(v, S("content_type"));
    g->request = json_get_str(v, S("request_body"));
    g->status = (int)status;
    g->answer_type = json_get_str(v, S("response_content_type"));
    g->answer = json_get_str(v, S("response_body"));
    /* The record keeps one header only in the name of its case. */
    if (str_starts(g->name, S("Accept: ")))
        g->accept = str_slice(g->name, strlen("Accept: "), g->name.len);
}

const struct golden *golden_load(struct test *t, struct arena *a, size_t *n)
{
    const char *path = test_data(t, a, "interop/alertmanager/golden-v2-0.25.0.json");
    struct error err = {0};
    struct json *all;
    struct golden *v;

    *n = 0;
    if (!path)
        return NULL;
    if (!json_parse(a, test_read_file(a, path), &all, &err)) {
        test_fail(t, __FILE__, __LINE__, "%s: %s", path, err.message);
        return NULL;
    }
    v = arena_array(a, struct golden, all->count);
    for (const struct json *c = all->first; c; c = c->next)
        read_case(c, &v[(*n)++]);
    return v;
}

const struct golden *golden_find(const struct golden *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, str_from(name)))
            return &v[i];
    return NULL;
}

/* In a pattern 0 is a digit and x a hexadecimal one. */
static bool fits(struct str s, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++) {
        char c = i < s.len ? s.ptr[i] : '\0';
        bool digit = c >= '0' && c <= '9';
        bool hex = digit || (c >= 'a' && c <= 'f');
        if (pattern[i] == '0' ? !digit : pattern[i] == 'x' ? !hex : c != pattern[i])
            return false;
    }
    return true;
}

struct str golden_mask(struct arena *a, struct str body)
{
    static const struct {
        const char *pattern, *mask;
    } volatiles[] = {
        {"0000-00-00T00:00:00.000Z", "T"},
        {"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "U"},
        {"\"mutedBy\":[],", ""},
    };
    struct buf b;
    size_t i = 0;

    buf_init(&b, a, body.len + 1);
    while (i < body.len) {
        size_t k = 0, kinds = sizeof volatiles / sizeof *volatiles;
        while (k < kinds && !fits(str_slice(body, i, body.len), volatiles[k].pattern))
            k++;
        if (k == kinds) {
            buf_addc(&b, body.ptr[i++]);
            continue;
        }
        buf_add(&b, str_from(volatiles[k].mask));
        i += strlen(volatiles[k].pattern);
    }
    return buf_str(&b);
}
