/* The API described: OpenAPI 3.1, made from the route table and the field tables, so that it cannot
 * drift from what the dispatcher does and the readers accept. Needs no server and no database. */
#pragma once

#include <stdbool.h>

struct arena;
struct error;
struct json;
struct reply;
struct request;

struct json *openapi_document(struct arena *a);
/* The route table as it stands, pages included: [{method,path,role,summary}]. */
struct json *openapi_routes(struct arena *a);

bool get_openapi(struct request *req, struct reply *out, struct error *err);
