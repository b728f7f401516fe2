/* The recorded conversation with a real Alertmanager 0.25.0: requests and its exact answers. */
#pragma once

#include <stddef.h>

#include "base/str.h"

struct arena;
struct test;

struct golden {
    struct str name;
    struct str method;
    struct str path, query;  /* query: STR_NONE if there was none */
    struct str content_type; /* of the request; STR_NONE: not sent */
    struct str accept;       /* STR_NONE: not sent */
    struct str request;      /* STR_NONE: no body */
    int status;
    struct str answer_type; /* STR_NONE: not sent */
    struct str answer;
};

/* All cases in their order; NULL, and the test is marked skipped, when the file is not there. */
const struct golden *golden_load(struct test *t, struct arena *a, size_t *n);
const struct golden *golden_find(const struct golden *v, size_t n, const char *name);
/* A body without what differs from run to run and from version to version: times are T, UUIDs are
 * U, and `mutedBy` (in answers since 0.28) is gone. */
struct str golden_mask(struct arena *a, struct str body);
