/* Texts in the language of a request; see text/language.h, whose marks these are too. */
#pragma once

#include "text/language.h"

struct request;

struct str web_text(const struct request *req, const char *msgid);
struct str web_count(const struct request *req, const char *one, const char *many, int64_t n);
#define web_format(req, ...) language_format((req)->language, (req)->arena, __VA_ARGS__)
