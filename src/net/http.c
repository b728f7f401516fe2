#include "net/http.h"

struct str http_method_name(enum http_method m)
{
    static const struct str names[HTTP_METHODS] = {
        [HTTP_GET] = {"GET", 3},
        [HTTP_HEAD] = {"HEAD", 4},
        [HTTP_POST] = {"POST", 4},
        [HTTP_PUT] = {"PUT", 3},
        [HTTP_PATCH] = {"PATCH", 5},
        [HTTP_DELETE] = {"DELETE", 6},
        [HTTP_OPTIONS] = {"OPTIONS", 7},
    };

    return names[m];
}

struct str http_reason(int status)
{
    static const struct {
        int status;
        struct str reason;
    } reasons[] = {
        {200, {"OK", 2}},
        {201, {"Created", 7}},
        {202, {"Accepted", 8}},
        {204, {"No Content", 10}},
        {206, {"Partial Content", 15}},
        {301, {"Moved Permanently", 17}},
        {302, {"Found", 5}},
        {303, {"See Other", 9}},
        {304, {"Not Modified", 12}},
        {307, {"Temporary Redirect", 18}},
        {308, {"Permanent Redirect", 18}},
        {400, {"Bad Request", 11}},
        {401, {"Unauthorized", 12}},
        {403, {"Forbidden", 9}},
        {404, {"Not Found", 9}},
        {405, {"Method Not Allowed", 18}},
        {406, {"Not Acceptable", 14}},
        {408, {"Request Timeout", 15}},
        {409, {"Conflict", 8}},
        {410, {"Gone", 4}},
        {412, {"Precondition Failed", 19}},
        {413, {"Content Too Large", 17}},
        {414, {"URI Too Long", 12}},
        {415, {"Unsupported Media Type", 22}},
        {417, {"Expectation Failed", 18}},
        {422, {"Unprocessable Content", 21}},
        {428, {"Precondition Required", 21}},
        {429, {"Too Many Requests", 17}},
        {431, {"Request Header Fields Too Large", 31}},
        {500, {"Internal Server Error", 21}},
        {501, {"Not Implemented", 15}},
        {502, {"Bad Gateway", 11}},
        {503, {"Service Unavailable", 19}},
        {504, {"Gateway Timeout", 15}},
        {505, {"HTTP Version Not Supported", 26}},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return S("");
}

struct str http_header(const struct http_request *r, struct str name)
{
    for (size_t i = 0; i < r->nheaders; i++)
        if (str_eq_nocase(r->headers[i].name, name))
            return r->headers[i].value;
    return STR_NONE;
}
