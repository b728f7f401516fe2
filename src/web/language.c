#include "web/language.h"

#include "web/web.h"

struct str web_text(const struct request *req, const char *msgid)
{
    return language_text(req->language, msgid);
}

struct str web_count(const struct request *req, const char *one, const char *many, int64_t n)
{
    return language_count(req->language, req->arena, one, many, n);
}
