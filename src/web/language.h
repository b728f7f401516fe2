/* Languages of people: which there are, which one a request asks for, and texts in it.
 *
 * English is what the sources say; every other language is a catalogue embedded as CODE.mo. A text
 * is marked where it is used: tools/messages.mjs finds the functions below, N_ and every fail…() in
 * the sources, {{#t}} in the templates, and keeps locale/tocsin.pot. API clients always get
 * English, so that programs can rely on what they read.
 *
 * Not translated: what people, alerts and policy packs say, and the timeline, whose entries are
 * records and stay in the words in which they were written down. */
#pragma once

#include "base/embedded.h"
#include "base/str.h"

struct arena;
struct catalog;
struct error;
struct request;

struct language {
    struct str code;         /* "en", "pt-br": for <html lang> */
    struct str dir;          /* "ltr" or "rtl" */
    struct catalog *catalog; /* NULL: English */
};

struct languages {
    struct language *v; /* v[0] is English */
    size_t n;
};

/* Marks a text that stands in a table and is translated where it is used. */
#define N_(text) text

/* English and every CODE.mo of the table; other entries are left alone. */
bool languages_open(
    struct arena *a, const struct embedded *table, struct languages *out, struct error *err);
/* By an Accept-Language header: the best of those there are; English if it names none of them. */
const struct language *language_choose(const struct languages *l, struct str accept);
/* q of one item's parameters in an Accept… header, in thousandths; 1000 without one. */
int accept_weight(struct str parameters);

/* A NULL language is English. */
struct str language_text(const struct language *l, const char *msgid);
/* The msgid is the format. A translation is filled with what the conversions printed and never
 * given to printf itself; it may say %2$s to change their order. */
struct str language_format(const struct language *l, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same afterwards: `english` was printed with `fmt` (an error's format and message). */
struct str language_message(
    const struct language *l, struct arena *a, const char *fmt, struct str english);
/* Both forms hold one conversion, which is `n`. */
struct str language_count(
    const struct language *l, struct arena *a, const char *one, const char *many, int64_t n);

/* In the language of the request. */
struct str web_text(const struct request *req, const char *msgid);
struct str web_count(const struct request *req, const char *one, const char *many, int64_t n);
#define web_format(req, ...) language_format((req)->language, (req)->arena, __VA_ARGS__)
