#include "http_oracle.h"

#include <llhttp.h>
#include <string.h>

static struct http_opinion *of(llhttp_t *p)
{
    return p->data;
}

static int on_body(llhttp_t *p, const char *at, size_t n)
{
    memcpy(of(p)->body + of(p)->body_len, at, n);
    of(p)->body_len += n;
    return 0;
}

static int on_name(llhttp_t *p, const char *at, size_t n)
{
    (void)at;
    of(p)->name_bytes += n;
    return 0;
}

static int on_value(llhttp_t *p, const char *at, size_t n)
{
    (void)at;
    of(p)->value_bytes += n;
    return 0;
}

static int on_field(llhttp_t *p)
{
    of(p)->fields++;
    return 0;
}

static int on_done(llhttp_t *p)
{
    of(p)->done = true;
    return HPE_PAUSED;
}

void http_oracle(const uint8_t *data, size_t size, struct http_opinion *out)
{
    llhttp_settings_t settings;
    llhttp_t parser;

    llhttp_settings_init(&settings);
    settings.on_body = on_body;
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_header_value_complete = on_field;
    settings.on_message_complete = on_done;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = out;
    llhttp_errno_t e = llhttp_execute(&parser, (const char *)data, size);
    out->accepted = e == HPE_OK || e == HPE_PAUSED || e == HPE_PAUSED_UPGRADE;
    out->method = llhttp_method_name((llhttp_method_t)parser.method);
    out->end = e == HPE_OK ? size : (size_t)(llhttp_get_error_pos(&parser) - (const char *)data);
}
