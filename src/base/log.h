/* Structured logs: one JSON object a line on standard error.
 *
 * `log_event(LOG_INFO, "listening", "address", addr, "port", 8080)` style is done with typed pairs:
 *     log_write(LOG_INFO, "request", LOG_STR("path", path), LOG_INT("status", 200));
 * Values are truncated at 1 KiB, a line at 8 KiB. Secrets are never passed here. */
#pragma once

#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_pair {
    const char *name;
    struct str text; /* used when ptr is set */
    int64_t number;
};

#define LOG_STR(n, s) ((struct log_pair){.name = (n), .text = (s).ptr ? (s) : S("")})
#define LOG_INT(n, v) ((struct log_pair){.name = (n), .number = (v)})

void log_set_level(enum log_level least);
void log_pairs(enum log_level level, const char *event, const struct log_pair *pairs, size_t n);

#define log_write(level, event, ...)                                                               \
    log_pairs(LOG_LEVEL_##level, (event), (struct log_pair[]){__VA_ARGS__},                        \
        sizeof((struct log_pair[]){__VA_ARGS__}) / sizeof(struct log_pair))
