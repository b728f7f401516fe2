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
struct civil;
struct error;

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
/* By its code; NULL if it is none of these, or there are none (NULL). */
const struct language *language_find(const struct languages *l, struct str code);
/* By an Accept-Language header, or the code of one: the best of those there are; English if it
 * names none of them, or there are none (NULL). */
const struct language *language_choose(const struct languages *l, struct str accept);
/* q of one item's parameters in an Accept… header, in thousandths; 1000 without one. */
int accept_weight(struct str parameters);

/* A NULL language is English. */
struct str language_text(const struct language *l, const char *msgid);
/* The msgid is the format. A translation is filled with what the conversions printed and never
 * given to printf itself; it may say %2$s to change their order. */
struct str language_format(const struct language *l, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with values that are texts already, one for each conversion. */
struct str language_fill(
    const struct language *l, struct arena *a, const char *msgid, const struct str *values, size_t n);
/* The same afterwards: `english` was printed with `fmt` (an error's format and message). */
struct str language_message(
    const struct language *l, struct arena *a, const char *fmt, struct str english);
/* Both forms hold one conversion, which is `n`. */
struct str language_count(
    const struct language *l, struct arena *a, const char *one, const char *many, int64_t n);

/* "21 Nov 2026" and "2026-11-21 03:14": English has no order of day and month that all its readers
 * share; other languages say the date in words. */
struct str language_date(const struct language *l, struct arena *a, const struct civil *c);
struct str language_datetime(const struct language *l, struct arena *a, const struct civil *c);
/* 27m 41s, 3h 5m, 2d 4h: the two largest units. */
struct str language_span(const struct language *l, struct arena *a, int64_t us);
