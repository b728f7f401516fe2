/* Field tables as JSON Schema (2020-12, the dialect of OpenAPI 3.1). */
#pragma once

#include <stdbool.h>

struct arena;
struct field;
struct json;

/* What may be sent: without fields that the server sets, and closed, as fields_read is. */
struct json *schema_of_input(struct arena *a, const struct field *fields, bool partial);
/* What is answered: a $ref to a schema that is added to `schemas` when it is not there yet; without
 * `fields` any object. */
struct json *schema_of_answer(struct arena *a, const struct field *fields, struct json *schemas);
/* application/problem+json. */
struct json *schema_of_problem(struct arena *a);
